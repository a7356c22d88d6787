"""Rows of a worklist: who, what comes next, why, and by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.templatetags.dates import day

MOST = 50
FEW = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a row: strong words with quieter ones below."""

    strong: str
    small: str = ""
    tone: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A state that isn't the normal case."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that waits. `due` and `since` put it in order; without a due day it comes last."""

    name: str
    url: str
    why: str
    cells: tuple[Cell, ...]
    action: str = ""
    go: str = ""
    is_urgent: bool = False
    tags: tuple[Tag, ...] = ()
    client: str = ""
    due: date | None = None
    since: datetime | None = None


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


def due_cell(due: date | None, small: str, overdue_days: int = 0) -> Cell:
    """Return the column that says by when: overdue, today, a day, or no date."""
    if overdue_days:
        words = ngettext("Overdue %(days)d day", "Overdue %(days)d days", overdue_days)
        return Cell(words % {"days": overdue_days}, small, tone="over")
    if due is None:
        return Cell(_("No date"), small)
    if due == timezone.localdate():
        return Cell(_("Due today"), small, tone="due-soon")
    return Cell(day(due), small)


def since_words(since: datetime) -> str:
    """Return "With you since Mon, Nov 16", or since a time of today."""
    if timezone.localdate(since) == timezone.localdate():
        return _("With you since today")
    return _("With you since %(day)s") % {"day": day(since)}
