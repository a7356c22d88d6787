"""What a version's own checks and vignettes say, for the people who decide about publishing it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from screening.catalog import definition_of_version
from screening.engine import (
    CriterionState,
    Definition,
    DocumentProblems,
    Findings,
    Indication,
    Problem,
    VignetteResult,
    run_vignettes,
)
from screening.engine.checks import CHECKS
from screening.models import QuestionnaireVersion

# The check before all others: whether the engine can read the document at all.
DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Difference:
    """One finding of a vignette that isn't as expected; `expected` and `found` are the engine's words."""

    title: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class VignetteReview:
    """What one vignette gave; `problems` are those of its own answers."""

    key: str
    title: str
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Whether all is as expected."""
        return not self.differences and not self.problems


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many vignettes have seen one criterion met, not met (or left to the provider) and unknown."""

    key: str
    statement: str
    met: int
    not_met: int
    unknown: int

    @property
    def never_seen(self) -> int:
        """How many of the three no vignette has seen."""
        return (self.met, self.not_met, self.unknown).count(0)


@dataclass(frozen=True, slots=True)
class IndicationCoverage:
    """The criteria of one indication with what the vignettes have seen of them."""

    title: str
    criteria: tuple[Coverage, ...]

    @property
    def never_seen(self) -> int:
        """How many states of its criteria no vignette has seen."""
        return sum(criterion.never_seen for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class Checked:
    """What one of the engine's checks found; one that only warns stands in no one's way."""

    name: str
    problems: tuple[Problem, ...]

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way of publishing."""
        return any(not problem.warning for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Review:
    """All that the software can say about a version by itself."""

    checks: tuple[Checked, ...]
    vignettes: tuple[VignetteReview, ...]
    coverage: tuple[IndicationCoverage, ...]

    @property
    def vignettes_that_hold(self) -> int:
        """How many vignettes give what they expect."""
        return sum(vignette.holds for vignette in self.vignettes)

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way of publishing."""
        return not any(each.blocks for each in self.checks)

    @property
    def never_seen(self) -> int:
        """How many states of criteria no vignette has seen."""
        return sum(indication.never_seen for indication in self.coverage)


def review_of(version: QuestionnaireVersion) -> Review:
    """Review a version; a document that the engine can't read any more has that as its one problem."""
    try:
        return review(definition_of_version(version))
    except DocumentProblems as unreadable:
        return Review((Checked(DOCUMENT, unreadable.problems),), (), ())


@lru_cache(maxsize=32)
def review(definition: Definition) -> Review:
    """Run the definition's checks and vignettes; what a document said once is kept by its hash."""
    results = run_vignettes(definition)
    told = tuple(problem for result in results for problem in result.problems)
    seen = _seen([result.findings for result in results if result.findings is not None])
    return Review(
        checks=(
            Checked(DOCUMENT, ()),
            *(
                Checked(name, told if name == "vignettes" else tuple(look(definition)))
                for name, look in CHECKS.items()
            ),
        ),
        vignettes=tuple(_vignette(definition, result) for result in results),
        coverage=tuple(_coverage(indication, seen) for indication in definition.indications),
    )


def _vignette(definition: Definition, result: VignetteResult) -> VignetteReview:
    vignette, findings = result.vignette, result.findings
    if findings is None:
        return VignetteReview(vignette.key, vignette.title, (), result.problems)
    outcomes = {key: finding.outcome for key, finding in findings.indications.items()}
    indications = {indication.key: indication.title for indication in definition.indications}
    considerations = {consideration.key: consideration.title for consideration in definition.considerations}
    differences = (
        *_differences(vignette.indications, outcomes, indications),
        *_differences(vignette.considerations, findings.considerations, considerations),
    )
    return VignetteReview(vignette.key, vignette.title, differences, ())


def _differences(
    expected: Mapping[str, str], found: Mapping[str, str], titles: Mapping[str, str]
) -> list[Difference]:
    return [
        Difference(titles[key], value, found[key]) for key, value in expected.items() if found[key] != value
    ]


def _seen(runs: list[Findings]) -> Counter[tuple[str, str, CriterionState]]:
    return Counter(
        (indication, criterion, state)
        for found in runs
        for indication, finding in found.indications.items()
        for criterion, state in finding.criteria.items()
    )


def _coverage(indication: Indication, seen: Counter[tuple[str, str, CriterionState]]) -> IndicationCoverage:
    return IndicationCoverage(
        indication.title,
        tuple(
            Coverage(
                key=criterion.key,
                statement=criterion.statement,
                met=seen[indication.key, criterion.key, CriterionState.MET],
                not_met=seen[indication.key, criterion.key, CriterionState.NOT_MET]
                + seen[indication.key, criterion.key, CriterionState.PROVIDER_JUDGES],
                unknown=seen[indication.key, criterion.key, CriterionState.UNKNOWN],
            )
            for criterion in indication.criteria
        ),
    )
