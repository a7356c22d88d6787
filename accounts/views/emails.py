"""Changing the e-mail that one signs in with: asked for here, confirmed by a link to the new address."""

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions, throttling
from accounts.access import PersonRequest, signed_in, signed_in_again
from accounts.forms.emails import NewEmail
from accounts.models import EmailChange
from accounts.throttling import Limit
from accounts.views.answers import form_status

# Nobody has mail sent to strangers from here.
ASKED = Limit("email_change", 5, timedelta(hours=1))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@signed_in_again
def change_email(request: PersonRequest) -> HttpResponse:
    """Ask for the new e-mail and send a link there."""
    form = NewEmail(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid() and throttling.count(ASKED, str(request.user.pk)).is_too_many:
        form.add_error("email", _("You asked five times within an hour. Try again later."))
    if form.is_valid():
        asked = actions.ask_to_change_email(by=request.user, **form.cleaned_data)
        _send_link(asked)
        messages.success(
            request, _("A link is on its way to the new address. Nothing changes until you follow it.")
        )
        return redirect("security:show")
    return render(request, "account/change_email.html", {"form": form}, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def confirm_email(request: PersonRequest, token: str) -> HttpResponse:
    """Ask whether to sign in with the new e-mail from now on; a look at the link alone changes nothing."""
    change = _open_change(request, token)
    if change is None:
        return _closed(request)
    if request.method == "POST":
        before = request.user.email
        try:
            actions.confirm_email(by=request.user, change=change)
        except ValidationError:
            return _closed(request)
        _send("changed", before, {})
        request.session.flush()
        messages.success(request, _("Your e-mail is changed. Sign in with the new one."))
        return redirect("account_login")
    return render(request, "account/confirm_email.html", {"change": change})


def _open_change(request: PersonRequest, token: str) -> EmailChange | None:
    rows = EmailChange.objects.visible_to(request.user).open_at(timezone.now())
    return rows.filter(token_hash=actions.token_hash(token)).first()


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "account/email_closed.html", status=HTTPStatus.NOT_FOUND)


def _send_link(asked: actions.EmailAsked) -> None:
    """Send a link, or, to an address that is somebody's, word that it was tried: each costs one e-mail."""
    if asked.token is None:
        _send("taken", asked.email, {})
    else:
        path = reverse("security:confirm_email", args=[asked.token])
        _send("confirm", asked.email, {"link": urljoin(settings.PUBLIC_ADDRESS, path)})


def _send(name: str, address: str, context: dict[str, str]) -> None:
    """Send after the commit; a mail server that is away is logged and breaks nothing."""
    body = render_to_string(f"account/email/email_{name}.txt", context)
    subject = _("Your e-mail at Warm Handoff")

    def send() -> None:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])

    # A function with a name, not a partial: Django names it in the log when it fails.
    transaction.on_commit(send, robust=True)
