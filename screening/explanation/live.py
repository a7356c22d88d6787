"""What the rules find with example answers, ready to stand beside them, and what the last answer changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from screening.engine import ConsiderationState, Definition, Findings, Level, ScopeState, evaluate
from screening.explanation.facts import Answers
from screening.explanation.rules import ConsiderationRead, Explanation, IndicationRead, explain
from screening.explanation.scores import ScoreRead

# Of the sets that could settle an outcome, the first of this many are told.
MOST_SETS = 3


class Answered(Protocol):
    """Answers of nobody, as of a day."""

    @property
    def as_of(self) -> date:
        """The day that the answers are evaluated at."""

    @property
    def answers(self) -> Answers:
        """The answers as the engine reads them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One finding that the last answer changed; `before` and `after` are the engine's words."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is found with an example's answers."""

    explained: Explanation
    findings: Findings
    changes: tuple[Change, ...] = ()

    @property
    def indications(self) -> tuple[IndicationRead, ...]:
        """Every indication, with the first of the sets that could settle it."""
        return tuple(replace(each, deciding=each.deciding[:MOST_SETS]) for each in self.explained.indications)

    @property
    def scores(self) -> tuple[ScoreRead, ...]:
        """The scores of which something was answered."""
        return tuple(score for score in self.explained.scores if score.is_given)

    @property
    def urgent(self) -> tuple[ConsiderationRead, ...]:
        """What would interrupt a therapist at once."""
        return self.explained.raised(Level.URGENT)

    @property
    def raised(self) -> tuple[ConsiderationRead, ...]:
        """What is raised without interrupting."""
        return (*self.explained.raised(Level.DISCUSS), *self.explained.raised(Level.INFORM))

    @property
    def not_assessed(self) -> tuple[ConsiderationRead, ...]:
        """What can't be told from these answers."""
        return self.explained.in_state(ConsiderationState.NOT_ASSESSED)

    @property
    def is_out_of_scope(self) -> bool:
        """Whether the scope keeps every outcome open."""
        return self.findings.scope is not ScopeState.MET


def find(definition: Definition, example: Answered, before: Answered | None = None) -> Found:
    """Return what is found with an example, and what is found otherwise than `before`."""
    findings = evaluate(definition, example.answers, example.as_of)
    explained = explain(definition, example.answers, findings, today=example.as_of)
    if before is None or before == example:
        return Found(explained, findings)
    earlier = evaluate(definition, before.answers, before.as_of, with_deciding=False)
    return Found(explained, findings, tuple(_changes(definition, earlier, findings)))


def _changes(definition: Definition, earlier: Findings, later: Findings) -> Iterator[Change]:
    for indication in definition.indications:
        was, now = earlier.indications[indication.key].outcome, later.indications[indication.key].outcome
        if was != now:
            yield Change(indication.title, was, now)
    for consideration in definition.considerations:
        state, new = earlier.considerations[consideration.key], later.considerations[consideration.key]
        # Every answer assesses something: only what begins or ends being raised is told.
        if state != new and ConsiderationState.RAISED in (state, new):
            yield Change(consideration.title, state, new)
