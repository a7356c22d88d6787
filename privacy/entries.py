"""Reading the audit log in pages: the latest first, by key and never by counting off what was skipped.

The policy on the table lets an organization see what its people did (their chain) and what anybody did to its
records (its own). An index can serve each half in order, not both at once: so each is asked by itself, and
the answers are merged.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Self
from uuid import UUID

from django.db.models import F, Q, QuerySet

from privacy.models import Entry

REFUSED = "access.refused"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the moment and the id of its last entry."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.id.hex}"

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return an entry's place."""
        return cls(entry.at, entry.id)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the place that an address names, or None where it names none."""
        microseconds, _, key = text.partition(".")
        try:
            return cls(EPOCH + int(microseconds) * MICROSECOND, UUID(hex=key))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which entries: of one person, of some actions, about one client, from a moment until before another.

    None doesn't choose. `before` is where the page before this one ended.
    """

    by: UUID | None = None
    actions: Collection[str] | None = None
    client: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: Place | None = None

    def among(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """Return the chosen entries, the latest first."""
        if self.by is not None:
            entries = entries.filter(by=self.by)
        if self.actions is not None:
            entries = entries.filter(action__in=sorted(self.actions))
        if self.client is not None:
            entries = entries.filter(client=self.client)
        if self.since is not None:
            entries = entries.filter(at__gte=self.since)
        if self.until is not None:
            entries = entries.filter(at__lt=self.until)
        if self.before is not None:
            older = Q(at__lt=self.before.at) | Q(at=self.before.at, id__lt=self.before.id)
            # Said twice: an index can start at a moment, not at one of two conditions.
            entries = entries.filter(older, at__lte=self.before.at)
        return entries.order_by("-at", "-id")


def concerning(
    organization_id: UUID, choice: Choice, most: int, *, only_by_others: bool = False
) -> list[Entry]:
    """Return the latest entries of what an organization's people did, and of what was done to its records.

    `only_by_others` leaves out its own people and the system.
    """
    return _latest(_halves(organization_id, choice, only_by_others), most)


def how_many(organization_id: UUID, choice: Choice, most: int, *, only_by_others: bool = False) -> int:
    """Return how many entries `concerning` would find, counted to `most` and no further in either half."""
    return sum(half[:most].count() for half in _halves(organization_id, choice, only_by_others))


def about_client(
    organization_id: UUID, client_id: UUID, records: Collection[UUID], choice: Choice, most: int
) -> list[Entry]:
    """Return the latest entries about a client, with the refusals of those records (ids) of theirs.

    A refused request is recorded with the ids in its address: whose they are is known only here.
    """
    about = choice.among(Entry.objects.filter(client=client_id))
    if choice.actions is not None and REFUSED not in choice.actions:
        return _latest((about,), most)
    ids = sorted(str(each) for each in {client_id, *records})
    refused = Entry.objects.filter(
        chain=organization_id, action=REFUSED, client__isnull=True, codes__ids__has_any_keys=ids
    )
    return _latest((about, choice.among(refused)), most)


def people_about(client_id: UUID) -> set[UUID]:
    """Return everybody whom an entry about a client names."""
    rows = Entry.objects.filter(client=client_id, by__isnull=False).order_by()
    return {by for by in rows.values_list("by", flat=True).distinct() if by is not None}


def _halves(organization_id: UUID, choice: Choice, only_by_others: bool) -> list[QuerySet[Entry]]:
    own = Entry.objects.filter(chain=organization_id)
    others = Entry.objects.filter(owner=organization_id).exclude(chain=F("owner"))
    return [choice.among(half) for half in ((others,) if only_by_others else (own, others))]


def _latest(halves: Sequence[QuerySet[Entry]], most: int) -> list[Entry]:
    read: list[Iterable[Entry]] = [half[:most] for half in halves]
    return list(islice(merge(*read, key=lambda entry: (entry.at, entry.id), reverse=True), most))
