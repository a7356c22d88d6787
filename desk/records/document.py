"""The shape of a client's whole record: sections of items of facts, the same on paper and as JSON.

docs/records.md describes the JSON. Its `schema` goes up when a name or a meaning changes, not when something
is added.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone

from accounts.models import User
from accounts.templatetags.dates import full_day, full_moment

SCHEMA = 1
FORMAT = "warm-handoff/client-record"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, in words; `missing` says why there are none; `rows` are the rows of a list."""

    key: str
    label: str
    text: str = ""
    missing: str = ""
    note: str = ""
    rows: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the record, such as a screening or a message; `stored` is what a machine reads of it."""

    kind: str
    title: str
    facts: tuple[Fact, ...] = ()
    items: tuple["Item", ...] = ()
    id: str = ""
    at: str = ""
    stored: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the record; `about` says what it holds, and that nothing is recorded where it is empty."""

    key: str
    title: str
    about: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is held about one client, as of a moment."""

    client: str
    record_number: str
    organization: str
    prepared_at: str
    prepared_by: str
    redisclosure_notice: str
    sections: tuple[Section, ...]

    def as_json(self) -> bytes:
        """Return the document as UTF-8 that people can read too."""
        document = {"format": FORMAT, "schema": SCHEMA, **asdict(self)}
        return json.dumps(document, ensure_ascii=False, indent=1).encode()


def fact(key: str, label: Any, text: Any, note: str = "") -> Fact:
    """Return a fact; empty text means that nobody recorded it."""
    words = str(text) if text else ""
    return Fact(key, str(label), words, "" if words else "not_recorded", note)


def label(choices: type[TextChoices], value: str) -> str:
    """Return the words of a choice; nothing where none was made."""
    return str(choices(value).label) if value else ""


def day_fact(key: str, label: Any, day: date | None) -> Fact:
    """Return a day in words."""
    return fact(key, label, full_day(day) if day else "")


def moment_fact(key: str, label: Any, at: datetime | None, by: User | None = None) -> Fact:
    """Return when something happened, and who did it."""
    return fact(key, label, full_moment(at) if at else "", name_of(by) if at else "")


def name_of(person: User | None) -> str:
    """Return who it was; nothing where it happened by itself."""
    return person.name_with_credentials if person is not None else ""


def given(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Leave out what nobody recorded: for things that are no question."""
    return tuple(each for each in facts if each.missing != "not_recorded")


def iso(at: datetime | None) -> str:
    """Return a moment as a machine reads it, in the reader's zone."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
