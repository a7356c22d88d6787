"""The referral as a table: its statuses, whose turn each is, and every permitted move."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Self


class Party(StrEnum):
    """Who acts, and whose turn it is; where it waits for nobody there is no party."""

    THERAPIST = "therapist"
    PROVIDER = "provider"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Due:
    """How many business days the holder has, from the move or from the day of the appointment."""

    days: int
    after_appointment: bool = False


class Status(StrEnum):
    """Where a referral stands; each status says whose turn it is and how long that may take."""

    turn: Party | None
    due: Due | None

    DRAFT = "draft", Party.THERAPIST, Due(14)
    SENT = "sent", Party.PROVIDER, Due(2)
    IN_REVIEW = "in_review", Party.PROVIDER, Due(5)
    INFORMATION_REQUESTED = "information_requested", Party.THERAPIST, Due(5)
    ACCEPTED = "accepted", Party.PROVIDER, Due(10)
    SCHEDULED = "scheduled", Party.PROVIDER, Due(2, after_appointment=True)
    NO_SHOW = "no_show", Party.THERAPIST, Due(5)
    EVALUATED = "evaluated", Party.THERAPIST, Due(5)
    OUTCOME_QUESTIONED = "outcome_questioned", Party.PROVIDER, Due(5)
    DECLINED = "declined", Party.THERAPIST, Due(5)
    WITHDRAWN = "withdrawn", None, None
    RECALLED = "recalled", None, None
    DISCARDED = "discarded", None, None
    CLOSED = "closed", None, None

    def __new__(cls, value: str, turn: Party | None, due: Due | None) -> Self:
        """Make a text that carries its turn and its due time."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.turn = turn
        member.due = due
        return member

    @property
    def is_final(self) -> bool:
        """Whether it waits for nobody."""
        return self.turn is None


class Return(Enum):
    """A next status that depends on what happened before."""

    SAME = "the same status"
    ASKED_FROM = "the status it was asked from"
    BEFORE_CLOSING = "the status before closing"


@dataclass(frozen=True, slots=True)
class Move:
    """A permitted step: who may take it, from where, and where it leads.

    `while_course`: more statuses it may be taken from, as long as a course is open.
    """

    name: str
    by: frozenset[Party]
    origins: frozenset[Status]
    next: Status | Return
    while_course: frozenset[Status] = frozenset()

    @property
    def may_lead_to(self) -> frozenset[Status]:
        """Every status that this move can lead to."""
        match self.next:
            case Return.SAME:
                return self.origins | self.while_course
            case Return.ASKED_FROM:
                return ASKED_FROM
            case Return.BEFORE_CLOSING:
                return CLOSED_FROM
        return frozenset({self.next})


THERAPIST = frozenset({Party.THERAPIST})
PROVIDER = frozenset({Party.PROVIDER})
SYSTEM = frozenset({Party.SYSTEM})
EITHER = THERAPIST | PROVIDER

# Where a question can come from, and what can be closed: a reply and a reopening lead back there.
ASKED_FROM = frozenset({Status.IN_REVIEW, Status.ACCEPTED, Status.SCHEDULED})
CLOSED_FROM = frozenset({Status.EVALUATED, Status.DECLINED})
# From sent on, and not final.
LIVE = frozenset(status for status in Status if not status.is_final) - {Status.DRAFT}
EVER_SENT = frozenset(Status) - {Status.DRAFT, Status.DISCARDED}


def _from(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


MOVES: tuple[Move, ...] = (
    Move("send", THERAPIST, _from(Status.DRAFT), Status.SENT),
    Move("discard", THERAPIST, _from(Status.DRAFT), Status.DISCARDED),
    Move("open", PROVIDER, _from(Status.SENT), Status.IN_REVIEW),
    Move("ask", PROVIDER, ASKED_FROM, Status.INFORMATION_REQUESTED),
    Move("reply", THERAPIST, _from(Status.INFORMATION_REQUESTED), Return.ASKED_FROM),
    Move("accept", PROVIDER, _from(Status.IN_REVIEW), Status.ACCEPTED),
    Move("decline", PROVIDER, ASKED_FROM, Status.DECLINED),
    Move("schedule", PROVIDER, _from(Status.ACCEPTED), Status.SCHEDULED),
    Move("reschedule", PROVIDER, _from(Status.SCHEDULED), Status.SCHEDULED),
    Move("no_show", PROVIDER, _from(Status.SCHEDULED), Status.NO_SHOW),
    Move("agree_new_time", THERAPIST, _from(Status.NO_SHOW), Status.ACCEPTED),
    Move("record_outcome", PROVIDER, _from(Status.SCHEDULED, Status.OUTCOME_QUESTIONED), Status.EVALUATED),
    Move("question_outcome", THERAPIST, _from(Status.EVALUATED), Status.OUTCOME_QUESTIONED),
    Move("close", THERAPIST, CLOSED_FROM, Status.CLOSED),
    Move("refer_elsewhere", THERAPIST, _from(Status.DECLINED), Status.CLOSED),
    Move("reopen", THERAPIST, _from(Status.CLOSED), Return.BEFORE_CLOSING),
    # The system withdraws where consent ended before acceptance, or the screening turned out to be an error.
    Move("withdraw", THERAPIST | SYSTEM, LIVE, Status.WITHDRAWN),
    Move("recall", THERAPIST, LIVE, Status.RECALLED),
    Move("assign", EITHER, LIVE, Return.SAME),
    Move("report_urgent_change", EITHER, LIVE, Return.SAME, while_course=_from(Status.CLOSED)),
    # A report may outlive the referral: it can be acknowledged wherever it ended.
    Move("acknowledge_urgent_change", EITHER, EVER_SENT, Return.SAME),
    Move("provider_unavailable", SYSTEM, LIVE, Status.DECLINED),
)
