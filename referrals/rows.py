"""Rows of a worklist: who, what comes next, why, and by when."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.templatetags.dates import day


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
class Step:
    """What the holder does next, why, and the word on the button."""

    action: str | Promise
    why: str | Promise
    go: str | Promise


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that waits. `due` and `since` put it in order; without a due day it comes last."""

    name: str
    url: str
    why: str
    cells: tuple[Cell, ...]
    action: str = ""
    go: str = ""
    name_note: str = ""
    is_urgent: bool = False
    tags: tuple[Tag, ...] = ()
    client: str = ""
    due: date | None = None
    since: datetime | None = None


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
