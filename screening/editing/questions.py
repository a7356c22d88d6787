"""Questions: added, changed, moved, duplicated and deleted, with every place that reads them in mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from screening.editing.choices import new_set, without_unused
from screening.editing.documents import (
    Document,
    Part,
    Refused,
    filled,
    index_of,
    place_of,
    question_of,
    siblings,
    spot_of,
    spots_of,
    swapped,
    with_question,
    with_section,
    with_siblings,
)
from screening.editing.keys import fact_keys, key_from, rename_fact
from screening.editing.published import Published
from screening.editing.uses import UseKind, facts_in, uses_of

CHOOSING = ("one_choice", "many_choices")
# What only some kinds have; it goes when the kind changes.
ONLY_FOR: Mapping[str, tuple[str, ...]] = {
    "choices": CHOOSING,
    "minimum": ("number",),
    "maximum": ("number",),
    "decimals": ("number",),
    "unit": ("number",),
    "low_label": ("number", "one_choice"),
    "high_label": ("number", "one_choice"),
    "entry": ("entries",),
}
# What an instrument prescribes word for word.
PRESCRIBED = ("text", "stem", "low_label", "high_label", "unit", "minimum", "maximum", "kind", "choices")


@dataclass(frozen=True, slots=True)
class Begun:
    """A question to be added: what it needs at the least, by its kind."""

    text: str
    kind: str
    choices: Sequence[str] = ()
    choice_set: str = ""
    first_inner: str = ""


def made(document: Document, begun: Begun) -> tuple[Document, Part]:
    """Return a new question with a key of its own, and the document with the choices it needs."""
    key = key_from(begun.text, fact_keys(document), "question")
    question: Part = {"key": key, "kind": begun.kind, "text": begun.text}
    if begun.kind in CHOOSING:
        name = begun.choice_set
        if not name:
            if not begun.choices:
                raise Refused(_("Write its choices, one a line, or take those of another."), field="choices")
            document, name = new_set(document, key, begun.choices)
        question["choices"] = name
    if begun.kind == "entries":
        if not begun.first_inner:
            words = _("Write the first question that each entry asks.")
            raise Refused(words, field="first_inner")
        inner = key_from(begun.first_inner, {*fact_keys(document), key}, "question")
        question["entry"] = [{"key": inner, "kind": "text", "text": begun.first_inner}]
    return document, question


def add_question(document: Document, section: str, begun: Begun) -> tuple[Document, str]:
    """Add a question at the end of a section; return its key too."""
    document, question = made(document, begun)
    index = index_of(document["sections"], section)
    part = document["sections"][index]
    added = with_section(document, index, {**part, "questions": [*part["questions"], question]})
    return added, question["key"]


def add_inner(document: Document, holder: str, begun: Begun) -> tuple[Document, str]:
    """Add a question to what each entry of a list asks; return its key too."""
    document, question = made(document, begun)
    held = question_of(document, holder)
    return with_question(document, holder, {**held, "entry": [*held["entry"], question]}), question["key"]


def change_question(
    document: Document, key: str, changes: Part, published: Published, *, is_correction: bool = False
) -> Document:
    """Change a question; `changes` are its fields, None for one to be left out, with its key among them.

    What an instrument prescribes changes only as the correction of a transcription.
    """
    before = question_of(document, key)
    changes = {name: value for name, value in changes.items() if before.get(name) != value}
    new = changes.pop("key", key) or key
    _refuse_published(before, new, changes, published)
    _refuse_prescribed(before, changes, is_correction=is_correction)
    if "kind" in changes:
        changes = _fitted(document, before, changes)
    document = with_question(document, key, filled(before, changes))
    return rename_fact(without_unused(document, before.get("choices")), key, new)


def _refuse_published(before: Part, new: str, changes: Part, published: Published) -> None:
    if before["key"] not in published.kinds:
        return
    number = {"number": published.number}
    if new != before["key"]:
        raise Refused(
            _("Its key can’t change: version %(number)s is published with it.") % number, field="key"
        )
    if "kind" in changes:
        words = _("Its kind can’t change: version %(number)s is published with it. Add a question instead.")
        raise Refused(words % number, field="kind")


def _refuse_prescribed(before: Part, changes: Part, *, is_correction: bool) -> None:
    locked = next((name for name in PRESCRIBED if name in changes), None)
    if before.get("instrument") and locked and not is_correction:
        words = _("This is the instrument’s, word for word. Change it only to correct a transcription.")
        raise Refused(words, field=locked)


def _fitted(document: Document, before: Part, changes: Part) -> Part:
    """Return the changes with what the new kind needs, and without what it doesn't have."""
    uses = uses_of(document, {before["key"], *(inner["key"] for inner in before.get("entry", ()))})
    if uses:
        words = _("Its kind can’t change while other places read it as what it is.")
        raise Refused(words, field="kind", uses=uses)
    kind = changes["kind"]
    if kind in CHOOSING and not {**before, **changes}.get("choices"):
        raise Refused(_("Write its choices, one a line, or take those of another."), field="new_choices")
    gone = {name: None for name, kinds in ONLY_FOR.items() if kind not in kinds}
    if kind == "entries" and "entry" not in before and "entry" not in changes:
        raise Refused(_("Write the first question that each entry asks."), field="first_inner")
    return {**changes, **gone}


def move_question(document: Document, key: str, step: int) -> Document:
    """Move a question one up (-1) or down (1) among its neighbors."""
    spot = spot_of(document, key)
    return in_order(with_siblings(document, spot, swapped(siblings(document, spot), place_of(spot), step)))


def move_to_section(document: Document, key: str, section: str) -> Document:
    """Move a question to the end of another section."""
    spot = spot_of(document, key)
    if spot.inner is not None:
        raise Refused(_("A question of an entry stays in its entry."))
    there = index_of(document["sections"], section)
    if there == spot.section:
        return document
    question = question_of(document, key)
    left = _without(document, key)
    part = left["sections"][there]
    return in_order(with_section(left, there, {**part, "questions": [*part["questions"], question]}))


def duplicate_question(document: Document, key: str) -> tuple[Document, str]:
    """Put a copy of a question after it, with keys of its own; return the copy's key too."""
    spot, question = spot_of(document, key), question_of(document, key)
    taken = set(fact_keys(document))
    copy = {**question, "key": key_from(question["text"], taken, "question")}
    if "entry" in question:
        taken.add(copy["key"])
        inner = []
        for asked in question["entry"]:
            new = key_from(asked["text"], taken, "question")
            taken.add(new)
            inner.append((asked["key"], {**asked, "key": new}))
        keys = {old: each["key"] for old, each in inner}
        copy["entry"] = [_regated(each, keys) for _old, each in inner]
    beside = list(siblings(document, spot))
    beside.insert(place_of(spot) + 1, copy)
    return with_siblings(document, spot, beside), copy["key"]


def _regated(question: Part, keys: Mapping[str, str]) -> Part:
    def mapped(condition: Any) -> Any:
        match condition:
            case {"fact": fact}:
                return {**condition, "fact": keys.get(fact, fact)}
            case {"some": some}:
                return {"some": {**some, "of": [mapped(inner) for inner in some["of"]]}}
            case {"not": inner}:
                return {"not": mapped(inner)}
            case dict():
                return {name: [mapped(inner) for inner in of] for name, of in condition.items()}
        return condition

    return (
        {**question, "shown_when": mapped(question["shown_when"])} if "shown_when" in question else question
    )


def delete_question(document: Document, key: str, *, from_vignettes: bool = False) -> Document:
    """Take a question out; refused while rules, gates, scores or (unless told so) vignettes read it."""
    question = question_of(document, key)
    keys = {key, *(inner["key"] for inner in question.get("entry", ()))}
    uses = uses_of(document, keys)
    if from_vignettes:
        uses = tuple(use for use in uses if use.kind is not UseKind.VIGNETTE)
    if uses:
        raise Refused(_("It is read elsewhere, so it can’t be deleted yet."), uses=uses)
    left = _without(document, key)
    for asked in (question, *question.get("entry", ())):
        left = without_unused(left, asked.get("choices"))
    return _forgotten(left, keys)


def _without(document: Document, key: str) -> Document:
    spot = spot_of(document, key)
    beside = siblings(document, spot)
    if len(beside) == 1:
        words = _("It is the last one here, and a section or entry has at least one question.")
        raise Refused(words)
    return with_siblings(document, spot, [each for each in beside if each["key"] != key])


def _forgotten(document: Document, keys: set[str]) -> Document:
    """Return the document with these answers taken out of every vignette."""

    def left(answers: Part) -> Part:
        kept = {key: answer for key, answer in answers.items() if key not in keys}
        return {key: _rows_left(answer, left) for key, answer in kept.items()}

    vignettes = [{**each, "answers": left(each["answers"])} for each in document["vignettes"]]
    return {**document, "vignettes": vignettes}


def _rows_left(answer: Any, left: Any) -> Any:
    if not isinstance(answer, dict) or not isinstance(answer.get("entries"), list):
        return answer
    return {**answer, "entries": [left(row) if isinstance(row, dict) else row for row in answer["entries"]]}


def in_order(document: Document) -> Document:
    """Return the document, or refuse it where something is shown by what is asked after it."""
    asked: dict[str, str] = {}
    titles = {question["key"]: question["text"] for _spot, question in spots_of(document)}
    for section in document["sections"]:
        _look(section, section["title"], asked, titles)
        for question in section["questions"]:
            _look(question, question["text"], asked, titles)
            inside: dict[str, str] = {}
            for inner in question.get("entry", ()):
                _look(inner, inner["text"], inside, titles)
                inside[inner["key"]] = inner["text"]
            asked[question["key"]] = question["text"]
    return document


def _look(part: Part, title: str, asked: Mapping[str, str], titles: Mapping[str, str]) -> None:
    for fact in sorted(facts_in(part.get("shown_when"))):
        if fact not in asked:
            words = _("“%(shown)s” is shown by the answer to “%(asked)s”, so it can’t stand before it.")
            raise Refused(words % {"shown": title, "asked": titles.get(fact, fact)})
