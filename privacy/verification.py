"""The audit log held against itself and against heads kept elsewhere: chain by chain, in one snapshot."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from privacy.chain import Fault, Flaw, Head, Link, Walk, home_of, walk_from
from privacy.heads import KeptHeads
from privacy.models import ChainHead, DataKey
from privacy.work import SET_ORGANIZATION

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
CODES = Link.__slots__.index("codes")
# A moment that Python can't hold was never sealed: it reads as the last that it can, and shows as changed.
ENTRIES = """
    SELECT id, chain, number,
           CASE WHEN at BETWEEN '0001-01-02Z' AND '9999-12-30Z' THEN at ELSE '9999-12-31Z' END,
           action, "by", organization, owner, kind, record, client, codes, previous, hash
    FROM privacy_entry WHERE chain = %s AND number >= %s ORDER BY number
"""
ROWS_AT_A_TIME = 5_000
# How many places a second look tries for entries that were changed: each try is one hash.
PLACES_TRIED = 2_000

Progress = Callable[[int], None]


@dataclass(slots=True)
class ChainReport:
    """What was read of one chain, and everything that is wrong with it."""

    chain: UUID
    entries: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    changed: list[Link] = field(default_factory=list, repr=False)


def verify_chains(
    kept: KeptHeads | None = None,
    *,
    only: Collection[UUID] = (),
    since_head: bool = False,
    progress: Progress | None = None,
) -> list[ChainReport]:
    """Read every chain, or `only` some, and return a report of each.

    Row security lets the app's role see one chain at a time, the whole of it, and the owner's no more than
    that. `kept` was read before this begins: a head noted later would speak of entries that this snapshot
    lacks. With `since_head` a chain is read from its furthest kept head on.
    """
    held = kept if kept is not None else KeptHeads()
    with _snapshot() as connection:
        heads = {row.chain: Head(row.number, row.hash) for row in ChainHead.objects.all()}
        chains = sorted(only or {*heads, *held.by_chain, *DataKey.objects.values_list("pk", flat=True)})
        reports = []
        for chain_id in chains:
            begin = held.last(chain_id) if since_head else None
            walk = walk_from(begin, held.of(chain_id))
            report = ChainReport(chain_id)
            for link in _entries(connection, chain_id, begin.number if begin else 1):
                report.flaws.extend(walk.step(link))
                if progress is not None and walk.entries % ROWS_AT_A_TIME == 0:
                    progress(ROWS_AT_A_TIME)
            _finish(report, walk, heads.get(chain_id), held)
            reports.append(report)
    _look_for_moved(reports)
    return reports


def _finish(report: ChainReport, walk: Walk, head: Head | None, kept: KeptHeads) -> None:
    report.entries, report.changed = walk.entries, walk.changed
    report.flaws.extend(walk.end(head))
    report.flaws.extend(
        Flaw(number, Fault.NOTES_DISAGREE) for chain, number in kept.disagreeing if chain == report.chain
    )


@contextmanager
def _snapshot() -> Iterator[Any]:
    """Open a transaction in which everything is as it was at its beginning, whoever writes meanwhile."""
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        yield connection


def _entries(connection: Any, chain_id: UUID, first: int) -> Iterator[Link]:
    """Yield a chain's entries by number, a batch at a time."""
    connection.connection.execute(SET_ORGANIZATION, [str(chain_id)])
    with connection.wrap_database_errors, connection.connection.cursor(name="verify_audit") as cursor:
        cursor.itersize = ROWS_AT_A_TIME
        cursor.execute(ENTRIES, [chain_id, first])
        for row in cursor:
            values = list(row)
            values[CODES] = json.loads(values[CODES])
            yield Link(*values)


def _look_for_moved(reports: Iterable[ChainReport]) -> None:
    """Say of an entry that doesn't fit where it stands if it fits a place that is empty elsewhere."""
    reports = list(reports)
    empty = list(islice(_empty_places(reports), PLACES_TRIED))
    for report in reports:
        for link in report.changed[:PLACES_TRIED]:
            home = home_of(link, empty)
            if home is not None:
                place = report.flaws.index(Flaw(link.number, Fault.CHANGED))
                report.flaws[place] = Flaw(link.number, Fault.MOVED, home=home)


def _empty_places(reports: Iterable[ChainReport]) -> Iterator[tuple[UUID, int]]:
    for report in reports:
        for flaw in report.flaws:
            if flaw.fault in {Fault.MISSING, Fault.TAIL_MISSING, Fault.REMOVED}:
                for number in range(flaw.number, (flaw.until or flaw.number) + 1):
                    yield report.chain, number
