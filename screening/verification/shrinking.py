"""Makes a witness small, so that a person can read it: what it doesn't need is left out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Any

from screening.engine.definition import Definition, Question
from screening.engine.values import plain
from screening.engine.words import Kind
from screening.verification.looking import Answers, Look
from screening.verification.report import Witness

Place = tuple[str | int, ...]
Shows = Callable[[Witness], bool]

# A witness that is larger than this is made smaller only in part.
MOST_TRIES = 200


def shrunk(witness: Witness, shows: Shows) -> Witness:
    """The witness without any answer or entry that it can do without, as far as one at a time can tell."""
    for place in islice(_places(witness.answers), MOST_TRIES):
        smaller = Witness(
            witness.as_of,
            _without(witness.answers, place),
            None if witness.fewer is None else _without(witness.fewer, place),
        )
        if shows(smaller):
            witness = smaller
    return witness


def closer(witness: Witness, shows: Shows) -> Witness:
    """The same with as few answers as can be between `fewer` and `answers`: one, wherever that shows it."""
    for place in reversed(list(_places(witness.answers))):
        if witness.fewer is not None:
            nearer = replace(witness, fewer=_with(witness.fewer, witness.answers, place))
            witness = nearer if shows(nearer) else witness
            dropped = replace(witness, answers=_without(witness.answers, place))
            witness = dropped if shows(dropped) else witness
    return witness


def _places(answers: Answers) -> Iterator[Place]:
    """Every place that something can be left out at, from the end."""
    for key in reversed(list(answers)):
        yield (key,)
        rows = answers[key].get("entries", [])
        for index in reversed(range(len(rows))):
            yield (key, index)
            yield from ((key, index, inner) for inner in rows[index])


def _without(answers: Answers, place: Place) -> Answers:
    key, *inside = place
    if key not in answers:
        return answers
    if not inside:
        return {k: v for k, v in answers.items() if k != key}
    rows = list(answers[str(key)].get("entries", []))
    index, *inner = inside
    if not isinstance(index, int) or index >= len(rows):
        return answers
    if inner:
        rows[index] = {k: v for k, v in rows[index].items() if k != inner[0]}
    else:
        del rows[index]
    return {**answers, str(key): {"entries": rows}}


def _with(fewer: Answers, answers: Answers, place: Place) -> Answers:
    """The fewer answers with one more of the others."""
    key, *inside = str(place[0]), *place[1:]
    if key not in answers:
        return fewer
    if not inside:
        return {**fewer, key: answers[key]}
    rows, wanted = list(fewer.get(key, {}).get("entries", [])), answers[key].get("entries", [])
    index, *inner = inside
    if not isinstance(index, int) or index > len(rows) or index >= len(wanted):
        return fewer
    if not inner:
        rows[index:] = [wanted[index]] if index == len(rows) else rows[index:]
    elif index < len(rows) and inner[0] in wanted[index]:
        rows[index] = {**rows[index], inner[0]: wanted[index][inner[0]]}
    return {**fewer, key: {"entries": rows}}


def filled(definition: Definition, answers: Answers, as_of: date) -> Answers:
    """The answers with every question that is shown answered, in any way: nothing hangs on how."""
    while open_places := list(Look(definition, answers, as_of).open):
        for place in open_places:
            answers = _answered(definition, answers, place, as_of)
    return answers


def _answered(definition: Definition, answers: Answers, place: Place, as_of: date) -> Answers:
    answer = _some_answer(definition, str(place[-1]), as_of)
    if len(place) == 1:
        return {**answers, str(place[0]): answer}
    key, index, inner = place
    rows = [dict(row) for row in answers[str(key)]["entries"]]
    rows[int(index)][str(inner)] = answer
    return {**answers, str(key): {"entries": rows}}


def _some_answer(definition: Definition, key: str, as_of: date) -> dict[str, Any]:
    question = definition.question(key)
    match question.kind:
        case Kind.ENTRIES:
            return {"entries": []}
        case Kind.YES_NO:
            return {"value": False}
        case Kind.ONE_CHOICE:
            return {"value": question.choices[0].key}
        case Kind.MANY_CHOICES:
            return {"value": []}
        case Kind.NUMBER:
            return {"value": _some_number(question)}
        case Kind.DATE:
            return {"value": as_of.isoformat()}
    return {"value": "Text"}


def _some_number(question: Question) -> int | float:
    """The lowest that it takes, or the highest, or zero."""
    scale = 10**question.decimals
    if question.minimum is not None:
        return plain(Fraction(math.ceil(Fraction(question.minimum) * scale), scale))
    return 0 if question.maximum is None else plain(Fraction(math.floor(question.maximum * scale), scale))
