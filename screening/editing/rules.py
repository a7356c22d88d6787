"""Edits of what looks at the facts: scores, indications with criteria, considerations, sources, vignettes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from screening.editing.documents import Document, Part, Refused, index_of, part_of, put, swapped
from screening.editing.uses import Use, UseKind, uses_of

# A gate or a condition is left out where there is none.
Condition = dict[str, object]


def with_item(document: Document, name: str, key: str | None, item: Part) -> Document:
    """Return the document with the item in the place of the one with that key, or behind the last."""
    items: list[Part] = document[name]
    found = [*items, item] if key is None else put(items, index_of(items, key), item)
    return {**document, name: found}


def moved_item(document: Document, name: str, key: str, step: int) -> Document:
    """Return the document with an item of a list one up (-1) or down (1)."""
    return {**document, name: swapped(document[name], index_of(document[name], key), step)}


def without_item(document: Document, name: str, key: str) -> Document:
    """Return the document without an item; what somebody still reads is refused, with who."""
    left = [item for item in document[name] if item["key"] != part_of(document[name], key)["key"]]
    uses = _uses(document, name, key)
    if uses:
        raise Refused(_("It is still read. Change these first."), uses=uses)
    return _unexpected({**document, name: left}, name, key)


def _uses(document: Document, name: str, key: str) -> tuple[Use, ...]:
    if name == "scores":
        return uses_of(document, [key])
    return tuple(uses_of_source(document, key)) if name == "sources" else ()


def uses_of_source(document: Document, key: str) -> Iterator[Use]:
    """Return every rule and note that rests on a source."""
    for indication in document["indications"]:
        if any(key in note["sources"] for note in indication["notes"]):
            yield Use(UseKind.CRITERION, (indication["key"],), indication["title"])
        for criterion in indication["criteria"]:
            if key in criterion["sources"]:
                keys = (indication["key"], criterion["key"])
                yield Use(UseKind.CRITERION, keys, f"{indication['title']}: {criterion['statement']}")
    for consideration in document["considerations"]:
        if key in consideration["sources"]:
            yield Use(UseKind.CONSIDERATION, (consideration["key"],), consideration["title"])


def _unexpected(document: Document, name: str, key: str) -> Document:
    """Return the document with no vignette that still expects anything of what is gone."""
    if name not in ("indications", "considerations"):
        return document
    vignettes = [
        {**vignette, "expect": {**vignette["expect"], name: _less(vignette["expect"].get(name, {}), key)}}
        if key in vignette["expect"].get(name, {})
        else vignette
        for vignette in document["vignettes"]
    ]
    return {**document, "vignettes": vignettes}


def _less(found: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != key}


def with_criterion(document: Document, indication: str, key: str | None, criterion: Part) -> Document:
    """Return the document with a criterion in the place of the one with that key, or behind the last."""
    return _with_criteria(
        document,
        indication,
        lambda criteria: (
            [*criteria, criterion] if key is None else put(criteria, index_of(criteria, key), criterion)
        ),
    )


def moved_criterion(document: Document, indication: str, key: str, step: int) -> Document:
    """Return the document with a criterion one up (-1) or down (1)."""
    return _with_criteria(document, indication, lambda found: swapped(found, index_of(found, key), step))


def without_criterion(document: Document, indication: str, key: str) -> Document:
    """Return the document without a criterion; the last one stays, as an indication asks for something."""
    criteria = part_of(document["indications"], indication)["criteria"]
    index = index_of(criteria, key)
    if len(criteria) == 1:
        raise Refused(_("An indication has at least one criterion. Delete the indication instead."))
    return _with_criteria(document, indication, lambda found: [*found[:index], *found[index + 1 :]])


def _with_criteria(document: Document, indication: str, change: Any) -> Document:
    found = part_of(document["indications"], indication)
    changed = {**found, "criteria": change(found["criteria"])}
    return with_item(document, "indications", indication, changed)


def with_gate(part: Part, gate: Condition | None) -> Part:
    """Return a section or a question with this gate, or with none."""
    left = {name: value for name, value in part.items() if name != "shown_when"}
    return left if gate is None else {**left, "shown_when": gate}


def in_order(chosen: list[str], before: list[str]) -> list[str]:
    """Return what was chosen, what was there before in its old order."""
    return [*(key for key in before if key in chosen), *(key for key in chosen if key not in before)]
