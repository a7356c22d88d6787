"""Writes to people: made, disabled, enabled, given duties and a supervisor, and their own details."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions.permission import admins_only, allowed_duties
from accounts.actions.sessions import end_all
from accounts.models import Duty, Organization, User
from privacy import audit, outbox


def create_user(
    *,
    by: User | None,
    organization: Organization,
    email: str,
    name: str,
    password: str | None,
    duties: Sequence[Duty | str] = (),
    credentials: str = "",
    licence: str = "",
    phone: str = "",
    id: UUID | None = None,
) -> User:
    """Create a person directly: the first admin, and the people of a demonstration. Others are invited."""
    if by is not None:
        admins_only(by)
    user = User(
        organization=organization,
        email=email.casefold(),
        name=name,
        credentials=credentials,
        licence=licence,
        phone=phone,
        duties=allowed_duties(organization, duties),
    )
    if id is not None:
        user.id = id
    user.set_password(password)
    user.full_clean(exclude=["id", "password"], validate_constraints=False)
    with transaction.atomic():
        user.save(force_insert=True)
        audit.record("person.create", by=by, of=user)
    return user


def disable_user(*, by: User, user: User) -> User:
    """Disable a person: every session of theirs ends at once."""
    admins_only(by)
    if user.pk == by.pk:
        raise ValidationError(_("You can't disable yourself."), code="self")
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if locked.is_active:
            locked.is_active = False
            locked.session_generation += 1
            locked.save(update_fields=["is_active", "session_generation"])
        end_all(User.objects.filter(pk=locked.pk))
        _tell_leads(locked)
        audit.record("person.disable", by=by, of=locked)
    return locked


def _tell_leads(disabled: User) -> None:
    """Lead the organization's leads to what the disabled person may still hold: nobody else can move it."""
    people = User.objects.active().filter(organization_id=disabled.organization_id)
    for lead in people.filter(duties__contains=[Duty.LEAD]).order_by("pk"):
        path = reverse("desk:hand_over", args=[disabled.pk])
        outbox.notify(recipient=lead.pk, kind="person.disabled", path=path)


def enable_user(*, by: User, user: User) -> User:
    """Let a disabled person sign in again."""
    admins_only(by)
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if not locked.is_active:
            locked.is_active = True
            locked.save(update_fields=["is_active"])
        audit.record("person.enable", by=by, of=locked)
    return locked


def set_duties(*, by: User, user: User, duties: Sequence[Duty | str]) -> User:
    """Give a person exactly these duties."""
    admins_only(by)
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).select_related("organization").get(pk=user.pk)
        before = list(locked.duties)
        locked.duties = allowed_duties(locked.organization, duties)
        locked.save(update_fields=["duties"])
        audit.record("person.set_duties", by=by, of=locked, before=before, after=list(locked.duties))
    return locked


def set_supervisor(*, by: User, user: User, supervisor: User | None) -> User:
    """Say whose signature a person's screenings need, or None. A lead of the practice or an admin decides."""
    if not by.is_admin and not (by.has_duty(Duty.LEAD) and by.organization_id == user.organization_id):
        raise PermissionDenied
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if supervisor is not None and not _may_sign_for(supervisor, locked):
            raise ValidationError(_("Choose a supervisor of the same practice."), code="supervisor")
        locked.needs_signature_from = supervisor
        locked.save(update_fields=["needs_signature_from"])
        chosen = supervisor.pk if supervisor is not None else None
        audit.record("person.set_supervisor", by=by, of=locked, supervisor=chosen)
    return locked


def _may_sign_for(supervisor: User, person: User) -> bool:
    same_practice = supervisor.organization_id == person.organization_id and supervisor.pk != person.pk
    return same_practice and supervisor.is_active and supervisor.has_duty(Duty.SUPERVISOR)


def change_own_details(*, by: User, name: str, credentials: str, licence: str, phone: str) -> User:
    """Change what colleagues and providers read about oneself."""
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        locked.name, locked.credentials, locked.licence, locked.phone = name, credentials, licence, phone
        locked.save(update_fields=["name", "credentials", "licence", "phone"])
        audit.record("person.change_own_details", by=by, of=locked)
    return locked


def set_password(*, user: User, password: str) -> User:
    """Give a person the password they chose; every session that was signed with the old one ends."""
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        locked.set_password(password)
        locked.save(update_fields=["password"])
        end_all(User.objects.filter(pk=locked.pk))
        user.password = locked.password
        outbox.notify(recipient=locked.pk, kind="security.changed", path=reverse("security:show"))
        audit.record("person.set_password", by=locked, of=locked)
    return locked
