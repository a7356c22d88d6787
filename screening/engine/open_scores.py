"""What a score could still come to, once its open items are answered."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

from screening.engine.definition import Question
from screening.engine.scoring import Compare
from screening.engine.states import several
from screening.engine.values import Number

Interval = tuple[Number, Number]
Branch = tuple[bool | None, ...]
Total = tuple[Branch, Interval]

MOST_SUMS = 2_000


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a score: the points that it can give, and the gate that it hangs on.

    `states` has the points of each of its answers with the bit of the state that it belongs to, where
    rules read the question itself as well.
    """

    slot: int
    points: tuple[Number, ...]
    states: tuple[tuple[Number, int], ...]
    by_choice: Mapping[str, Number] | None
    least: Number
    most: Number
    hidden_is_unknown: bool
    gate: int | None


@dataclass(frozen=True, slots=True)
class OpenScore:
    """A score as its items and its date see it."""

    items: tuple[Item, ...]
    divisor: int
    dated_by: int | None
    max_age_days: int
    date_is_unknown_when_hidden: bool

    @property
    def slots(self) -> tuple[int, ...]:
        """Its items, and its date if that matters."""
        dated = () if self.dated_by is None else (self.dated_by,)
        return (*(item.slot for item in self.items), *dated)

    def is_old(self, dated: Any, as_of: date) -> bool:
        """Whether a known date makes it too old; a hidden one gives it no age."""
        return isinstance(dated, date) and (as_of - dated).days > self.max_age_days


class Reach:
    """How far a score can still go: what is fixed, which items are open, and what is behind which gate."""

    def __init__(self, score: OpenScore, facts: Sequence[Any], gates: Sequence[bool | None]) -> None:
        self.divisor = score.divisor
        self.low: Number = 0
        self.high: Number = 0
        self.open: list[Item] = []
        self.branch: Branch = ()
        self.shown = False
        self.behind: dict[int, list[Item]] = {}
        for item in score.items:
            gate, value = gates[item.slot], facts[item.slot]
            if gate is None and item.gate is not None:
                self.behind.setdefault(item.gate, []).append(item)
            elif gate and value is not None:
                points = value if item.by_choice is None else item.by_choice[value]
                self._add(points, points, shown=True)
            else:
                self.settle([item], gate)

    def branches(self) -> Iterator[Reach]:
        """What it can be with each unknown gate open, closed, or left as it is."""
        for branch in product((True, False, None), repeat=len(self.behind)):
            opened = copy(self)
            opened.open, opened.branch = list(self.open), branch
            for items, state in zip(self.behind.values(), branch, strict=True):
                opened.settle(items, state)
            yield opened

    def _add(self, low: Number, high: Number, *, shown: bool) -> None:
        self.low, self.high, self.shown = self.low + low, self.high + high, self.shown or shown

    def settle(self, items: Sequence[Item], gate: bool | None) -> None:
        """Open items are to be answered; hidden ones are worth their least; others stay missing."""
        for item in items:
            if gate:
                self.open.append(item)
                self.shown = True
            elif gate is False and not item.hidden_is_unknown:
                self._add(item.least, item.least, shown=False)
            else:
                self._add(item.least, item.most, shown=gate is False)

    def unanswered(self) -> Interval:
        """The interval while the open items stay open."""
        least, most = sum(item.least for item in self.open), sum(item.most for item in self.open)
        return self.low + least, self.high + most

    def intervals(self, masks: Mapping[int, int]) -> Iterator[Interval]:
        """Every interval that the open items can bring it to, some of them limited to states."""
        for total in sums_of(tuple(_points(item, masks.get(item.slot)) for item in self.open)):
            yield self.low + total, self.high + total

    def compared(self, compare: Compare, interval: Interval | None = None) -> bool | None:
        """A comparison with an interval, that of now if none is given."""
        low, high = interval or (self.low, self.high)
        if self.divisor == 1:
            return compare(low, high)
        return compare(Fraction(low) / self.divisor, Fraction(high) / self.divisor)


def _points(item: Item, mask: int | None) -> tuple[Number, ...]:
    if mask is None:
        return item.points
    return tuple(worth for worth, bit in item.states if mask >> bit & 1)


def steps_of(question: Question, least: Number, most: Number) -> list[Number]:
    """Every number that the question takes, or, if they are too many, some of them."""
    scale = 10**question.decimals
    first, last = math.ceil(Fraction(least) * scale), math.floor(Fraction(most) * scale)
    if last - first > MOST_SUMS:
        return sorted(several(question, MOST_SUMS))
    return [Fraction(step, scale) if question.decimals else step for step in range(first, last + 1)]


@lru_cache(maxsize=256)
def sums_of(options: tuple[tuple[Number, ...], ...]) -> tuple[Number, ...]:
    """Every sum of one number from each, from the lowest; some of them, if they are too many."""
    sums: set[Number] = {0}
    for points in options:
        sums = {total + one for total in sums for one in points}
        if len(sums) > MOST_SUMS:
            ordered = sorted(sums)
            sums = {*ordered[: MOST_SUMS // 2], *ordered[-MOST_SUMS // 2 :]}
    return tuple(sorted(sums))
