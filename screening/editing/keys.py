"""Keys: made from what people read, unique, and renamed everywhere at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext as _

from screening.editing.documents import Document, Part, Refused, spots_of
from screening.engine.fields import KEY_LETTERS, LONGEST_KEY, is_key

# Long enough to tell two questions apart, short enough to be read in a list.
READABLE = 40


def key_from(text: str, taken: Collection[str], otherwise: str = "item") -> str:
    """Return a readable key made from a text that isn't among those taken."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "".join(letter if letter in KEY_LETTERS else " " for letter in plain).split()
    key = ""
    for word in words:
        longer = f"{key}_{word}" if key else word[:READABLE]
        if len(longer) > READABLE:
            break
        key = longer
    return unused(key or otherwise, taken)


def unused(key: str, taken: Collection[str]) -> str:
    """Return the key, with a number behind it where it is taken."""
    number, found = 1, key
    while found in taken:
        number += 1
        found = f"{key[: LONGEST_KEY - 6]}_{number}"
    return found


def check_key(key: str, taken: Collection[str]) -> None:
    """Refuse a key that isn't made like one, or that another has."""
    if not is_key(key):
        raise Refused(_("A key is made of up to 100 letters a to z, digits, _ and -."), field="key")
    if key in taken:
        raise Refused(_("Something else in this version has this key already."), field="key")


def fact_keys(document: Document) -> frozenset[str]:
    """Return the keys of all questions, those inside entries too, and of all scores."""
    asked = (question["key"] for _spot, question in spots_of(document))
    return frozenset((*asked, *(score["key"] for score in document["scores"])))


def rename_fact(document: Document, key: str, new: str) -> Document:
    """Rename a question or a score, and follow it into every rule, score and vignette."""
    if key == new:
        return document
    check_key(new, fact_keys(document))

    def renamed(found: str) -> str:
        return new if found == key else found

    followed = mapped_conditions(
        document, lambda comparison: {**comparison, "fact": renamed(comparison["fact"])}
    )
    return {
        **followed,
        "sections": _sections(followed, renamed),
        "scores": [_score(score, renamed) for score in document["scores"]],
        "vignettes": [
            {**vignette, "answers": _answers(vignette["answers"], renamed)}
            for vignette in document["vignettes"]
        ],
    }


def rename_choice(document: Document, name: str, key: str, new: str) -> Document:
    """Rename a choice, and follow it into the rules and vignettes of the questions that share its set."""
    if key == new:
        return document
    choices = document["choice_sets"][name]
    check_key(new, [choice["key"] for choice in choices])
    asked = {question["key"] for _spot, question in spots_of(document) if question.get("choices") == name}

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(each) for each in value]
        return new if value == key else value

    def compared(comparison: Part) -> Part:
        if comparison["fact"] not in asked:
            return comparison
        return {n: value if n == "fact" else renamed(value) for n, value in comparison.items()}

    changed = [{**choice, "key": new} if choice["key"] == key else choice for choice in choices]
    return {
        **mapped_conditions(document, compared),
        "choice_sets": {**document["choice_sets"], name: changed},
        "vignettes": [
            {**vignette, "answers": _values(vignette["answers"], asked, renamed)}
            for vignette in document["vignettes"]
        ],
    }


def mapped_conditions(document: Document, change: Callable[[Part], Part]) -> Document:
    """Return the document with every comparison of gates and rules changed; a count's keys are facts too."""

    def mapped(condition: Any) -> Any:
        match condition:
            case {"fact": _fact}:
                return change(condition)
            case {"all": of}:
                return {"all": [mapped(inner) for inner in of]}
            case {"any": of}:
                return {"any": [mapped(inner) for inner in of]}
            case {"some": some}:
                return {"some": {**some, "of": [mapped(inner) for inner in some["of"]]}}
            case {"not": inner}:
                return {"not": mapped(inner)}
            case {"count": count}:
                facts = {n: change({"fact": count[n]})["fact"] for n in _COUNTED if n in count}
                return {"count": {**count, **facts, "where": mapped(count["where"])}}
        return condition

    return _with_conditions(document, mapped)


_COUNTED = ("of", "complete", "distinct_by")


def _with_conditions(document: Document, mapped: Callable[[Any], Any]) -> Document:
    def within(part: Part) -> Part:
        named: Part = {n: mapped(part[n]) for n in ("shown_when", "when", "unless") if n in part}
        lists: Part = {
            n: [within(each) for each in part[n]] for n in ("questions", "entry", "criteria") if n in part
        }
        return {**part, **named, **lists}

    found = {n: [within(each) for each in document[n]] for n in ("sections", "indications", "considerations")}
    scope = {"scope": within(document["scope"])} if "scope" in document else {}
    return {**document, **found, **scope}


def _sections(document: Document, renamed: Callable[[str], str]) -> list[Part]:
    def within(question: Part) -> Part:
        inner = {"entry": [within(asked) for asked in question["entry"]]} if "entry" in question else {}
        return {**question, "key": renamed(question["key"]), **inner}

    return [
        {**section, "questions": [within(question) for question in section["questions"]]}
        for section in document["sections"]
    ]


def _score(score: Part, renamed: Callable[[str], str]) -> Part:
    dated = {"dated_by": renamed(score["dated_by"])} if "dated_by" in score else {}
    return {**score, "key": renamed(score["key"]), "of": [renamed(key) for key in score["of"]], **dated}


def _answers(answers: Part, renamed: Callable[[str], str]) -> Part:
    return {
        renamed(key): _within_rows(answer, lambda row: _answers(row, renamed))
        for key, answer in answers.items()
    }


def _values(answers: Part, asked: Collection[str], renamed: Callable[[Any], Any]) -> Part:
    def changed(key: str, answer: Any) -> Any:
        if key in asked and isinstance(answer, dict) and "value" in answer:
            return {**answer, "value": renamed(answer["value"])}
        return _within_rows(answer, lambda row: _values(row, asked, renamed))

    return {key: changed(key, answer) for key, answer in answers.items()}


def _within_rows(answer: Any, change: Callable[[Part], Part]) -> Any:
    if not isinstance(answer, dict) or not isinstance(answer.get("entries"), list):
        return answer
    return {**answer, "entries": [change(row) if isinstance(row, dict) else row for row in answer["entries"]]}
