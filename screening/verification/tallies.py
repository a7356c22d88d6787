"""Counts over entries to come: how many match, or how many different values the matching ones have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from screening.engine.conditions import Count
from screening.engine.definition import Question
from screening.engine.words import Kind
from screening.verification.terms import Formula, Truth, at_least, both, either, every, fewer_than, opposite
from screening.verification.totals import Fact


@dataclass(frozen=True, slots=True)
class Row:
    """An entry: whether it is there, whether it matches, and what it is told apart by (None: by itself)."""

    present: Formula
    matches: Truth
    apart: Fact | None

    @property
    def match(self) -> Formula:
        """There and matching."""
        return both(self.present, self.matches.true)

    @property
    def possible(self) -> Formula:
        """There, and not known to be without a match."""
        return both(self.present, opposite(self.matches.false))


def counted(count: Count, rows: Sequence[Row], asked: Fact, complete: Truth) -> Truth:
    """The truth of a count: `complete` says whether the list was marked so."""
    enough, too_few = _plain(count, rows) if count.distinct_by is None else _distinct(count, rows)
    hidden = both(asked.gate.false, not asked.question.hidden_is_unknown)
    return Truth(both(asked.read, enough), either(hidden, both(asked.read, too_few, complete.true)))


def _plain(count: Count, rows: Sequence[Row]) -> tuple[Formula, Formula]:
    """Enough match; too few could."""
    enough = at_least(count.at_least, [row.match for row in rows])
    return enough, fewer_than(count.at_least, [row.possible for row in rows])


def _distinct(count: Count, rows: Sequence[Row]) -> tuple[Formula, Formula]:
    """Enough different values match; too few could.

    A value counts where it is met first. An entry without a value adds nothing to what matches, except
    that any match is one value; to what could match, it adds one, as does one that doesn't identify.
    """
    known = [both(row.match, _known(row)) for row in rows]
    found = at_least(count.at_least, _firsts(rows, known))
    any_match = either(*(row.match for row in rows)) if count.at_least == 1 else False
    named = [both(row.possible, _known(row), _identifies(row)) for row in rows]
    loose = [both(row.possible, opposite(both(_known(row), _identifies(row)))) for row in rows]
    too_few = fewer_than(count.at_least, [*_firsts(rows, named), *loose])
    return either(found, any_match), too_few


def _firsts(rows: Sequence[Row], among: Sequence[Formula]) -> list[Formula]:
    """For each row: among those, and no earlier one among them has the same value."""
    return [
        both(
            among[index],
            every(
                opposite(both(among[earlier], _same_value(rows[earlier], rows[index])))
                for earlier in range(index)
            ),
        )
        for index in range(len(rows))
    ]


def _known(row: Row) -> Formula:
    """Whether there is a value to tell it apart by; a hidden yes/no counts as no, any other as none."""
    fact = row.apart
    if fact is None:
        return False
    if fact.question.kind is Kind.YES_NO and not fact.question.hidden_is_unknown:
        return either(fact.read, fact.gate.false)
    return fact.read


def _value(row: Row) -> Any:
    fact = row.apart
    if fact is None:
        return None
    return both(fact.read, fact.answer.value) if fact.question.kind is Kind.YES_NO else fact.answer.value


def _same_value(one: Row, other: Row) -> Formula:
    return _value(one) == _value(other)


def _identifies(row: Row) -> Formula:
    if row.apart is None or row.apart.question.kind is not Kind.ONE_CHOICE:
        return True
    question: Question = row.apart.question
    return row.apart.answer.one_of(choice.key for choice in question.choices if choice.identifies)
