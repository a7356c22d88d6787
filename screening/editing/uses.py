"""Who reads a question, a score or a choice: the places that an edit would leave without it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from screening.editing.documents import Document, Part


class UseKind(StrEnum):
    """What kind of place reads a fact."""

    SECTION = "section"
    QUESTION = "question"
    SCORE = "score"
    SCOPE = "scope"
    CRITERION = "criterion"
    CONSIDERATION = "consideration"
    VIGNETTE = "vignette"


@dataclass(frozen=True, slots=True)
class Use:
    """One place that reads it: its key (a criterion's with its indication's before it), and its title."""

    kind: UseKind
    keys: tuple[str, ...]
    title: str


Reads = Callable[[Part], bool]


def comparisons_in(condition: Any) -> Iterator[Part]:
    """Return every comparison in a condition; a count also names its list and two of its facts."""
    match condition:
        case {"fact": _}:
            yield condition
        case {"all": of} | {"any": of} | {"some": {"of": of}}:
            for inner in of:
                yield from comparisons_in(inner)
        case {"not": inner}:
            yield from comparisons_in(inner)
        case {"count": count}:
            for name in ("of", "complete", "distinct_by"):
                if name in count:
                    yield {"fact": count[name]}
            yield from comparisons_in(count["where"])


def facts_in(condition: Any) -> frozenset[str]:
    """Return the keys of all facts that a condition reads."""
    return frozenset(comparison["fact"] for comparison in comparisons_in(condition))


def uses_of(document: Document, keys: Collection[str]) -> tuple[Use, ...]:
    """Return every place that reads one of these facts, but for places inside the facts themselves."""

    def reads(comparison: Part) -> bool:
        return comparison["fact"] in keys

    return (
        *_gates(document, reads, keys),
        *_scores(document, keys),
        *_rules(document, reads),
        *_vignettes(document, lambda key, answer: key in keys or _rows_have(answer, keys)),
    )


def uses_of_choice(document: Document, questions: Collection[str], choice: str) -> tuple[Use, ...]:
    """Return every place that compares one of these questions with the choice, or answers with it."""

    def reads(comparison: Part) -> bool:
        return comparison["fact"] in questions and any(
            value == choice or (isinstance(value, list) and choice in value)
            for name, value in comparison.items()
            if name != "fact"
        )

    def answers(key: str, answer: Any) -> bool:
        if key in questions:
            value = answer.get("value") if isinstance(answer, dict) else None
            return value == choice or (isinstance(value, list) and choice in value)
        return any(answers(inner, given) for row in _rows(answer) for inner, given in row.items())

    return (*_gates(document, reads, ()), *_rules(document, reads), *_vignettes(document, answers))


def _gates(document: Document, reads: Reads, own: Collection[str]) -> Iterator[Use]:
    for section in document["sections"]:
        if _read_by(section.get("shown_when"), reads):
            yield Use(UseKind.SECTION, (section["key"],), section["title"])
        for question in section["questions"]:
            for asked in (question, *question.get("entry", ())):
                if asked["key"] not in own and _read_by(asked.get("shown_when"), reads):
                    yield Use(UseKind.QUESTION, (asked["key"],), asked["text"])


def _scores(document: Document, keys: Collection[str]) -> Iterator[Use]:
    for score in document["scores"]:
        if not keys or not set(keys).isdisjoint((*score["of"], score.get("dated_by"))):
            yield Use(UseKind.SCORE, (score["key"],), score["title"])


def _rules(document: Document, reads: Reads) -> Iterator[Use]:
    scope = document.get("scope")
    if scope and _read_by(scope["when"], reads):
        yield Use(UseKind.SCOPE, (), scope["statement"])
    for indication in document["indications"]:
        for criterion in indication["criteria"]:
            if _read_by(criterion["when"], reads):
                keys = (indication["key"], criterion["key"])
                yield Use(UseKind.CRITERION, keys, f"{indication['title']}: {criterion['statement']}")
    for consideration in document["considerations"]:
        if _read_by(consideration["when"], reads) or _read_by(consideration.get("unless"), reads):
            yield Use(UseKind.CONSIDERATION, (consideration["key"],), consideration["title"])


def _vignettes(document: Document, answers: Callable[[str, Any], bool]) -> Iterator[Use]:
    for vignette in document["vignettes"]:
        if any(answers(key, answer) for key, answer in vignette["answers"].items()):
            yield Use(UseKind.VIGNETTE, (vignette["key"],), vignette["title"])


def _read_by(condition: Any, reads: Reads) -> bool:
    return condition is not None and any(reads(each) for each in comparisons_in(condition))


def _rows_have(answer: Any, keys: Collection[str]) -> bool:
    return any(not row.keys().isdisjoint(keys) for row in _rows(answer))


def _rows(answer: Any) -> list[dict[str, Any]]:
    """Return the rows of a list's answer; a vignette's answers may be in any disorder."""
    rows = answer.get("entries") if isinstance(answer, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
