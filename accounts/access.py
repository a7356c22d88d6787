"""Who may call a view: signed out leads to sign-in, the wrong role is refused."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url

from accounts import again, second_factor, wall
from accounts.models import Duty, User
from accounts.next_page import with_next

View: TypeAlias = Callable[..., HttpResponseBase]


class PersonRequest(HttpRequest):
    """The request of somebody who is signed in."""

    user: User


def allow(permits: Callable[[User], bool]) -> Callable[[View], View]:
    """Make a decorator that lets in signed-in people whom `permits` lets in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not permits(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Lead to sign-in, and back to the page afterwards; a form that was sent has to be sent again."""
    readable = request.method in {"GET", "HEAD"}
    return redirect_to_login(request.get_full_path() if readable else resolve_url("desk:home"))


signed_in = allow(lambda person: True)
therapist_required = allow(lambda person: person.is_therapist)
provider_required = allow(lambda person: person.is_provider)
admin_required = allow(lambda person: person.is_admin)


def duty_required(duty: Duty) -> Callable[[View], View]:
    """Let in only people who have this duty."""
    return allow(lambda person: person.has_duty(duty))


def signed_in_again(view: View) -> View:
    """Let a request through only within five minutes of a proof: at sign-in, or by password or factor since.

    It stands under the role's decorator. A page is asked for again after the proof. A form that is sent too
    late is answered with the page that asks; that page posts its fields once more together with the proof, so
    nothing typed is lost and nothing is kept on the server. It isn't for forms with a file or a password.
    """

    @wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if second_factor.proved_lately(request.session):
            return view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"} or request.headers.get("HX-Request"):
            return _to_proof(request)
        asked = again.ask(request, is_answered=again.is_answered(request), carried=again.carried_by(request))
        return asked or view(request, *args, **kwargs)

    return guarded


def _to_proof(request: HttpRequest) -> HttpResponseBase:
    """Lead to the page that asks, and back to the page that was asked for."""
    if request.headers.get("HX-Request"):
        back = urlsplit(request.headers.get("HX-Current-URL", "")).path or resolve_url("desk:home")
        headers = {"HX-Redirect": with_next("security:again", back)}
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers=headers)
    return redirect(with_next("security:again", request.get_full_path()))


def enrolling(view: View) -> View:
    """Let in whoever may take a factor into use, and hand the view that person.

    That is a newcomer whose password was right and who has none yet, or somebody signed in who has just
    proved themselves. A password alone adds nothing to an account that has a factor.
    """

    @signed_in
    @signed_in_again
    def settled(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, request.user, *args, **kwargs)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        newcomer = second_factor.pending(request)
        if newcomer is not None and not wall.has_factor(newcomer):
            return view(request, newcomer, *args, **kwargs)
        return settled(request, *args, **kwargs)

    return guarded
