"""What the verifier reads of a questionnaire, and its digest: rules, without a single word."""

from __future__ import annotations

from typing import Any

from screening.engine.condition_document import render_condition
from screening.engine.conditions import Condition
from screening.engine.definition import Consideration, Definition, Indication, Question, Score
from screening.engine.json_text import digest
from screening.engine.values import Number, plain
from screening.engine.words import Level

# Goes up when the verifier asks more or reads rules otherwise: what was proved before is asked again then.
VERSION = 1


def rules_digest(definition: Definition) -> str:
    """The digest of a questionnaire's rules: equal digests have equal reports.

    Texts, vignettes, notes, sources and sections' names are left out; the verifier's version is in it.
    """
    return digest({"verifier": VERSION, **rules_of(definition)})


def rules_of(definition: Definition) -> dict[str, Any]:
    """The rules as JSON, in the order of the document."""
    return {
        "scope": _condition(definition.scope.when if definition.scope else None),
        "questions": [_question(question) for question in definition.questions],
        "scores": [_score(score) for score in definition.scores],
        "indications": [_indication(indication) for indication in definition.indications],
        "considerations": [_consideration(c) for c in definition.considerations],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind.value,
        "choices": [[c.key, _number(c.points), c.identifies] for c in question.choices],
        "limits": [_number(question.minimum), _number(question.maximum), question.decimals],
        "shown_when": _condition(question.shown_when),
        "hidden_is_unknown": question.hidden_is_unknown,
        "entry": [_question(inner) for inner in question.entry],
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "key": score.key,
        "kind": score.kind.value,
        "of": list(score.of),
        "age": [score.max_age_days, score.dated_by],
        "bands": [plain(band.start) for band in score.bands or ()],
    }


def _indication(indication: Indication) -> dict[str, Any]:
    criteria = [[c.key, render_condition(c.when), c.provider_judges] for c in indication.criteria]
    return {"key": indication.key, "criteria": criteria}


def _consideration(consideration: Consideration) -> dict[str, Any]:
    return {
        "key": consideration.key,
        "urgent": consideration.level is Level.URGENT,
        "when": render_condition(consideration.when),
        "unless": _condition(consideration.unless),
    }


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    return None if condition is None else render_condition(condition)


def _number(number: Number | None) -> int | float | None:
    return None if number is None else plain(number)
