"""Decides what a move does: whether it is permitted, where it leads, whose turn follows and until when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from referrals import business_days
from referrals.workflow import ASKED_FROM, CLOSED_FROM, MOVES, Move, Party, Return, Status

STATUSES: dict[str, Status] = {str(status): status for status in Status}
BY_NAME: dict[str, Move] = {move.name: move for move in MOVES}

# Once consent has ended nothing flows between the two sides but what ends the referral.
WITHOUT_CONSENT = frozenset(
    {
        "record_outcome",
        "decline",
        "close",
        "refer_elsewhere",
        "withdraw",
        "recall",
        "assign",
        "acknowledge_urgent_change",
        "provider_unavailable",
        "discard",
    }
)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a referral stands, with what the next move needs to know of its past."""

    status: Status = Status.DRAFT
    asked_from: Status | None = None
    closed_from: Status | None = None
    course_open: bool = False
    consent_ended: bool = False


class NotPermitted(Exception):
    """The move isn't one of the table's for this status and this party."""


def status_of(text: str) -> Status:
    """Return the status that is stored as this text."""
    return STATUSES[text]


def is_permitted(name: str, position: Position, party: Party) -> bool:
    """Return whether the party may take the move now."""
    move = BY_NAME.get(name)
    if move is None or party not in move.by:
        return False
    if position.consent_ended and name not in WITHOUT_CONSENT:
        return False
    return position.status in move.origins or (position.course_open and position.status in move.while_course)


def permitted(position: Position, party: Party) -> tuple[Move, ...]:
    """Return the moves that the party may take now, in the table's order."""
    return tuple(move for move in MOVES if is_permitted(move.name, position, party))


def taken(name: str, position: Position, party: Party) -> Position:
    """Return where the referral stands after a move, or raise NotPermitted."""
    if not is_permitted(name, position, party):
        raise NotPermitted(f"{name} by {party} from {position.status}")
    status = _next(BY_NAME[name], position)
    if name == "ask":
        return replace(position, status=status, asked_from=position.status)
    if name in {"close", "refer_elsewhere"}:
        return replace(position, status=status, closed_from=position.status)
    return replace(position, status=status)


def _next(move: Move, position: Position) -> Status:
    match move.next:
        case Return.SAME:
            return position.status
        case Return.ASKED_FROM:
            return _known(position.asked_from, ASKED_FROM)
        case Return.BEFORE_CLOSING:
            return _known(position.closed_from, CLOSED_FROM)
    return move.next


def _known(status: Status | None, among: frozenset[Status]) -> Status:
    if status not in among:
        raise NotPermitted(f"nothing says which of {sorted(among)} it returns to")
    return status


def replayed(steps: Iterable[tuple[str, Party]]) -> Position:
    """Return where a referral stands after all that happened, from a draft on.

    Consent and course aren't looked at: what happened was permitted when it happened.
    """
    position = Position(course_open=True)
    for name, party in steps:
        position = taken(name, position, party)
    return replace(position, course_open=False)


def due_on(
    status: Status, at: datetime, holder_zone: str, appointment: datetime | None = None
) -> date | None:
    """Return the last day on which the holder is in time, in the holder's own time zone.

    None where it waits for nobody. A scheduled referral counts from the day of the appointment.
    """
    if status.due is None:
        return None
    start = appointment if status.due.after_appointment and appointment is not None else at
    return business_days.after(start.astimezone(ZoneInfo(holder_zone)).date(), status.due.days)


def days_overdue(due: date | None, today: date) -> int:
    """Return how many business days a due day is past, at least 1 once it is; 0 while it isn't."""
    if due is None or today <= due:
        return 0
    return max(business_days.between(due, today), 1)
