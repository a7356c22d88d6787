"""A questionnaire with a section of 12 and one of 60 questions, five choices each."""

import json
from typing import Any

SHORT, LONG = 12, 60
CHOICES = ("0", "1", "2", "3", "4")
LABELS = ("Not at all", "A little", "Moderately", "Quite a bit", "Extremely")


def keys(count: int) -> tuple[str, ...]:
    """Return the keys of a section's questions."""
    return tuple(f"of_{count}_{number}" for number in range(1, count + 1))


def answers(count: int, shift: int = 0) -> dict[str, dict[str, str]]:
    """Return an answer to every question of a section; another `shift` changes every one of them."""
    return {key: {"value": CHOICES[(n + shift) % len(CHOICES)]} for n, key in enumerate(keys(count))}


def text() -> str:
    """Return the document."""
    return json.dumps(_document())


def _document() -> dict[str, Any]:
    return {
        "schema": 1,
        "key": "bench",
        "title": "Two lengths of section",
        "intended_use": "To measure how fast a section is.",
        "instruments": [],
        "choice_sets": {
            "how_much": [
                {"key": key, "label": label, "points": points}
                for points, (key, label) in enumerate(zip(CHOICES, LABELS, strict=True))
            ]
        },
        "sections": [_section(SHORT), _section(LONG)],
        "scores": [_score(SHORT), _score(LONG)],
        "indications": [_indication()],
        "considerations": [],
        "sources": [_source()],
        "vignettes": [
            _vignette("nothing", {}),
            _vignette("least", _all(CHOICES[0])),
            _vignette("most", _all(CHOICES[-1])),
        ],
    }


def _all(choice: str) -> dict[str, dict[str, str]]:
    return {key: {"value": choice} for key in (*keys(SHORT), *keys(LONG))}


def _vignette(key: str, answered: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Show each criterion in one of its states: nothing is published that wasn't seen."""
    expect: dict[str, Any] = {"indications": {}, "considerations": {}}
    return {"key": key, "title": key, "as_of": "2026-01-01", "answers": answered, "expect": expect}


def _section(count: int) -> dict[str, Any]:
    return {
        "key": f"section_{count}",
        "title": f"{count} questions",
        "questions": [
            {
                "key": key,
                "kind": "one_choice",
                "choices": "how_much",
                "text": f"In the last two weeks, how much were you bothered by problem number {number}?",
            }
            for number, key in enumerate(keys(count), start=1)
        ],
    }


def _score(count: int) -> dict[str, Any]:
    bands = [{"from": 0, "label": "Lower half"}, {"from": 2 * count, "label": "Upper half"}]
    title = f"Total of {count}"
    return {"key": f"total_{count}", "title": title, "kind": "sum", "of": list(keys(count)), "bands": bands}


def _indication() -> dict[str, Any]:
    return {
        "key": "bothered",
        "title": "Bothered by many problems",
        "notes": [{"text": "An invented line.", "sources": ["invented"]}],
        "criteria": [
            {
                "key": f"much_of_{count}",
                "statement": f"Half of the points of {count} questions, or more",
                "when": {"fact": f"total_{count}", "at_least": 2 * count},
                "basis": "product_default",
                "sources": ["invented"],
            }
            for count in (SHORT, LONG)
        ],
    }


def _source() -> dict[str, str]:
    return {
        "key": "invented",
        "citation": "Invented to measure 2026",
        "supports": "Nothing",
        "strength": "none",
        "read": "yes",
        "review_by": "2100-01-01",
    }
