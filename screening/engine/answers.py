"""Reading one answer: the value that rules see, or what is wrong with it.

A value that rules see is None while it is unknown: not answered, not known and declined alike.
`NOT_APPLICABLE` stands for a hidden question without a default: every comparison with it is false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from screening.engine.definition import Question
from screening.engine.json_text import storable
from screening.engine.values import Number, day, exact, plain
from screening.engine.words import Kind

REASONS: Final = frozenset({"not_known", "declined"})
_SHAPES: Final = ("value", "unknown", "entries")

Check = Callable[[object, date], Any]
Reader = Callable[[object, date], Any]


class NotApplicable:
    """The value of a hidden question that has no default."""

    def __repr__(self) -> str:
        return "NOT_APPLICABLE"


NOT_APPLICABLE: Final = NotApplicable()


class WrongAnswerError(ValueError):
    """An answer that can't be read; the message is a sentence."""


def hidden_value(question: Question) -> object:
    """What a hidden question counts as: unknown if so declared, else the default of its kind."""
    if question.hidden_is_unknown:
        return None
    match question.kind:
        case Kind.YES_NO:
            return False
        case Kind.MANY_CHOICES:
            return frozenset()
    return NOT_APPLICABLE


def reader_of(question: Question) -> Reader:
    """A function from an answer (and `as_of`) to its value; it raises WrongAnswerError."""
    check = _CHECKS[question.kind](question)

    def read(answer: object, as_of: date) -> Any:
        if isinstance(answer, dict) and len(answer) == 1 and "value" in answer:
            return check(answer["value"], as_of)
        shape_of(answer, "value")
        return None

    return read


def shape_of(answer: object, kind: str) -> str:
    """Which of value, unknown and entries an answer has: `kind`, or a good `unknown`."""
    if not isinstance(answer, dict):
        raise WrongAnswerError("An answer must be an object.")
    if len(answer) != 1 or next(iter(answer)) not in _SHAPES:
        raise WrongAnswerError("An answer has exactly one of value, unknown and entries.")
    shape = str(next(iter(answer)))
    if shape == "unknown":
        reason = answer[shape]
        if not isinstance(reason, str) or reason not in REASONS:
            raise WrongAnswerError("The reason must be not_known or declined.")
    elif shape != kind:
        wanted = "a list of entries" if kind == "entries" else "a value"
        raise WrongAnswerError(f"This question is answered with {wanted}.")
    return shape


def _yes_no(question: Question) -> Check:
    def check(value: object, as_of: date) -> bool:
        if value is True or value is False:
            return value
        raise WrongAnswerError("This must be true or false.")

    return check


def _one_choice(question: Question) -> Check:
    keys = frozenset(choice.key for choice in question.choices)

    def check(value: object, as_of: date) -> str:
        if isinstance(value, str) and value in keys:
            return value
        raise WrongAnswerError("There is no choice with this key.")

    return check


def _many_choices(question: Question) -> Check:
    keys = frozenset(choice.key for choice in question.choices)

    def check(value: object, as_of: date) -> frozenset[str]:
        if not isinstance(value, list | tuple):
            raise WrongAnswerError("This must be a list of choices.")
        if not all(isinstance(key, str) and key in keys for key in value):
            raise WrongAnswerError("There is no choice with this key.")
        return frozenset(value)

    return check


def _number(question: Question) -> Check:
    least, most, scale = question.minimum, question.maximum, 10**question.decimals
    limits = _limits(question)

    def check(value: object, as_of: date) -> Number:
        number = exact(value)
        if number is None:
            raise WrongAnswerError("This must be a number that is not too large.")
        if not isinstance(number, int) and (number * scale).denominator != 1:
            raise WrongAnswerError(_decimals(question))
        if (least is not None and number < least) or (most is not None and number > most):
            raise WrongAnswerError(limits)
        return number

    return check


def _decimals(question: Question) -> str:
    match question.decimals:
        case 0:
            return "This must be a whole number."
        case 1:
            return "This can have one decimal at most."
        case many:
            return f"This can have {many} decimals at most."


def _limits(question: Question) -> str:
    least, most = question.minimum, question.maximum
    if least is not None and most is not None:
        return f"This must be from {plain(least)} to {plain(most)}."
    if least is not None:
        return f"This must be at least {plain(least)}."
    return f"This must be at most {plain(most or 0)}."


def _date(question: Question) -> Check:
    def check(value: object, as_of: date) -> date:
        found = day(value)
        if found is None:
            raise WrongAnswerError("This must be a day that exists, written YYYY-MM-DD.")
        if found > as_of:
            raise WrongAnswerError(f"This day is after {as_of.isoformat()}, the day of the answers.")
        return found

    return check


def _text(question: Question) -> Check:
    def check(value: object, as_of: date) -> str:
        if not isinstance(value, str):
            raise WrongAnswerError("This must be a text.")
        if not storable(value):
            raise WrongAnswerError("This text has characters that can't be stored.")
        return value

    return check


_CHECKS: Mapping[Kind, Callable[[Question], Check]] = {
    Kind.YES_NO: _yes_no,
    Kind.ONE_CHOICE: _one_choice,
    Kind.MANY_CHOICES: _many_choices,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TEXT: _text,
}
