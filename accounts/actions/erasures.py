"""Erasing an organization's records: asked for by one of the network, confirmed by another a day later."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.permission import admins_only
from accounts.models import Erasure, Kind, Organization, User
from accounts.text import clean_text
from privacy import audit, context, rotation

REASON_LIMIT = 500


def ask_for_erasure(
    *, by: User, organization: Organization, reason: str, at: datetime | None = None
) -> Erasure:
    """Ask to destroy a disabled organization's key. Nothing happens until somebody else confirms it."""
    admins_only(by)
    now, words = at or timezone.now(), clean_text(reason, REASON_LIMIT).strip()
    if not words:
        raise ValidationError(_("Say why the records are to be erased."), code="reason")
    with transaction.atomic():
        locked = _erasable(organization)
        before = locked.erasures.waiting().first()
        if before is not None and now <= before.closes_at:
            raise ValidationError(_("This was asked for already, and waits to be confirmed."), code="waiting")
        if before is not None:
            _withdraw(before, by, now)
        erasure = Erasure.objects.create(organization=locked, reason=words, asked_by=by, asked_at=now)
        _record("erasure.ask", by, erasure)
    return erasure


def withdraw_erasure(*, by: User, erasure: Erasure, at: datetime | None = None) -> Erasure:
    """Take back what was asked for, while it waits: any admin of the network may."""
    admins_only(by)
    with transaction.atomic():
        locked = _waiting(erasure)
        _withdraw(locked, by, at or timezone.now())
        _record("erasure.withdraw", by, locked)
    return locked


def confirm_erasure(*, by: User, erasure: Erasure, at: datetime | None = None) -> Erasure:
    """Destroy the organization's key for ever: the second person, a day to two weeks later.

    Called by `referrals.actions.erase_organization`, which first ends what waits with others.
    """
    admins_only(by)
    now = at or timezone.now()
    with transaction.atomic():
        locked = _waiting(erasure)
        _erasable(locked.organization)
        if locked.asked_by_id == by.pk:
            raise ValidationError(_("Somebody else has to confirm what you asked for."), code="same")
        if not locked.opens_at <= now <= locked.closes_at:
            raise ValidationError(
                _("It can be confirmed from one day to two weeks after it was asked for."), code="time"
            )
        locked.confirmed_by, locked.confirmed_at = by, now
        locked.save(update_fields=["confirmed_by", "confirmed_at"])
        locked.organization.erased_at = now
        locked.organization.save(update_fields=["erased_at"])
        rotation.erase(locked.organization_id)
        _record("erasure.confirm", by, locked)
    return locked


def _erasable(organization: Organization) -> Organization:
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    if locked.kind == Kind.NETWORK:
        raise ValidationError(_("The network operator can't be erased."), code="network")
    if locked.is_active:
        raise ValidationError(_("Disable the organization first."), code="active")
    if locked.erased_at is not None:
        raise ValidationError(_("Its records are erased already."), code="erased")
    return locked


def _waiting(erasure: Erasure) -> Erasure:
    rows = Erasure.objects.select_for_update(of=("self",)).select_related("organization")
    locked = rows.waiting().filter(pk=erasure.pk).first()
    if locked is None:
        raise ValidationError(_("Nothing waits to be confirmed."), code="closed")
    return locked


def _withdraw(erasure: Erasure, by: User, at: datetime) -> None:
    erasure.withdrawn_by, erasure.withdrawn_at = by, at
    erasure.save(update_fields=["withdrawn_by", "withdrawn_at"])


def _record(action: str, by: User, erasure: Erasure) -> None:
    """Leave an entry in the network's chain and one in the organization's own."""
    owner = erasure.organization_id
    with context.enter(owner):
        audit.record(action, by=None, of=erasure, erasure_by=by.pk)
    audit.record(action, by=by, of=erasure, owner=owner)
