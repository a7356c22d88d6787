"""Scores over answers to come: from where to where they go, exactly, and when a rule may read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from screening.engine.conditions import Operator
from screening.engine.definition import Question, Score
from screening.engine.values import Number
from screening.engine.words import Kind, ScoreKind
from screening.verification.comparing import ordered
from screening.verification.terms import (
    ALWAYS,
    Formula,
    Truth,
    both,
    chosen,
    either,
    opposite,
    some_of,
    total,
)
from screening.verification.unknowns import Answer


@dataclass(frozen=True, slots=True)
class Fact:
    """A question with its answer to come and its gate."""

    question: Question
    answer: Answer
    gate: Truth

    @property
    def read(self) -> Formula:
        """Whether it is shown and has a real answer."""
        return both(self.gate.true, self.answer.given)


@dataclass(frozen=True, slots=True)
class Total:
    """A score: `low` and `high` are counted in steps, `scale` of them in one.

    `shown` if some item is, `gated` if some item is behind an unknown gate: neither means that it was
    not administered. `missing` if an item is. `fresh` if it is not too old, `stale` if it is; where its
    day is unknown, it is neither. `items` holds what each item adds to `low` and to `high`.
    """

    low: Any
    high: Any
    scale: int
    shown: Formula
    gated: Formula
    missing: Formula
    age: Truth
    items: tuple[tuple[Any, Any], ...] = ()

    @property
    def administered(self) -> Truth:
        """Whether it was; unknown while that hangs on a gate."""
        return Truth(self.shown, both(opposite(self.shown), opposite(self.gated)))

    @property
    def whole(self) -> Formula:
        """Whether nothing of it is missing."""
        return both(self.shown, opposite(self.missing))

    def compared(self, operator: Operator, value: Any, *, at_any_age: bool = False) -> Truth:
        """A comparison of the interval with a number, as far as rules may read it."""
        found = self._interval(operator, value)
        usable = both(self.shown, True if at_any_age else self.age.false)
        maybe = both(opposite(self.shown), self.gated)
        return Truth(
            both(usable, found.true),
            either(self.administered.false, both(either(usable, maybe), found.false)),
        )

    def _interval(self, operator: Operator, value: Any) -> Truth:
        low = self._ordered(operator, self.low, value)
        high = self._ordered(operator, self.high, value)
        match operator:
            case Operator.AT_LEAST:
                return Truth(low, opposite(high))
            case Operator.AT_MOST:
                return Truth(high, opposite(low))
        reached = both(
            self._ordered(Operator.AT_MOST, self.low, value),
            self._ordered(Operator.AT_LEAST, self.high, value),
        )
        equal = both(
            self._ordered(Operator.IS, self.low, value), self._ordered(Operator.IS, self.high, value)
        )
        found = Truth(equal, opposite(reached))
        return found if operator is Operator.IS else found.negated

    def _ordered(self, operator: Operator, steps: Any, value: Any) -> Formula:
        return ordered(operator, steps, value, self.scale)

    def within(self, start: Number | None, end: Number | None) -> Formula:
        """Whether the whole interval lies from one number to before another; None is without end."""
        above = True if start is None else self._ordered(Operator.AT_LEAST, self.low, start)
        below = True if end is None else opposite(self._ordered(Operator.AT_LEAST, self.high, end))
        return both(opposite(self.administered.false), above, below)


def total_of(score: Score, items: Sequence[Fact], dated: Fact | None, as_of: Any) -> Total:
    """The score of these items, by the day in `dated`."""
    steps = _scale(items)
    read = [fact.read for fact in items]
    least = [int(_range(fact)[0] * steps) for fact in items]
    most = [int(_range(fact)[1] * steps) for fact in items]
    missing = [_missing(fact) for fact in items]
    given = [
        chosen(got, _points(fact, steps), low) for fact, got, low in zip(items, read, least, strict=True)
    ]
    high = [chosen(gone, top, got) for gone, top, got in zip(missing, most, given, strict=True)]
    return Total(
        low=total(given),
        high=total(high),
        scale=steps * (len(items) if score.kind is ScoreKind.MEAN else 1),
        shown=some_of(either(fact.gate.true, _counts_as_unknown(fact)) for fact in items),
        gated=some_of(fact.gate.unknown for fact in items),
        missing=some_of(missing),
        age=_age(score, dated, as_of),
        items=tuple(zip(given, high, strict=True)),
    )


def _counts_as_unknown(fact: Fact) -> Formula:
    return both(fact.gate.false, fact.question.hidden_is_unknown)


def _missing(fact: Fact) -> Formula:
    """Whether an item's points are open: a hidden item's aren't, unless it was declared unknown."""
    closed = both(fact.gate.false, not fact.question.hidden_is_unknown)
    return both(opposite(fact.read), opposite(closed))


def _range(fact: Fact) -> tuple[Number, Number]:
    return fact.question.points_range or (0, 0)


def _scale(items: Sequence[Fact]) -> int:
    """How many steps there are in one, so that every item's points are whole steps."""
    scale = 1
    for fact in items:
        numbers = [choice.points or 0 for choice in fact.question.choices] or list(_range(fact))
        for number in numbers:
            scale = math.lcm(scale, Fraction(number).denominator)
        if fact.question.kind is Kind.NUMBER:
            scale = math.lcm(scale, 10**fact.question.decimals)
    return scale


def _points(fact: Fact, steps: int) -> Any:
    """The points of a real answer, in steps."""
    answer = fact.answer
    match fact.question.kind:
        case Kind.YES_NO:
            return chosen(answer.value, steps, 0)
        case Kind.NUMBER:
            return answer.value * (steps // answer.shape.scale)
    points = [int((fact.question.choice(key).points or 0) * steps) for key in answer.shape.choices]
    return _by_place(answer.value, points) if points else 0


def _by_place(place: Any, points: Sequence[int]) -> Any:
    """The points at a place: worked out where they grow evenly, else looked up."""
    rises = {later - earlier for earlier, later in pairwise(points)}
    if len(rises) == 1:
        return place * rises.pop() + points[0]
    found: Any = points[-1]
    for index, here in reversed(list(enumerate(points[:-1]))):
        found = chosen(place == index, here, found)
    return found


def _age(score: Score, dated: Fact | None, as_of: Any) -> Truth:
    """Whether it is too old. A hidden day gives no age, unless it was declared unknown."""
    if score.max_age_days is None or dated is None:
        return ALWAYS.negated
    old = as_of - dated.answer.value > score.max_age_days
    hidden = both(dated.gate.false, not dated.question.hidden_is_unknown)
    return Truth(both(dated.read, old), either(both(dated.read, opposite(old)), hidden))
