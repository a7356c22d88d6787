"""JSON as text: reading it without surprises, writing it in one canonical way."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from screening.engine.problems import Problem, under

DEEPEST = 300
MOST_VALUES = 1_000_000
MOST_DIGITS = 400


class Doubled(dict[str, object]):
    """A JSON object in which keys were given twice; `twice` names them."""

    twice: tuple[str, ...] = ()


class JsonError(ValueError):
    """Text that isn't JSON; the message is a sentence."""


def load(text: str | bytes) -> object:
    """The JSON value in a text. Doubled keys and numbers that aren't finite are left for `faults`."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except UnicodeDecodeError as error:
        raise JsonError("This is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        message = f"This is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        raise JsonError(message) from error
    except RecursionError as error:
        raise JsonError("This is nested too deeply.") from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = Doubled(found)
    times = Counter(key for key, _ in pairs)
    doubled.twice = tuple(key for key, count in times.items() if count > 1)
    return doubled


def _integer(digits: str) -> int | float:
    """A whole number. One with more digits than any float has is infinite, so it is refused in its place."""
    return int(digits) if len(digits) <= MOST_DIGITS else math.inf


def canonical(value: object) -> str:
    """Keys sorted, no spaces, whole numbers without a point: the one text of a JSON value."""
    return json.dumps(
        _whole(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def digest(document: object) -> str:
    """`sha256:` and the hash of the canonical text in UTF-8."""
    return "sha256:" + hashlib.sha256(canonical(document).encode()).hexdigest()


def _whole(value: object) -> object:
    """The value with 34.0 as 34 throughout."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(inner) for inner in value]
    return value


@dataclass(frozen=True, slots=True)
class _At:
    value: object
    place: str
    depth: int


def faults(value: object, widest: int) -> list[Problem]:
    """What no document may hold, wherever it stands.

    Keys given twice, numbers that aren't finite, text that can't be stored, lists wider than `widest`,
    nesting that is too deep, and anything that isn't JSON.
    """
    found: list[Problem] = []
    for at in _walk(value, widest):
        found += [Problem(*fault) for fault in _faults_at(at, widest)]
    return found


def doubled_keys(value: object) -> list[Problem]:
    """The keys that are given twice anywhere in a JSON value."""
    return [Problem(*fault) for at in _walk(value, None) for fault in _doubled_in(at)]


def _walk(value: object, widest: int | None) -> Iterator[_At]:
    """Every value inside, without recursion, as deep and as many as a document could hold."""
    waiting = [_At(value, "", 0)]
    for _ in range(MOST_VALUES):
        if not waiting:
            return
        at = waiting.pop()
        yield at
        if at.depth < DEEPEST:
            waiting += reversed(_inside(at, widest))


def _faults_at(at: _At, widest: int | None) -> Iterator[tuple[str, str]]:
    match at.value:
        case None | bool() | int():
            return
        case float() as number:
            if not math.isfinite(number):
                yield at.place, "This is not a finite number."
        case str() as text:
            if not storable(text):
                yield at.place, "This text has characters that can't be stored."
        case list() | dict() if at.depth >= DEEPEST:
            yield at.place[:200], "This is nested too deeply."
        case list() as items:
            if widest is not None and len(items) > widest:
                yield at.place, f"This list has more than {widest:,} items."
        case dict() as pairs:
            yield from _faults_of_keys(pairs, at.place)
            yield from _doubled_in(at)
        case _:
            yield at.place, "This is not JSON."


def _faults_of_keys(pairs: dict[object, object], place: str) -> Iterator[tuple[str, str]]:
    for key in pairs:
        if not isinstance(key, str) or not storable(key):
            yield under(place, key), "This key can't be stored."


def _doubled_in(at: _At) -> Iterator[tuple[str, str]]:
    if isinstance(at.value, Doubled):
        for key in at.value.twice:
            yield under(at.place, key), "This key is given twice."


def storable(text: str) -> bool:
    """Whether UTF-8 and the database can hold the text: no lone surrogates, no NUL."""
    if text.isascii():
        return "\0" not in text
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _inside(at: _At, widest: int | None) -> list[_At]:
    if isinstance(at.value, dict):
        return [_At(v, under(at.place, k), at.depth + 1) for k, v in at.value.items()]
    if isinstance(at.value, list) and (widest is None or len(at.value) <= widest):
        return [_At(v, under(at.place, i), at.depth + 1) for i, v in enumerate(at.value)]
    return []
