"""Two people's changes to one document, put together where they don't touch the same thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from screening.editing.documents import Document, Part

# A condition is one thought: two changes inside one are never mixed. So is one answer of a vignette.
WHOLE = frozenset({"shown_when", "when", "unless", "when_hidden"})

Place = tuple[str, ...]


class Nothing(Enum):
    """What stands where there is nothing: taken out, or never put in."""

    NOTHING = "nothing"


NOTHING = Nothing.NOTHING


@dataclass(frozen=True, slots=True)
class Collision:
    """One thing that both changed, by the keys that lead there; a value is NOTHING where it was taken out."""

    place: Place
    mine: object
    theirs: object


@dataclass(frozen=True, slots=True)
class Merged:
    """Both changes in one document, or None with what both changed."""

    document: Document | None
    collisions: tuple[Collision, ...]


def merge(base: Document, mine: Document, theirs: Document) -> Merged:
    """Put two changes of `base` together.

    Parts are known by their keys, so a question that one moved and the other reworded is moved and reworded.
    """
    work = _Merge()
    apart = work.value((), taken_apart(base), taken_apart(mine), taken_apart(theirs))
    document = None if work.collisions else work.together(apart)
    return Merged(None if work.collisions else document, tuple(work.collisions))


def taken_apart(document: Document) -> Document:
    """Return the document with its questions in one place by key, and only their keys in the sections."""
    asked = {
        question["key"]: question for section in document["sections"] for question in section["questions"]
    }
    sections = [
        {**section, "questions": [question["key"] for question in section["questions"]]}
        for section in document["sections"]
    ]
    return {**document, "sections": sections, "questions": asked}


class _Merge:
    def __init__(self) -> None:
        self.collisions: list[Collision] = []

    def value(self, place: Place, base: Any, mine: Any, theirs: Any) -> Any:
        if mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        sides = (base, mine, theirs)
        if all(isinstance(side, dict) for side in sides) and not _is_whole(place):
            return self._object(place, base, mine, theirs)
        if all(_is_keyed(side) for side in sides):
            return self._keyed(place, *(_by_key(side) for side in sides))
        if place[-1:] == ("questions",) and all(isinstance(side, list) for side in sides):
            return self._order(place, base, mine, theirs)
        self.collisions.append(Collision(place, mine, theirs))
        return theirs

    def together(self, apart: Document) -> Document:
        """Put the questions back into their sections; one that stands twice or nowhere was moved by both."""
        asked: Part = apart.pop("questions")
        placed = Counter(key for section in apart["sections"] for key in section["questions"])
        for key in {**asked, **placed}:
            if placed[key] != 1 or key not in asked:
                self.collisions.append(Collision(("questions", key), NOTHING, NOTHING))
        sections = [
            {**section, "questions": [asked[key] for key in section["questions"] if key in asked]}
            for section in apart["sections"]
        ]
        return {**apart, "sections": sections}

    def _object(self, place: Place, base: Part, mine: Part, theirs: Part) -> Part:
        names = dict.fromkeys((*theirs, *mine, *base))
        found = {
            name: self.value(
                (*place, name), base.get(name, NOTHING), mine.get(name, NOTHING), theirs.get(name, NOTHING)
            )
            for name in names
        }
        return {name: value for name, value in found.items() if value is not NOTHING}

    def _keyed(self, place: Place, base: Part, mine: Part, theirs: Part) -> list[Any]:
        parts = self._object(place, base, mine, theirs)
        order = self._order(place, list(base), list(mine), list(theirs))
        return [parts[key] for key in order if key in parts]

    def _order(self, place: Place, base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
        """Take the order of whoever changed it, with what the other put in after its neighbor."""
        common = set(base) & set(mine) & set(theirs)
        was, own, other = ([key for key in keys if key in common] for keys in (base, mine, theirs))
        if own in (was, other):
            return _woven(base, into=theirs, added=mine)
        if other != was:
            self.collisions.append(Collision((*place, "order"), mine, theirs))
        return _woven(base, into=mine, added=theirs)


def _woven(base: Sequence[str], into: Sequence[str], added: Sequence[str]) -> list[str]:
    woven = [key for key in into if key in added or key not in base]
    for index, key in enumerate(added):
        if key in woven or key in base:
            continue
        before = next((each for each in reversed(added[:index]) if each in woven), None)
        woven.insert(0 if before is None else woven.index(before) + 1, key)
    return woven


def _is_whole(place: Place) -> bool:
    return place[-1:] != () and (place[-1] in WHOLE or place[-2:-1] == ("answers",))


def _is_keyed(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) and "key" in each for each in value)


def _by_key(parts: list[Part]) -> Part:
    return {part["key"]: part for part in parts}
