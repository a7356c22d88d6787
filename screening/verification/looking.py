"""Whether answers show what they were found to show: read on the engine itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from screening.engine import Findings, Gates, evaluate, gates, holds
from screening.engine.conditions import Condition
from screening.engine.definition import Definition, Question
from screening.engine.problems import AnswerProblems
from screening.engine.words import ConsiderationState, CriterionState, Kind, Outcome, ScopeState
from screening.verification.report import About, Asked

Answers = Mapping[str, Any]

_SCOPE = {
    Asked.SCOPE_MET: ScopeState.MET,
    Asked.SCOPE_NOT_MET: ScopeState.NOT_MET,
    Asked.SCOPE_UNKNOWN: ScopeState.UNKNOWN,
}
_CRITERION = {
    Asked.CRITERION_MET: CriterionState.MET,
    Asked.CRITERION_NOT_MET: CriterionState.NOT_MET,
    Asked.CRITERION_JUDGED: CriterionState.PROVIDER_JUDGES,
    Asked.CRITERION_UNKNOWN: CriterionState.UNKNOWN,
}
_OUTCOME = {
    Asked.PRESENT: Outcome.INDICATORS_PRESENT,
    Asked.NOT_PRESENT: Outcome.INDICATORS_NOT_PRESENT,
    Asked.NOT_ENOUGH: Outcome.NOT_ENOUGH_INFORMATION,
}
_STATE = {
    Asked.RAISED: ConsiderationState.RAISED,
    Asked.NOT_RAISED: ConsiderationState.NOT_RAISED,
    Asked.NOT_ASSESSED: ConsiderationState.NOT_ASSESSED,
}


class Look:
    """One answer set as the engine reads it; bad answers show nothing."""

    def __init__(self, definition: Definition, answers: Answers, as_of: date) -> None:
        self.definition = definition
        self.answers = answers
        self.as_of = as_of

    @cached_property
    def findings(self) -> Findings | None:
        """What the engine finds."""
        try:
            return evaluate(self.definition, self.answers, self.as_of, with_deciding=False)
        except AnswerProblems:
            return None

    @cached_property
    def gates(self) -> Gates:
        """Which questions it shows."""
        return gates(self.definition, self.answers, self.as_of)

    def shows(self, about: About) -> bool:
        """Whether it shows that something can happen."""
        found, keys = self.findings, about.keys
        if found is None:
            return False
        match about.asked:
            case Asked.QUESTION_SHOWN:
                return self._shown(keys)
            case Asked.BAND_NAMED:
                return self._band(*keys)
            case asked if asked in _SCOPE:
                return found.scope is _SCOPE[asked]
            case asked if asked in _CRITERION:
                return found.indications[keys[0]].criteria[keys[1]] is _CRITERION[asked]
            case asked if asked in _OUTCOME:
                return found.indications[keys[0]].outcome is _OUTCOME[asked]
            case asked if asked in _STATE:
                return found.considerations[keys[0]] is _STATE[asked]
        return False

    def _shown(self, keys: Sequence[str]) -> bool:
        if len(keys) == 1:
            return self.gates[keys[0]] is True
        return any(row[keys[1]] is True for row in self.gates.entries.get(keys[0], ()))

    def _band(self, key: str, index: str) -> bool:
        bands = self.definition.score(key).bands
        return (
            bands is not None
            and self.findings is not None
            and self.findings.scores[key].band == (bands[int(index)].label)
        )

    def state(self, consideration: str) -> ConsiderationState | None:
        """The state of a consideration; None for bad answers."""
        return None if self.findings is None else self.findings.considerations[consideration]

    def outcome(self, indication: str) -> Outcome | None:
        """The outcome of an indication; None for bad answers."""
        return None if self.findings is None else self.findings.indications[indication].outcome

    def is_true(self, condition: Condition) -> bool:
        """Whether a condition is true here."""
        return holds(self.definition, self.answers, self.as_of, condition) is True

    @property
    def is_complete(self) -> bool:
        """Whether every question that it shows has a real answer, inside entries too."""
        return not any(True for _ in self.open)

    @property
    def open(self) -> Iterator[tuple[str | int, ...]]:
        """Where an answer is missing: a question, or a list, an entry's number and its question."""
        for key, gate in self.gates.items():
            if gate and not is_real(self.answers.get(key)):
                yield (key,)
        for key, rows in self.gates.entries.items():
            for index, row in enumerate(rows):
                given = self.answers[key]["entries"][index]
                yield from (
                    (key, index, inner)
                    for inner, gate in row.items()
                    if gate and not is_real(given.get(inner))
                )


def is_real(answer: object) -> bool:
    """Whether an answer says something: not known and declined don't."""
    return isinstance(answer, dict) and "unknown" not in answer


def own(definition: Definition, answers: Answers) -> Answers:
    """The answers to the questions that a definition has."""
    questions = {question.key: question for question in definition.questions}
    return {
        key: _own_rows(questions[key], answer) if questions[key].kind is Kind.ENTRIES else answer
        for key, answer in answers.items()
        if key in questions
    }


def _own_rows(question: Question, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    if "entries" not in answer:
        return answer
    inner = {q.key for q in question.entry}
    return {"entries": [{k: v for k, v in row.items() if k in inner} for row in answer["entries"]]}
