"""Who may call a view: signed out leads to sign-in, the wrong role is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from accounts.models import Duty, User

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
