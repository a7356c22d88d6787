"""From answers to facts: which questions are shown, what each says, and what is wrong with it.

Questions are read in document order, so that a gate finds the facts before it. An answer kept behind a
gate that isn't true is never looked at; a bad answer is a problem and counts as unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from screening.engine.answers import WrongAnswerError, shape_of
from screening.engine.problems import Problem, under
from screening.engine.program import Program, Rows, Step

PLACE = "answers"


@dataclass(slots=True)
class Record:
    """The facts of one answer set: a value and a gate for each slot, and the problems of the answers.

    `rows` holds the gates inside the entries of each list.
    """

    facts: list[Any]
    gates: list[bool | None]
    sections: dict[str, bool | None] = field(default_factory=dict)
    rows: dict[str, list[list[bool | None]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_facts(program: Program, answers: object, as_of: date) -> Record:
    """The facts of an answer set, scores included."""
    slots = len(program.names)
    record = Record([None] * slots, [None] * slots)
    if not isinstance(answers, Mapping):
        record.problems.append(Problem(PLACE, "This must be an object."))
        answers = {}
    for page in program.pages:
        gate = page.gate(record.facts) if page.gate else True
        record.sections[page.key] = gate
        for step in page.steps:
            _take(step, gate, answers, as_of, record)
    if not program.keys >= answers.keys():
        _unknown_keys(program.keys, answers, PLACE, record.problems)
    for slot, (_, scorer) in enumerate(program.scores, slots - len(program.scores)):
        record.facts[slot] = scorer(record.facts, record.gates, as_of)
    return record


def _unknown_keys(
    keys: frozenset[str], answers: Mapping[Any, object], place: str, problems: list[Problem]
) -> None:
    unknown = sorted(map(str, answers.keys() - keys))
    problems += [Problem(under(place, key), "There is no question with this key.") for key in unknown]


def _take(
    step: Step, section: bool | None, answers: Mapping[str, object], as_of: date, record: Record
) -> None:
    gate = section
    if step.gate is not None and section is not False:
        own = step.gate(record.facts)
        gate = own if section or own is False else None
    record.gates[step.slot] = gate
    if gate is False:
        record.facts[step.slot] = step.hidden
    elif gate and step.key in answers:
        record.facts[step.slot] = _value(step, answers[step.key], as_of, record)


def _value(step: Step, answer: object, as_of: date, record: Record) -> Any:
    try:
        if step.read is not None:
            return step.read(answer, as_of)
        return step.rows and _entries(step.key, step.rows, answer, as_of, record)
    except WrongAnswerError as error:
        record.problems.append(Problem(under(PLACE, step.key), str(error)))
        return None


def _entries(
    key: str, rows: Rows, answer: object, as_of: date, record: Record
) -> tuple[list[Any], ...] | None:
    if shape_of(answer, "entries") == "unknown" or not isinstance(answer, Mapping):
        return None
    entries = answer["entries"]
    if not isinstance(entries, list | tuple):
        raise WrongAnswerError("This must be a list of entries.")
    place = f"{PLACE}.{key}.entries"
    read = [_row(rows, entry, under(place, i), as_of, record.problems) for i, entry in enumerate(entries)]
    record.rows[key] = [gates for _, gates in read]
    return tuple(facts for facts, _ in read)


def _row(
    rows: Rows, entry: object, place: str, as_of: date, problems: list[Problem]
) -> tuple[list[Any], list[bool | None]]:
    facts: list[Any] = [None] * len(rows.steps)
    gates: list[bool | None] = [True] * len(rows.steps)
    if not isinstance(entry, Mapping):
        problems.append(Problem(place, "An entry must be an object."))
        return facts, gates
    for step in rows.steps:
        gate = gates[step.slot] = step.gate(facts) if step.gate else True
        if gate is False:
            facts[step.slot] = step.hidden
        elif gate and step.read and step.key in entry:
            try:
                facts[step.slot] = step.read(entry[step.key], as_of)
            except WrongAnswerError as error:
                problems.append(Problem(under(place, step.key), str(error)))
    if not rows.keys >= entry.keys():
        _unknown_keys(rows.keys, entry, place, problems)
    return facts, gates


def settle_row(rows: Rows, values: Sequence[Any]) -> list[Any]:
    """The facts of an imagined entry: values where questions are shown, defaults where they are hidden."""
    facts: list[Any] = [None] * len(rows.steps)
    for step in rows.steps:
        gate = step.gate(facts) if step.gate else True
        facts[step.slot] = step.hidden if gate is False else values[step.slot] if gate else None
    return facts
