"""The hash chain of the audit log, as pure functions: how an entry is sealed, and how a chain is verified."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
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
    TAIL_MISSING = "tail_missing"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong, and the number of the entry where it shows."""

    number: int
    fault: Fault


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


def verify(entries: Iterable[Link], kept: Iterable[Head] = ()) -> tuple[Flaw, ...]:
    """Return everything wrong with one chain, given its entries by number and heads noted elsewhere.

    An entry that was edited, one missing from the middle, and two that claim one place all show by
    themselves. That the last entries were removed, or that all were rewritten, needs a kept head.
    """
    flaws: list[Flaw] = []
    number, previous = 0, BEGINNING
    hashes: dict[int, str] = {}
    for entry in entries:
        if entry.number <= number:
            flaws.append(Flaw(entry.number, Fault.FORKED))
            continue
        if entry.number > number + 1:
            flaws.append(Flaw(number + 1, Fault.MISSING))
        elif entry.previous != previous:
            flaws.append(Flaw(entry.number, Fault.FORKED))
        if entry.digest() != entry.hash:
            flaws.append(Flaw(entry.number, Fault.CHANGED))
        number, previous = entry.number, entry.hash
        hashes[number] = entry.hash
    return (*flaws, *_against(kept, hashes, number))


def _against(kept: Iterable[Head], hashes: dict[int, str], last: int) -> Iterable[Flaw]:
    for head in kept:
        if head.number > last:
            yield Flaw(head.number, Fault.TAIL_MISSING)
        elif head.number > 0 and hashes.get(head.number, head.hash) != head.hash:
            yield Flaw(head.number, Fault.CHANGED)


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
