"""Accepting an invitation, signed out."""

from datetime import datetime, timedelta
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import actions, addresses, attempts, throttling
from accounts.forms.people import Joining
from accounts.identity_providers import required_by
from accounts.models import Invitation
from accounts.throttling import Limit
from accounts.views.answers import form_status

CLOSED_LINKS = Limit("closed_links.network", 30, timedelta(minutes=15))


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Let the invited person in: their details, a password, then a second factor."""
    if until := _too_often_until(request):
        vars(request)["refused_until"] = until
        return render(request, "people/join_too_often.html", {"wait": attempts.wait_in_words(until)})
    invitation = _open_invitation(token, timezone.now())
    if invitation is None:
        return _closed(request)
    if request.user.is_authenticated:
        return render(request, "people/join_signed_in.html", {"invitation": invitation})
    form = Joining(
        request.POST or None,
        email=invitation.email,
        organization=invitation.organization,
        initial={"name": invitation.name},
    )
    if form.is_valid():
        try:
            person = actions.accept_invitation(invitation=invitation, **form.details())
        except ValidationError:
            return _closed(request)
        if through := required_by(person.organization_id):
            return redirect("single_sign_on:start", through.key)
        get_adapter().login(request, person)
        return redirect("security:choose")
    context = {"invitation": invitation, "form": form}
    return render(request, "people/join.html", context, status=form_status(form))


def _open_invitation(token: str, now: datetime) -> Invitation | None:
    rows = Invitation.objects.open_at(now).filter(organization__is_active=True).select_related("organization")
    return rows.filter(token_hash=actions.token_hash(token)).first()


def _too_often_until(request: HttpRequest) -> datetime | None:
    """Return until when this network opens no link, after too many that were closed."""
    network = addresses.network_of(request)
    seen = throttling.look(CLOSED_LINKS, network)
    return seen.until if network and seen.number >= CLOSED_LINKS.most else None


def _closed(request: HttpRequest) -> HttpResponse:
    """Say the same of a link that expired, was used, was withdrawn or never was; somebody may be guessing."""
    if network := addresses.network_of(request):
        throttling.count_and_keep(CLOSED_LINKS, network)
    return render(request, "people/join_closed.html", status=HTTPStatus.NOT_FOUND)
