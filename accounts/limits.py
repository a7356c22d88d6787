"""Keeps a session alive by its person's own input alone, and tells a page or a script that it has ended."""

from collections.abc import Callable
from http import HTTPStatus
from math import ceil
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import attempts, devices, resending, second_factor
from accounts.browsers import describe
from accounts.models import User
from accounts.sessions import SessionStore

GetResponse = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]

# Our own scripts say whether a person caused a request. Nothing but "no" means anything, and it can only make
# a session shorter: a browser that sends no header is taken at its word that somebody clicked.
INPUT = "X-Input"


def is_no_input(view: View) -> View:
    """Mark a view that pages call by themselves: it never counts as something the person did."""
    vars(view)["is_no_input"] = True
    return view


class SessionLimits:
    """Stamp a session when its person does something, and tell them when it has ended.

    That a session is over is found by `accounts.sessions.SessionStore` as soon as it is read. This stands
    behind the CSRF check, so that another site's form can't keep a session alive.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and add what the answer needs of a session that began or ended."""
        session = _store(request)
        session.browser = describe(request.headers.get("User-Agent", ""))
        before = session.get(second_factor.STAMP)
        response = self.get_response(request)
        attempts.finish(request)
        if person := _who_proved(request, before):
            devices.remember(request, response, person)
        return _told(request, response)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        """Note the input before the view runs."""
        if _is_input(request) and not getattr(view, "is_no_input", False):
            _store(request).stamp(timezone.now())


def _who_proved(request: HttpRequest, before: object) -> User | None:
    """Return who has just given both factors, or a new password, in this browser."""
    person = second_factor.pending(request) or request.user
    if request.session.get(second_factor.STAMP) != before and second_factor.is_proved(
        request.session, person
    ):
        return cast(User, person)
    return cast("User | None", vars(request).get("has_proved"))


def _is_input(request: HttpRequest) -> bool:
    return request.headers.get(INPUT) != "no" and "prefetch" not in request.headers.get("Sec-Purpose", "")


def _store(request: HttpRequest) -> SessionStore:
    session = request.session
    if not isinstance(session, SessionStore):
        raise TypeError("SESSION_ENGINE has to be accounts.sessions: the limits are kept there.")
    return session


def _told(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer with what it has to say about a try that was refused, or a session that ended."""
    if until := vars(request).get("refused_until"):
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response["Retry-After"] = str(max(ceil((until - timezone.now()).total_seconds()), 1))
    if vars(request).get("signed_out"):
        # Not "cookies": that would take the known browser with it. The session's own cookie is deleted.
        response["Clear-Site-Data"] = '"cache", "storage"'
    if _leads_to_sign_in(response):
        return _signed_out(request, response)
    return response


def _signed_out(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Answer a script with 401, a form with what was typed in it, and a page with the reason in its link."""
    why = _store(request).ended
    if _is_from_a_script(request):
        return HttpResponse(
            _("You are signed out. Sign in again, then go on here."),
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.UNAUTHORIZED,
            headers={"X-Signed-Out": why or "yes"},
        )
    if why and request.method == "POST":
        return resending.signed_out(request, why)
    if why:
        response["Location"] += f"&ended={why}"
    return response


def _leads_to_sign_in(response: HttpResponseBase) -> bool:
    """Say whether a page that asks for a signed-in person has sent the browser to sign-in."""
    if response.status_code != HTTPStatus.FOUND:
        return False
    to = urlsplit(response.headers.get("Location", ""))
    return to.path == resolve_url(settings.LOGIN_URL) and "next" in parse_qs(to.query)


def _is_from_a_script(request: HttpRequest) -> bool:
    return INPUT in request.headers or "HX-Request" in request.headers
