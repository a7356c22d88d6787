"""Entries of the log as rows: who, from where, what, when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from desk.log.words import Kind, said
from privacy.entries import Place
from privacy.models import Entry
from screening.models import Client

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. `where` is the organization of whoever acted, `is_elsewhere` that it isn't the reader's."""

    at: datetime
    who: str
    where: str
    is_elsewhere: bool
    words: str
    kind: Kind
    by_emergency: bool
    record_number: str = ""
    url: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether somebody asked and was refused."""
        return self.kind is Kind.REFUSED


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day of the reader's calendar."""

    day: date
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log by day, the latest first; `next_place` is where the older ones begin."""

    days: tuple[Day, ...]
    next_place: str
    clients: tuple[UUID, ...]


def page_of(entries: Sequence[Entry], user: User) -> LogPage:
    """Return a page of entries, given one more than a page shows where there are more."""
    shown = entries[:PAGE]
    people, clients = people_in(shown), clients_in(shown, user)
    rows = [_row(entry, user, people, clients) for entry in shown]
    by_day = groupby(rows, key=lambda row: timezone.localtime(row.at).date())
    return LogPage(
        days=tuple(Day(day, tuple(group)) for day, group in by_day),
        next_place=str(Place.of(shown[-1])) if len(entries) > PAGE else "",
        clients=tuple(sorted(clients)),
    )


def people_in(entries: Iterable[Entry]) -> dict[UUID, User]:
    """Return whoever acted, by id, of whatever organization."""
    ids = {entry.by for entry in entries if entry.by is not None}
    return User.objects.select_related("organization").in_bulk(sorted(ids))


def clients_in(entries: Iterable[Entry], user: User) -> dict[UUID, Client]:
    """Return the clients that the entries are about; the reader's organization sees its own alone."""
    ids = {entry.client for entry in entries if entry.client is not None}
    rows = Client.objects.filter(organization_id=user.organization_id).only("organization", "record_number")
    return rows.in_bulk(sorted(ids))


def who_words(entry: Entry, person: User | None) -> str:
    """Return who acted, as people call them."""
    if person is not None:
        return person.name_with_credentials
    if entry.by is not None:
        return _("Somebody who is no longer known")
    return _("The system") if entry.client is not None else _("Nobody who was signed in")


def _row(entry: Entry, user: User, people: Mapping[UUID, User], clients: Mapping[UUID, Client]) -> Row:
    person = people.get(entry.by) if entry.by else None
    client = clients.get(entry.client) if entry.client else None
    told = said(entry)
    return Row(
        at=entry.at,
        who=who_words(entry, person),
        where=person.organization.name if person else "",
        is_elsewhere=person is not None and person.organization_id != user.organization_id,
        words=told.words,
        kind=told.kind,
        by_emergency="emergency" in entry.codes or entry.action.startswith("emergency."),
        record_number=client.record_number if client else "",
        url=reverse("desk:who_looked", args=[client.pk]) if client else _referral_url(entry, user),
    )


def _referral_url(entry: Entry, user: User) -> str:
    """Return where a provider finds what the entry is about; other records have no page of their own."""
    if user.is_provider and entry.kind == "referrals.referral" and entry.record is not None:
        return reverse("inbox:show", args=[entry.record])
    return ""
