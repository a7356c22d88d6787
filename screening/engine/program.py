"""A definition compiled once: its gates, readers, scores and rules as closures over a list of facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from screening.engine.answers import Reader, hidden_value, reader_of
from screening.engine.conditions import Condition
from screening.engine.definition import Consideration, Criterion, Definition, Question, Score
from screening.engine.scoring import Scorer, compile_score
from screening.engine.truth import Rule, Slots, Truth, compile_rule
from screening.engine.words import Kind


@dataclass(frozen=True, slots=True)
class Step:
    """How one question becomes a fact. `read` is None for a list, whose entries have their own `rows`."""

    key: str
    slot: int
    gate: Truth | None
    hidden: Any
    read: Reader | None
    rows: Rows | None


@dataclass(frozen=True, slots=True)
class Rows:
    """How the entries of a list are read."""

    steps: tuple[Step, ...]
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Page:
    """A section: its gate and its questions."""

    key: str
    gate: Truth | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class CompiledCriterion:
    """A criterion with its rule."""

    criterion: Criterion
    rule: Rule


@dataclass(frozen=True, slots=True)
class CompiledConsideration:
    """A consideration with its rules."""

    consideration: Consideration
    when: Truth
    unless: Truth | None


@dataclass(frozen=True, slots=True)
class Program:
    """All of a definition. `names` are the keys of the facts in document order, one a slot."""

    names: tuple[str, ...]
    slots: Slots
    keys: frozenset[str]
    pages: tuple[Page, ...]
    scores: tuple[tuple[Score, Scorer], ...]
    scope: Truth | None
    indications: Mapping[str, tuple[CompiledCriterion, ...]]
    considerations: tuple[CompiledConsideration, ...]


def program_of(definition: Definition) -> Program:
    """The compiled definition, kept with it."""
    kept = definition.derived.get("program")
    if isinstance(kept, Program):
        return kept
    program = _compile(definition)
    definition.derived["program"] = program
    return program


def _compile(definition: Definition) -> Program:
    questions = {question.key: question for question in definition.questions}
    facts: dict[str, Question | Score] = {**questions, **{score.key: score for score in definition.scores}}
    slots = Slots({key: index for index, key in enumerate(facts)}, facts)
    scope = definition.scope
    return Program(
        names=tuple(facts),
        slots=slots,
        keys=frozenset(questions),
        pages=tuple(
            Page(section.key, _gate(section.shown_when, slots), _steps(section.questions, slots))
            for section in definition.sections
        ),
        scores=tuple((score, compile_score(score, slots.index, questions)) for score in definition.scores),
        scope=compile_rule(scope.when, slots).truth if scope else None,
        indications={
            indication.key: tuple(
                CompiledCriterion(c, compile_rule(c.when, slots)) for c in indication.criteria
            )
            for indication in definition.indications
        },
        considerations=tuple(
            CompiledConsideration(c, compile_rule(c.when, slots).truth, _gate(c.unless, slots))
            for c in definition.considerations
        ),
    )


def _gate(condition: Condition | None, slots: Slots) -> Truth | None:
    return None if condition is None else compile_rule(condition, slots).truth


def _steps(questions: tuple[Question, ...], slots: Slots) -> tuple[Step, ...]:
    return tuple(
        Step(
            key=question.key,
            slot=slots.index[question.key],
            gate=_gate(question.own_shown_when, slots),
            hidden=hidden_value(question),
            read=None if question.kind is Kind.ENTRIES else reader_of(question),
            rows=_rows(question) if question.kind is Kind.ENTRIES else None,
        )
        for question in questions
    )


def _rows(question: Question) -> Rows:
    inner = {q.key: q for q in question.entry}
    slots = Slots({key: index for index, key in enumerate(inner)}, dict(inner))
    return Rows(_steps(question.entry, slots), frozenset(inner))
