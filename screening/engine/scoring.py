"""Scores as intervals: what the answered items give, and what the missing ones could."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from screening.engine.answers import NOT_APPLICABLE
from screening.engine.conditions import Operator
from screening.engine.definition import Question, Score
from screening.engine.values import Number
from screening.engine.words import Kind, ScoreKind

Gates = Sequence[bool | None]
Facts = Sequence[Any]


@dataclass(frozen=True, slots=True)
class ScoreState:
    """A score of one answer set, exactly.

    A hidden item is worth its least in `low` and `high`, also while others are behind an unknown gate.
    `administered` is False when all items are hidden (then there is no interval), None while that
    hangs on an unknown gate. `stale` is None when the date is unknown.
    """

    low: Number | None
    high: Number | None
    complete: bool
    stale: bool | None
    administered: bool | None

    @property
    def usable(self) -> bool:
        """Whether rules may read it: not too old, as far as it was administered at all."""
        return self.administered is None or self.stale is False


NOT_ADMINISTERED = ScoreState(None, None, complete=False, stale=False, administered=False)


@dataclass(frozen=True, slots=True)
class _Item:
    """One question of a score. `points` gives a choice's points; None: the value counts itself."""

    slot: int
    points: Mapping[str, Number] | None
    least: Number
    most: Number
    hidden_is_unknown: bool


Compare = Callable[[Number, Number], bool | None]
Scorer = Callable[[Facts, Gates, date], ScoreState]


def compile_score(score: Score, index: Mapping[str, int], questions: Mapping[str, Question]) -> Scorer:
    """The score as a function of the facts, the gates and the day."""
    items = [_item(questions[key], index[key]) for key in score.of]
    divisor = len(items) if score.kind is ScoreKind.MEAN else 1
    age = _age(score, index)

    def of(facts: Facts, gates: Gates, as_of: date) -> ScoreState:
        low: Number = 0
        high: Number = 0
        shown = missing = gated = False
        for item in items:
            gate = gates[item.slot]
            value = facts[item.slot] if gate else None
            if value is not None:
                points = value if item.points is None else item.points[value]
                low, high, shown = low + points, high + points, True
            elif gate is False and not item.hidden_is_unknown:
                low, high = low + item.least, high + item.least
            else:
                low, high, missing = low + item.least, high + item.most, True
                shown, gated = shown or gate is not None, gated or gate is None
        if not shown and not gated:
            return NOT_ADMINISTERED
        if divisor > 1:
            low, high = Fraction(low) / divisor, Fraction(high) / divisor
        return ScoreState(low, high, not missing, age(facts, as_of), True if shown else None)

    return of


def _item(question: Question, slot: int) -> _Item:
    least, most = question.points_range or (0, 0)
    points = None
    if question.kind is Kind.ONE_CHOICE:
        points = {choice.key: choice.points for choice in question.choices if choice.points is not None}
    return _Item(slot, points, least, most, question.hidden_is_unknown)


def _age(score: Score, index: Mapping[str, int]) -> Callable[[Facts, date], bool | None]:
    """Whether the score is too old on a day; None if its date is unknown."""
    most = score.max_age_days
    if most is None or score.dated_by is None:
        return lambda facts, as_of: False
    slot, limit = index[score.dated_by], most

    def stale(facts: Facts, as_of: date) -> bool | None:
        dated = facts[slot]
        if dated is None:
            return None
        return dated is not NOT_APPLICABLE and bool((as_of - dated).days > limit)

    return stale


def compare_score(slot: int, operator: Operator, value: Any) -> Callable[[Facts], bool | None]:
    """A comparison of the score in a slot with a number."""
    compare = comparison_of(operator, value)

    def truth(facts: Facts) -> bool | None:
        score: ScoreState = facts[slot]
        if score.low is None or score.high is None:
            return False
        if not score.usable:
            return None
        found = compare(score.low, score.high)
        return None if found and score.administered is None else found

    return truth


def comparison_of(operator: Operator, value: Any) -> Compare:
    """The comparison of an interval, from low to high, with a number."""
    compare = _COMPARISONS[operator]
    return lambda low, high: compare(low, high, value)


def _at_least(low: Number, high: Number, value: Number) -> bool | None:
    if low >= value:
        return True
    return False if high < value else None


def _at_most(low: Number, high: Number, value: Number) -> bool | None:
    if high <= value:
        return True
    return False if low > value else None


def _is(low: Number, high: Number, value: Number) -> bool | None:
    if low == high == value:
        return True
    return None if low <= value <= high else False


def _is_not(low: Number, high: Number, value: Number) -> bool | None:
    found = _is(low, high, value)
    return None if found is None else not found


_COMPARISONS: Mapping[Operator, Callable[[Number, Number, Number], bool | None]] = {
    Operator.AT_LEAST: _at_least,
    Operator.AT_MOST: _at_most,
    Operator.IS: _is,
    Operator.IS_NOT: _is_not,
}


def band_of(score: Score, state: ScoreState) -> str | None:
    """The label of the band that the whole interval lies in."""
    if not score.bands or state.low is None or state.high is None:
        return None
    bands = sorted(score.bands, key=lambda band: band.start)
    starts = [band.start for band in bands]
    first, last = bisect_right(starts, state.low), bisect_right(starts, state.high)
    return bands[first - 1].label if first == last > 0 else None
