"""Gunicorn's worker, with answers of ours to what never becomes a request."""

from http import HTTPStatus
from traceback import extract_tb
from typing import Any

from django.conf import settings
from gunicorn.http.errors import (
    ConfigurationProblem,
    ExpectationFailed,
    ForbiddenProxyRequest,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from config.headers import ALWAYS, NOT_KEPT, strict_transport

# Any other fault of parsing is the sender's: 400. Anything else at all is ours: 500.
STATUSES: dict[type[Exception], HTTPStatus] = {
    ConfigurationProblem: HTTPStatus.INTERNAL_SERVER_ERROR,
    InvalidResponseHeader: HTTPStatus.INTERNAL_SERVER_ERROR,
    InvalidResponseHeaderName: HTTPStatus.INTERNAL_SERVER_ERROR,
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    ForbiddenProxyRequest: HTTPStatus.FORBIDDEN,
}
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Connection": "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": NOT_KEPT,
    "Content-Security-Policy": NOTHING,
} | ALWAYS


class Worker(ThreadWorker):
    """Answers a malformed request in a sentence; gunicorn's own page and log line repeat parts of it."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer and log what kind of fault it was, and nothing of what was sent."""
        status = status_of(exc)
        if status is HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.error("a request broke outside the product: %s", _place(exc))
        else:
            self.log.warning("a malformed request was refused: %s", type(exc).__name__)
        try:
            write_nonblock(client, answer(status))
        except OSError:
            self.log.debug("the sender of a malformed request is gone")


def status_of(exc: Exception) -> HTTPStatus:
    """Return the status for what went wrong: the sender's fault is a 4xx, ours a 500."""
    for kind, status in STATUSES.items():
        if isinstance(exc, kind):
            return status
    return HTTPStatus.BAD_REQUEST if isinstance(exc, ParseException) else HTTPStatus.INTERNAL_SERVER_ERROR


def answer(status: HTTPStatus) -> bytes:
    """Return the whole answer, as it goes over the wire."""
    body = f"{status.phrase}.\n"
    head = [f"HTTP/1.1 {status.value} {status.phrase}"]
    head += [f"{name}: {value}" for name, value in HEADERS.items()]
    if settings.SECURE_HSTS_SECONDS:
        head.append(f"Strict-Transport-Security: {strict_transport()}")
    head += [f"Content-Length: {len(body)}", "", body]
    return "\r\n".join(head).encode("latin-1")


def _place(exc: Exception) -> str:
    """Return what broke and where in the code; its message may quote the request."""
    frames = extract_tb(exc.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(exc).__name__}{where}"
