"""Every write to organizations, people and invitations."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Duty, Invitation, Kind, Organization, User
from privacy import audit, keys

INVITATION_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation and the only copy of its token."""

    invitation: Invitation
    token: str


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
    _admins_only(by, kind)
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
    _admins_only(by, Kind.NETWORK if by is None else organization.kind, first=by is None)
    user = User(
        organization=organization,
        email=email.casefold(),
        name=name,
        credentials=credentials,
        licence=licence,
        phone=phone,
        duties=_allowed_duties(organization, duties),
    )
    if id is not None:
        user.id = id
    user.set_password(password)
    user.full_clean(exclude=["id", "password"], validate_constraints=False)
    with transaction.atomic():
        user.save(force_insert=True)
        audit.record("person.create", by=by, of=user)
    return user


def _admins_only(by: User | None, kind: Kind | str, *, first: bool = False) -> None:
    if by is None and (kind == Kind.NETWORK or first):
        return
    if by is None or not by.is_admin:
        raise PermissionDenied


def _allowed_duties(organization: Organization, duties: Sequence[Duty | str]) -> list[str]:
    allowed = organization.allowed_duties
    if not set(duties) <= set(allowed):
        raise ValidationError(_("This duty does not exist in this kind of organization."), code="duty")
    return [duty.value for duty in allowed if duty in duties]


def invite(
    *, by: User, organization: Organization, email: str, name: str, duties: Sequence[Duty | str] = ()
) -> Invited:
    """Offer a place in an organization; the token in the answer is shown once and kept nowhere.

    A new invitation to the same address takes the place of the one before.
    """
    _admins_only(by, organization.kind)
    email = email.casefold()
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        if not locked.is_active:
            raise ValidationError(_("This organization is disabled: enable it first."), code="disabled")
        if User.objects.filter(email=email).exists():
            raise ValidationError(_("Somebody with this e-mail is here already."), code="taken")
        now = timezone.now()
        Invitation.objects.open_at(now).filter(email=email).update(withdrawn_at=now)
        token = secrets.token_urlsafe(32)
        invitation = Invitation.objects.create(
            organization=locked,
            email=email,
            name=name,
            duties=_allowed_duties(locked, duties),
            token_hash=token_hash(token),
            invited_by=by,
            invited_at=now,
            expires_at=now + INVITATION_LASTS,
        )
        audit.record("person.invite", by=by, of=invitation)
    return Invited(invitation, token)


def token_hash(token: str) -> str:
    """Return what is kept of a token: it has 256 random bits, so a plain hash can't be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def withdraw_invitation(*, by: User, invitation: Invitation) -> Invitation:
    """Take back an invitation that nobody has accepted."""
    _admins_only(by, invitation.organization.kind)
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
        user.save(force_insert=True)
        locked.accepted_at, locked.accepted_by = now, user
        locked.save(update_fields=["accepted_at", "accepted_by"])
        audit.record("person.join", by=user, of=locked)
    return user


def disable_user(*, by: User, user: User) -> User:
    """Disable a person: every session of theirs ends at once."""
    _admins_only(by, user.organization.kind)
    if user.pk == by.pk:
        raise ValidationError(_("You can't disable yourself."), code="self")
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if locked.is_active:
            locked.is_active = False
            locked.session_generation += 1
            locked.save(update_fields=["is_active", "session_generation"])
        audit.record("person.disable", by=by, of=locked)
    return locked


def enable_user(*, by: User, user: User) -> User:
    """Let a disabled person sign in again."""
    _admins_only(by, user.organization.kind)
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if not locked.is_active:
            locked.is_active = True
            locked.save(update_fields=["is_active"])
        audit.record("person.enable", by=by, of=locked)
    return locked


def disable_organization(*, by: User, organization: Organization) -> Organization:
    """Disable an organization: every session of its people ends at once."""
    _admins_only(by, organization.kind)
    if organization.pk == by.organization_id:
        raise ValidationError(_("The network operator can't disable itself."), code="self")
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        if locked.is_active:
            locked.is_active = False
            locked.save(update_fields=["is_active"])
            locked.people.update(session_generation=models.F("session_generation") + 1)
        audit.record("organization.disable", by=by, of=locked, owner=locked.pk)
    return locked


def enable_organization(*, by: User, organization: Organization) -> Organization:
    """Let the people of a disabled organization sign in again."""
    _admins_only(by, organization.kind)
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        if not locked.is_active:
            locked.is_active = True
            locked.save(update_fields=["is_active"])
        audit.record("organization.enable", by=by, of=locked, owner=locked.pk)
    return locked


def set_duties(*, by: User, user: User, duties: Sequence[Duty | str]) -> User:
    """Give a person exactly these duties."""
    _admins_only(by, user.organization.kind)
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).select_related("organization").get(pk=user.pk)
        before = list(locked.duties)
        locked.duties = _allowed_duties(locked.organization, duties)
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


def change_own_details(*, by: User, name: str, credentials: str, licence: str, phone: str) -> User:
    """Change what colleagues and providers read about oneself."""
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        locked.name, locked.credentials, locked.licence, locked.phone = name, credentials, licence, phone
        locked.save(update_fields=["name", "credentials", "licence", "phone"])
        audit.record("person.change_own_details", by=by, of=locked)
    return locked


def set_password(*, user: User, password: str) -> User:
    """Give a person the password they chose; it ends every session that was signed with the old one."""
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        locked.set_password(password)
        locked.save(update_fields=["password"])
        user.password = locked.password
        audit.record("person.set_password", by=locked, of=locked)
    return locked
