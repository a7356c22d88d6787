"""The request is one transaction: it commits as a whole with its audit entries, or leaves nothing behind."""

import logging
from collections.abc import Callable
from typing import cast
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied, SuspiciousOperation
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from privacy import audit, work

logger = logging.getLogger("privacy.requests")

LIVE = "/healthz/live"
FORBIDDEN, NOT_FOUND, SERVER_ERROR, UNAVAILABLE = 403, 404, 500, 503
# 400 is what Django makes of a request it can't trust, also after the view. A view answers a bad form with
# 422 and a conflict with 409: such a page has shown a record, and its entry stays.
REFUSED = frozenset({400, FORBIDDEN, NOT_FOUND, 413})
RETRY_AFTER_SECONDS = 30

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# What a view says on purpose; anything else is a mistake of ours, looked up by the id on the page.
EXPECTED = (Http404, PermissionDenied, SuspiciousOperation, BadRequest)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class StreamingRefused(ImproperlyConfigured):
    """A view streams: its body would be read after the transaction, and after the organization, has ended."""


class RequestTransaction:
    """Open the transaction, write the audit entries just before the commit, record a refusal afterwards."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request inside its transaction."""
        vars(request)["id"] = uuid4().hex[:12]
        if request.path.rstrip("/") == LIVE:
            return self.get_response(request)
        try:
            return self._answer(request)
        except (OperationalError, InterfaceError) as problem:
            if not _database_is_away():
                raise
            logger.error("request %s: the database is away (%s)", _id(request), type(problem).__name__)
            return _unavailable(request)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        with work.begin() as current:
            response = self.get_response(request)
            _refuse_streaming(response)
            taken_back = _is_taken_back(current, response)
            if taken_back:
                transaction.set_rollback(True)
            else:
                audit.write(current)
        if taken_back and current.kept:
            _do_again(current)
        if _is_refusal(request, response):
            _record_refusal(request, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say in the log what broke; a database that is away gets an answer of its own."""
        if isinstance(exception, OperationalError | InterfaceError) and _database_is_away():
            logger.error("request %s: the database is away (%s)", _id(request), type(exception).__name__)
            return _unavailable(request)
        if not isinstance(exception, EXPECTED):
            logger.error("request %s broke: %s", _id(request), type(exception).__name__)
        return None


class TakenBack:
    """Mark a request whose view raised, before anybody makes an answer of it.

    The innermost of all middleware, so that it is asked first: whatever page another one makes of the
    exception, nothing written before it stays.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Mark the work, and leave the answer to others."""
        current = work.current()
        if current is not None:
            current.failed = True


class OrganizationContext:
    """Set the organization of whoever is signed in, before any statement on a client's table."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the signed-in person's organization; signed out, no client's row is visible."""
        organization_id = _organization_of(request)
        if organization_id is not None:
            work.set_organization(organization_id)
        return self.get_response(request)


def _database_is_away() -> bool:
    """Tell a lost or refused connection from a statement that failed."""
    connection = connections[DEFAULT_DB_ALIAS].connection
    return connection is None or connection.closed


def _unavailable(request: HttpRequest) -> HttpResponse:
    """Say that it is not the reader's fault and when to try again; nothing was kept."""
    page = render_to_string("errors/503.html", {"request_id": _id(request)})
    return HttpResponse(page, status=UNAVAILABLE, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def _id(request: HttpRequest) -> str:
    return str(getattr(request, "id", ""))


def _organization_of(request: HttpRequest) -> UUID | None:
    person = getattr(request, "user", None)
    return person.organization_id if person is not None and person.is_authenticated else None


def _is_taken_back(current: work.Work, response: HttpResponseBase) -> bool:
    return current.failed or response.status_code in REFUSED or response.status_code >= SERVER_ERROR


def _do_again(current: work.Work) -> None:
    """Do what has to stay although the request was taken back."""
    with work.begin():
        for action in current.kept:
            action()


def _refuse_streaming(response: HttpResponseBase) -> None:
    if response.streaming:
        response.close()
        raise StreamingRefused("A streaming response would read after its transaction has ended.")


def _is_refusal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A 403 is one; so is a signed-in person's 404 for a record, which may be somebody else's."""
    if response.status_code == FORBIDDEN:
        return True
    match = request.resolver_match
    named_a_record = match is not None and bool(match.kwargs)
    return response.status_code == NOT_FOUND and named_a_record and _organization_of(request) is not None


def _record_refusal(request: HttpRequest, status: int) -> None:
    match = request.resolver_match
    view = match.view_name if match is not None else ""
    ids = [value for value in match.kwargs.values() if isinstance(value, UUID)] if match is not None else []
    method = request.method if request.method in METHODS else "other"
    with work.begin() as current:
        organization_id = _organization_of(request)
        if organization_id is not None:
            work.set_organization(organization_id)
        person = cast("audit.Person", request.user) if organization_id is not None else None
        audit.record("access.refused", by=person, view=view, method=method, status=status, ids=ids)
        audit.write(current)
