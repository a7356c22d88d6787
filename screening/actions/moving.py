"""Moving an open screening to the version in use: it goes on in a new one, and the old one stays readable."""

from datetime import datetime
from uuid import uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from screening.actions.locks import ChangedMeanwhile, NotPossible, lock_client, lock_screening
from screening.actions.urgent import raise_urgent
from screening.engine import Consideration, Definition, Level
from screening.engine.meaning import carry
from screening.models import Acknowledgement, Screening, ScreeningState, SectionAnswers
from screening.moving import Move, newer_version, planned
from screening.reading import Reading


@transaction.atomic
def move_screening(*, by: User, screening: Screening, seen: str, at: datetime | None = None) -> Screening:
    """Go on with the version in use; `seen` is the print of the move as the person looked at it.

    Moving twice changes nothing: the screening that took this one's place is returned.
    """
    locked = lock_screening(by, screening.pk)
    if locked.was_moved:
        return Screening.objects.get(replaces=locked)
    newer = newer_version(locked)
    if newer is None:
        raise NotPossible(_("There is no newer version that this screening could move to."))
    # Nobody starts another one for the client meanwhile.
    lock_client(by, locked.client_id)
    reading = Reading(locked, at or timezone.now())
    move = planned(reading, newer)
    _refuse_unfit(reading, move, seen)
    moved = _replace(reading, move, by)
    audit.record(
        "screening.moved", by=by, of=locked, client=locked.client_id, replacement=moved.pk, version=newer.pk
    )
    return moved


def _refuse_unfit(reading: Reading, move: Move, seen: str) -> None:
    if move.seen != seen:
        raise ChangedMeanwhile(
            _("Answers were changed since this page was shown, or another version is in use now. Look again.")
        )
    open_ones = Screening.objects.filter(
        client_id=reading.screening.client_id, version=move.version, state=ScreeningState.IN_PROGRESS
    )
    if open_ones.exists():
        raise NotPossible(
            _("This client has an open screening with the newer version. Go on there, or set that one aside.")
        )
    for key in reading.urgent_due:
        rule = _consideration(move.new, key)
        if rule is None or rule.level is not Level.URGENT:
            raise NotPossible(
                _("Record first what was done about what is urgent: the newer version has no such rule.")
            )


def _replace(reading: Reading, move: Move, by: User) -> Screening:
    """Set the screening aside and open the one that goes on, with what is carried."""
    old = reading.screening
    old.state = ScreeningState.REPLACED
    old.set_aside_by, old.set_aside_at = by, reading.at
    old.set_aside_reason = _("Moved to version %(number)d of the questionnaire.") % {
        "number": move.version.number
    }
    old.save(force_update=True)
    moved = Screening.objects.create(
        organization_id=old.organization_id,
        client=old.client,
        version=move.version,
        started_by=by,
        started_at=reading.at,
        replaces=old,
    )
    for section in move.new.sections:
        _carry_section(moved, section.key, move, by)
    for row in reading.acknowledgements.values():
        _carry_acknowledgement(moved, row, move)
    raise_urgent(Reading(moved, reading.at), by=by)
    return moved


def _carry_section(moved: Screening, section: str, move: Move, by: User) -> None:
    record, said = move.records.get(section), move.part2.get(section)
    if record is None and said is None:
        return
    latest = max(record.answers.values(), key=lambda each: each.at) if record else None
    SectionAnswers.objects.create(
        id=SectionAnswers.key_for(moved.pk, section),
        organization_id=moved.organization_id,
        screening=moved,
        section=section,
        document=record.as_document() if record else {"answers": {}},
        part2=said,
        saved_by_id=latest.by if latest else by.pk,
        saved_at=latest.at if latest else moved.started_at,
    )


def _carry_acknowledgement(moved: Screening, row: Acknowledgement, move: Move) -> None:
    """What is due stays due. What was acknowledged stays so, unless the rule says something else now."""
    rule = _consideration(move.new, row.consideration)
    if rule is None or rule.level is not Level.URGENT:
        return
    if not row.is_due and not _says_the_same(_consideration(move.old, row.consideration), rule):
        return
    Acknowledgement.objects.create(
        id=uuid5(moved.pk, row.consideration),
        organization_id=moved.organization_id,
        screening=moved,
        consideration=row.consideration,
        raised_by_id=row.raised_by_id,
        raised_at=row.raised_at,
        raised_by_answers=dict(carry(move.old, move.new, row.raised_by_answers).answers),
        settled_at=row.settled_at,
        acknowledged_by_id=row.acknowledged_by_id,
        acknowledged_at=row.acknowledged_at,
        happened_at=row.happened_at,
        done=row.done,
        told=row.told,
    )


def _says_the_same(before: Consideration | None, now: Consideration) -> bool:
    if before is None:
        return False
    return (before.title, before.level, before.when, before.unless) == (
        now.title,
        now.level,
        now.when,
        now.unless,
    )


def _consideration(definition: Definition, key: str) -> Consideration | None:
    return next((each for each in definition.considerations if each.key == key), None)
