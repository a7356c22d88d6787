"""Writes to invitations: offered, withdrawn, accepted once."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.permission import admins_only, allowed_duties
from accounts.models import Duty, Invitation, Organization, User
from privacy import audit

INVITATION_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation and the only copy of its token."""

    invitation: Invitation
    token: str


def invite(
    *, by: User, organization: Organization, email: str, name: str, duties: Sequence[Duty | str] = ()
) -> Invited:
    """Offer a place in an organization; the token in the answer is shown once and kept nowhere.

    A new invitation to the same address takes the place of the one before.
    """
    admins_only(by)
    email = email.casefold()
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        if not locked.is_active:
            raise ValidationError(_("This organization is disabled: enable it first."), code="disabled")
        if User.objects.filter(email=email).exists():
            raise ValidationError(_("Somebody with this e-mail is here already."), code="taken")
        now = timezone.now()
        Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
        token = secrets.token_urlsafe(32)
        invitation = Invitation(
            organization=locked,
            email=email,
            name=name,
            duties=allowed_duties(locked, duties),
            token_hash=token_hash(token),
            invited_by=by,
            invited_at=now,
            expires_at=now + INVITATION_LASTS,
        )
        save_or_refuse(invitation, _("Somebody else is inviting this e-mail at this moment. Try again."))
        audit.record("person.invite", by=by, of=invitation)
    return Invited(invitation, token)


def save_or_refuse(row: Invitation | User, sentence: str, fields: Sequence[str] | None = None) -> None:
    """Save a new row, or these fields; where another transaction was quicker, refuse with the sentence."""
    try:
        with transaction.atomic():
            row.save(force_insert=fields is None, update_fields=fields)
    except IntegrityError as taken:
        raise ValidationError(sentence, code="taken") from taken


def token_hash(token: str) -> str:
    """Return what is kept of a token: it has 256 random bits, so a plain hash can't be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def withdraw_invitation(*, by: User, invitation: Invitation) -> Invitation:
    """Take back an invitation that nobody has accepted."""
    admins_only(by)
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if locked.accepted_at is not None:
            raise ValidationError(_("This invitation was accepted already."), code="accepted")
        if locked.withdrawn_at is None:
            locked.withdrawn_at = timezone.now()
            locked.save(update_fields=["withdrawn_at"])
        audit.record("person.withdraw_invitation", by=by, of=locked)
    return locked


def accept_invitation(
    *,
    invitation: Invitation,
    name: str,
    password: str,
    credentials: str = "",
    licence: str = "",
    phone: str = "",
) -> User:
    """Make the invited person. It works once, before the invitation expires."""
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        organization = Organization.objects.select_for_update().get(pk=locked.organization_id)
        now = timezone.now()
        is_open = locked.accepted_at is None and locked.withdrawn_at is None and locked.expires_at > now
        if not is_open or not organization.is_active or User.objects.filter(email=locked.email).exists():
            raise ValidationError(_("This invitation is no longer open."), code="closed")
        user = User(
            organization=organization,
            email=locked.email,
            name=name,
            credentials=credentials,
            licence=licence,
            phone=phone,
            duties=locked.duties,
        )
        validate_password(password, user)
        user.set_password(password)
        save_or_refuse(user, _("This invitation is no longer open."))
        locked.accepted_at, locked.accepted_by = now, user
        locked.save(update_fields=["accepted_at", "accepted_by"])
        audit.record("person.join", by=user, of=locked)
    return user
