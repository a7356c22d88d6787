"""The course of treatment beside therapy: sessions, measures, pausing and ending."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from referrals.actions.taking import lock, required, tell
from referrals.models import CourseEntry, CourseEntryKind, CourseState, Form, Referral
from referrals.reading import today_for
from referrals.workflow import Party
from screening.actions import NotPossible

ENTERED_BY: dict[str, Party] = {
    CourseEntryKind.DOSING: Party.PROVIDER,
    CourseEntryKind.PREPARATION: Party.THERAPIST,
    CourseEntryKind.INTEGRATION: Party.THERAPIST,
    CourseEntryKind.MEASURE: Party.THERAPIST,
    CourseEntryKind.PAUSED: Party.PROVIDER,
    CourseEntryKind.RESUMED: Party.PROVIDER,
    CourseEntryKind.ENDED: Party.PROVIDER,
}

# From which state a change leads to which.
CHANGES: dict[str, tuple[frozenset[str], CourseState]] = {
    CourseEntryKind.PAUSED: (frozenset({CourseState.OPEN}), CourseState.PAUSED),
    CourseEntryKind.RESUMED: (frozenset({CourseState.PAUSED}), CourseState.OPEN),
    CourseEntryKind.ENDED: (frozenset({CourseState.OPEN, CourseState.PAUSED}), CourseState.ENDED),
}


@transaction.atomic
def add_course_entry(
    *,
    by: User,
    referral: Referral,
    kind: str,
    day: date,
    notes: str = "",
    form: str = "",
    measure: str = "",
    result: str = "",
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> CourseEntry:
    """Enter a session or a measure, or pause, resume or end the course; both sides see it."""
    now = at or timezone.now()
    locked = lock(by, referral.pk)
    if ENTERED_BY.get(kind) is not locked.side_of(by):
        raise PermissionDenied
    earlier = locked.course_entries.filter(form_key=form_key).first() if form_key else None
    if earlier is not None:
        return earlier
    _check(locked, kind, day, form, measure, result, now)
    if kind in CHANGES:
        locked.course = CHANGES[kind][1]
        locked.save(update_fields=["course"])
    entry = CourseEntry.objects.create(
        organization_id=locked.organization_id,
        referral=locked,
        kind=kind,
        day=day,
        form=form,
        measure=measure.strip() or None,
        result=result.strip() or None,
        notes=notes.strip(),
        by=by,
        at=now,
        form_key=form_key or uuid4(),
    )
    other = Party.PROVIDER if by.is_therapist else Party.THERAPIST
    tell(locked, other, f"course.{kind}")
    audit.record(f"course.{kind}", by=by, of=locked, client=locked.client_id)
    return entry


def _check(
    referral: Referral, kind: str, day: date, form: str, measure: str, result: str, now: datetime
) -> None:
    today = today_for(referral, now)
    if not referral.course_is_open or referral.consent_ended(today):
        raise NotPossible(_("No course is open: nothing can be entered."))
    if kind in CHANGES and referral.course not in CHANGES[kind][0]:
        raise NotPossible(_("The course stands otherwise already."))
    if day > today:
        raise NotPossible(_("The day lies ahead: enter what has happened."))
    if (form in Form.values) is not (kind == CourseEntryKind.DOSING):
        raise NotPossible(_("Say in which form the session was, and only for a dosing session."))
    if kind == CourseEntryKind.MEASURE:
        required(measure, _("Name the measure."))
        required(result, _("Enter the result."))
    elif measure or result:
        raise NotPossible(_("Only a measure has a result."))


def end_course(referral: Referral, *, by: User | None, at: datetime) -> None:
    """End an open course of a locked referral, because of its outcome or the end of consent."""
    if not referral.course_is_open:
        return
    referral.course = CourseState.ENDED
    CourseEntry.objects.create(
        organization_id=referral.organization_id,
        referral=referral,
        kind=CourseEntryKind.ENDED,
        day=today_for(referral, at),
        notes="",
        by=by,
        at=at,
    )
