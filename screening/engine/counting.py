"""Counts over a list's entries: how many match, or how many different values the matching ones have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from screening.engine.answers import NOT_APPLICABLE

Row = Sequence[Any]
RowTruth = Callable[[Row], bool | None]
Tally = Callable[[Sequence[Row]], tuple[int, int]]


def plain_tally(where: RowTruth) -> Tally:
    """How many entries match, and how many could at most."""

    def tally(rows: Sequence[Row]) -> tuple[int, int]:
        truths = [where(row) for row in rows]
        true = truths.count(True)
        return true, true + truths.count(None)

    return tally


def distinct_tally(where: RowTruth, slot: int, identifying: Callable[[object], bool]) -> Tally:
    """How many different values the matching entries have at least, and could have at most.

    At least: an entry without a value may be one of the others, so it adds nothing, except that there
    is one value if there is any matching entry. At most: an entry without a value, or with one that
    doesn't identify ("other"), may be a value of its own.
    """

    def tally(rows: Sequence[Row]) -> tuple[int, int]:
        matching: set[object] = set()
        possible: set[object] = set()
        any_matching, loose = False, 0
        for row in rows:
            truth = where(row)
            if truth is False:
                continue
            value = row[slot]
            known = value is not None and value is not NOT_APPLICABLE
            if truth:
                any_matching = True
                if known:
                    matching.add(value)
            if known and identifying(value):
                possible.add(value)
            else:
                loose += 1
        return len(matching) or int(any_matching), len(possible) + loose

    return tally
