"""Accepting an invitation, signed out."""

from datetime import datetime
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms.people import Joining
from accounts.models import Invitation
from accounts.views.answers import form_status


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Let the invited person in: their details, a password, then a second factor."""
    invitation = _open_invitation(token, timezone.now())
    if invitation is None:
        return _closed(request)
    if request.user.is_authenticated:
        return render(request, "people/join_signed_in.html", {"invitation": invitation})
    form = Joining(request.POST or None, email=invitation.email, initial={"name": invitation.name})
    if form.is_valid():
        try:
            person = actions.accept_invitation(invitation=invitation, **form.details())
        except ValidationError:
            return _closed(request)
        get_adapter().login(request, person)
        return redirect("security:choose")
    context = {"invitation": invitation, "form": form}
    return render(request, "people/join.html", context, status=form_status(form))


def _open_invitation(token: str, now: datetime) -> Invitation | None:
    rows = Invitation.objects.open_at(now).filter(organization__is_active=True).select_related("organization")
    return rows.filter(token_hash=actions.token_hash(token)).first()


def _closed(request: HttpRequest) -> HttpResponse:
    """Say the same of a link that expired, was used, was withdrawn or never existed."""
    return render(request, "people/join_closed.html", status=HTTPStatus.NOT_FOUND)
