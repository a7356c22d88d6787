"""What one answer set looks like to the search for what could settle it: as little as makes a difference.

No text that a person wrote is part of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any

from screening.engine.answers import NOT_APPLICABLE
from screening.engine.facts import Record
from screening.engine.lists import OpenList
from screening.engine.open_facts import OpenFacts
from screening.engine.scoring import Compare, ScoreState


def state_of(known: OpenFacts, read: Sequence[int], record: Record, as_of: date) -> Hashable:
    """A key that is the same for answers which the search can't tell apart, in the facts that are read.

    A question that nothing is asked of is only answered or not; a whole score only how it compares.
    """
    state: list[Hashable] = []
    day: date | None = None
    for slot in read:
        fact, gate = record.facts[slot], record.gates[slot]
        if slot in known.scores:
            state.append(_score(fact, known.compared[slot]))
        elif slot in known.lists:
            state.append((gate, _rows(fact, known.lists[slot])))
        elif fact is None or not known.states[slot]:
            day = as_of if isinstance(next(iter(known.states[slot]), None), date) else day
            state.append((gate, fact is not None))
        else:
            state.append((gate, True, fact))
    return (*state, day)


def _score(score: ScoreState, compared: Sequence[Compare]) -> Hashable:
    if score.low is None or score.high is None:
        return None
    if score.complete:
        truths = tuple(compare(score.low, score.high) for compare in compared)
        return score.stale, score.administered, truths
    return score.stale, score.administered, score.low, score.high


def _rows(rows: Any, known: OpenList) -> Hashable:
    """The entries as far as anything is asked of them."""
    if rows is None or rows is NOT_APPLICABLE:
        return rows is None
    asked = [values != (None,) or slot == known.apart for slot, values in enumerate(known.values)]
    return tuple(
        tuple(value if told else value is not None for value, told in zip(row, asked, strict=True))
        for row in rows
    )
