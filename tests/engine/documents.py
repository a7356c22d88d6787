"""Small questionnaires for tests: a whole document around the parts that a test is about."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from screening.engine import ConsiderationState, Definition, evaluate, parse

AS_OF = date(2026, 11, 23)
Json = dict[str, Any]

POINTS = [{"key": str(n), "label": f"{n} points", "points": n} for n in range(4)]
DRUGS = [
    {"key": "a", "label": "Drug A"},
    {"key": "b", "label": "Drug B"},
    {"key": "other", "label": "Other", "identifies": False},
]


def question(key: str, kind: str = "yes_no", **more: Any) -> Json:
    """A question; one_choice has points 0 to 3 unless `choices` says otherwise."""
    if kind in ("one_choice", "many_choices"):
        more = {"choices": "points", **more}
    return {"key": key, "kind": kind, "text": f"Text of {key}", **more}


def section(*questions: Json, key: str = "only", **more: Any) -> Json:
    """A section of questions."""
    return {"key": key, "title": f"Title of {key}", "questions": list(questions), **more}


def consideration(when: Json, key: str = "rule", **more: Any) -> Json:
    """A consideration that is raised when a condition is true."""
    return {"key": key, "title": key, "level": "inform", "when": when, "sources": [], **more}


def criterion(when: Json, key: str = "criterion", **more: Any) -> Json:
    """A criterion of an indication."""
    basis = {"basis": "product_default", "sources": []}
    return {"key": key, "statement": f"Statement of {key}", "when": when, **basis, **more}


def indication(*criteria: Json, key: str = "indication") -> Json:
    """An indication with these criteria."""
    return {"key": key, "title": key, "notes": [], "criteria": list(criteria)}


def score(key: str, *of: str, kind: str = "sum", **more: Any) -> Json:
    """A score of these questions."""
    return {"key": key, "title": key, "kind": kind, "of": list(of), **more}


def document(*sections: Json, **parts: Any) -> Json:
    """A whole document with nothing but what is given."""
    return deepcopy(
        {
            "schema": 1,
            "key": "example",
            "title": "Example",
            "intended_use": "For tests.",
            "instruments": [],
            "choice_sets": {"points": POINTS, "drugs": DRUGS},
            "sections": list(sections) or [section(question("q"))],
            "scores": [],
            "indications": [],
            "considerations": [],
            "sources": [],
            "vignettes": [],
            **parts,
        }
    )


def answers(**given: Any) -> Json:
    """Answers in short: a value, `...` for not known, or an answer written out in full."""
    return {key: _answer(value) for key, value in given.items()}


def entries(*rows: Json) -> Json:
    """An answered list."""
    return {"entries": [answers(**row) for row in rows]}


def _answer(value: Any) -> Json:
    if value is ...:
        return {"unknown": "not_known"}
    return value if isinstance(value, dict) else {"value": value}


_TRUTHS = {
    ConsiderationState.RAISED: True,
    ConsiderationState.NOT_RAISED: False,
    ConsiderationState.NOT_ASSESSED: None,
}


def truth(when: Json, *sections: Json, given: Json, as_of: date = AS_OF, **parts: Any) -> bool | None:
    """What a rule says of answers: true, false, or None for unknown."""
    definition = parse(document(*sections, considerations=[consideration(when)], **parts))
    return _TRUTHS[evaluate(definition, given, as_of).considerations["rule"]]


def defined(*sections: Json, **parts: Any) -> Definition:
    """The parsed document."""
    return parse(document(*sections, **parts))
