"""Conditions as sentences: rows and groups that a form can hold, half finished too, to and from JSON.

Every condition that the engine accepts comes back as it was: `written(node_of(c), facts)` is `c`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from screening.editing.facts import ORDER, Facts, Readable, of_entry
from screening.engine import Kind, Operator
from screening.engine.values import day, exact

Path = tuple[int, ...]
MOST_ENTRIES = 1_000_000
WIDEST = 1_000


class GroupKind(StrEnum):
    """How the sentences of a group are taken together."""

    ALL = "all"
    ANY = "any"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence: a fact, how it is compared, and with what, all as typed."""

    fact: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences and groups taken together; `at_least` only matters to "at least so many"."""

    kind: GroupKind
    parts: tuple["Node", ...]
    at_least: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of a list's entries: how many, told apart by what, and what has to be true of each."""

    where: "Node"
    of: str = ""
    at_least: str = ""
    distinct_by: str = ""
    complete: str = ""


Node = Row | Group | Counted


@dataclass(frozen=True, slots=True)
class NodeProblem:
    """What is wrong with one field of one row, group or count."""

    path: Path
    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Written:
    """The condition's JSON, None while something is wrong or missing."""

    condition: dict[str, object] | None
    problems: tuple[NodeProblem, ...] = ()


# From JSON.


def node_of(condition: Mapping[str, Any]) -> Node:
    """Return a condition that the engine accepts as rows and groups."""
    if "all" in condition:
        return Group(GroupKind.ALL, _nodes(condition["all"]))
    if "any" in condition:
        return Group(GroupKind.ANY, _nodes(condition["any"]))
    if "some" in condition:
        some = condition["some"]
        return Group(GroupKind.SOME, _nodes(some["of"]), _typed(some["at_least"]))
    if "not" in condition:
        inner = condition["not"]
        several = inner["any"] if len(inner.get("any", ())) > 1 else [inner]
        return Group(GroupKind.NONE, _nodes(several))
    if "count" in condition:
        return _counted(condition["count"])
    operator = next(name for name in Operator if name in condition)
    value = condition[operator]
    values = value if isinstance(value, list) else [value]
    return Row(condition["fact"], operator.value, tuple(_typed(each) for each in values))


def _nodes(conditions: Sequence[Mapping[str, Any]]) -> tuple[Node, ...]:
    return tuple(node_of(each) for each in conditions)


def _counted(count: Mapping[str, Any]) -> Counted:
    return Counted(
        node_of(count["where"]),
        count["of"],
        _typed(count["at_least"]),
        count.get("distinct_by", ""),
        count["complete"],
    )


def _typed(value: object) -> str:
    """Return a value as a person would type it: numbers without an exponent or a needless point."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format(Decimal(int(value) if value.is_integer() else repr(value)), "f")
    return str(value)


# To JSON.


def written(node: Node | None, facts: Facts) -> Written:
    """Return the JSON of what stands in a form, or everything that is wrong with it."""
    if node is None:
        return Written(None)
    problems: list[NodeProblem] = []
    condition = _Writer(problems).write(node, facts, ())
    return Written(None if problems else condition, tuple(problems))


@dataclass(frozen=True, slots=True)
class _Writer:
    problems: list[NodeProblem]

    def write(self, node: Node, facts: Facts, path: Path) -> dict[str, object]:
        match node:
            case Row():
                return self._row(node, facts, path)
            case Group():
                return self._group(node, facts, path)
            case Counted():
                return {"count": self._count(node, facts, path)}

    def _wrong(self, path: Path, name: str, words: str) -> None:
        self.problems.append(NodeProblem(path, name, words))

    def _group(self, group: Group, facts: Facts, path: Path) -> dict[str, object]:
        if not group.parts:
            self._wrong(path, "kind", _("This group is empty. Add a sentence to it, or remove it."))
        parts = [self.write(part, facts, (*path, index)) for index, part in enumerate(group.parts)]
        match group.kind:
            case GroupKind.SOME:
                least = self._whole(group.at_least, WIDEST, path)
                return {"some": {"at_least": least, "of": parts}}
            case GroupKind.NONE:
                return {"not": parts[0] if len(parts) == 1 else {"any": parts}}
        return {group.kind.value: parts}

    def _count(self, count: Counted, facts: Facts, path: Path) -> dict[str, object]:
        found = facts.get(count.of)
        counted = found if found and found.kind is Kind.ENTRIES else None
        if counted is None:
            self._wrong(path, "of", _("Choose the list whose entries are counted."))
        inner = of_entry(counted.entry, counted.text) if counted else {}
        told = inner.get(count.distinct_by)
        if counted and count.distinct_by and not (told and told.tells_apart):
            self._wrong(path, "distinct_by", _("Choose what the entries are told apart by from its list."))
        complete = facts.get(count.complete)
        if complete is None or complete.kind is not Kind.YES_NO:
            self._wrong(path, "complete", _("Choose the question that asks whether this list is complete."))
        where = self.write(count.where, inner, (*path, 0)) if counted else {}
        distinct: dict[str, object] = {"distinct_by": count.distinct_by} if count.distinct_by else {}
        least = self._whole(count.at_least, MOST_ENTRIES, path)
        return {"of": count.of, "where": where, "at_least": least, **distinct, "complete": count.complete}

    def _whole(self, text: str, most: int, path: Path) -> int:
        number = number_of(text)
        if isinstance(number, int) and 1 <= number <= most:
            return number
        words = _("Write a whole number from 1 to %(most)s.") % {"most": f"{most:,}"}
        self._wrong(path, "at_least", words)
        return 1

    def _row(self, row: Row, facts: Facts, path: Path) -> dict[str, object]:
        fact = facts.get(row.fact)
        if fact is None or not fact.operators:
            self._wrong(path, "fact", _unreadable(row, fact))
        elif row.operator not in fact.operators:
            words = _("Choose how “%(fact)s” is compared.") % {"fact": fact.text}
            self._wrong(path, "operator", words)
        elif not row.values or row.values == ("",):
            words = _("Say what “%(fact)s” is compared with.") % {"fact": fact.text}
            self._wrong(path, "value", words)
        else:
            return {"fact": row.fact, row.operator: self._value(row, fact, path)}
        return {}

    def _value(self, row: Row, fact: Readable, path: Path) -> object:
        values = [_value_of(text, fact, row.operator) for text in row.values]
        for text, value in zip(row.values, values, strict=True):
            if value is None:
                self._wrong(path, "value", _unfit(text, fact, row.operator))
        return values if row.operator == Operator.ONE_OF else values[0]


def _unreadable(row: Row, fact: Readable | None) -> str:
    if not row.fact:
        return _("Choose a question or a score, or remove this sentence.")
    if fact is not None:
        return _("“%(fact)s” can’t be compared in a sentence. Choose another.") % {"fact": fact.text}
    return _("“%(key)s” can’t be read here. Choose from the list.") % {"key": cut(row.fact)}


def _value_of(text: str, fact: Readable, operator: str) -> object:
    """Return a typed value as JSON, None where it doesn't fit the fact."""
    match fact.kind:
        case Kind.YES_NO:
            return {"yes": True, "no": False}.get(text)
        case Kind.DATE:
            return text if day(text) else None
        case Kind.ONE_CHOICE | Kind.MANY_CHOICES if operator not in ORDER:
            return text if any(choice.key == text for choice in fact.choices) else None
    return number_of(text)


def _unfit(text: str, fact: Readable, operator: str) -> str:
    names = {"fact": fact.text, "value": cut(text)}
    match fact.kind:
        case Kind.YES_NO:
            return _("“%(fact)s” is answered with Yes or No. Choose one.") % names
        case Kind.DATE:
            return _("“%(value)s” is no day that exists. Write it as YYYY-MM-DD.") % names
        case Kind.ONE_CHOICE | Kind.MANY_CHOICES if operator not in ORDER:
            return _("“%(fact)s” has no choice “%(value)s”. Choose from its list.") % names
    return _("“%(value)s” is no number that fits here. Write it in digits, such as 10 or 4.5.") % names


def number_of(text: str) -> int | float | None:
    """Return a typed number as JSON writes it; None for anything else."""
    digits = text.strip()
    sign, point = digits.removeprefix("-"), digits.partition(".")
    plain = sign.replace(".", "", 1)
    if not plain.isascii() or not plain.isdigit() or len(digits) > 400 or not point[0].strip("-"):
        return None
    if point[1] and not point[2]:
        return None
    number = int(digits) if not point[1] else float(digits)
    return None if exact(number) is None else number


def cut(text: str) -> str:
    """Return a text that somebody sent, short and printable enough to say it back."""
    return "".join(letter for letter in text if letter.isprintable())[:60]


# Changing it.


def edited(node: Node | None, step: str, path: Path) -> Node | None:
    """Do what one of the editor's buttons says, at a path; one that leads nowhere changes nothing."""
    match step:
        case "sentence":
            return _added(node, path, Row())
        case "group":
            return _added(node, path, Group(GroupKind.ANY, (Row(),)))
        case "count":
            return _added(node, path, Counted(Row()))
        case "remove":
            return _without(node, path)
        case "up":
            return _moved(node, path, -1)
        case "down":
            return _moved(node, path, 1)
    return node


def at_path(node: Node | None, path: Path) -> Node | None:
    """Return what stands at a path."""
    for index in path:
        parts = parts_of(node)
        if index >= len(parts):
            return None
        node = parts[index]
    return node


def parts_of(node: Node | None) -> tuple[Node, ...]:
    """Return the nodes directly inside one."""
    match node:
        case Group(parts=parts):
            return parts
        case Counted(where=where):
            return (where,)
    return ()


def _put(node: Node, path: Path, new: Node) -> Node:
    if not path:
        return new
    match node:
        case Group(parts=parts):
            inner = _put(parts[path[0]], path[1:], new)
            return replace(node, parts=(*parts[: path[0]], inner, *parts[path[0] + 1 :]))
        case Counted(where=where):
            return replace(node, where=_put(where, path[1:], new))
    return node


def _added(node: Node | None, path: Path, new: Node) -> Node | None:
    """Add to the group at the path; a sentence or a count that stands there alone becomes a group."""
    if node is None:
        return new
    here = at_path(node, path)
    match here:
        case None:
            return node
        case Group(parts=parts):
            return _put(node, path, replace(here, parts=(*parts, new)))
    return _put(node, path, Group(GroupKind.ALL, (here, new)))


def _without(node: Node | None, path: Path) -> Node | None:
    if node is None or not path:
        return None
    around = at_path(node, path[:-1])
    match around:
        case Group(parts=parts) if path[-1] < len(parts):
            left = (*parts[: path[-1]], *parts[path[-1] + 1 :])
            return _put(node, path[:-1], replace(around, parts=left))
        case Counted():
            return _put(node, path[:-1], replace(around, where=Row()))
    return node


def _moved(node: Node | None, path: Path, by: int) -> Node | None:
    if node is None or not path:
        return node
    around, index = at_path(node, path[:-1]), path[-1]
    if not isinstance(around, Group) or not 0 <= index + by < len(around.parts) or index >= len(around.parts):
        return node
    parts = list(around.parts)
    parts[index], parts[index + by] = parts[index + by], parts[index]
    return _put(node, path[:-1], replace(around, parts=tuple(parts)))


def path_at(node: Node | None, steps: Sequence[str]) -> Path:
    """Return the path of what stands at a place inside a condition's JSON (`all.1.count.where`)."""
    path: list[int] = []
    for step in steps:
        match node:
            case Group(parts=parts) if step.isdecimal() and int(step) < len(parts):
                path.append(int(step))
            case Group(kind=GroupKind.NONE, parts=(_only,)) if step == "not":
                path.append(0)
            case Counted() if step == "where":
                path.append(0)
            case _:
                continue
        node = parts_of(node)[path[-1]]
    return tuple(path)
