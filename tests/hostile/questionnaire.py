"""A questionnaire that has every kind of question and every text that a document can hold."""

import copy
import json
from collections.abc import Callable
from typing import Any

from tests.factories import small_questionnaire

Words = Callable[[str, int], str]

# What in a document is written for people; everything else is a key, a number or a rule.
TEXTS = frozenset(
    {
        "citation", "guidance", "help", "high_label", "instruction", "intended_use", "label", "licence",
        "low_label", "notice", "recall", "statement", "stem", "strength", "supports", "text", "title", "unit",
        "version",
    }
)  # fmt: skip


def _question(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "text": f"Text of {key}", "help": "Help", **more}


EVERYTHING = {
    "key": "everything",
    "title": "Everything",
    "help": "Every kind of question.",
    "questions": [
        _question("noted", "text", stem="A stem"),
        _question("since", "date", optional=True),
        _question(
            "how_many", "number", minimum=0, maximum=10, decimals=1, unit="a day", low_label="none",
            high_label="all",
        ),
        _question("which", "many_choices", choices="things"),
        _question("what", "one_choice", choices="many_things"),
        _question("item", "one_choice", choices="how_much", grid="made", instrument="made"),
        _question("item_too", "one_choice", choices="how_much", grid="made", instrument="made"),
        _question(
            "rows",
            "entries",
            entry=[
                _question("row_name", "text"),
                _question("row_kind", "one_choice", choices="things"),
                _question("row_weeks", "number", minimum=0, maximum=500),
                _question("row_since", "date"),
                _question("row_helped", "yes_no"),
            ],
        ),
    ],
}  # fmt: skip
THINGS = [{"key": f"thing{n}", "label": f"Thing {n}"} for n in range(12)]
ANSWERS: dict[str, dict[str, Any]] = small_questionnaire.ANSWERS | {
    "everything": {
        "since": {"value": "2026-10-01"},
        "how_many": {"value": 2.5},
        "which": {"value": ["thing0", "thing1"]},
        "what": {"value": "thing7"},
        "item": {"value": "3"},
        "item_too": {"value": "0"},
    }
}


def document(words: Words, key: str = "every_kind") -> str:
    """Return the document with each of its texts given by `words`."""
    made: dict[str, Any] = copy.deepcopy(small_questionnaire.DOCUMENT)
    made["key"] = key
    made["sections"].append(copy.deepcopy(EVERYTHING))
    made["choice_sets"] |= {"things": copy.deepcopy(THINGS[:3]), "many_things": copy.deepcopy(THINGS)}
    made["instruments"] = [
        {
            "key": "made", "title": "Made", "version": "1", "recall": "Two weeks", "instruction": "Read.",
            "notice": "Notice.", "licence": "Free.", "permission": True,
        }
    ]  # fmt: skip
    made["scores"][0]["bands"] = [{"from": 0, "label": "low"}, {"from": 3, "label": "high"}]
    for consideration in made["considerations"]:
        consideration["guidance"] = "Guidance."
    return json.dumps(_written(made, words))


def _written(value: Any, words: Words) -> Any:
    match value:
        case dict():
            return {
                key: words(f"document.{key}", 200) if key in TEXTS and isinstance(item, str)
                else _written(item, words)
                for key, item in value.items()
            }  # fmt: skip
        case list():
            return [_written(item, words) for item in value]
    return value


def answers(words: Words) -> dict[str, dict[str, Any]]:
    """Return answers of every section, with free text by `words`."""
    given = copy.deepcopy(ANSWERS)
    given["everything"]["noted"] = {"value": words("answer.noted", 4000)}
    row = {
        "row_name": {"value": words("answer.row_name", 4000)},
        "row_kind": {"value": "thing1"},
        "row_weeks": {"value": 8},
        "row_since": {"value": "2026-09-01"},
        "row_helped": {"value": False},
    }
    given["everything"]["rows"] = {"entries": [row]}
    return given
