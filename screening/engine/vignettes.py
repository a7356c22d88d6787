"""Example answers run through the rules, beside what they expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from screening.engine.definition import Definition, Vignette
from screening.engine.evaluation import evaluate
from screening.engine.findings import Findings
from screening.engine.problems import AnswerProblems, Problem


@dataclass(frozen=True, slots=True)
class VignetteResult:
    """What a vignette expects beside what was found; `findings` is None where its answers are bad."""

    vignette: Vignette
    findings: Findings | None
    problems: tuple[Problem, ...]

    @property
    def agrees(self) -> bool:
        """Whether everything that it expects was found."""
        return not self.problems


def run_vignettes(definition: Definition) -> tuple[VignetteResult, ...]:
    """Every vignette evaluated; problems have their place in the document."""
    return tuple(
        _run(definition, vignette, f"vignettes.{index}")
        for index, vignette in enumerate(definition.vignettes)
    )


def _run(definition: Definition, vignette: Vignette, place: str) -> VignetteResult:
    try:
        findings = evaluate(definition, vignette.answers, vignette.as_of, with_deciding=False)
    except AnswerProblems as error:
        bad = tuple(Problem(f"{place}.{p.place}", p.problem) for p in error.problems)
        return VignetteResult(vignette, None, bad)
    outcomes = {key: finding.outcome for key, finding in findings.indications.items()}
    return VignetteResult(
        vignette,
        findings,
        (
            *_differences(vignette.indications, outcomes, f"{place}.expect.indications"),
            *_differences(vignette.considerations, findings.considerations, f"{place}.expect.considerations"),
        ),
    )


def _differences(expected: Mapping[str, str], found: Mapping[str, str], place: str) -> Iterator[Problem]:
    for key, state in expected.items():
        if found[key] != state:
            yield Problem(f"{place}.{key}", f"This expects {state}, but the rules find {found[key]}.")
