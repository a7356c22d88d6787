"""The hash chain of the audit log, as pure functions: how an entry is sealed, and how a chain is verified."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from privacy.work import Draft

BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """An entry with its place in a chain. Field for field what the table `privacy_entry` holds."""

    id: UUID
    chain: UUID
    number: int
    at: datetime
    action: str
    by: UUID | None
    organization: UUID | None
    owner: UUID | None
    kind: str
    record: UUID | None
    client: UUID | None
    codes: dict[str, Any]
    previous: str
    hash: str

    def as_row(self) -> dict[str, Any]:
        """Return the values as JSON can carry them."""
        return {**self._sealed(), "hash": self.hash}

    def _sealed(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "chain": str(self.chain),
            "number": self.number,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "action": self.action,
            "by": _text(self.by),
            "organization": _text(self.organization),
            "owner": _text(self.owner),
            "kind": self.kind,
            "record": _text(self.record),
            "client": _text(self.client),
            "codes": self.codes,
            "previous": self.previous,
        }

    def digest(self) -> str:
        """Return the hash this entry must have: over all its values and the hash of the one before."""
        canonical = json.dumps(self._sealed(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


class Fault(StrEnum):
    """What can be wrong with a chain."""

    CHANGED = "changed"
    MISSING = "missing"
    FORKED = "forked"
    MOVED = "moved"
    REWRITTEN = "rewritten"
    TAIL_MISSING = "tail_missing"
    REMOVED = "removed"
    HEAD_DIFFERS = "head_differs"
    NOTES_DISAGREE = "notes_disagree"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong, and the number of the entry where it shows (`until`: the last of several)."""

    number: int
    fault: Fault
    until: int | None = None
    # The chain and the number that an entry was moved from.
    home: tuple[UUID, int] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ended when somebody noted it: the number and the hash of its last entry."""

    number: int
    hash: str


def link(entry_id: UUID, chain_id: UUID, number: int, previous: str, draft: Draft) -> Link:
    """Seal a collected entry behind the one whose hash is `previous`."""
    values = {name: getattr(draft, name) for name in Draft.__slots__}
    unsealed = Link(id=entry_id, chain=chain_id, number=number, previous=previous, hash="", **values)
    return Link(
        id=entry_id, chain=chain_id, number=number, previous=previous, hash=unsealed.digest(), **values
    )


@dataclass(slots=True)
class Walk:
    """A walk along one chain, entry by entry, that holds nothing but where it stands.

    An entry that was edited, one missing from the middle, and two that claim one place all show by
    themselves. That the last entries were removed, or that all were rewritten, needs a kept head.
    """

    kept: Mapping[int, str]
    number: int = 0
    hash: str | None = BEGINNING
    # What a second look may find in another chain.
    changed: list[Link] = field(default_factory=list)
    entries: int = 0

    def step(self, entry: Link) -> Iterator[Flaw]:
        """Take the next entry, by number, and yield what is wrong with it or missing before it."""
        self.entries += 1
        if entry.number <= self.number:
            yield Flaw(entry.number, Fault.FORKED)
            return
        if entry.number > self.number + 1:
            yield _gap(Fault.MISSING, self.number + 1, entry.number - 1)
        elif self.hash is not None and entry.previous != self.hash:
            yield Flaw(entry.number, Fault.FORKED)
        if entry.digest() != entry.hash:
            self.changed.append(entry)
            yield Flaw(entry.number, Fault.CHANGED)
        elif self.kept.get(entry.number, entry.hash) != entry.hash:
            yield Flaw(entry.number, Fault.REWRITTEN)
        self.number, self.hash = entry.number, entry.hash

    def end(self, head: Head | None) -> Iterator[Flaw]:
        """Yield what is wrong with the end, by the head row and by the furthest head that was kept."""
        furthest = max(max(self.kept, default=0), head.number if head is not None else 0)
        if head is None and furthest and not self.entries:
            yield _gap(Fault.REMOVED, 1, furthest)
        elif furthest > self.number:
            yield _gap(Fault.TAIL_MISSING, self.number + 1, furthest)
        if head is None and self.entries:
            yield Flaw(self.number, Fault.HEAD_DIFFERS)
        elif head is not None and self.hash is not None and head != Head(self.number, self.hash):
            yield Flaw(head.number, Fault.HEAD_DIFFERS)


def walk_from(head: Head | None, kept: Mapping[int, str]) -> Walk:
    """Begin at the start of a chain, or at a head: then its entry is the first that is read."""
    if head is None:
        return Walk(kept)
    return Walk(kept, number=head.number - 1, hash=BEGINNING if head.number == 1 else None)


def verify(entries: Iterable[Link], head: Head, kept: Iterable[Head] = ()) -> tuple[Flaw, ...]:
    """Return everything wrong with one chain, given its entries by number, its head row and kept heads."""
    walk = walk_from(None, {each.number: each.hash for each in kept if each.number})
    return (*(flaw for entry in entries for flaw in walk.step(entry)), *walk.end(head))


def home_of(entry: Link, places: Iterable[tuple[UUID, int]]) -> tuple[UUID, int] | None:
    """Return where an entry was sealed, if it is one of these places: it was moved to where it stands."""
    for chain_id, number in places:
        if replace(entry, chain=chain_id, number=number).digest() == entry.hash:
            return chain_id, number
    return None


def _gap(fault: Fault, first: int, last: int) -> Flaw:
    return Flaw(first, fault, until=last if last > first else None)


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
