"""Where every condition of a definition stands in its document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from screening.engine.conditions import AllOf, AnyOf, Condition, Count, Not, Some
from screening.engine.definition import Definition, Question


def placed_conditions(definition: Definition) -> Iterator[tuple[str, Condition]]:
    """Every condition of a definition and every one inside it, with its place in the document."""
    for place, condition in (*gates_of(definition), *rules_of(definition)):
        yield from _placed(place, condition)


def _placed(place: str, condition: Condition) -> Iterator[tuple[str, Condition]]:
    yield place, condition
    match condition:
        case AllOf(of=of):
            inside = [(f"{place}.all.{index}", inner) for index, inner in enumerate(of)]
        case AnyOf(of=of):
            inside = [(f"{place}.any.{index}", inner) for index, inner in enumerate(of)]
        case Some(of=of):
            inside = [(f"{place}.some.of.{index}", inner) for index, inner in enumerate(of)]
        case Not(condition=negated):
            inside = [(f"{place}.not", negated)]
        case Count(where=where):
            inside = [(f"{place}.count.where", where)]
        case _:
            inside = []
    for where_it_is, inner in inside:
        yield from _placed(where_it_is, inner)


def gates_of(definition: Definition) -> Iterator[tuple[str, Condition]]:
    """Every `shown_when`, with its place."""
    for index, section in enumerate(definition.sections):
        place = f"sections.{index}"
        if section.shown_when:
            yield f"{place}.shown_when", section.shown_when
        yield from _gates_of_questions(section.questions, f"{place}.questions")


def _gates_of_questions(questions: Sequence[Question], place: str) -> Iterator[tuple[str, Condition]]:
    for index, question in enumerate(questions):
        if question.own_shown_when:
            yield f"{place}.{index}.shown_when", question.own_shown_when
        yield from _gates_of_questions(question.entry, f"{place}.{index}.entry")


def rules_of(definition: Definition) -> Iterator[tuple[str, Condition]]:
    """Scope, criteria and considerations, with their places."""
    if definition.scope:
        yield "scope.when", definition.scope.when
    for index, indication in enumerate(definition.indications):
        for inner, criterion in enumerate(indication.criteria):
            yield f"indications.{index}.criteria.{inner}.when", criterion.when
    for index, consideration in enumerate(definition.considerations):
        yield f"considerations.{index}.when", consideration.when
        if consideration.unless:
            yield f"considerations.{index}.unless", consideration.unless
