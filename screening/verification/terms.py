"""Formulas over answers that nobody has given yet, and truths that may be unknown.

A formula is z3's, or simply True or False; what is certain is worked out here, so that z3 sees little of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import z3

Formula = Any
Number = Any


def both(*parts: Formula) -> Formula:
    """All of them."""
    return every(parts)


def either(*parts: Formula) -> Formula:
    """At least one of them."""
    return some_of(parts)


def every(parts: Iterable[Formula]) -> Formula:
    """All of them; true of none."""
    left = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            left.append(part)
    if not left:
        return True
    return left[0] if len(left) == 1 else z3.And(left)


def some_of(parts: Iterable[Formula]) -> Formula:
    """At least one of them; false of none."""
    left = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            left.append(part)
    if not left:
        return False
    return left[0] if len(left) == 1 else z3.Or(left)


def opposite(part: Formula) -> Formula:
    """It is not so."""
    return not part if isinstance(part, bool) else z3.Not(part)


def implies(first: Formula, then: Formula) -> Formula:
    """The second, wherever the first is so."""
    return either(opposite(first), then)


def same(one: Formula, other: Formula) -> Formula:
    """Both or neither."""
    if isinstance(one, bool):
        return other if one else opposite(other)
    if isinstance(other, bool):
        return one if other else opposite(one)
    return True if one.eq(other) else one == other


def equal_numbers(one: Number, other: Number) -> Formula:
    """The same number."""
    if isinstance(one, int) or isinstance(other, int):
        return one == other
    return True if one.eq(other) else one == other


def at_least(number: int, parts: Sequence[Formula]) -> Formula:
    """At least so many of them."""
    wanted = number - sum(part is True for part in parts)
    left = [part for part in parts if not isinstance(part, bool)]
    if wanted <= 0:
        return True
    if wanted > len(left):
        return False
    if wanted == 1:
        return some_of(left)
    return every(left) if wanted == len(left) else z3.AtLeast(*left, wanted)


def fewer_than(number: int, parts: Sequence[Formula]) -> Formula:
    """Fewer than so many of them."""
    return opposite(at_least(number, parts))


def chosen(condition: Formula, then: Number, otherwise: Number) -> Number:
    """One number or the other."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    return z3.If(condition, then, otherwise)


def total(numbers: Iterable[Number]) -> Number:
    """The sum."""
    numbers = list(numbers)
    certain = sum(number for number in numbers if isinstance(number, int))
    left = [number for number in numbers if not isinstance(number, int)]
    return z3.Sum([*left, z3.IntVal(certain)]) if left else certain


@dataclass(frozen=True, slots=True)
class Truth:
    """When something is true and when it is false; where neither, it is unknown. Never both."""

    true: Formula
    false: Formula

    @property
    def unknown(self) -> Formula:
        """When it is neither."""
        return both(opposite(self.true), opposite(self.false))

    @property
    def negated(self) -> Truth:
        """The opposite: unknown where it is."""
        return Truth(self.false, self.true)


ALWAYS = Truth(True, False)
NEVER = Truth(False, True)


def all_true(parts: Sequence[Truth]) -> Truth:
    """True if every one is, false if one is false."""
    return Truth(every(part.true for part in parts), some_of(part.false for part in parts))


def any_true(parts: Sequence[Truth]) -> Truth:
    """True if one is, false if every one is false."""
    return Truth(some_of(part.true for part in parts), every(part.false for part in parts))


def enough_true(number: int, parts: Sequence[Truth]) -> Truth:
    """True if so many are, false if fewer could be."""
    return Truth(
        at_least(number, [part.true for part in parts]),
        fewer_than(number, [opposite(part.false) for part in parts]),
    )
