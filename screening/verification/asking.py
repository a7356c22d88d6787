"""What is asked about a questionnaire, in the order of its document: known before anything is proved."""

from __future__ import annotations

from collections.abc import Iterator

from screening.engine.definition import Consideration, Criterion, Definition, Indication, Score
from screening.engine.words import Level
from screening.verification.report import About, Asked


def asked_of(definition: Definition) -> tuple[About, ...]:
    """Everything that is asked about one version."""
    return tuple(_all(definition))


def compared(definition: Definition, before: Definition) -> tuple[About, ...]:
    """Everything that is asked about a version and the one before it; what was taken away comes last."""
    return tuple(
        About(asked, (key,))
        for asked, now, then in (
            (Asked.SAME_OUTCOME, definition.indications, before.indications),
            (Asked.SAME_STATE, definition.considerations, before.considerations),
        )
        for key in dict.fromkeys([thing.key for thing in (*now, *then)])
    )


def _all(definition: Definition) -> Iterator[About]:
    for question in definition.questions:
        yield About(Asked.QUESTION_SHOWN, (question.key,))
        for inner in question.entry:
            yield About(Asked.QUESTION_SHOWN, (question.key, inner.key))
    for score in definition.scores:
        yield from _of_score(score)
    if definition.scope:
        yield from map(About, (Asked.SCOPE_MET, Asked.SCOPE_NOT_MET, Asked.SCOPE_UNKNOWN))
    for indication in definition.indications:
        yield from _of_indication(indication)
    for consideration in definition.considerations:
        yield from _of_consideration(consideration)


def _of_score(score: Score) -> Iterator[About]:
    if score.bands:
        yield About(Asked.BANDS_WHOLE, (score.key,))
    for index in range(len(score.bands or ())):
        yield About(Asked.BAND_NAMED, (score.key, str(index)))


def _of_indication(indication: Indication) -> Iterator[About]:
    """One whose criteria are all for the provider to judge is never "not present", as it was declared."""
    key = (indication.key,)
    for criterion in indication.criteria:
        yield from _of_criterion((*key, criterion.key), criterion)
    yield About(Asked.PRESENT, key)
    if not all(criterion.provider_judges for criterion in indication.criteria):
        yield About(Asked.NOT_PRESENT, key)
    yield About(Asked.NOT_ENOUGH, key)
    yield About(Asked.INDICATION_SETTLED, key)
    yield About(Asked.INDICATION_LASTS, key)


def _of_criterion(keys: tuple[str, str], criterion: Criterion) -> Iterator[About]:
    yield About(Asked.CRITERION_MET, keys)
    yield About(Asked.CRITERION_JUDGED if criterion.provider_judges else Asked.CRITERION_NOT_MET, keys)
    yield About(Asked.CRITERION_UNKNOWN, keys)


def _of_consideration(consideration: Consideration) -> Iterator[About]:
    key = (consideration.key,)
    yield About(Asked.RAISED, key)
    yield About(Asked.NOT_RAISED, key)
    yield About(Asked.NOT_ASSESSED, key)
    if consideration.level is Level.URGENT:
        yield About(Asked.URGENT_KEPT, key)
    yield About(Asked.CONSIDERATION_SETTLED, key)
