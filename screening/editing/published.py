"""Keys that were published: screenings were answered with them, so they and their kinds stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from screening.editing.documents import Document, spots_of
from screening.engine import Definition, Problem


@dataclass(frozen=True, slots=True)
class Published:
    """The keys of every version ever published: facts with their kinds, choices with their question."""

    kinds: Mapping[str, frozenset[str]]
    sections: frozenset[str]
    choices: frozenset[tuple[str, str]]
    rules: frozenset[tuple[str, str]]
    number: int | None

    def has_choice(self, questions: Iterable[str], choice: str) -> bool:
        """Whether the choice was published with one of the questions."""
        return any((question, choice) in self.choices for question in questions)


def published_keys(definitions: Iterable[Definition], number: int | None = None) -> Published:
    """Collect the keys of these versions; `number` is the latest of them, for people."""
    kinds: dict[str, set[str]] = {}
    sections, choices, rules = set(), set(), set()
    for definition in definitions:
        sections |= {section.key for section in definition.sections}
        for top in definition.questions:
            for question in (top, *top.entry):
                kinds.setdefault(question.key, set()).add(question.kind.value)
                choices |= {(question.key, choice.key) for choice in question.choices}
        for score in definition.scores:
            kinds.setdefault(score.key, set()).add("score")
        rules |= set(_rules(definition))
    frozen = {key: frozenset(found) for key, found in kinds.items()}
    return Published(frozen, frozenset(sections), frozenset(choices), frozenset(rules), number)


def _rules(definition: Definition) -> Iterator[tuple[str, str]]:
    for indication in definition.indications:
        yield "indications", indication.key
        yield from ((f"indications.{indication.key}", criterion.key) for criterion in indication.criteria)
    yield from (("considerations", each.key) for each in definition.considerations)
    yield from (("sources", each.key) for each in definition.sources)
    yield from (("instruments", each.key) for each in definition.instruments)


def kind_problems(document: Document, published: Published) -> list[Problem]:
    """Return what a document makes of published keys that they were not: each with its place."""
    found = []
    for spot, question in spots_of(document):
        inner = "" if spot.inner is None else f".entry.{spot.inner}"
        place = f"sections.{spot.section}.questions.{spot.question}{inner}.kind"
        found += _problem(question["key"], question["kind"], place, published)
    for index, score in enumerate(document["scores"]):
        found += _problem(score["key"], "score", f"scores.{index}.key", published)
    return found


def _problem(key: str, kind: str, place: str, published: Published) -> list[Problem]:
    known = published.kinds.get(key)
    if known is None or kind in known:
        return []
    words = _(
        "“%(key)s” was published as “%(kind)s”: the kind of a published key stays. Give it another key."
    )
    return [Problem(place, words % {"key": key, "kind": ", ".join(sorted(known))})]
