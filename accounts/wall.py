"""The wall behind a password: until the second factor is given, a session opens only these addresses."""

from http import HTTPStatus

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import second_factor
from accounts.models import User
from accounts.next_page import with_next

SIGN_OUT = "account_logout"

# What anybody reaches signed out; to such a page, somebody with a password alone is nobody.
PUBLIC = frozenset(
    {
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "demo:sign_in",
        "people:join",
        "robots_txt",
        "security_txt",
        "sessions:status",
        "security:passkey_sign_in",
        "security:passkey_request",
        "single_sign_on:start",
        "single_sign_on:callback",
    }
)
# Whoever has a factor gives it. Only whoever has none yet takes one into use.
GIVING = frozenset({"security:code"})
ENROLLING = frozenset(
    {"security:choose", "security:add_app", "security:add_passkey", "security:passkey_creation"}
)


def has_factor(person: User) -> bool:
    """Say whether this person has an app or a passkey."""
    return bool(Authenticator.objects.filter(user=person).exists())


def set_apart(request: HttpRequest) -> None:
    """Let nobody be signed in by a password alone: the person stands apart from `request.user`.

    So whatever looks at `request.user` after this, row security first, sees a stranger. A password that was
    given too long ago is forgotten.
    """
    person = request.user
    if not isinstance(person, User) or second_factor.is_proved(request.session, person):
        return
    request.user = AnonymousUser()
    if second_factor.is_too_late(request.session):
        request.session.flush()
    else:
        vars(request)["pending_person"] = person


def answer(request: HttpRequest, view_name: str) -> HttpResponse | None:
    """Return what somebody with a password alone gets instead of this view, or None where it is theirs."""
    person = second_factor.pending(request)
    if person is None or view_name in PUBLIC:
        return None
    if view_name == SIGN_OUT:
        request.user = person
        return None
    may, way = (GIVING, "security:code") if has_factor(person) else (ENROLLING, "security:choose")
    return None if view_name in may else _lead(request, way)


def _lead(request: HttpRequest, way: str) -> HttpResponse:
    """Lead to the second factor: a page by a redirect, a script by an answer unlike success."""
    address = reverse(way)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": address})
    if request.accepts("text/html"):
        is_page = request.method in {"GET", "HEAD"} and request.path != "/"
        return redirect(with_next(way, request.get_full_path() if is_page else ""))
    answer = {"error": "second factor required", "at": address}
    return JsonResponse(answer, status=HTTPStatus.UNAUTHORIZED)
