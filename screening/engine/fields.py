"""Reading one JSON object: every problem is noted with its place, and reading goes on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from screening.engine.problems import Problem, under
from screening.engine.values import Number, day, exact

KEY_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
LONGEST_KEY = 100

_E = TypeVar("_E", bound=StrEnum)


class Fields:
    """The fields of one JSON object. A bad one is a problem and reads as an empty stand-in."""

    def __init__(self, value: object, place: str, problems: list[Problem], known: Iterable[str]) -> None:
        self.place = place
        self.problems = problems
        self.values: dict[str, object] = {}
        self.readable = isinstance(value, dict)
        if not isinstance(value, dict):
            self.complain("", "This must be an object.")
            return
        self.values = value
        known = frozenset(known)
        for key in value:
            if key not in known:
                self.complain(key, "This key is not known here.")

    def at(self, name: str) -> str:
        """The place of a field."""
        return under(self.place, name) if name else self.place

    def complain(self, name: str, problem: str) -> None:
        """Note a problem with a field, or with the whole object where the name is empty."""
        self.problems.append(Problem(self.at(name), problem))

    def has(self, name: str) -> bool:
        """Whether the field is there; one that must be and isn't is a problem for its reader."""
        return name in self.values

    def text(self, name: str, *, empty: bool = False) -> str:
        """A text that must be there, and say something unless it may be empty."""
        if not self.has(name):
            self._missing(name)
            return ""
        value = self.values[name]
        if not isinstance(value, str):
            self.complain(name, "This must be a text.")
            return ""
        if not empty and not value.strip():
            self.complain(name, "This text is empty.")
        return value

    def maybe_text(self, name: str) -> str | None:
        """A text that may be left out."""
        return self.text(name) if self.has(name) else None

    def text_or_null(self, name: str) -> str | None:
        """A text that must be there, null where there is none to give."""
        if self.has(name) and self.values[name] is None:
            return None
        return self.text(name, empty=True)

    def key(self, name: str = "key") -> str:
        """A key: letters, digits, _ and -; an empty stand-in where it is bad."""
        value = self.text(name)
        if value and not is_key(value):
            self.complain(name, "A key is made of up to 100 letters a to z, digits, _ and -.")
            return ""
        return value

    def flag(self, name: str) -> bool:
        """A true or false that may be left out, which is false."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            self.complain(name, "This must be true or false.")
            return False
        return value

    def number(self, name: str) -> Number | None:
        """A number that may be left out."""
        if not self.has(name):
            return None
        value = exact(self.values[name])
        if value is None:
            self.complain(name, "This must be a number that is not too large.")
        return value

    def whole(self, name: str, least: int, most: int, *, must: bool = False) -> int | None:
        """A whole number within limits that may be left out, unless it must be there."""
        if not self.has(name):
            if must:
                self._missing(name)
            return None
        value = exact(self.values[name])
        if not isinstance(value, int) or not least <= value <= most:
            self.complain(name, _whole_number(least, most))
            return None
        return value

    def day(self, name: str) -> date | None:
        """A day that must be there."""
        if not self.has(name):
            self._missing(name)
            return None
        value = day(self.values[name])
        if value is None:
            self.complain(name, "This must be a day that exists, written YYYY-MM-DD.")
        return value

    def one_of(self, name: str, among: type[_E]) -> _E | None:
        """One of a few words, which must be there."""
        value = self.text(name)
        if value and value not in list(among):
            self.complain(name, f"This must be one of {', '.join(among)}.")
        return among(value) if value in list(among) else None

    def items(self, name: str, *, empty: bool = True) -> list[object]:
        """A list that must be there."""
        if not self.has(name):
            self._missing(name)
            return []
        value = self.values[name]
        if not isinstance(value, list):
            self.complain(name, "This must be a list.")
            return []
        if not value and not empty:
            self.complain(name, "This list is empty.")
        return value

    def is_list(self, name: str) -> bool:
        """Whether the field is there and a list; a problem if not."""
        self.items(name)
        return isinstance(self.values.get(name), list)

    def keys(
        self, name: str, known: Iterable[str] | None, what: str, *, empty: bool = True
    ) -> tuple[str, ...]:
        """A list of keys, each once and each of something known (None: whatever)."""
        found: list[str] = []
        for index, value in enumerate(self.items(name, empty=empty)):
            if not isinstance(value, str):
                self.complain(f"{name}.{index}", "This must be a text.")
            elif known is not None and value not in known:
                self.complain(f"{name}.{index}", f"There is no {what} with this key.")
            elif value in found:
                self.complain(f"{name}.{index}", "This is here twice.")
            else:
                found.append(value)
        return tuple(found)

    def mapping(self, name: str) -> dict[str, object]:
        """An object that must be there."""
        if not self.has(name):
            self._missing(name)
            return {}
        value = self.values[name]
        if not isinstance(value, dict):
            self.complain(name, "This must be an object.")
            return {}
        return value

    def stated(self, defaults: dict[str, object]) -> tuple[str, ...]:
        """The names among these that are spelled out though they only say the default."""
        return tuple(n for n, value in defaults.items() if n in self.values and self.values[n] == value)

    def _missing(self, name: str) -> None:
        if self.readable:
            self.complain(name, "This is missing.")


def is_key(value: str) -> bool:
    """Whether a text can be a key."""
    return 0 < len(value) <= LONGEST_KEY and KEY_LETTERS.issuperset(value)


class Unique:
    """The keys met so far in one list: the second of a kind is a problem."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.met: set[str] = set()

    def add(self, key: str, place: str) -> None:
        """Note a key that stands at a place."""
        if key and key in self.met:
            self.problems.append(Problem(place, "This key is already used."))
        self.met.add(key)


def _whole_number(least: int, most: int) -> str:
    return (
        f"This must be {least}." if least == most else f"This must be a whole number from {least} to {most}."
    )
