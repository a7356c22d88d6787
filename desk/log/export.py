"""A lead's copy of the log as a file: one row an entry, the latest first, without any client's name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from desk.log.rows import clients_in, people_in, who_words
from desk.log.words import said_of
from privacy import entries
from privacy.entries import Choice
from privacy.models import Entry
from privacy.spreadsheets import Cell, as_csv
from screening.models import Client

# One file is built in memory and sent at once: a streaming answer would read after its transaction.
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Export:
    """A file and how many entries are in it; `is_cut` where there were more than a file holds."""

    content: bytes
    count: int
    is_cut: bool


def export(user: User, choice: Choice, *, only_by_others: bool = False, most: int = MOST) -> Export:
    """Return the chosen entries of the reader's organization, the latest of them where there are too many."""
    found = entries.concerning(user.organization_id, choice, most + 1, only_by_others=only_by_others)
    kept = found[:most]
    rows = _rows(kept, people_in(kept), clients_in(kept, user))
    return Export(as_csv(_headings(), rows), len(kept), len(found) > most)


def _headings() -> list[str]:
    return [
        _("When"),
        _("Person"),
        _("Person’s organization"),
        _("What was done"),
        _("Kind"),
        _("Action"),
        _("Client’s record number"),
        _("Client’s id"),
        _("Record"),
        _("Record’s id"),
        _("Emergency access"),
        _("Chain"),
        _("Number in its chain"),
    ]


def _rows(
    kept: Sequence[Entry], people: Mapping[UUID, User], clients: Mapping[UUID, Client]
) -> Iterator[list[Cell]]:
    words, zone = cache(_in_words), timezone.get_current_timezone()
    numbers = {key: client.record_number for key, client in clients.items()}
    for entry in kept:
        person = people.get(entry.by) if entry.by else None
        said, kind = words(entry.action, str(entry.codes.get("page", "")))
        yield [
            entry.at.astimezone(zone).isoformat(timespec="seconds"),
            who_words(entry, person),
            person.organization.name if person else "",
            said,
            kind,
            entry.action,
            numbers.get(entry.client, "") if entry.client else "",
            _key(entry.client),
            entry.kind,
            _key(entry.record),
            _("yes") if "emergency" in entry.codes else "",
            str(entry.chain),
            entry.number,
        ]


def _in_words(action: str, page: str) -> tuple[str, str]:
    told = said_of(action, page)
    return told.words, str(told.kind.label)


def _key(value: UUID | None) -> str:
    return str(value) if value else ""
