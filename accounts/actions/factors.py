"""Writes to second factors and recovery codes: added, renamed, removed, used once, and reset for somebody."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import codes, seals
from accounts.models import Duty, Factor, RecoveryCode, ResetReason, User
from accounts.second_factor import Proof
from privacy import audit, outbox

# More passkeys than anybody has devices are somebody else's.
MOST_PASSKEYS = 10


def add_app(*, by: User, seed: str, code: str, name: str) -> list[str]:
    """Take an authenticator app into use, in place of the one before; its first code proves it and is spent.

    Returns new recovery codes where the person has none, to be shown once.
    """
    step = codes.step_of(seed, code, timezone.now())
    if step is None:
        raise ValidationError(_("This is not the code that the app shows now."), code="wrong")
    with transaction.atomic():
        person = _locked(by)
        Authenticator.objects.filter(user=person, type=Factor.APP).delete()
        data = {"secret": seals.seal(person, seals.SEED, seed)}
        _add(person, Factor(name=name, last_step=step), Factor.APP, data)
        made = _codes_if_none(person)
        _tell(by, "factor.added", of=person, kind_of=Proof.APP)
    return made


def add_passkey(*, by: User, credential: dict[str, Any], name: str) -> list[str]:
    """Take a passkey into use whose registration was verified; the same answer as `add_app`."""
    with transaction.atomic():
        person = _locked(by)
        if Authenticator.objects.filter(user=person, type=Factor.PASSKEY).count() >= MOST_PASSKEYS:
            raise ValidationError(_("You have ten passkeys. Remove one first."), code="too_many")
        _add(person, Factor(name=name), Factor.PASSKEY, {"name": name, "credential": credential})
        made = _codes_if_none(person)
        _tell(by, "factor.added", of=person, kind_of=Proof.PASSKEY)
    return made


def _locked(person: User) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _add(person: User, factor: Factor, kind: str, data: dict[str, Any]) -> None:
    factor.authenticator = Authenticator.objects.create(user=person, type=kind, data=data)
    factor.save(force_insert=True)


def _codes_if_none(person: User) -> list[str]:
    return [] if RecoveryCode.objects.filter(user=person).exists() else _new_codes(person)


def _new_codes(person: User) -> list[str]:
    made = codes.new_recovery_codes()
    RecoveryCode.objects.filter(user=person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=person, digest=seals.digest(person, codes.plain(code))) for code in made
    )
    return made


def _tell(by: User | None, action: str, *, of: User, **facts: str) -> None:
    """Say in the log and to the person that how they sign in has changed; the e-mail carries a link only."""
    outbox.notify(recipient=of.pk, kind="security.changed", path=reverse("security:show"))
    audit.record(action, by=by, of=of, owner=of.organization_id, client=None, **facts)


def rename_factor(*, by: User, factor: Factor, name: str) -> Factor:
    """Give one of one's own factors another name."""
    with transaction.atomic():
        person = _locked(by)
        own = Factor.objects.visible_to(person).get(pk=factor.pk)
        own.name = name
        own.save(update_fields=["name"])
        audit.record("factor.renamed", by=by, of=own)
    return own


def remove_factor(*, by: User, factor: Factor) -> None:
    """Take a factor of one's own out of use; never the last one, which would open the door to a password."""
    with transaction.atomic():
        person = _locked(by)
        own = Factor.objects.visible_to(person).get(pk=factor.pk)
        if Factor.objects.visible_to(person).count() == 1:
            raise ValidationError(_("This is your only second factor. Add another one first."), code="last")
        proof = Proof.APP if own.is_app else Proof.PASSKEY
        own.authenticator.delete()
        _tell(by, "factor.removed", of=person, kind_of=proof)


def renew_recovery_codes(*, by: User) -> list[str]:
    """Make ten new recovery codes; the ones before work no more."""
    with transaction.atomic():
        person = _locked(by)
        made = _new_codes(person)
        _tell(by, "recovery_codes.renewed", of=person)
    return made


def spend_code(*, person: User, code: str) -> Proof | None:
    """Use up the code of an app or a recovery code; None where it isn't right, or was used before.

    Each is spent by one UPDATE that only one of two requests can win, whichever process they are in.
    """
    if _spend_app_code(person, code):
        return Proof.APP
    if _spend_recovery_code(person, code):
        return Proof.RECOVERY_CODE
    return None


def _spend_app_code(person: User, code: str) -> bool:
    factor = Factor.objects.visible_to(person).filter(authenticator__type=Factor.APP).first()
    if factor is None:
        return False
    seed = seals.unseal(person, seals.SEED, factor.authenticator.data["secret"])
    now = timezone.now()
    step = codes.step_of(seed, code, now)
    if step is None:
        return False
    unspent = models.Q(last_step__isnull=True) | models.Q(last_step__lt=step)
    won = Factor.objects.filter(unspent, pk=factor.pk).update(last_step=step) == 1
    if won:
        Authenticator.objects.filter(pk=factor.authenticator_id).update(last_used_at=now)
    return won


def _spend_recovery_code(person: User, code: str) -> bool:
    unspent = RecoveryCode.objects.filter(user=person, used_at__isnull=True)
    won = unspent.filter(digest=seals.digest(person, codes.plain(code))).update(used_at=timezone.now()) == 1
    if won:
        _tell(person, "recovery_codes.used", of=person)
    return won


def use_passkey(*, person: User, factor: Factor) -> None:
    """Note when a passkey was used."""
    with transaction.atomic():
        Authenticator.objects.filter(pk=factor.authenticator_id, user=person).update(
            last_used_at=timezone.now()
        )


def may_reset_second_factor(by: User, user: User) -> bool:
    """Say whether they may: the network's admins for everybody, a lead for colleagues, nobody for oneself."""
    leads = by.has_duty(Duty.LEAD) and by.organization_id == user.organization_id
    return by.pk != user.pk and (by.is_admin or leads)


def reset_second_factor(*, by: User | None, user: User, reason: ResetReason | str) -> User:
    """Take all factors and codes of a person out of use and end their sessions: they enroll anew.

    `by` is None when the operator's command does it, for a network whose only admin is locked out.
    """
    if by is not None and not may_reset_second_factor(by, user):
        raise PermissionDenied
    with transaction.atomic():
        person = _locked(user)
        Authenticator.objects.filter(user=person).delete()
        RecoveryCode.objects.filter(user=person).delete()
        person.session_generation += 1
        person.save(update_fields=["session_generation"])
        _tell(by, "factor.reset", of=person, reason=ResetReason(reason).value)
    return person
