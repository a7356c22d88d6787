"""What must be right before a definition is published, beyond its being readable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from screening.engine.conditions import Comparison, Not, Operator, Some, facts_of
from screening.engine.coverage import uncovered
from screening.engine.dead_rules import dead_rules
from screening.engine.definition import Definition, Score
from screening.engine.evaluation import evaluate
from screening.engine.places import placed_conditions, rules_of
from screening.engine.problems import Problem
from screening.engine.rendering import render
from screening.engine.scoring import comparison_of
from screening.engine.values import Number, plain
from screening.engine.vignettes import run_vignettes
from screening.engine.wording import own_texts, read_words
from screening.engine.words import Basis, CriterionState, Kind, ScoreKind


def check(definition: Definition) -> tuple[Problem, ...]:
    """Every problem, then every warning; a warning blocks nothing."""
    found = [problem for look in CHECKS.values() for problem in look(definition)]
    return tuple(sorted(found, key=lambda problem: problem.warning))


def _check_vignettes(definition: Definition) -> Iterator[Problem]:
    for result in run_vignettes(definition):
        yield from result.problems


def _check_blank(definition: Definition) -> Iterator[Problem]:
    """A definition must not say yes to nothing."""
    blank = evaluate(definition, {}, date(2000, 1, 1), with_deciding=False)
    for index, indication in enumerate(definition.indications):
        states = blank.indications[indication.key].criteria.values()
        if all(state is CriterionState.MET for state in states):
            yield Problem(f"indications.{index}.criteria", "These are all met with nothing answered.")


def _check_sources(definition: Definition) -> Iterator[Problem]:
    for index, indication in enumerate(definition.indications):
        for inner, criterion in enumerate(indication.criteria):
            if criterion.basis is Basis.PUBLISHED and not criterion.sources:
                place = f"indications.{index}.criteria.{inner}.sources"
                yield Problem(place, "A published criterion needs its source.")


def _check_bands(definition: Definition) -> Iterator[Problem]:
    for index, score in enumerate(definition.scores):
        low, high = score_range(definition, score)
        before: Number | None = None
        for inner, band in enumerate(score.bands or ()):
            place = f"scores.{index}.bands.{inner}.from"
            if not low <= band.start <= high:
                yield Problem(
                    place, f"This is outside the score, which goes from {plain(low)} to {plain(high)}."
                )
            if inner == 0 and low < band.start <= high:
                yield Problem(place, f"The score begins at {plain(low)}: what is below this has no band.")
            if before is not None and band.start <= before:
                yield Problem(place, "A band must start above the one before it.")
            before = band.start


def score_range(definition: Definition, score: Score) -> tuple[Number, Number]:
    """The lowest and the highest value that a score can have."""
    ranges = [definition.question(key).points_range or (0, 0) for key in score.of]
    low, high = sum(least for least, _ in ranges), sum(most for _, most in ranges)
    if score.kind is ScoreKind.MEAN:
        return Fraction(low) / len(ranges), Fraction(high) / len(ranges)
    return low, high


def _check_wording(definition: Definition) -> Iterator[Problem]:
    """Nothing here decides, advises or judges; what is quoted from others may."""
    words = read_words()
    for place, text in own_texts(render(definition)):
        for found in dict.fromkeys(words.found_in(text)):
            yield Problem(place, f"This says “{found}”, which would decide, advise or judge.")


def _check_some(definition: Definition) -> Iterator[Problem]:
    for place, condition in placed_conditions(definition):
        if isinstance(condition, Some) and condition.at_least > len(condition.of):
            yield Problem(
                f"{place}.some.at_least", "This is more than there are conditions: it is never true."
            )


def _warn_of_optional(definition: Definition) -> Iterator[Problem]:
    """An optional question is never needed to settle anything."""
    for place, condition in rules_of(definition):
        if place.startswith("indications."):
            for key in facts_of(condition):
                if not _is_score(definition, key) and definition.question(key).optional:
                    yield Problem(place, f"This reads {key}, which is optional.", warning=True)


def _warn_of_reach(definition: Definition) -> Iterator[Problem]:
    """A comparison that comes out the same whatever is answered says nothing.

    It can even change its mind: false while a score may not be administered at all, and unknown once it
    is and turns out to be too old.
    """
    for place, condition in placed_conditions(definition):
        if isinstance(condition, Comparison):
            reach = _reach(definition, condition)
            if reach and comparison_of(condition.operator, condition.value)(*reach) is not None:
                goes = f"This goes from {plain(reach[0])} to {plain(reach[1])}"
                where = f"{place}.{condition.operator}"
                yield Problem(where, f"{goes}: the comparison says nothing.", warning=True)


def _reach(definition: Definition, condition: Comparison) -> tuple[Number, Number] | None:
    """From where to where a score, a number with limits or the points of a choice can go."""
    for score in definition.scores:
        if score.key == condition.fact:
            return score_range(definition, score)
    question = definition.question(condition.fact)
    if question.kind is Kind.ONE_CHOICE and condition.operator in (Operator.AT_LEAST, Operator.AT_MOST):
        return question.points_range
    if question.kind is Kind.NUMBER and question.minimum is not None and question.maximum is not None:
        return question.minimum, question.maximum
    return None


def _warn_of_hidden(definition: Definition) -> Iterator[Problem]:
    """A hidden fact counts as no, or as false in every comparison: "not" turns that into a yes."""
    for place, condition in placed_conditions(definition):
        match condition:
            case Not(condition=inner):
                hidden = [key for key in facts_of(inner) if _can_be_hidden(definition, key)]
                if hidden:
                    yield _hidden(f"{place}.not", "not", ", ".join(hidden))
            case Comparison(fact=fact, operator=Operator.IS_NOT) if _can_be_hidden(definition, fact):
                yield _hidden(f"{place}.is_not", "is_not", fact)
            case Comparison(fact=fact, operator=Operator.IS, value=False) if _can_be_hidden(definition, fact):
                yield _hidden(f"{place}.is", "is no", fact)


def _hidden(place: str, what: str, facts: str) -> Problem:
    return Problem(place, f'This says "{what}" of {facts}, which can be hidden.', warning=True)


def _is_score(definition: Definition, key: str) -> bool:
    return any(score.key == key for score in definition.scores)


def _can_be_hidden(definition: Definition, key: str) -> bool:
    for score in definition.scores:
        if score.key == key:
            return all(_can_be_hidden(definition, item) for item in score.of)
    return definition.question(key).shown_when is not None


# What `check` looks at, by name and in this order.
CHECKS: Mapping[str, Callable[[Definition], Iterator[Problem]]] = {
    "bands": _check_bands,
    "some": _check_some,
    "sources": _check_sources,
    "blank": _check_blank,
    "dead": dead_rules,
    "wording": _check_wording,
    "vignettes": _check_vignettes,
    "coverage": uncovered,
    "hidden": _warn_of_hidden,
    "optional": _warn_of_optional,
    "reach": _warn_of_reach,
}
