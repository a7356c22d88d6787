"""Conditions as functions of the facts: true, false, or None for unknown (strong Kleene logic).

A condition is compiled once into two closures: its truth, and the facts that a settled truth rests on.
Facts are a flat list, one slot a question or score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.engine.answers import NOT_APPLICABLE
from screening.engine.conditions import AllOf, AnyOf, Comparison, Condition, Count, Not, Operator, Some
from screening.engine.counting import Tally, distinct_tally, plain_tally
from screening.engine.definition import Question, Score
from screening.engine.scoring import compare_score
from screening.engine.words import Kind

Facts = Sequence[Any]
Truth = Callable[[Facts], bool | None]
Support = Callable[[Facts, set[int]], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled condition.

    `support` adds the slots that a settled truth rests on: those of the parts that made it so.
    """

    truth: Truth
    support: Support


@dataclass(frozen=True, slots=True)
class Slots:
    """Where each fact stands in the list of facts, and what it is."""

    index: Mapping[str, int]
    facts: Mapping[str, Question | Score]


def compile_rule(condition: Condition, slots: Slots) -> Rule:
    """The condition as closures."""
    match condition:
        case Comparison(fact=fact):
            return _on(slots.index[fact], _comparison(condition, slots))
        case Not(condition=inner):
            rule = compile_rule(inner, slots)
            return Rule(_negation(rule.truth), rule.support)
        case Count():
            return _count(condition, slots)
        case AllOf(of=of) | AnyOf(of=of) | Some(of=of):
            rules = [compile_rule(inner, slots) for inner in of]
            truth = _joined(condition, [rule.truth for rule in rules])
            return Rule(truth, _support_of_same(truth, rules))


def _on(slot: int, truth: Truth) -> Rule:
    def support(facts: Facts, found: set[int]) -> None:
        found.add(slot)

    return Rule(truth, support)


def _support_of_same(truth: Truth, rules: Sequence[Rule]) -> Support:
    """A settled truth rests on the parts that have the same truth: they alone make it so."""

    def support(facts: Facts, found: set[int]) -> None:
        settled = truth(facts)
        for rule in rules:
            if rule.truth(facts) is settled:
                rule.support(facts, found)

    return support


def _joined(condition: AllOf | AnyOf | Some, truths: Sequence[Truth]) -> Truth:
    match condition:
        case AllOf():
            return all_of(truths)
        case AnyOf():
            return any_of(truths)
        case Some(at_least=at_least):
            return _some_of(at_least, truths)


def all_of(truths: Sequence[Truth]) -> Truth:
    """False if one is false, else unknown if one is unknown, else true."""

    def truth(facts: Facts) -> bool | None:
        found: bool | None = True
        for part in truths:
            one = part(facts)
            if one is False:
                return False
            if one is None:
                found = None
        return found

    return truth


def any_of(truths: Sequence[Truth]) -> Truth:
    """True if one is true, else unknown if one is unknown, else false."""

    def truth(facts: Facts) -> bool | None:
        found: bool | None = False
        for part in truths:
            one = part(facts)
            if one:
                return True
            if one is None:
                found = None
        return found

    return truth


def _some_of(at_least: int, truths: Sequence[Truth]) -> Truth:
    def truth(facts: Facts) -> bool | None:
        found = [part(facts) for part in truths]
        return enough(at_least, found.count(True), found.count(None))

    return truth


def enough(at_least: int, true: int, unknown: int) -> bool | None:
    """Whether so many are true, when some are unknown."""
    if true >= at_least:
        return True
    return False if true + unknown < at_least else None


def _negation(inner: Truth) -> Truth:
    def truth(facts: Facts) -> bool | None:
        one = inner(facts)
        return None if one is None else not one

    return truth


def _comparison(condition: Comparison, slots: Slots) -> Truth:
    fact = slots.facts[condition.fact]
    slot = slots.index[condition.fact]
    if isinstance(fact, Score):
        return compare_score(slot, condition.operator, condition.value)
    match condition.operator, fact.kind:
        case Operator.ONE_OF, _:
            return _among(slot, frozenset(_texts(condition.value)))
        case ((Operator.AT_LEAST | Operator.AT_MOST), Kind.ONE_CHOICE):
            return _among(slot, _with_points(fact, condition))
        case Operator.IS, _:
            return _is(slot, condition.value)
        case Operator.IS_NOT, _:
            return _is_not(slot, condition.value)
        case Operator.INCLUDES, _:
            return _includes(slot, condition.value)
        case Operator.AT_LEAST, _:
            return _at_least(slot, condition.value)
        case _:
            return _at_most(slot, condition.value)


def _texts(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _with_points(question: Question, condition: Comparison) -> frozenset[str]:
    """The choices that have at least, or at most, so many points."""
    limit: Any = condition.value
    at_least = condition.operator is Operator.AT_LEAST
    return frozenset(
        choice.key
        for choice in question.choices
        if choice.points is not None and (choice.points >= limit if at_least else choice.points <= limit)
    )


def _among(slot: int, values: frozenset[str]) -> Truth:
    def truth(facts: Facts) -> bool | None:
        value = facts[slot]
        return None if value is None else value in values

    return truth


def _is(slot: int, wanted: object) -> Truth:
    def truth(facts: Facts) -> bool | None:
        value = facts[slot]
        return None if value is None else bool(value == wanted)

    return truth


def _is_not(slot: int, wanted: object) -> Truth:
    def truth(facts: Facts) -> bool | None:
        value = facts[slot]
        return None if value is None else value is not NOT_APPLICABLE and bool(value != wanted)

    return truth


def _includes(slot: int, wanted: object) -> Truth:
    def truth(facts: Facts) -> bool | None:
        value = facts[slot]
        return None if value is None else wanted in value

    return truth


def _at_least(slot: int, limit: Any) -> Truth:
    def truth(facts: Facts) -> bool | None:
        value = facts[slot]
        return None if value is None else value is not NOT_APPLICABLE and bool(value >= limit)

    return truth


def _at_most(slot: int, limit: Any) -> Truth:
    def truth(facts: Facts) -> bool | None:
        value = facts[slot]
        return None if value is None else value is not NOT_APPLICABLE and bool(value <= limit)

    return truth


def _count(count: Count, slots: Slots) -> Rule:
    """A hidden list is none and complete; an unknown one may hold anything.

    True rests on the list alone, false also on its being complete.
    """
    slot, complete = slots.index[count.of], slots.index[count.complete]
    tally = _tally(count, slots)

    def truth(facts: Facts) -> bool | None:
        rows = facts[slot]
        if rows is None:
            return None
        if rows is NOT_APPLICABLE:
            return False
        least, most = tally(rows)
        if least >= count.at_least:
            return True
        return False if most < count.at_least and facts[complete] is True else None

    def support(facts: Facts, found: set[int]) -> None:
        found.add(slot)
        if truth(facts) is False and facts[slot] is not NOT_APPLICABLE:
            found.add(complete)

    return Rule(truth, support)


def _tally(count: Count, slots: Slots) -> Tally:
    entries = slots.facts[count.of]
    inner = entries.entry if isinstance(entries, Question) else ()
    rows = Slots({q.key: i for i, q in enumerate(inner)}, {q.key: q for q in inner})
    where = compile_rule(count.where, rows).truth
    if count.distinct_by is None:
        return plain_tally(where)
    loose = {
        choice.key
        for q in inner
        if q.key == count.distinct_by
        for choice in q.choices
        if not choice.identifies
    }
    return distinct_tally(where, rows.index[count.distinct_by], lambda value: value not in loose)
