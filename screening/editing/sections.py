"""Sections: added, changed, moved and deleted; each has at least one question."""

from __future__ import annotations

from django.utils.translation import gettext as _

from screening.editing.choices import without_unused
from screening.editing.documents import (
    Document,
    Part,
    Refused,
    filled,
    index_of,
    part_of,
    swapped,
    with_section,
)
from screening.editing.keys import check_key, key_from
from screening.editing.published import Published
from screening.editing.questions import Begun, in_order, made
from screening.editing.uses import uses_of


def add_section(document: Document, title: str, first: Begun) -> tuple[Document, str]:
    """Add a section at the end with its first question; return its key too."""
    key = key_from(title, [section["key"] for section in document["sections"]], "section")
    document, question = made(document, first)
    section = {"key": key, "title": title, "questions": [question]}
    return {**document, "sections": [*document["sections"], section]}, key


def change_section(document: Document, key: str, changes: Part, published: Published) -> Document:
    """Change a section's title, help, flags or key; None leaves a field out."""
    index = index_of(document["sections"], key)
    new = changes.get("key") or key
    if new != key:
        if key in published.sections:
            words = _("Its key can’t change: version %(number)s is published with it.")
            raise Refused(words % {"number": published.number}, field="key")
        check_key(new, [section["key"] for section in document["sections"]])
    return with_section(document, index, filled(document["sections"][index], {**changes, "key": new}))


def move_section(document: Document, key: str, step: int) -> Document:
    """Move a section one up (-1) or down (1)."""
    sections = document["sections"]
    return in_order({**document, "sections": swapped(sections, index_of(sections, key), step)})


def delete_section(document: Document, key: str) -> Document:
    """Take out a section with its questions; refused while anything outside of it reads one of them."""
    section = part_of(document["sections"], key)
    if len(document["sections"]) == 1:
        raise Refused(_("A questionnaire has at least one section."))
    left = {**document, "sections": [each for each in document["sections"] if each["key"] != key]}
    asked = [each for top in section["questions"] for each in (top, *top.get("entry", ()))]
    uses = uses_of(left, {each["key"] for each in asked})
    if uses:
        words = _("What it asks is read elsewhere, so it can’t be deleted yet.")
        raise Refused(words, uses=uses)
    for each in asked:
        left = without_unused(left, each.get("choices"))
    return left


def new_document(title: str, key: str, intended_use: str, section: str, first: Begun) -> Document:
    """Return the document of a new questionnaire with one section and its first question."""
    empty: Document = {"schema": 1, "key": key, "title": title, "intended_use": intended_use}
    lists = ("instruments", "sections", "scores", "indications", "considerations", "sources", "vignettes")
    document, _key = add_section({**empty, **{name: [] for name in lists}, "choice_sets": {}}, section, first)
    return document
