"""A therapist's home: what is theirs to do, and what others have."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from desk import corrections, referrals, screenings
from desk.records import rows as requests
from desk.rows import Worklist, in_order
from referrals.rows import Row


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of the page."""

    turn: Worklist
    waiting: Worklist
    not_referred: tuple[Row, ...]
    closed: tuple[Row, ...]
    due_today: int

    def client_keys(self) -> list[str]:
        """Return whose names the page shows, for the audit."""
        shown = (*self.turn.rows, *self.waiting.rows, *self.not_referred, *self.closed)
        return sorted({row.client for row in shown if row.client})


def lists(user: User) -> Lists:
    """Return everything that waits, in a number of queries that doesn't depend on how much it is."""
    turn = in_order(
        [
            *screenings.urgent(user),
            *corrections.waiting(user),
            *referrals.turn(user),
            *screenings.to_sign(user),
            *screenings.unfinished(user),
            *requests.waiting(user),
        ]
    )
    waiting = in_order([*referrals.waiting(user), *screenings.at_supervisor(user)])
    today = timezone.localdate()
    return Lists(
        turn=turn,
        waiting=waiting,
        not_referred=tuple(screenings.not_referred(user)),
        closed=tuple(referrals.closed(user)),
        due_today=sum(row.is_urgent or (row.due is not None and row.due <= today) for row in turn.rows),
    )
