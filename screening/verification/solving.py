"""Asks z3 whether a formula can be so, within a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from screening.engine.values import Number as ExactNumber
from screening.engine.values import plain
from screening.engine.words import Kind
from screening.verification.report import Note
from screening.verification.terms import Formula
from screening.verification.unknowns import Answer, Unknowns


@dataclass(frozen=True, slots=True)
class Found:
    """What z3 said: a `model` if the formula can be so, no model and no note if it can't."""

    model: Any = None
    note: Note = Note.NONE

    @property
    def never(self) -> bool:
        """Whether it was proved that the formula can't be so."""
        return self.model is None and self.note is Note.NONE


def limit_memory(megabytes: int) -> None:
    """Make z3 give up, rather than the process, when it has taken so much."""
    z3.set_param("memory_max_size", megabytes)


@contextmanager
def memory_errors() -> Iterator[None]:
    """Make z3's own complaint about memory a MemoryError."""
    try:
        yield
    except z3.Z3Exception as error:
        if "memory" in str(error):
            raise MemoryError from error
        raise


def solve(formulas: Iterable[Formula], seconds: float) -> Found:
    """Whether all of these can be so at once."""
    left = []
    for formula in formulas:
        if formula is False:
            return Found()
        if formula is not True:
            left.append(formula)
    solver = z3.SimpleSolver()
    solver.set("timeout", int(seconds * 1000))
    solver.add(left)
    answer = solver.check()
    if answer == z3.sat:
        return Found(model=solver.model())
    return Found() if answer == z3.unsat else Found(note=_why(solver.reason_unknown()))


def _why(reason: str) -> Note:
    if "memout" in reason or "memory" in reason:
        raise MemoryError
    return Note.OUT_OF_TIME if "timeout" in reason or "canceled" in reason else Note.UNDECIDED


def day_in(model: Any, as_of: Any) -> date:
    """The day of the answers in a model."""
    return date.fromordinal(as_of if isinstance(as_of, int) else _whole(model, as_of))


def answers_in(model: Any, unknowns: Unknowns, keys: Iterable[str]) -> dict[str, Any]:
    """The answers to these questions in a model, as an answer set has them."""
    found: dict[str, Any] = {}
    for key in keys:
        if key not in unknowns.shapes:
            continue
        answer = unknowns.answer(key)
        if _so(model, answer.given):
            found[key] = _written(model, answer, unknowns)
    return found


def _written(model: Any, answer: Answer, unknowns: Unknowns) -> dict[str, Any]:
    if answer.shape.kind is not Kind.ENTRIES:
        return {"value": _value(model, answer)}
    return {
        "entries": [
            _row(model, entry.answers)
            for entry in unknowns.entries(answer.shape.key)
            if _so(model, entry.present)
        ]
    }


def _row(model: Any, answers: Mapping[str, Answer]) -> dict[str, Any]:
    given = {key: answer for key, answer in answers.items() if _so(model, answer.given)}
    return {key: {"value": _value(model, answer)} for key, answer in given.items()}


def _value(model: Any, answer: Answer) -> Any:
    shape = answer.shape
    match shape.kind:
        case Kind.YES_NO:
            return _so(model, answer.value)
        case Kind.ONE_CHOICE:
            return shape.choices[_whole(model, answer.value)]
        case Kind.MANY_CHOICES:
            return [key for key, included in answer.includes.items() if _so(model, included)]
        case Kind.NUMBER:
            return plain(_exact(_whole(model, answer.value), shape.scale))
        case Kind.DATE:
            return date.fromordinal(_whole(model, answer.value)).isoformat()
    return "Text"


def _exact(steps: int, scale: int) -> ExactNumber:
    whole, rest = divmod(steps, scale)
    return Fraction(steps, scale) if rest else whole


def _so(model: Any, formula: Formula) -> bool:
    return formula if isinstance(formula, bool) else z3.is_true(model.eval(formula, model_completion=True))


def _whole(model: Any, number: Any) -> int:
    return int(model.eval(number, model_completion=True).as_long())
