"""The shipped documents and the kept copies of the instruments, read once."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from screening.engine import Definition, parse

ROOT = Path(__file__).parents[3]
QUESTIONNAIRES = ROOT / "screening" / "questionnaires"
INSTRUMENTS = ROOT / "screening" / "instruments"

MAIN = "ketamine_referral"
SHORT_MEASURES = ("phq9", "gad7", "pcl5", "peg")
ALL = (MAIN, *SHORT_MEASURES)

Document = dict[str, Any]


@cache
def document(key: str) -> Document:
    """The document as JSON; nobody may change it."""
    return json.loads((QUESTIONNAIRES / f"{key}.json").read_text(encoding="utf-8"))


@cache
def definition(key: str = MAIN) -> Definition:
    return parse(document(key))


@cache
def instrument(key: str) -> Document:
    """The kept copy of a published instrument."""
    return json.loads((INSTRUMENTS / f"{key}.json").read_text(encoding="utf-8"))


def questions(key: str = MAIN) -> list[Document]:
    """Every question of a document in order, those inside entries after their list."""
    tops = [question for section in document(key)["sections"] for question in section["questions"]]
    return [question for top in tops for question in (top, *top.get("entry", ()))]
