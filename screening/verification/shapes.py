"""What a question takes as an answer; of two versions, what both take."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from screening.engine.conditions import Comparison, Operator
from screening.engine.definition import Choice, Definition, Question
from screening.engine.places import placed_conditions
from screening.engine.values import LARGEST_NUMBER, Number
from screening.engine.words import Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """The answers that a question takes.

    Numbers are counted in steps, `scale` of them in one; `choices` are in the order of their points, as
    long as all have points. `asked` are the choices that some rule asks of a question with many.
    `answerable` is false where two versions have no answer in common.
    """

    key: str
    kind: Kind
    choices: tuple[str, ...]
    asked: tuple[str, ...]
    scale: int
    least: int
    most: int
    answerable: bool
    entry: Mapping[str, Shape]


def shapes_of(definition: Definition, before: Definition | None = None) -> dict[str, Shape]:
    """The shape of every question, by key: of those that both versions have, what both take."""
    asked = _asked([definition, before] if before else [definition])
    return _shapes(definition.questions, before.questions if before else (), asked)


def _asked(definitions: Iterable[Definition]) -> dict[str, set[str]]:
    """The choices that comparisons ask of questions with many choices."""
    found: dict[str, set[str]] = {}
    for definition in definitions:
        for _, condition in placed_conditions(definition):
            if isinstance(condition, Comparison) and condition.operator is Operator.INCLUDES:
                found.setdefault(condition.fact, set()).add(str(condition.value))
    return found


def _shapes(
    questions: Iterable[Question], others: Iterable[Question], asked: Mapping[str, set[str]]
) -> dict[str, Shape]:
    before = {question.key: question for question in others}
    now = {question.key: question for question in questions}
    return {key: _shape(question, before.get(key), asked) for key, question in {**before, **now}.items()}


def _shape(question: Question, other: Question | None, asked: Mapping[str, set[str]]) -> Shape:
    both = (question, other) if other and other.kind is question.kind else (question,)
    choices = _choices(both)
    scale = 10 ** min(one.decimals for one in both)
    least, most = _limits(both, scale)
    without_answer = (question.choices and not choices) or least > most
    return Shape(
        key=question.key,
        kind=question.kind,
        choices=choices,
        asked=tuple(key for key in choices if key in asked.get(question.key, ())),
        scale=scale,
        least=least,
        most=most,
        answerable=not without_answer and (other is None or other.kind is question.kind),
        entry=_shapes(question.entry, other.entry if other else (), asked),
    )


def _choices(questions: tuple[Question, ...]) -> tuple[str, ...]:
    first = list(questions[0].choices)
    if questions[0].has_points:
        first.sort(key=_points)
    shared = set.intersection(*({choice.key for choice in one.choices} for one in questions))
    return tuple(choice.key for choice in first if choice.key in shared)


def _points(choice: Choice) -> Number:
    return choice.points or 0


def _limits(questions: tuple[Question, ...], scale: int) -> tuple[int, int]:
    """The lowest and the highest number that all of them take, in steps."""
    least = [one.minimum if one.minimum is not None else -LARGEST_NUMBER for one in questions]
    most = [one.maximum if one.maximum is not None else LARGEST_NUMBER for one in questions]
    return math.ceil(Fraction(max(least)) * scale), math.floor(Fraction(min(most)) * scale)
