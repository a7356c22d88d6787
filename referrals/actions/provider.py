"""The provider's moves: open, ask, accept, decline, schedule, and the outcome."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from referrals.actions.courses import end_course
from referrals.actions.taking import Taking, begin, finish, required
from referrals.models import (
    CourseState,
    DeclineCode,
    Event,
    Listing,
    Outcome,
    OutcomeKind,
    Packet,
    Referral,
)
from referrals.packet import read as read_packet
from screening.actions import NotPossible

MOST_QUESTIONS = 10
# Nobody plans further ahead; it also keeps typing errors in the year out.
FURTHEST = timedelta(days=2 * 366)


@transaction.atomic
def open_packet(
    *, by: User, referral: Referral, form_key: UUID | None = None, at: datetime | None = None
) -> Event:
    """Open the packet; whoever does so answers for it, unless somebody does already."""
    taking = begin("open", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    return finish(taking, opened_at=taking.at, provider=taking.referral.provider or by)


@transaction.atomic
def ask(
    *,
    by: User,
    referral: Referral,
    questions: Sequence[str],
    note: str = "",
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Ask the therapist one or more questions; the referral comes back to where it was asked from."""
    taking = begin("ask", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    asked = [text.strip() for text in questions if text.strip()]
    if not asked or len(asked) > MOST_QUESTIONS:
        raise NotPossible(_("Ask at least one question, and at most ten at a time."))
    return finish(taking, note=note, detail={"questions": asked})


@transaction.atomic
def accept(
    *, by: User, referral: Referral, note: str = "", form_key: UUID | None = None, at: datetime | None = None
) -> Event:
    """Accept; the packet is copied into the prescriber's organization, sealed with its own key."""
    taking = begin("accept", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    lent = Packet.objects.get(referral=taking.referral, organization_id=taking.referral.organization_id)
    kept = {"sealed": lent.sealed, "cover": lent.cover}
    event = finish(taking, note=note, accepted_at=taking.at)
    Packet.objects.create(
        organization_id=by.organization_id,
        practice_id=lent.practice_id,
        referral=taking.referral,
        digest=lent.digest,
        sealed_by_id=lent.sealed_by_id,
        sealed_at=lent.sealed_at,
        kept_since=taking.at,
        **kept,
    )
    return event


@transaction.atomic
def decline(
    *,
    by: User,
    referral: Referral,
    code: str,
    note: str = "",
    work_on: Sequence[str] = (),
    look_again_on: date | None = None,
    listing: Listing | None = None,
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Decline with a code.

    `not_now` names considerations to work on (keys of the packet's) and a day to look again; `refer_to` names
    another listing; `other` needs words.
    """
    taking = begin("decline", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    match code:
        case DeclineCode.NOT_NOW:
            detail = _not_now(taking, work_on, look_again_on)
        case DeclineCode.REFER_TO:
            detail = _refer_to(taking, listing)
        case DeclineCode.OTHER:
            required(note, _("Write the reason in a few words."))
            detail = {}
        case _ if code in DeclineCode.values:
            detail = {}
        case _:
            raise NotPossible(_("Choose a reason from the list."))
    return finish(taking, code=code, note=note, detail=detail)


def _not_now(taking: Taking, work_on: Sequence[str], look_again_on: date | None) -> dict[str, object]:
    titles = dict(considerations_to_work_on(taking.referral, taking.by))
    chosen = [key for key in work_on if key in titles]
    if not chosen or len(chosen) != len(set(work_on)):
        raise NotPossible(_("Choose at least one consideration to work on."))
    today = taking.at.date()
    if look_again_on is None or not today < look_again_on <= today + FURTHEST:
        raise NotPossible(_("Give a day ahead, within two years, on which to look again."))
    named = [{"key": key, "title": titles[key]} for key in chosen]
    return {"work_on": named, "look_again_on": look_again_on.isoformat()}


def considerations_to_work_on(referral: Referral, user: User | None) -> list[tuple[str, str]]:
    """Return key and title of the packet's considerations that were raised or not assessed.

    Those that can be worked on come first; what isn't shared is left out.
    """
    if user is None:
        return []
    packet = Packet.objects.visible_to(user).filter(referral=referral).first()
    if packet is None:
        return []
    found = [
        each for each in read_packet(packet.sealed).considerations if each.state in {"raised", "not_assessed"}
    ]
    ordered = sorted(found, key=lambda each: (each.state != "raised", not each.modifiable))
    return [(each.key, each.title) for each in ordered]


def _refer_to(taking: Taking, listing: Listing | None) -> dict[str, object]:
    if listing is None or listing.organization_id == taking.referral.prescriber_id:
        raise NotPossible(_("Choose another provider from the directory."))
    if not Listing.objects.published().filter(pk=listing.pk).exists():
        raise NotPossible(_("This entry is not published any longer."))
    return {"listing": str(listing.pk), "name": listing.organization.name}


@transaction.atomic
def schedule(
    *,
    by: User,
    referral: Referral,
    appointment_at: datetime,
    note: str = "",
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Give the appointment for the evaluation."""
    return _appoint("schedule", by, referral, appointment_at, note, form_key, at)


@transaction.atomic
def reschedule(
    *,
    by: User,
    referral: Referral,
    appointment_at: datetime,
    note: str = "",
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Move the appointment."""
    return _appoint("reschedule", by, referral, appointment_at, note, form_key, at)


def _appoint(
    move: str,
    by: User,
    referral: Referral,
    appointment_at: datetime,
    note: str,
    form_key: UUID | None,
    at: datetime | None,
) -> Event:
    taking = begin(move, by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    if not taking.at < appointment_at <= taking.at + FURTHEST:
        raise NotPossible(_("The appointment lies ahead, within two years."))
    return finish(taking, note=note, appointment_at=appointment_at)


@transaction.atomic
def no_show(
    *, by: User, referral: Referral, note: str = "", form_key: UUID | None = None, at: datetime | None = None
) -> Event:
    """Say that the client did not come."""
    taking = begin("no_show", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    appointment = taking.referral.appointment_at
    if appointment is not None and appointment > taking.at:
        raise NotPossible(_("The appointment lies ahead still."))
    return finish(taking, note=note)


@transaction.atomic
def record_outcome(
    *,
    by: User,
    referral: Referral,
    kind: str,
    note: str = "",
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Record what was decided after the evaluation; proceeding opens a course while consent lasts."""
    taking = begin("record_outcome", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    if kind not in OutcomeKind.values:
        raise NotPossible(_("Choose an outcome from the list."))
    locked = taking.referral
    if kind != OutcomeKind.PROCEEDING:
        end_course(locked, by=by, at=taking.at)
    elif not taking.after.consent_ended and locked.course != CourseState.PAUSED:
        locked.course = CourseState.OPEN
    Outcome.objects.create(
        organization_id=locked.organization_id,
        referral=locked,
        kind=kind,
        note=note.strip(),
        by=by,
        at=taking.at,
    )
    return finish(taking, code=kind, note=note, outcome=kind)
