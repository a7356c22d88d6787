"""What a list could still become, as far as the counts over it can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from screening.engine.answers import NOT_APPLICABLE
from screening.engine.conditions import Comparison, Condition, Count, walk
from screening.engine.definition import Question
from screening.engine.facts import settle_row
from screening.engine.program import Rows, Step
from screening.engine.states import examples, several
from screening.engine.truth import Slots, Truth, compile_rule

Row = list[Any]
Truths = tuple[bool | None, ...]
Marks = tuple[bool | None, ...]

# A list is not imagined further in more ways than these: what is found holds, something may be missed.
MOST_FILLED = 40
MOST_TRIED = 600
MOST_IDENTITIES = 12


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list with the counts over it, ready to be imagined further.

    `wheres` and `values` are what the counts ask of an entry, and for each of its questions the answers
    that they can tell apart; `sorts` has an entry for each different thing that they can make of one,
    as long as it is something. `apart` is the question that entries are told apart by, if there is one,
    and `identities` some answers to it.
    """

    slot: int
    completes: tuple[int, ...]
    counts: tuple[Truth, ...]
    most: int
    rows: Rows
    wheres: tuple[Truth, ...]
    values: tuple[tuple[Any, ...], ...]
    apart: int | None
    identities: tuple[Any, ...]
    sorts: tuple[Row, ...] = ()

    def could_be(self, rows: Sequence[Row] | None, marks: Marks) -> list[Truths]:
        """The truths that all counts could have together, once what is open is answered.

        `rows` is None while the list itself is open. `marks` are the answers to `completes`: rows can be
        added to a list that isn't marked complete; a mark that is open is taken to be a yes in the end.
        """
        can_grow = rows is None or True not in marks
        found: dict[Truths, None] = {}
        for tried in islice(self._imagined(list(rows or ()), can_grow=can_grow), MOST_TRIED):
            found[self._truths(tried, marks)] = None
        return list(found)

    def _truths(self, rows: list[Row], marks: Marks) -> Truths:
        facts: list[Any] = [None] * (max(self.slot, *self.completes) + 1)
        facts[self.slot] = rows
        for complete, mark in zip(self.completes, marks, strict=True):
            facts[complete] = mark is not False
        return tuple(count(facts) for count in self.counts)

    def _imagined(self, rows: list[Row], *, can_grow: bool) -> Iterator[list[Row]]:
        pool = tuple(dict.fromkeys([*self._known(rows), *self._fresh(rows)[: self.most]]))
        completed = [self._completions(row, pool) for row in rows]
        filled = list(islice(product(*completed), MOST_FILLED))
        for additions in self._additions(rows) if can_grow else ([],):
            for known in filled:
                yield [*known, *additions]

    def _completions(self, row: Row, pool: tuple[Any, ...]) -> list[Row]:
        """The entry with what is open in it answered, in every way that makes a difference."""
        options = [
            (known,) if known is not None else values for known, values in zip(row, self.values, strict=True)
        ]
        if self.apart is not None and row[self.apart] is None:
            options[self.apart] = tuple(dict.fromkeys([*options[self.apart], *pool]))
        return self.different(product(*options), self._identity)

    def different(self, rows: Iterable[Sequence[Any]], mark: Callable[[Row], object]) -> list[Row]:
        """One entry for each different thing that the counts make of them, and each different mark."""
        found: dict[object, Row] = {}
        for values in islice(rows, MOST_TRIED):
            row = settle_row(self.rows, values)
            found.setdefault((tuple(where(row) for where in self.wheres), mark(row)), row)
        return list(found.values())

    def _identity(self, row: Row) -> Any:
        return None if self.apart is None else row[self.apart]

    def _additions(self, rows: list[Row]) -> Iterator[list[Row]]:
        """New entries: up to so many of each sort, all of one value or each with its own."""
        fresh = self._fresh(rows)
        for numbers in product(range(self.most + 1), repeat=len(self.sorts)):
            sort_of_each = [
                row for row, number in zip(self.sorts, numbers, strict=True) for _ in range(number)
            ]
            yield [self._with(row, fresh, position) for position, row in enumerate(sort_of_each)]
            if self.apart is not None and sort_of_each:
                same = (self._known(self._could_match(rows)) or list(self.identities))[:1]
                yield [self._with(row, same * len(sort_of_each), 0) for row in sort_of_each]

    def _fresh(self, rows: list[Row]) -> list[Any]:
        """Values to tell entries apart by that no entry has yet, then those of entries that don't match."""
        used = self._known(rows)
        matching = self._known(self._could_match(rows))
        unused = [value for value in self.identities if value not in used]
        return [*unused, *(value for value in self.identities if value in used and value not in matching)]

    def _could_match(self, rows: list[Row]) -> list[Row]:
        return [row for row in rows if any(where(row) is not False for where in self.wheres)]

    def _known(self, rows: list[Row]) -> list[Any]:
        """The values that entries are told apart by so far."""
        found = [self._identity(row) for row in rows]
        return [value for value in found if value is not None and value is not NOT_APPLICABLE]

    def _with(self, row: Row, fresh: list[Any], position: int) -> Row:
        """The same sort of entry with another value, if its truths stay what they are."""
        if self.apart is None or position >= len(fresh):
            return row
        other = list(row)
        other[self.apart] = fresh[position]
        other = settle_row(self.rows, other)
        same = all(where(row) is where(other) for where in self.wheres)
        return other if same else row


def open_list(question: Question, counts: Sequence[Count], slots: Slots, rows: Rows) -> OpenList:
    """A list as the counts over it see it."""
    inner = Slots(
        {q.key: index for index, q in enumerate(question.entry)}, {q.key: q for q in question.entry}
    )
    first_apart = next((count.distinct_by for count in counts if count.distinct_by), None)
    most = max(count.at_least for count in counts)
    asked = [count.where for count in counts] + [q.own_shown_when for q in question.entry if q.own_shown_when]
    values = [_values(q, asked, inner, index, rows.steps[index]) for index, q in enumerate(question.entry)]
    apart = None if first_apart is None else inner.index[first_apart]
    identities = () if apart is None else tuple(several(question.entry[apart], MOST_IDENTITIES))
    if apart is not None and values[apart] == (None,):
        values[apart] = identities[:1]
    found = OpenList(
        slot=slots.index[question.key],
        completes=tuple(dict.fromkeys(slots.index[count.complete] for count in counts)),
        counts=tuple(compile_rule(count, slots).truth for count in counts),
        most=min(most, 3),
        rows=rows,
        wheres=tuple(compile_rule(count.where, inner).truth for count in counts),
        values=tuple(values),
        apart=apart,
        identities=identities,
    )
    sorts = found.different(product(*values), lambda row: None)
    return replace(found, sorts=tuple(row for row in sorts if any(where(row) for where in found.wheres)))


def _values(
    question: Question, asked: Sequence[Condition], slots: Slots, slot: int, step: Step
) -> tuple[Any, ...]:
    comparisons = [
        node
        for condition in asked
        for node in walk(condition)
        if isinstance(node, Comparison) and node.fact == question.key
    ]
    truths = [compile_rule(comparison, slots).truth for comparison in comparisons]
    return tuple(examples(question, comparisons, truths, slot)) if comparisons else (None,)
