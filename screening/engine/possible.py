"""Which truths a condition can have at all, with one fact at a time held to each thing that it can be.

All other facts count as free, so what is called impossible here can never occur; what isn't may still
never occur, which takes more than one fact to see.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import chain, combinations_with_replacement, pairwise
from typing import Any

from screening.engine.answers import hidden_value
from screening.engine.conditions import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Count,
    Not,
    Some,
    walk,
)
from screening.engine.definition import Question, Score
from screening.engine.scoring import NOT_ADMINISTERED, ScoreState
from screening.engine.states import MOST_COMBINED, OnlyFact, examples
from screening.engine.truth import Slots, Truth, compile_rule
from screening.engine.values import Number
from screening.engine.words import Kind, ScoreKind

Truths = frozenset[bool | None]
Given = Callable[[Comparison | Count], Truths]

ANYTHING: Truths = frozenset({True, False, None})
# A score compared with more numbers than this is not held to each of them.
MOST_POINTS = 13
# Comparisons are not looked at more often than this in one document.
MOST_LOOKS = 200_000


def possible(condition: Condition, given: Given) -> Truths:
    """The truths that a condition can have if its comparisons and counts can have these."""
    match condition:
        case Not(condition=inner):
            return frozenset(None if one is None else not one for one in possible(inner, given))
        case AllOf(of=of):
            return _at_least(len(of), [possible(part, given) for part in of])
        case AnyOf(of=of):
            return _at_least(1, [possible(part, given) for part in of])
        case Some(at_least=wanted, of=of):
            return _at_least(wanted, [possible(part, given) for part in of])
        case Comparison() | Count():
            return given(condition)


def _at_least(wanted: int, parts: Sequence[Truths]) -> Truths:
    """How "at least so many" can come out if each part can be any of its truths."""
    open_ones = sum(None in part for part in parts)
    surely_true = sum(part == {True} for part in parts)
    found: set[bool | None] = set()
    if sum(True in part for part in parts) >= wanted:
        found.add(True)
    if sum(False not in part for part in parts) < wanted:
        found.add(False)
    if open_ones and surely_true < wanted <= sum(part != {False} for part in parts):
        found.add(None)
    return frozenset(found)


class Possibilities:
    """What each fact of a questionnaire, or of one list's entries, can be.

    `comparisons` are all that are made of these facts anywhere. Gates are taken in with `take`, in
    document order, so that a question which is never shown counts as hidden in what follows.
    """

    def __init__(self, slots: Slots, comparisons: Iterable[Comparison]) -> None:
        self.slots = slots
        self.asked: dict[str, list[Comparison]] = {}
        for comparison in dict.fromkeys(one for one in comparisons if one.fact in slots.index):
            self.asked.setdefault(comparison.fact, []).append(comparison)
        self.truths = {
            one: compile_rule(one, slots).truth for one in chain.from_iterable(self.asked.values())
        }
        self.states: dict[str, list[Any] | None] = {}
        self.base: dict[Comparison | Count, Truths] = {}
        self.looks = 0

    def take(self, question: Question) -> None:
        """Work out what a question can be, from its gate and from what is asked of it."""
        gate = question.shown_when
        states: list[Any] = [None]
        if gate is not None and self.can(gate, {False}):
            states.append(hidden_value(question))
        if gate is None or self.can(gate, {True}):
            states += self._values(question)
        asked = self.asked.get(question.key, [])
        wide = question.kind is Kind.MANY_CHOICES and len({one.value for one in asked}) > MOST_COMBINED
        self._keep(question.key, None if wide else states)

    def take_score(self, score: Score, items: Sequence[Question]) -> None:
        """Work out what a score can be: every interval between the numbers that it is compared with."""
        ranges = [item.points_range or (0, 0) for item in items]
        divisor = len(items) if score.kind is ScoreKind.MEAN else 1
        low, high = (Fraction(sum(side)) / divisor for side in zip(*ranges, strict=True))
        whole = divisor == 1 and all(_gives_whole_points(item) for item in items)
        asked = self.asked.get(score.key, [])
        points = list(_points([one.value for one in asked], low, high, whole=whole))
        points = self._told_apart(score.key, points)
        states: list[Any] = [None]
        if len(points) > MOST_POINTS:
            self._keep(score.key, None)
            return
        for shown in (True, None) if any(item.shown_when for item in items) else (True,):
            states += [
                ScoreState(first, last, complete=False, stale=False, administered=shown)
                for first, last in combinations_with_replacement(points, 2)
            ]
        if score.max_age_days is not None:
            states.append(ScoreState(low, high, complete=False, stale=None, administered=True))
        if all(item.shown_when for item in items):
            states.append(NOT_ADMINISTERED)
        self._keep(score.key, states[1:])

    def _told_apart(self, key: str, points: list[Number]) -> list[Number]:
        """One point for each way that the comparisons can come out."""
        found: dict[tuple[bool | None, ...], Number] = {}
        for point in points:
            state = ScoreState(point, point, complete=True, stale=False, administered=True)
            found.setdefault(tuple(self._truth(one, state) for one in self.asked.get(key, [])), point)
        return sorted(found.values())

    def _values(self, question: Question) -> list[Any]:
        asked = self.asked.get(question.key, [])
        truths: list[Truth] = [self.truths[one] for one in asked]
        return examples(question, asked, truths, self.slots.index[question.key]) if asked else []

    def _keep(self, key: str, states: list[Any] | None) -> None:
        self.states[key] = states
        for one in self.asked.get(key, []):
            found = ANYTHING if states is None else frozenset(self._truth(one, state) for state in states)
            self.base[one] = found

    def _truth(self, comparison: Comparison, state: Any) -> bool | None:
        self.looks += 1
        return self.truths[comparison](OnlyFact(self.slots.index[comparison.fact], state))

    def base_of(self, part: Comparison | Count) -> Truths:
        """What a comparison or a count can be, by itself."""
        return self.base.get(part, ANYTHING)

    def held(self, key: str) -> Iterator[Given]:
        """The comparisons with one fact held to each thing that it can be."""
        for state in self.states.get(key) or ():
            yield partial(self._given, key, state)

    def _given(self, key: str, state: Any, part: Comparison | Count) -> Truths:
        if isinstance(part, Comparison) and part.fact == key:
            return frozenset({self._truth(part, state)})
        return self.base_of(part)

    def can(self, condition: Condition, wanted: Iterable[bool | None]) -> bool:
        """Whether a condition may come out as one of the wanted truths; False is certain."""
        return self.together([(condition, frozenset(wanted))])

    def together(self, wanted: Sequence[tuple[Condition, Truths]]) -> bool:
        """Whether several conditions may come out as wanted at one time; False is certain."""
        if not _all_may(wanted, self.base_of):
            return False
        read = Counter(
            node.fact for condition, _ in wanted for node in walk(condition) if isinstance(node, Comparison)
        )
        for key in [key for key, times in read.items() if times > 1 and self.states.get(key)]:
            if self.looks > MOST_LOOKS:
                return True
            self.looks += sum(read.values())
            if not any(_all_may(wanted, given) for given in self.held(key)):
                return False
        return True


def _all_may(wanted: Sequence[tuple[Condition, Truths]], given: Given) -> bool:
    return all(possible(condition, given) & truths for condition, truths in wanted)


def _gives_whole_points(question: Question) -> bool:
    if question.kind is Kind.ONE_CHOICE:
        return all(isinstance(choice.points, int) for choice in question.choices)
    return question.kind is Kind.YES_NO or question.decimals == 0


def _points(limits: Sequence[Any], low: Number, high: Number, *, whole: bool) -> Iterator[Number]:
    """The ends, the numbers compared with, and numbers between them."""
    if whole:
        around = [math.floor(limit) + step for limit in limits for step in (-1, 0, 1, 2)]
        wholes = (math.ceil(low), math.floor(high), *around)
        yield from (Fraction(number) for number in wholes if low <= number <= high)
        return
    ends = sorted({Fraction(number) for number in (low, high, *limits) if low <= number <= high})
    yield from ends
    yield from (Fraction(first + last) / 2 for first, last in pairwise(ends))
