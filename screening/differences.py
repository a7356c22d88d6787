"""In what two versions differ about the same answers, as keys of rules and questions."""

from collections.abc import Collection, Mapping
from typing import Any

from screening.engine import Definition, Findings, evaluate
from screening.engine.meaning import carry, differing, parts_of
from screening.reading import Reading
from screening.records import Answer

# {"outcomes": {INDICATION: [before, after]}, "criteria": {"INDICATION.CRITERION": [..]},
#  "considerations": {KEY: [..]}, "questions": [KEY]}; a side that has no such rule is null.
Differences = dict[str, Any]


def differences(reading: Reading, newer: Definition, named: Collection[str]) -> Differences:
    """Return what the newer version finds otherwise in a screening's answers, and which named it answered.

    Empty if it finds the same and no question of `named` was answered.
    """
    kept = carry(reading.definition, newer, reading.answers).answers
    after = evaluate(newer, dict(kept), reading.as_of)
    found: Differences = _found(reading.findings, after)
    found["questions"] = [key for key in named if key in _answered(reading.answers)]
    return {name: what for name, what in found.items() if what}


def changed_questions(before: Definition, after: Definition) -> list[str]:
    """Return the questions of the earlier version that ask something else now, or that are gone."""
    keys = [each.key for top in before.questions for each in (top, *top.entry)]
    later = {each.key for top in after.questions for each in (top, *top.entry)}
    return [key for key in keys if key not in later or differing(before, after, key)]


def changed_rules(before: Definition, after: Definition) -> list[str]:
    """Return the indications and considerations that differ between two versions, as "kind:key"."""
    return [
        *_unlike("indication", before.indications, after.indications),
        *_unlike("consideration", before.considerations, after.considerations),
    ]


def question_text(definition: Definition, key: str) -> str:
    """Return a question in words; one that the version doesn't ask by its key."""
    try:
        parts_of(definition, key)
    except KeyError:
        return key
    return definition.question(key).text


def _unlike(kind: str, before: Collection[Any], after: Collection[Any]) -> list[str]:
    old, new = ({each.key: each for each in rules} for rules in (before, after))
    return [f"{kind}:{key}" for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]


def _found(before: Findings, after: Findings) -> Differences:
    return {
        "outcomes": _pairs(
            {key: each.outcome.value for key, each in before.indications.items()},
            {key: each.outcome.value for key, each in after.indications.items()},
        ),
        "criteria": _pairs(_criteria(before), _criteria(after)),
        "considerations": _pairs(
            {key: state.value for key, state in before.considerations.items()},
            {key: state.value for key, state in after.considerations.items()},
        ),
    }


def _criteria(findings: Findings) -> dict[str, str]:
    return {
        f"{key}.{criterion}": state.value
        for key, each in findings.indications.items()
        for criterion, state in each.criteria.items()
    }


def _pairs(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str | None]]:
    return {
        key: [before.get(key), after.get(key)]
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    }


def _answered(answers: Mapping[str, Answer]) -> set[str]:
    inner = {key for answer in answers.values() for row in answer.get("entries", ()) for key in row}
    return {key for key, answer in answers.items() if answer} | inner
