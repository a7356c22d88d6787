"""The order and the length of a worklist."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from referrals.rows import Row

MOST = 50
FEW = 5


@dataclass(frozen=True, slots=True)
class Worklist:
    """The first rows of a list and how many there are in all."""

    rows: tuple[Row, ...]
    total: int

    @property
    def left_out(self) -> int:
        """How many more there are than the page shows."""
        return self.total - len(self.rows)


def in_order(rows: Iterable[Row]) -> Worklist:
    """Return what is urgent first, then what is due soonest, then what has waited longest."""
    far, never = date.max, datetime.max.replace(tzinfo=timezone.get_default_timezone())
    ordered = sorted(rows, key=lambda row: (not row.is_urgent, row.due or far, row.since or never))
    return Worklist(tuple(ordered[:MOST]), len(ordered))
