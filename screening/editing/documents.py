"""Finding a part of a document by its key, and putting a changed one in its place, in a new document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from screening.editing.uses import Use

Document: TypeAlias = dict[str, Any]
Part: TypeAlias = dict[str, Any]


class Refused(Exception):
    """An edit that can't be made; `uses` are the places that stand in its way, `field` is where to say it."""

    def __init__(self, sentence: str, *, field: str = "", uses: Sequence[Use] = ()) -> None:
        super().__init__(sentence)
        self.field = field
        self.uses = tuple(uses)


class Missing(Refused):
    """The part isn't in the document, or not any more."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a question stands: in which section, at which place, and within which entry."""

    section: int
    question: int
    inner: int | None = None


def index_of(parts: Sequence[Part], key: str) -> int:
    """Return the place of the part with that key; Missing if there is none."""
    for index, part in enumerate(parts):
        if part["key"] == key:
            return index
    raise Missing(_("It is no longer in this version: somebody took it out."))


def part_of(parts: Sequence[Part], key: str) -> Part:
    """Return the part with that key; Missing if there is none."""
    return parts[index_of(parts, key)]


def spots_of(document: Document) -> Iterator[tuple[Spot, Part]]:
    """Return every question with its place, those inside entries after the one that holds them."""
    for number, section in enumerate(document["sections"]):
        for index, question in enumerate(section["questions"]):
            yield Spot(number, index), question
            for inner, asked in enumerate(question.get("entry", ())):
                yield Spot(number, index, inner), asked


def spot_of(document: Document, key: str) -> Spot:
    """Return where the question with that key stands; Missing if there is none."""
    for spot, question in spots_of(document):
        if question["key"] == key:
            return spot
    raise Missing(_("It is no longer in this version: somebody took it out."))


def question_of(document: Document, key: str) -> Part:
    """Return the question with that key, also one inside an entry; Missing if there is none."""
    return siblings(document, spot := spot_of(document, key))[place_of(spot)]


def place_of(spot: Spot) -> int:
    """Return the question's place among its siblings."""
    return spot.question if spot.inner is None else spot.inner


def siblings(document: Document, spot: Spot) -> list[Part]:
    """Return the list that a question stands in: its section's, or its entry's."""
    questions: list[Part] = document["sections"][spot.section]["questions"]
    if spot.inner is None:
        return questions
    inner: list[Part] = questions[spot.question]["entry"]
    return inner


def with_siblings(document: Document, spot: Spot, questions: list[Part]) -> Document:
    """Return the document with another list in the place of the one that a question stands in."""
    section = document["sections"][spot.section]
    if spot.inner is not None:
        holder = {**section["questions"][spot.question], "entry": questions}
        questions = put(section["questions"], spot.question, holder)
    return with_section(document, spot.section, {**section, "questions": questions})


def with_section(document: Document, index: int, section: Part) -> Document:
    """Return the document with another section in that place."""
    return {**document, "sections": put(document["sections"], index, section)}


def with_question(document: Document, key: str, question: Part) -> Document:
    """Return the document with another question in the place of the one with that key."""
    spot = spot_of(document, key)
    return with_siblings(document, spot, put(siblings(document, spot), place_of(spot), question))


def put(parts: Sequence[Part], index: int, part: Part) -> list[Part]:
    """Return the list with another part in that place."""
    return [*parts[:index], part, *parts[index + 1 :]]


def swapped(parts: Sequence[Part], index: int, step: int) -> list[Part]:
    """Return the list with the part moved one up (-1) or down (1); at the edge it stays."""
    there = index + step
    if not 0 <= there < len(parts):
        return list(parts)
    moved = list(parts)
    moved[index], moved[there] = moved[there], moved[index]
    return moved


def filled(part: Part, changes: Part) -> Part:
    """Return the part with the changes; what is None is left out, and so is a false flag that wasn't written.

    Names that the changes don't have stay as they are.
    """
    merged = {**part, **changes}
    return {
        name: value
        for name, value in merged.items()
        if not (name in changes and (value is None or (value is False and name not in part)))
    }
