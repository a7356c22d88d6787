"""A state of knowledge that nobody has reached yet: for each question whether it is answered, and how.

The solver looks for states; a formula over these variables says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import z3

from screening.engine.definition import Question
from screening.engine.words import Kind
from screening.verification.shapes import Shape
from screening.verification.terms import Formula, both, either, implies, opposite

# The day of the answers where no rule names a day of its own: only the days between dates matter then.
SOME_DAY = date(2026, 1, 1)
# Else any day from the first of these to the second.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to come: whether it is a real one, and its value.

    A yes is a truth, a choice its place among the choices, a number counted in steps, a date a day's
    number; `includes` tells of many choices which are among them.
    """

    shape: Shape
    given: Formula
    value: Any
    includes: Mapping[str, Formula]

    def one_of(self, keys: Iterable[str]) -> Formula:
        """Whether it is one of these choices."""
        places = sorted(self.shape.choices.index(key) for key in set(keys) & set(self.shape.choices))
        if len(places) == len(self.shape.choices):
            return True
        return either(*(self._between(first, last) for first, last in _runs(places)))

    def _between(self, first: int, last: int) -> Formula:
        if first == last:
            return self.value == first
        low = True if first == 0 else self.value >= first
        high = True if last == len(self.shape.choices) - 1 else self.value <= last
        return both(low, high)


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """The same places as stretches without a gap."""
    start = 0
    for end in range(1, len(places) + 1):
        if end == len(places) or places[end] != places[end - 1] + 1:
            yield places[start], places[end - 1]
            start = end


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list that may be there."""

    present: Formula
    answers: Mapping[str, Answer]


def fitting(answer: Answer, question: Question) -> Answer:
    """The answer as a version reads it whose question may be of another kind: then it is never given."""
    if answer.shape.kind is question.kind:
        return answer
    value = z3.Bool("none") if question.kind is Kind.YES_NO else z3.IntVal(0)
    return Answer(replace(answer.shape, kind=question.kind), False, value, {})


class Unknowns:
    """A state of knowledge: an `Answer` for each question, and for each list its possible entries.

    `rows` says how many entries a list may have. With `less`, it knows all that this other state knows,
    with the same values, and perhaps more; `completes` names for each list the questions that mark it
    complete, for a complete list gets no more entries.
    """

    def __init__(
        self,
        shapes: Mapping[str, Shape],
        rows: Mapping[str, int],
        as_of: Any,
        less: Unknowns | None = None,
        completes: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.shapes = shapes
        self.rows = rows
        self.as_of = as_of
        self._less = less
        self._completes = completes or {}
        self._answers: dict[str, Answer] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._limits: dict[str, list[Formula]] = {}

    def more(self, completes: Mapping[str, Iterable[str]]) -> Unknowns:
        """Any state that knows all of this one and perhaps more."""
        return Unknowns(self.shapes, self.rows, self.as_of, self, completes)

    def answer(self, key: str) -> Answer:
        """The answer to a question."""
        if key not in self._answers:
            less = self._less.answer(key) if self._less else None
            self._answers[key] = self._new(self.shapes[key], key, key, less)
        return self._answers[key]

    def answer_to(self, question: Question) -> Answer:
        """The answer to a question of one version: none, if it is of another kind in the other one."""
        return fitting(self.answer(question.key), question)

    def entries(self, key: str) -> tuple[Entry, ...]:
        """The entries that a list may have."""
        if key not in self._entries:
            found = tuple(self._entry(key, index) for index in range(self.rows.get(key, 0)))
            self._entries[key] = found
            self._limit_entries(key, found)
        return self._entries[key]

    def limits(self, keys: Iterable[str]) -> list[Formula]:
        """What has to be so for the answers to these questions to be real ones."""
        found = [limit for key in keys for limit in self._limits.get(key, ())]
        return found if self._less is None else [*self._less.limits(keys), *found]

    def _new(self, shape: Shape, name: str, top: str, less: Answer | None) -> Answer:
        given = self._known(f"given {name}", less.given if less else None) if shape.answerable else False
        if less:
            return Answer(shape, given, less.value, less.includes)
        value, limits = self._value(shape, name)
        self._limits.setdefault(top, []).extend(limits)
        includes = {key: z3.Bool(f"{name} includes {key}") for key in shape.asked}
        return Answer(shape, given, value, includes)

    def _known(self, name: str, less: Formula | None) -> Formula:
        return z3.Bool(name) if less is None else either(less, z3.Bool(f"later {name}"))

    def _value(self, shape: Shape, name: str) -> tuple[Any, list[Formula]]:
        match shape.kind:
            case Kind.YES_NO:
                return z3.Bool(name), []
            case Kind.ONE_CHOICE:
                value = z3.Int(name)
                return value, [value >= 0, value < len(shape.choices)]
            case Kind.NUMBER:
                value = z3.Int(name)
                return value, [value >= shape.least, value <= shape.most]
            case Kind.DATE:
                value = z3.Int(name)
                return value, [value >= date.min.toordinal(), value <= self.as_of]
        return None, []

    def _entry(self, key: str, index: int) -> Entry:
        less = self._less.entries(key)[index] if self._less else None
        present = self._known(f"{key} has {index}", less.present if less else None)
        answers = {
            inner: self._new(shape, f"{key} {index} {inner}", key, less.answers[inner] if less else None)
            for inner, shape in self.shapes[key].entry.items()
        }
        return Entry(present, answers)

    def _limit_entries(self, key: str, entries: tuple[Entry, ...]) -> None:
        """Entries come one after the other: which of them is which makes no difference to any count."""
        limits = self._limits.setdefault(key, [])
        for earlier, later in pairwise(entries):
            limits.append(implies(later.present, earlier.present))
        if self._less:
            full = both(self._less.answer(key).given, self._marked(key, self._less))
            for before, now in zip(self._less.entries(key), entries, strict=True):
                limits.append(implies(both(full, opposite(before.present)), opposite(now.present)))

    def _marked(self, key: str, state: Unknowns) -> Formula:
        """Whether a list is marked complete."""
        marks = [state.answer(complete) for complete in self._completes.get(key, ())]
        return either(*(both(mark.given, mark.value) for mark in marks))
