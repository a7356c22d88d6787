"""Definition + answers -> findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from screening.engine.conditions import Condition
from screening.engine.deciding import deciding
from screening.engine.definition import Definition, Score
from screening.engine.facts import Record, read_facts
from screening.engine.findings import Deciding, Findings, IndicationFinding, ScoreFinding
from screening.engine.problems import AnswerProblems, Problem
from screening.engine.program import CompiledConsideration, CompiledCriterion, Program, program_of
from screening.engine.scoring import ScoreState, band_of
from screening.engine.truth import compile_rule
from screening.engine.values import Number, half_up, plain
from screening.engine.words import (
    ConsiderationState,
    CriterionState,
    Outcome,
    ScopeState,
    ScoreKind,
)

Answers = Mapping[str, Any]
Decide = Callable[[str, Sequence[CompiledCriterion]], Deciding]


def evaluate(
    definition: Definition, answers: Answers, as_of: date, *, with_deciding: bool = True
) -> Findings:
    """What the definition says of these answers on that day; raises AnswerProblems with every problem.

    `answers` is the `answers` object of an answer set: `{"age": {"value": 34}, ...}`. Looking for what
    could settle the open outcomes takes most of the time: leave it out where nobody reads it.
    """
    program = program_of(definition)
    record = read_facts(program, answers, as_of)
    if record.problems:
        raise AnswerProblems(record.problems)
    facts = record.facts
    scope = _scope(program, facts)
    decide = partial(deciding, definition, record, as_of) if with_deciding else None
    return Findings(
        as_of=as_of,
        definition=definition.hash,
        scope=scope,
        scores={
            score.key: _score_finding(score, facts[slot])
            for slot, (score, _) in enumerate(program.scores, len(facts) - len(program.scores))
        },
        indications={
            key: _indication(program, key, criteria, facts, scope, decide)
            for key, criteria in program.indications.items()
        },
        considerations={c.consideration.key: _consideration(c, facts) for c in program.considerations},
    )


def problems(definition: Definition, answers: Answers, as_of: date) -> tuple[Problem, ...]:
    """Everything that is wrong with these answers, each with its place."""
    return tuple(read_facts(program_of(definition), answers, as_of).problems)


@dataclass(frozen=True, slots=True)
class Gates(Mapping[str, bool | None]):
    """Which questions are shown: by key, True shown, False hidden, None behind an unknown gate.

    `sections` says the same of whole sections, and `entries` of the questions inside each entry of a
    list that is shown and has entries.
    """

    questions: Mapping[str, bool | None]
    sections: Mapping[str, bool | None]
    entries: Mapping[str, tuple[Mapping[str, bool | None], ...]] = field(default_factory=dict)

    def __getitem__(self, key: str) -> bool | None:
        return self.questions[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.questions)

    def __len__(self) -> int:
        return len(self.questions)


def gates(definition: Definition, answers: Answers, as_of: date) -> Gates:
    """Which questions these answers show. Bad answers count as unknown here."""
    program = program_of(definition)
    record = read_facts(program, answers, as_of)
    shown = {step.key: record.gates[step.slot] for page in program.pages for step in page.steps}
    return Gates(shown, record.sections, _entry_gates(definition, record))


def holds(definition: Definition, answers: Answers, as_of: date, condition: Condition) -> bool | None:
    """Whether one condition is true, false or unknown (None) for these answers; bad ones are unknown."""
    program = program_of(definition)
    return compile_rule(condition, program.slots).truth(read_facts(program, answers, as_of).facts)


def _entry_gates(definition: Definition, record: Record) -> dict[str, tuple[Mapping[str, bool | None], ...]]:
    return {
        key: tuple(
            {q.key: gate for q, gate in zip(definition.question(key).entry, row, strict=True)} for row in rows
        )
        for key, rows in record.rows.items()
    }


def _scope(program: Program, facts: Sequence[Any]) -> ScopeState:
    match program.scope and program.scope(facts):
        case None if program.scope:
            return ScopeState.UNKNOWN
        case False:
            return ScopeState.NOT_MET
    return ScopeState.MET


def _score_finding(score: Score, state: ScoreState) -> ScoreFinding:
    rounded = half_up if score.kind is ScoreKind.MEAN else _as_it_is
    return ScoreFinding(
        low=None if state.low is None else plain(rounded(state.low)),
        high=None if state.high is None else plain(rounded(state.high)),
        complete=state.complete,
        stale=state.stale,
        administered=state.administered,
        band=band_of(score, state),
    )


def _as_it_is(number: Number) -> Number:
    return number


def _indication(
    program: Program,
    key: str,
    criteria: Sequence[CompiledCriterion],
    facts: Sequence[Any],
    scope: ScopeState,
    decide: Decide | None,
) -> IndicationFinding:
    states = [_criterion(compiled, facts) for compiled in criteria]
    in_scope = scope is ScopeState.MET
    outcome = outcome_of(states) if in_scope else Outcome.NOT_ENOUGH_INFORMATION
    is_open = in_scope and outcome not in _SETTLING
    return IndicationFinding(
        outcome=outcome,
        criteria={compiled.criterion.key: state for compiled, state in zip(criteria, states, strict=True)},
        deciding=decide(key, criteria) if decide and is_open else Deciding(),
        rests_on=_rests_on(program, criteria, states, facts, outcome),
    )


def _criterion(compiled: CompiledCriterion, facts: Sequence[Any]) -> CriterionState:
    match compiled.rule.truth(facts):
        case True:
            return CriterionState.MET
        case None:
            return CriterionState.UNKNOWN
    return CriterionState.PROVIDER_JUDGES if compiled.criterion.provider_judges else CriterionState.NOT_MET


def outcome_of(states: Sequence[CriterionState]) -> Outcome:
    """Not present if any criterion is not met, present if all are met, else not enough information."""
    if CriterionState.NOT_MET in states:
        return Outcome.INDICATORS_NOT_PRESENT
    if all(state is CriterionState.MET for state in states):
        return Outcome.INDICATORS_PRESENT
    return Outcome.NOT_ENOUGH_INFORMATION


def _rests_on(
    program: Program,
    criteria: Sequence[CompiledCriterion],
    states: Sequence[CriterionState],
    facts: Sequence[Any],
    outcome: Outcome,
) -> tuple[str, ...]:
    """The facts that made every criterion met, or that made the unmet ones unmet, in document order."""
    settling = _SETTLING.get(outcome)
    found: set[int] = set()
    for compiled, state in zip(criteria, states, strict=True):
        if state is settling:
            compiled.rule.support(facts, found)
    return tuple(program.names[slot] for slot in sorted(found))


_SETTLING = {
    Outcome.INDICATORS_PRESENT: CriterionState.MET,
    Outcome.INDICATORS_NOT_PRESENT: CriterionState.NOT_MET,
}


def _consideration(compiled: CompiledConsideration, facts: Sequence[Any]) -> ConsiderationState:
    """An unknown `unless` never silences it."""
    when = compiled.when(facts)
    if when is False or (compiled.unless is not None and compiled.unless(facts)):
        return ConsiderationState.NOT_RAISED
    return ConsiderationState.RAISED if when else ConsiderationState.NOT_ASSESSED
