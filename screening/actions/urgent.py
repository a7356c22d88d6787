"""Raising urgent considerations, which then stay due until somebody says what was done."""

from uuid import uuid5

from accounts.models import User
from screening.engine import Consideration, ConsiderationState, Level, facts_of, holds
from screening.models import Acknowledgement
from screening.reading import Reading


def raise_urgent(reading: Reading, *, by: User) -> tuple[str, ...]:
    """Store what the answers raise now and return the keys that are newly due.

    What was raised stays, even if its answer is changed or no longer read. Only its `unless` becoming
    true settles it; if that is taken back, it is due again.
    """
    urgent = [each for each in reading.definition.considerations if each.level is Level.URGENT]
    if not urgent:
        return ()
    rows = reading.acknowledgements
    due_now: list[str] = []
    for consideration in urgent:
        raised = reading.findings.considerations[consideration.key] is ConsiderationState.RAISED
        row = rows.get(consideration.key)
        if row is None and raised:
            rows[consideration.key] = _raise(reading, consideration, by)
            due_now.append(consideration.key)
        elif row is not None and _resettle(reading, consideration, row):
            due_now.append(consideration.key)
    return tuple(due_now)


def _raise(reading: Reading, consideration: Consideration, by: User) -> Acknowledgement:
    keys = [*facts_of(consideration.when), *(facts_of(consideration.unless) if consideration.unless else ())]
    row = Acknowledgement(
        id=uuid5(reading.screening.pk, consideration.key),
        organization_id=reading.screening.organization_id,
        screening=reading.screening,
        consideration=consideration.key,
        raised_by=by,
        raised_at=reading.at,
        raised_by_answers={key: reading.answers[key] for key in keys if key in reading.answers},
    )
    row.save(force_insert=True)
    return row


def _resettle(reading: Reading, consideration: Consideration, row: Acknowledgement) -> bool:
    """Settle a due consideration whose `unless` holds, or take that back; true if it is due once more."""
    if row.acknowledged_at is not None or consideration.unless is None:
        return False
    settled = holds(reading.definition, reading.answers, reading.as_of, consideration.unless) is True
    if settled == (row.settled_at is not None):
        return False
    row.settled_at = reading.at if settled else None
    row.save(update_fields=["settled_at"])
    return not settled
