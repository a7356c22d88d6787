"""Writes to organizations: made, disabled, enabled, and settled by their leads."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.actions.permission import admins_only
from accounts.actions.sessions import end_all
from accounts.models import Duty, Kind, Organization, User
from privacy import audit, keys


def create_organization(
    *,
    by: User | None,
    kind: Kind | str,
    name: str,
    time_zone: str,
    phone: str = "",
    id: UUID | None = None,
) -> Organization:
    """Create an organization with its data key and its audit chain. Nobody makes the network operator."""
    if by is not None or kind != Kind.NETWORK:
        admins_only(by)
    organization = Organization(kind=kind, name=name, time_zone=time_zone, phone=phone)
    if id is not None:
        organization.id = id
    organization.full_clean(exclude=["id"], validate_unique=False)
    with transaction.atomic():
        organization.save(force_insert=True)
        keys.create(organization.id)
        audit.open_chain(organization.id, takes_unknown=organization.kind == Kind.NETWORK)
        audit.record(
            "organization.create", by=by, of=organization, owner=organization.id, kind_of=organization.kind
        )
    return organization


def disable_organization(*, by: User, organization: Organization) -> Organization:
    """Disable an organization: every session of its people ends at once."""
    admins_only(by)
    if organization.pk == by.organization_id:
        raise ValidationError(_("The network operator can't disable itself."), code="self")
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        if locked.is_active:
            locked.is_active = False
            locked.save(update_fields=["is_active"])
            locked.people.update(session_generation=models.F("session_generation") + 1)
        end_all(locked.people.all())
        audit.record("organization.disable", by=by, of=locked, owner=locked.pk)
    return locked


def enable_organization(*, by: User, organization: Organization) -> Organization:
    """Let the people of a disabled organization sign in again."""
    admins_only(by)
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        if locked.erased_at is not None:
            raise ValidationError(_("Its records were erased: it stays disabled."), code="erased")
        if not locked.is_active:
            locked.is_active = True
            locked.save(update_fields=["is_active"])
        audit.record("organization.enable", by=by, of=locked, owner=locked.pk)
    return locked


def change_practice_settings(
    *, by: User, phone: str, crisis_plan: str, time_zone: str, requires_signature: bool, part2_program: bool
) -> Organization:
    """Change what a lead decides for their own practice or prescriber organization."""
    if not by.has_duty(Duty.LEAD):
        raise PermissionDenied
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=by.organization_id)
        locked.phone, locked.crisis_plan, locked.time_zone = phone, crisis_plan, time_zone
        locked.requires_signature = requires_signature and locked.kind == Kind.PRACTICE
        locked.part2_program = part2_program
        locked.clean_fields()
        locked.save(
            update_fields=["phone", "crisis_plan", "time_zone", "requires_signature", "part2_program"]
        )
        audit.record("organization.change_settings", by=by, of=locked, owner=locked.pk)
    return locked
