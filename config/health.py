"""Whether the process lives, and whether it can serve: for whoever watches the product."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from config import lost_keys, role

LIVE, READY = "/healthz/live", "/healthz/ready"
UNAVAILABLE = 503

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Health:
    """Answer the two health addresses before any transaction, session or host check."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Say `alive` always, `ready` only with a database, a role that row security binds, and the keys."""
        match request.path:
            case "/healthz/live":
                return _said("alive")
            case "/healthz/ready":
                return _readiness()
        return self.get_response(request)


def _readiness() -> HttpResponse:
    try:
        if role.problem():
            return _said("the database role is not fit to serve", UNAVAILABLE)
        if lost_keys.problem():
            return _said("the master keys do not open the data", UNAVAILABLE)
    except DatabaseError:
        connection.close()
        return _said("no database", UNAVAILABLE)
    return _said("ready")


def _said(words: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response
