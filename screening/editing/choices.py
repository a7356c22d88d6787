"""Choices: sets that questions share, changed for all of them or made one question's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from screening.editing.documents import (
    Document,
    Part,
    Refused,
    index_of,
    question_of,
    spots_of,
    swapped,
    with_question,
)
from screening.editing.keys import check_key, key_from, rename_choice, unused
from screening.editing.published import Published
from screening.editing.uses import uses_of_choice


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One choice as it was typed; `was` is its key in the document, "" for a new one."""

    was: str
    key: str
    label: str
    points: int | float | None
    identifies: bool


def shared_by(document: Document, name: str) -> list[Part]:
    """Return the questions that take their choices from a set."""
    return [question for _spot, question in spots_of(document) if question.get("choices") == name]


def new_set(document: Document, key: str, labels: Sequence[str]) -> tuple[Document, str]:
    """Add a set of choices with these labels, named after a question."""
    name = unused(key, document["choice_sets"])
    choices: list[Part] = []
    for label in labels:
        choices.append({"key": key_from(label, [c["key"] for c in choices], "choice"), "label": label})
    return {**document, "choice_sets": {**document["choice_sets"], name: choices}}, name


def own_choices(document: Document, question: str) -> Document:
    """Give a question a copy of the choices it shares, to be changed for it alone."""
    asked = question_of(document, question)
    name = unused(question, document["choice_sets"])
    sets = {**document["choice_sets"], name: document["choice_sets"][asked["choices"]]}
    return with_question({**document, "choice_sets": sets}, question, {**asked, "choices": name})


def change_choices(
    document: Document, question: str, rows: Sequence[ChoiceRow], published: Published
) -> Document:
    """Put these choices in the place of a question's, for every question that shares them."""
    name = question_of(document, question)["choices"]
    sharing = [each["key"] for each in shared_by(document, name)]
    if not rows:
        raise Refused(_("A list of choices has at least one choice."), field="choices")
    kept = {row.was for row in rows}
    for choice in document["choice_sets"][name]:
        if choice["key"] not in kept:
            _refuse_used(document, sharing, choice)
    for row in rows:
        if row.was and row.key and row.key != row.was:
            if published.has_choice(sharing, row.was):
                raise Refused(_("The key of a published choice stays."), field="choices")
            document = rename_choice(document, name, row.was, row.key)
    choices = _written(document["choice_sets"][name], rows)
    return {**document, "choice_sets": {**document["choice_sets"], name: choices}}


def without_unused(document: Document, name: str | None) -> Document:
    """Return the document without a set that no question takes its choices from any more."""
    if name is None or name not in document["choice_sets"] or shared_by(document, name):
        return document
    sets = {each: choices for each, choices in document["choice_sets"].items() if each != name}
    return {**document, "choice_sets": sets}


def _refuse_used(document: Document, sharing: Sequence[str], choice: Part) -> None:
    uses = uses_of_choice(document, sharing, choice["key"])
    if uses:
        words = _("“%(label)s” is read elsewhere, so it can’t be deleted yet.") % {"label": choice["label"]}
        raise Refused(words, field="choices", uses=uses)


def _written(choices: Sequence[Part], rows: Sequence[ChoiceRow]) -> list[Part]:
    by_key = {choice["key"]: choice for choice in choices}
    written: list[Part] = []
    for row in rows:
        taken = {choice["key"] for choice in written} | {each.key or each.was for each in rows if each.was}
        key = (row.key or row.was) if row.was else row.key
        if not row.was:
            key = key or key_from(row.label, taken, "choice")
            check_key(key, taken)
        choice = {**by_key.get(key, {}), "key": key, "label": row.label}
        choice.pop("points", None)
        if row.points is not None:
            choice["points"] = row.points
        if not row.identifies or "identifies" in choice:
            choice["identifies"] = row.identifies
        written.append(choice)
    return written


def move_choice(document: Document, question: str, choice: str, do: str) -> Document:
    """Move a choice "up" or "down", or "delete" it, for every question that shares it."""
    name = question_of(document, question)["choices"]
    choices = document["choice_sets"][name]
    index = index_of(choices, choice)
    if do == "delete":
        if len(choices) == 1:
            raise Refused(_("A list of choices has at least one choice."), field="choices")
        _refuse_used(document, [each["key"] for each in shared_by(document, name)], choices[index])
        left = [each for each in choices if each["key"] != choice]
    else:
        left = swapped(choices, index, {"up": -1, "down": 1}.get(do, 0))
    return {**document, "choice_sets": {**document["choice_sets"], name: left}}
