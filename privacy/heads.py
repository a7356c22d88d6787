"""Where chains ended, as noted outside the database: the lines that the log and `keep_heads` write."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from privacy.chain import Head
from privacy.models import ChainHead

# Found anywhere in a line: a log puts its own words around it, and holds lines of others too.
LINE = re.compile(
    rb"\bchain ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) number (\d{1,18}) hash ([0-9a-f]{64})\b"
)


@dataclass(slots=True)
class KeptHeads:
    """Heads by their chain and number. Each proves the whole chain before it, so all of them are held."""

    by_chain: dict[UUID, dict[int, str]] = field(default_factory=dict)
    # Two notes of the same place that don't agree: one of them tells of a chain that isn't there any more.
    disagreeing: list[tuple[UUID, int]] = field(default_factory=list)

    def add(self, chain: UUID, head: Head) -> None:
        """Note a head; one that contradicts an earlier note is kept as a contradiction."""
        if head.number == 0:
            return
        known = self.by_chain.setdefault(chain, {}).setdefault(head.number, head.hash)
        if known != head.hash:
            self.disagreeing.append((chain, head.number))

    def read(self, lines: Iterable[bytes]) -> int:
        """Take every head out of a log's lines, whatever else stands in them; return how many there were."""
        found = 0
        for line in lines:
            for chain, number, digest in LINE.findall(line):
                self.add(UUID(chain.decode()), Head(int(number), digest.decode()))
                found += 1
        return found

    def of(self, chain: UUID) -> dict[int, str]:
        """Return a chain's heads by number."""
        return self.by_chain.get(chain, {})

    def last(self, chain: UUID) -> Head | None:
        """Return the furthest head of a chain."""
        heads = self.of(chain)
        return Head(max(heads), heads[max(heads)]) if heads else None


def line(chain: UUID, head: Head) -> str:
    """Return a head as one line, which `KeptHeads.read` finds again."""
    return f"chain {chain} number {head.number} hash {head.hash}"


def keep(path: Path) -> int:
    """Add where every chain ends now to a file, and wait until the disk has it; return how many lines.

    A chain whose last line in the file still holds gets no new one. What stands in the file stays.
    """
    kept = KeptHeads()
    if path.exists():
        with path.open("rb") as before:
            kept.read(before)
    moment = timezone.now().isoformat(timespec="seconds")
    heads = [(row.chain, Head(row.number, row.hash)) for row in ChainHead.objects.order_by("chain")]
    lines = [
        f"{moment} {line(chain, head)}\n" for chain, head in heads if head.number and kept.last(chain) != head
    ]
    _append(path, "".join(lines))
    return len(lines)


def _append(path: Path, words: str) -> None:
    """Add to the end of a file in one write, readable by its owner alone, and flush it and its folder."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        with os.fdopen(descriptor, "ab", closefd=False) as file:
            # A line that an earlier write left unfinished doesn't swallow ours.
            file.write(b"\n" * _ends_within_a_line(path) + words.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _ends_within_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size == 0:
            return False
        file.seek(size - 1)
        return file.read(1) != b"\n"
