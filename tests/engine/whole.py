"""A document that uses everything there is."""

from __future__ import annotations

import pytest

from screening.engine import DocumentProblems, parse
from tests.engine.documents import (
    answers,
    consideration,
    criterion,
    document,
    entries,
    indication,
    question,
    score,
    section,
)

YES = {"fact": "gate", "is": True}
GATE = {"shown_when": YES}


def whole() -> dict:
    """A document that uses everything there is."""
    count = {
        "of": "trials",
        "where": {"fact": "ok", "is": True},
        "at_least": 1,
        "complete": "trials_complete",
        "distinct_by": "drug",
    }
    entry = [
        question("drug", "one_choice", choices="drugs"),
        question("ok", shown_when={"fact": "drug", "is": "a"}),
    ]
    return document(
        section(
            question("gate", optional=False, self_report=True),
            question("age", "number", minimum=0, maximum=120, unit="years", decimals=0, instrument="scale"),
            question("choice", "one_choice", stem="Stem", help="Help", grid="one grid", loinc="1-2"),
            question("many", "many_choices", grid=True),
            question("temperature", "number", decimals=1, minimum=30.5, low_label="Cold", high_label="Hot"),
            key="first",
            help="Help",
            sensitive=False,
            always_shared=True,
        ),
        section(
            question("day", "date", when_hidden={"unknown": "not_known"}),
            question("words", "text", optional=True, shown_when={"fact": "age", "at_least": 18.5}),
            question("trials", "entries", entry=entry),
            question("trials_complete"),
            key="second",
            **GATE,
        ),
        scope={"statement": "Adult.", "when": {"fact": "age", "at_least": 18}},
        instruments=[
            {
                "key": "scale",
                "title": "Scale",
                "version": "1",
                "recall": None,
                "instruction": "",
                "notice": "(c)",
                "licence": "Free.",
                "permission": True,
            },
            {
                "key": "other",
                "title": "Other",
                "version": None,
                "recall": None,
                "instruction": None,
                "notice": None,
                "licence": None,
                "permission": None,
            },
        ],
        scores=[
            score(
                "total",
                "choice",
                "gate",
                max_age_days=30,
                dated_by="day",
                bands=[{"from": 0, "label": "none"}, {"from": 0.5, "label": "some"}],
            ),
            score("mean", "age", kind="mean", bands=[]),
        ],
        indications=[
            {
                **indication(
                    criterion({"count": count}, "one", basis="published", sources=["paper"]),
                    criterion(
                        {
                            "some": {
                                "at_least": 1,
                                "of": [YES, {"not": {"fact": "choice", "one_of": ["0", "1"]}}],
                            }
                        },
                        "two",
                        if_not_met="provider_judges",
                    ),
                ),
                "notes": [{"text": "A line.", "sources": ["paper"]}],
            }
        ],
        considerations=[
            consideration({"all": [YES, {"fact": "day", "at_most": "2026-01-01"}]}, "raise", level="urgent"),
            consideration(
                {"any": [{"fact": "many", "includes": "2"}, {"fact": "total", "is_not": 3}]},
                "more",
                unless=YES,
                modifiable=True,
                blocks_sending=False,
                guidance="Read this.",
                sources=["paper"],
            ),
        ],
        sources=[
            {
                "key": "paper",
                "citation": "Someone 2020.",
                "supports": "The cut-off.",
                "strength": "strong",
                "read": "secondary",
                "review_by": "2027-11-01",
            }
        ],
        vignettes=[
            {
                "key": "example",
                "title": "Example",
                "as_of": "2026-11-23",
                "answers": {**answers(gate=True, age=34), "trials": entries({"drug": "a"})},
                "expect": {
                    "indications": {"indication": "not_enough_information"},
                    "considerations": {"raise": "not_assessed"},
                },
            },
            _vignette("blank", {}),
            _vignette("none", answers(gate=False, choice="0")),
            _vignette("tried", {**answers(gate=True), "trials": entries({"drug": "a", "ok": True})}),
        ],
    )


def _vignette(key: str, given: dict) -> dict:
    nothing = {"indications": {}, "considerations": {}}
    return {"key": key, "title": key, "as_of": "2026-11-23", "answers": given, "expect": nothing}


def found(changed: object) -> list[tuple[str, str]]:
    """The problems of a bad document as pairs of place and sentence."""
    with pytest.raises(DocumentProblems) as caught:
        parse(changed)
    return [(problem.place, problem.problem) for problem in caught.value.problems]
