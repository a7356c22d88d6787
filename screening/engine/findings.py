"""All that an evaluation returns, and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from screening.engine.words import ConsiderationState, CriterionState, Outcome, ScopeState


@dataclass(frozen=True, slots=True)
class ScoreFinding:
    """A score as it is printed: `low` and `high` rounded where it is a mean, None if not administered."""

    low: int | float | None
    high: int | float | None
    complete: bool
    stale: bool | None
    administered: bool | None
    band: str | None


@dataclass(frozen=True, slots=True)
class Deciding:
    """The smallest sets of open questions, scores and lists that could settle an outcome, each way."""

    present: tuple[tuple[str, ...], ...] = ()
    not_present: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class IndicationFinding:
    """What the answers say of an indication. `rests_on`: the facts that a settled outcome rests on."""

    outcome: Outcome
    criteria: Mapping[str, CriterionState]
    deciding: Deciding
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that a definition says of one answer set on one day."""

    as_of: date
    definition: str
    scope: ScopeState
    scores: Mapping[str, ScoreFinding]
    indications: Mapping[str, IndicationFinding]
    considerations: Mapping[str, ConsiderationState]

    def as_document(self) -> dict[str, Any]:
        """The findings as JSON, as the command prints them."""
        return {
            "as_of": self.as_of.isoformat(),
            "definition": self.definition,
            "scope": self.scope.value,
            "scores": {key: _score(score) for key, score in self.scores.items()},
            "indications": {key: _indication(finding) for key, finding in self.indications.items()},
            "considerations": {key: state.value for key, state in self.considerations.items()},
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Findings:
        """The findings that `as_document` wrote."""
        return cls(
            as_of=date.fromisoformat(document["as_of"]),
            definition=document["definition"],
            scope=ScopeState(document["scope"]),
            scores={key: ScoreFinding(**score) for key, score in document["scores"].items()},
            indications={key: _read_indication(found) for key, found in document["indications"].items()},
            considerations={
                key: ConsiderationState(state) for key, state in document["considerations"].items()
            },
        )


def _score(score: ScoreFinding) -> dict[str, Any]:
    return {
        "low": score.low,
        "high": score.high,
        "complete": score.complete,
        "stale": score.stale,
        "administered": score.administered,
        "band": score.band,
    }


def _indication(finding: IndicationFinding) -> dict[str, Any]:
    return {
        "outcome": finding.outcome.value,
        "criteria": {key: state.value for key, state in finding.criteria.items()},
        "deciding": {
            "present": [list(units) for units in finding.deciding.present],
            "not_present": [list(units) for units in finding.deciding.not_present],
        },
        "rests_on": list(finding.rests_on),
    }


def _read_indication(document: Mapping[str, Any]) -> IndicationFinding:
    deciding = document["deciding"]
    return IndicationFinding(
        outcome=Outcome(document["outcome"]),
        criteria={key: CriterionState(state) for key, state in document["criteria"].items()},
        deciding=Deciding(
            present=tuple(tuple(units) for units in deciding["present"]),
            not_present=tuple(tuple(units) for units in deciding["not_present"]),
        ),
        rests_on=tuple(document["rests_on"]),
    )
