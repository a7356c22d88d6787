"""Counts over entries to come: how many match, or how many different values the matching ones have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screening.engine.conditions import Count
from screening.engine.words import Kind
from screening.verification.terms import (
    Formula,
    Truth,
    at_least,
    both,
    either,
    every,
    fewer_than,
    opposite,
    same,
    some_of,
)
from screening.verification.totals import Fact

# Of more choices than this, entries are compared with one another.
MOST_CHOICES = 60


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

    An entry without a value adds nothing to what matches, except that any match is one value; to what
    could match, it adds one, as does one whose value doesn't identify.
    """
    known = [both(row.match, _known(row)) for row in rows]
    found = at_least(count.at_least, _different(rows, known))
    any_match = either(*(row.match for row in rows)) if count.at_least == 1 else False
    named = [both(row.possible, _known(row), _identifies(row)) for row in rows]
    loose = [both(row.possible, opposite(both(_known(row), _identifies(row)))) for row in rows]
    too_few = fewer_than(count.at_least, [*_different(rows, named), *loose])
    return either(found, any_match), too_few


def _different(rows: Sequence[Row], among: Sequence[Formula]) -> list[Formula]:
    """As many formulas are true as there are different values among some of the rows.

    Of few choices, whether each is there; else each row that is the first with its value.
    """
    fact = rows[0].apart if rows else None
    if fact is not None and 0 < len(fact.question.choices) <= MOST_CHOICES:
        return [
            some_of(both(one, _is_choice(row, choice.key)) for one, row in zip(among, rows, strict=True))
            for choice in fact.question.choices
        ]
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


def _is_choice(row: Row, key: str) -> Formula:
    return row.apart.answer.one_of([key]) if row.apart else False


def _same_value(one: Row, other: Row) -> Formula:
    return one.apart is not None and other.apart is not None and same_value(one.apart, other.apart)


def _known(row: Row) -> Formula:
    return row.apart is not None and known_value(row.apart)


def known_value(fact: Fact) -> Formula:
    """Whether there is a value to tell an entry apart by: a hidden yes/no is a no, any other is none."""
    if fact.question.kind is Kind.YES_NO and not fact.question.hidden_is_unknown:
        return either(fact.read, fact.gate.false)
    return fact.read


def same_value(one: Fact, other: Fact) -> Formula:
    """Whether two values, both known, are the same."""
    if one.question.kind is Kind.YES_NO:
        return same(both(one.read, one.answer.value), both(other.read, other.answer.value))
    return one.answer.value == other.answer.value


def _identifies(row: Row) -> Formula:
    if row.apart is None or not row.apart.question.choices:
        return True
    choices = row.apart.question.choices
    return row.apart.answer.one_of(choice.key for choice in choices if choice.identifies)
