"""Which states of the criteria the vignettes have seen."""

from __future__ import annotations

from collections.abc import Iterator

from screening.engine.definition import Definition
from screening.engine.problems import Problem
from screening.engine.vignettes import run_vignettes
from screening.engine.words import CriterionState

# Left to the provider is how a criterion is not met that nobody is turned away by.
_STATES = {
    "met": {CriterionState.MET},
    "not met": {CriterionState.NOT_MET, CriterionState.PROVIDER_JUDGES},
    "unknown": {CriterionState.UNKNOWN},
}


def uncovered(definition: Definition) -> Iterator[Problem]:
    """Every criterion is to be seen met, not met (or left to the provider) and unknown by some vignette."""
    runs = [result.findings for result in run_vignettes(definition) if result.findings]
    for index, indication in enumerate(definition.indications):
        for inner, criterion in enumerate(indication.criteria):
            seen = {run.indications[indication.key].criteria[criterion.key] for run in runs}
            never = [name for name, states in _STATES.items() if not states & seen]
            if never:
                place = f"indications.{index}.criteria.{inner}"
                yield Problem(place, f"No vignette sees this {_or(never)}.")


def _or(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
