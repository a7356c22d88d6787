"""When a comparison with an answer to come is true, and when it is false."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction
from typing import Any

from screening.engine.answers import hidden_value
from screening.engine.conditions import Comparison, Operator
from screening.engine.definition import Question
from screening.engine.truth import Slots, compile_rule
from screening.engine.words import Kind
from screening.verification.terms import Formula, Truth, both, either, opposite
from screening.verification.unknowns import Answer


def compared(comparison: Comparison, question: Question, answer: Answer, gate: Truth) -> Truth:
    """The truth of a comparison: of the answer while the question is shown, of its default while hidden.

    Behind an unknown gate, and without a real answer, it is neither.
    """
    told = engine_truth(comparison, question)
    hidden = told(hidden_value(question))
    read = both(gate.true, answer.given)
    fits = _fits(comparison, question, answer)
    return Truth(
        either(both(read, fits), both(gate.false, hidden is True)),
        either(both(read, opposite(fits)), both(gate.false, hidden is False)),
    )


def engine_truth(comparison: Comparison, question: Question) -> Any:
    """What the engine says of the comparison, as a function of a value."""
    truth = compile_rule(comparison, Slots({question.key: 0}, {question.key: question})).truth
    return lambda value: truth([value])


def _fits(comparison: Comparison, question: Question, answer: Answer) -> Formula:
    """Whether the value of a real answer is as the comparison asks."""
    match question.kind:
        case Kind.YES_NO:
            told = engine_truth(comparison, question)
            return either(both(answer.value, told(True)), both(opposite(answer.value), told(False)))
        case Kind.ONE_CHOICE:
            told = engine_truth(comparison, question)
            return answer.one_of(choice.key for choice in question.choices if told(choice.key))
        case Kind.MANY_CHOICES:
            return answer.includes.get(str(comparison.value), False)
        case Kind.DATE:
            return ordered(comparison.operator, answer.value, _day_number(comparison.value), 1)
    return ordered(comparison.operator, answer.value, comparison.value, answer.shape.scale)


def _day_number(value: object) -> int:
    return value.toordinal() if isinstance(value, date) else 0


def ordered(operator: Operator, steps: Any, value: Any, scale: int) -> Formula:
    """How a whole number of steps, `scale` of them in one, compares with a value, exactly."""
    limit = Fraction(value) * scale
    match operator:
        case Operator.AT_LEAST:
            return steps >= math.ceil(limit)
        case Operator.AT_MOST:
            return steps <= math.floor(limit)
        case Operator.IS:
            return steps == limit.numerator if limit.denominator == 1 else False
        case _:
            return opposite(ordered(Operator.IS, steps, value, scale))
