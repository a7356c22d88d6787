"""Writes to the e-mail somebody signs in with: asked for, then confirmed from the new address."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.invitations import save_or_refuse, token_hash
from accounts.models import EmailChange, User
from privacy import audit, outbox

LINK_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class EmailAsked:
    """A change of e-mail that waits, and the only copy of its token; None where the address is somebody's."""

    email: str
    token: str | None


def ask_to_change_email(*, by: User, email: str) -> EmailAsked:
    """Begin to change one's e-mail. Whether the address is somebody's shows in what is sent to it alone."""
    email = email.casefold()
    with transaction.atomic():
        person = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        now = timezone.now()
        EmailChange.objects.filter(user=person, closed_at=None).update(closed_at=now)
        is_taken = User.objects.filter(email=email).exists()
        token = secrets.token_urlsafe(32)
        EmailChange.objects.create(
            user=person,
            email=email,
            token_hash=token_hash(token),
            asked_at=now,
            expires_at=now + LINK_LASTS,
        )
        # Sent to the address in use until now: whoever reads it there learns of it in time.
        outbox.notify(recipient=person.pk, kind="security.changed", path=reverse("security:show"))
        audit.record("person.ask_to_change_email", by=by, of=person)
    return EmailAsked(email=email, token=None if is_taken else token)


def confirm_email(*, by: User, change: EmailChange) -> User:
    """Sign in with the new e-mail from now on: it works once, in time, and ends every session."""
    with transaction.atomic():
        person = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        now = timezone.now()
        waiting = EmailChange.objects.filter(pk=change.pk, user=person).open_at(now)
        if waiting.update(closed_at=now) != 1 or User.objects.filter(email=change.email).exists():
            raise ValidationError(_("This link works no more."), code="closed")
        person.email = change.email
        person.session_generation += 1
        save_or_refuse(person, _("This link works no more."), fields=["email", "session_generation"])
        audit.record("person.change_email", by=by, of=person)
    return person
