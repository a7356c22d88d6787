"""The answers to a question that its comparisons can tell apart: one example of each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from typing import Any

from screening.engine.conditions import Comparison, Operator
from screening.engine.definition import Question
from screening.engine.truth import Truth
from screening.engine.values import Number
from screening.engine.words import Kind

# With more choices than this asked about in one question, not every combination of them is tried.
MOST_COMBINED = 6


def examples(
    question: Question, asked: Sequence[Comparison], truths: Sequence[Truth], slot: int
) -> list[Any]:
    """One value for each different set of truths that the comparisons can have together."""
    found: dict[tuple[bool | None, ...], Any] = {}
    for value in _values(question, asked):
        facts = OnlyFact(slot, value)
        found.setdefault(tuple(truth(facts) for truth in truths), value)
    return list(found.values())


def several(question: Question, most: int) -> list[Any]:
    """Some different answers to a question, whatever is asked of it; those that identify come first."""
    if question.choices:
        choices = sorted(question.choices, key=lambda choice: not choice.identifies)
        return [choice.key for choice in choices][:most]
    return list(dict.fromkeys(_values(question, ())))[:most]


class OnlyFact(Sequence[Any]):
    """Facts of which only one is known."""

    def __init__(self, slot: int, value: Any) -> None:
        self.slot = slot
        self.value = value

    def __getitem__(self, slot: Any) -> Any:
        return self.value if slot == self.slot else None

    def __len__(self) -> int:
        return self.slot + 1


def _values(question: Question, asked: Sequence[Comparison]) -> Iterable[Any]:
    match question.kind:
        case Kind.YES_NO:
            return (True, False)
        case Kind.ONE_CHOICE:
            return [choice.key for choice in question.choices]
        case Kind.MANY_CHOICES:
            return _combinations(question, asked)
        case Kind.NUMBER:
            return _numbers(question, [one.value for one in asked if not isinstance(one.value, tuple)])
        case Kind.DATE:
            return _days([one.value for one in asked if isinstance(one.value, date)])
    return ()


def _combinations(question: Question, asked: Sequence[Comparison]) -> Iterator[frozenset[Any]]:
    keys = sorted(
        {one.value for one in asked if one.operator is Operator.INCLUDES and isinstance(one.value, str)}
    )
    for size in range(min(len(keys), MOST_COMBINED) + 1):
        yield from map(frozenset, combinations(keys, size))
    yield frozenset(keys)


def _numbers(question: Question, limits: Sequence[Any]) -> Iterator[Number]:
    """Every limit with its neighbors, and the ends: as far as the question takes them."""
    scale = 10**question.decimals
    ends = [end for end in (question.minimum, question.maximum) if end is not None]
    for limit in (*limits, *ends) or (0,):
        first = math.floor(Fraction(limit) * scale)
        for step in range(first - 1, first + 3):
            number = Fraction(step, scale)
            if (question.minimum is None or number >= question.minimum) and (
                question.maximum is None or number <= question.maximum
            ):
                yield int(number) if number.denominator == 1 else number


def _days(limits: Sequence[date]) -> Iterator[date]:
    for limit in limits or (date(2000, 1, 1),):
        for days in (-1, 0, 1):
            try:
                yield limit + timedelta(days)
            except OverflowError:
                yield limit
