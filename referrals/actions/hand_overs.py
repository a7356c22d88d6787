"""Handing a caseload over, and ending a cover: all of it takes place, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Duty, User
from privacy import audit, outbox
from referrals.actions import covers, taking_over
from referrals.actions.taking import required
from referrals.caseloads import clients_of, referrals_of
from referrals.models import HandOver, HandOverKind, HandOverPart, Referral, Role
from screening.actions import ChangedMeanwhile, NotPossible
from screening.models import Client

LONGEST_ABSENCE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who takes one unit of a caseload; `record` is the client's or the referral's id, none for signing."""

    role: Role
    record: UUID | None
    to: User


@transaction.atomic
def hand_over(
    *,
    by: User,
    person: User,
    kind: str,
    reason: str,
    assigned: Sequence[Assigned],
    until: datetime | None = None,
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> HandOver:
    """Give units of a person's caseload to colleagues, for good or until a moment; the same form once.

    What isn't in the person's hands any more refuses the whole of it: nothing is taken from somebody unseen.
    """
    _leads_only(by, person)
    # One hand-over at a time of one person's caseload: two leads at once come one after the other.
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    own = HandOver.objects.filter(organization_id=by.organization_id)
    if earlier := own.filter(form_key=form_key or uuid4()).first():
        return earlier
    now = at or timezone.now()
    words = required(reason, _("Say why the caseload is handed over."))
    _check(person, kind, until, assigned, now)
    made = HandOver.objects.create(
        organization_id=by.organization_id,
        person=person,
        kind=kind,
        reason=words,
        by=by,
        at=now,
        until=until,
        form_key=form_key or uuid4(),
    )
    for each in sorted(assigned, key=lambda one: str(one.record or "")):
        _give(made, each)
    _tell(made, "caseload.handed_over", {person.pk, *(each.to.pk for each in assigned)})
    audit.record("caseload.handed_over", by=by, of=made, person=person.pk, kind_of=kind, units=len(assigned))
    return made


@transaction.atomic
def end_cover(*, by: User, hand_over: HandOver, at: datetime | None = None) -> HandOver:
    """End a cover before its time, because the person is back: by a lead or themselves. Twice is once."""
    try:
        rows = HandOver.objects.visible_to(by).select_related("person")
        locked = rows.select_for_update(of=("self",)).get(pk=hand_over.pk)
    except HandOver.DoesNotExist:
        raise PermissionDenied from None
    if not (by.has_duty(Duty.LEAD) or by.pk == locked.person_id):
        raise PermissionDenied
    if not locked.is_away:
        raise NotPossible(_("What was handed over for good goes back by another hand-over."))
    now = at or timezone.now()
    if locked.ended_at is not None or (locked.until is not None and locked.until <= now):
        return locked
    locked.ended_by, locked.ended_at = by, now
    locked.save(update_fields=["ended_by", "ended_at"])
    parts = list(locked.parts.select_related("to", "client", "referral").order_by("client_id", "referral_id"))
    for part in parts:
        covers.end(locked, part, by=by, at=now)
    _tell(locked, "caseload.cover_ended", {locked.person_id, *(part.to_id for part in parts)})
    audit.record("caseload.cover_ended", by=by, of=locked, person=locked.person_id)
    return locked


def _leads_only(by: User, person: User) -> None:
    if not by.has_duty(Duty.LEAD) or person.organization_id != by.organization_id:
        raise PermissionDenied


def _check(
    person: User, kind: str, until: datetime | None, assigned: Sequence[Assigned], now: datetime
) -> None:
    if not assigned:
        raise NotPossible(_("Choose at least one thing and who takes it."))
    if kind == HandOverKind.LEAVING and until is not None:
        raise NotPossible(_("Somebody who leaves does not come back: give no last day."))
    if kind == HandOverKind.AWAY and (until is None or not now < until <= now + LONGEST_ABSENCE):
        raise NotPossible(_("Say until when, at most a year from now."))
    for each in assigned:
        if each.to.organization_id != person.organization_id or not each.to.is_active:
            raise PermissionDenied
        if each.to.pk == person.pk:
            raise NotPossible(_("Choose a colleague: these are theirs already."))
        if each.role is Role.SUPERVISOR and not each.to.has_duty(Duty.SUPERVISOR):
            raise NotPossible(_("Only a supervisor signs: choose one."))


def _give(made: HandOver, each: Assigned) -> None:
    """Give one unit, unless it is no longer what the lead had before them."""
    if each.record is None:
        _part(made, each)
        (covers.cover_signing if made.is_away else taking_over.take_signing)(made, each.to)
    elif each.role is Role.PROVIDER:
        referral = _lock_referral(made.person, each.record)
        _part(made, each, referral=referral)
        (covers.cover_referral if made.is_away else taking_over.take_referral)(made, referral, each.to)
        _record(made, each, referral, referral.client_id)
    else:
        client = _lock_client(made.person, each.record, each.role)
        _part(made, each, client=client)
        (covers.cover_client if made.is_away else taking_over.take_client)(made, client, each.to)
        _record(made, each, client, client.pk)


def _record(made: HandOver, each: Assigned, of: Client | Referral, client: UUID) -> None:
    audit.record(
        "client.handed_over",
        by=made.by,
        of=of,
        client=client,
        hand_over=made.pk,
        kind_of=made.kind,
        role=each.role.value,
        person=made.person_id,
        to=each.to.pk,
    )


def _lock_client(person: User, pk: UUID, role: Role) -> Client:
    """Lock a client that is still in the person's hands, in the role that was shown."""
    found = Client.objects.filter(pk__in=clients_of(person).filter(pk=pk).values("pk"))
    client = found.select_for_update(of=("self",)).first()
    if client is None or (client.therapist_id == person.pk) is not (role is Role.THERAPIST):
        raise _changed()
    return client


def _lock_referral(person: User, pk: UUID) -> Referral:
    referral = referrals_of(person).filter(pk=pk).with_people().select_for_update(of=("self",)).first()
    if referral is None:
        raise _changed()
    return referral


def _part(
    made: HandOver, each: Assigned, *, client: Client | None = None, referral: Referral | None = None
) -> None:
    HandOverPart.objects.create(
        organization_id=made.organization_id,
        hand_over=made,
        role=each.role,
        client=client,
        referral=referral,
        to=each.to,
    )


def _changed() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        _("This caseload has changed since you opened it. Nothing was handed over: look at it again.")
    )


def _tell(made: HandOver, kind: str, people: set[UUID]) -> None:
    path = reverse("inbox:list" if made.person.is_provider else "desk:home")
    for person in sorted(people - {made.by_id}):
        outbox.notify(recipient=person, kind=kind, path=path)
