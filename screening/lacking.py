"""Which states of criteria no vignette has seen yet, and an example of each to begin one with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from screening.engine import Criterion, Definition, Indication
from screening.forms.previews import Example
from screening.review import Coverage, review
from screening.verification import Asked, Report, Result

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"


@dataclass(frozen=True, slots=True)
class Lacking:
    """One state of a criterion that no vignette shows; `name` asks a preview to begin with its example."""

    indication: str
    statement: str
    state: str
    name: str
    has_example: bool


def lacking(definition: Definition, report: Report | None) -> tuple[Lacking, ...]:
    """Return what the vignettes haven't seen, in the document's order."""
    examples = _examples(report)
    return tuple(
        Lacking(
            indication.title,
            criterion.statement,
            _judged(criterion, state),
            _name(indication, criterion, state),
            (_asked(criterion, state), indication.key, criterion.key) in examples,
        )
        for indication, criterion, state in _never_seen(definition)
    )


def example_of(definition: Definition, report: Report | None, name: str) -> Example | None:
    """Return the example that the verification found for a state; None where it found none."""
    examples = _examples(report)
    for indication, criterion, state in _never_seen(definition):
        if _name(indication, criterion, state) == name:
            found = examples.get((_asked(criterion, state), indication.key, criterion.key))
            if found is not None and found.witness is not None:
                return Example(found.witness.as_of, found.witness.answers).fitted(definition)
    return None


def _never_seen(definition: Definition) -> Iterator[tuple[Indication, Criterion, str]]:
    for indication, covered in zip(definition.indications, review(definition).coverage, strict=True):
        for criterion, seen in zip(indication.criteria, covered.criteria, strict=True):
            yield from ((indication, criterion, state) for state in _missing(seen))


def _missing(seen: Coverage) -> list[str]:
    counts = ((MET, seen.met), (NOT_MET, seen.not_met), (UNKNOWN, seen.unknown))
    return [state for state, count in counts if not count]


def _name(indication: Indication, criterion: Criterion, state: str) -> str:
    return f"{indication.key}.{criterion.key}.{state}"


def _judged(criterion: Criterion, state: str) -> str:
    return "provider_judges" if state == NOT_MET and criterion.provider_judges else state


def _asked(criterion: Criterion, state: str) -> Asked:
    match _judged(criterion, state):
        case "met":
            return Asked.CRITERION_MET
        case "not_met":
            return Asked.CRITERION_NOT_MET
        case "provider_judges":
            return Asked.CRITERION_JUDGED
    return Asked.CRITERION_UNKNOWN


def _examples(report: Report | None) -> Mapping[tuple[Asked, str, str], Result]:
    """Return what the verification found with an example, by what was asked of which criterion."""
    return {
        (result.about.asked, result.about.keys[0], result.about.keys[1]): result
        for result in (report.results if report else ())
        if result.witness is not None and len(result.about.keys) == 2
    }
