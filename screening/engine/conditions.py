"""What can be asked of the facts: the nodes that rules and gates are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from screening.engine.values import Value


class Operator(StrEnum):
    """How a fact is compared with a value."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ONE_OF = "one_of"
    INCLUDES = "includes"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact compared with one value (`one_of`: with several choices)."""

    fact: str
    operator: Operator
    value: Value | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True if every one is, false if one is false."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True if one is, false if every one is false."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; the opposite of unknown is unknown."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Some:
    """True if at least so many are, false if fewer could be."""

    at_least: int
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries of a list match, or how many different values they have (`distinct_by`).

    `complete` is the yes/no question that says whether the list is complete: without a yes there
    may be more entries than were recorded, so that too few is unknown and not false.
    """

    of: str
    where: Condition
    at_least: int
    complete: str
    distinct_by: str | None = None


Condition = Comparison | AllOf | AnyOf | Not | Some | Count


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside this one, about the same facts (a count's `where` is not)."""
    match condition:
        case AllOf(of=of) | AnyOf(of=of) | Some(of=of):
            return of
        case Not(condition=inner):
            return (inner,)
    return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """This condition and those inside it, in reading order; a count's `where` stays closed."""
    yield condition
    for part in parts_of(condition):
        yield from walk(part)


def facts_of(condition: Condition) -> tuple[str, ...]:
    """The keys it reads, each once, in reading order; a count reads its list and its `complete`."""
    keys: dict[str, None] = {}
    for node in walk(condition):
        match node:
            case Comparison(fact=fact):
                keys[fact] = None
            case Count(of=of, complete=complete):
                keys[of] = keys[complete] = None
    return tuple(keys)
