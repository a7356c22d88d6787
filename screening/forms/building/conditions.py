"""A condition's editor: what a form sends becomes rows and groups, and they become its fields again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from screening.editing.conditions import (
    Counted,
    Group,
    GroupKind,
    Node,
    NodeProblem,
    Path,
    Row,
    Written,
    at_path,
    cut,
    edited,
    parts_of,
    written,
)
from screening.editing.facts import ORDER, Facts, Readable, of_entry
from screening.engine import Definition, Kind, Operator
from screening.forms.building.sayings import Saying, saying

ROOT = "r"
MOST_NODES, DEEPEST = 400, 60
ADDING = ("sentence", "group", "count")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A row, a group or a count as its fields: `form` says which; what another has is empty."""

    form: str
    name: str
    place: str
    title: str
    is_root: bool
    can_up: bool
    can_down: bool
    errors: Mapping[str, str]
    focus: str = ""
    fact: str = ""
    facts: tuple[tuple[str, tuple[Option, ...]], ...] = ()
    operators: tuple[Option, ...] = ()
    widget: str = ""
    choices: tuple[Option, ...] = ()
    order: str = ""
    text: str = ""
    unit: str = ""
    at_least: str = ""
    needs_number: bool = False
    lists: tuple[Option, ...] = ()
    distinct: tuple[Option, ...] = ()
    complete: tuple[Option, ...] = ()
    parts: tuple["Shown", ...] = ()


@dataclass
class Editor:
    """The editor of one condition; `label` is what it is headed with ("True when")."""

    name: str
    label: str
    definition: Definition
    facts: Facts
    node: Node | None
    required: bool = True
    find: str = ""
    problems: tuple[NodeProblem, ...] = ()
    focus: tuple[Path, str] = field(default=((), ""))
    # More was sent than is read: what is shown then isn't all, so it can't be stored.
    is_cut: bool = False

    @classmethod
    def sent(cls, data: QueryDict, editor: "Editor") -> "Editor":
        """Return the editor with what somebody sent."""
        reading = _Reading(data, editor.name)
        node = reading.read(ROOT, editor.facts, 0)
        find = cut(data.get(f"{editor.name}-find", ""))
        sent = cls(editor.name, editor.label, editor.definition, editor.facts, node, editor.required, find)
        sent.is_cut = reading.is_cut
        return sent

    def press(self, step: str, place: str) -> None:
        """Do what one of its buttons says, and say where the keyboard goes on."""
        path = _path(place)
        before, self.node = self.node, edited(self.node, step, path)
        if step in ADDING:
            group = at_path(self.node, path)
            last = len(parts_of(group)) - 1
            self.focus = ((*path, last) if before is not None and isinstance(group, Group) else path, "fact")
        elif step in ("up", "down") and path:
            self.focus = ((*path[:-1], max(0, path[-1] + (1 if step == "down" else -1))), step)
        elif step == "remove":
            self.focus = (path[:-1], "add")

    def written(self) -> Written:
        """Return the condition; what is wrong with it then stands beside its rows."""
        found = written(self.node, self.facts)
        if self.node is None and self.required:
            found = Written(None, (NodeProblem((), "none", _("Add at least one sentence.")),))
        if self.is_cut:
            words = _("This has more than %(most)d sentences and groups: change it in the JSON.")
            found = Written(None, (NodeProblem((), "none", words % {"most": MOST_NODES}),))
        self.problems = found.problems
        return found

    @property
    def missing(self) -> str:
        """What is wrong where there is no sentence at all."""
        return next((problem.words for problem in self.problems if problem.field == "none"), "")

    @cached_property
    def shown(self) -> Shown | None:
        """The whole condition as fields."""
        return None if self.node is None else _Showing(self).show(self.node, self.facts, ())

    @property
    def reads(self) -> Saying | None:
        """What it says so far."""
        return saying(self.definition, self.node, self.facts)

    @property
    def starts_focused(self) -> bool:
        """Whether the keyboard goes on at the buttons below, because the last sentence was removed."""
        return self.node is None and self.focus[1] == "add"

    @property
    def error_targets(self) -> list[tuple[str, str]]:
        """Where each problem stands, and its words, for the summary."""
        return [(f"{self.name}-{_place(p.path)}-{p.field}", p.words) for p in self.problems]


def fields_of(name: str, node: Node | None) -> dict[str, list[str]]:
    """Return the fields of an editor as a browser sends them."""
    return {} if node is None else dict(_fields(name, node, ROOT))


def _fields(name: str, node: Node, place: str) -> Iterator[tuple[str, list[str]]]:
    at = f"{name}-{place}"
    match node:
        case Row(fact=fact, operator=operator, values=values):
            yield f"{at}-is", ["row"]
            yield f"{at}-was", [fact]
            yield f"{at}-fact", [fact]
            yield f"{at}-op", [operator]
            yield f"{at}-value", list(values)
            yield f"{at}-order", [" ".join(values)]
        case Group(kind=kind, at_least=least):
            yield f"{at}-is", ["group"]
            yield f"{at}-kind", [kind.value]
            yield f"{at}-n", [least]
        case Counted():
            yield f"{at}-is", ["count"]
            yield f"{at}-was", [node.of]
            yield f"{at}-of", [node.of]
            yield f"{at}-n", [node.at_least]
            yield f"{at}-distinct", [node.distinct_by]
            yield f"{at}-complete", [node.complete]
    for index, part in enumerate(parts_of(node)):
        yield from _fields(name, part, f"{place}.{index}")


def _place(path: Path) -> str:
    return ".".join((ROOT, *map(str, path)))


def _path(place: str) -> Path:
    steps = place.split(".")[1 : DEEPEST + 1]
    return tuple(int(step) for step in steps if step.isascii() and step.isdecimal() and len(step) < 5)


@dataclass(slots=True)
class _Reading:
    """Reads the fields of one editor; what makes no sense is read as an empty row."""

    data: QueryDict
    name: str
    left: int = MOST_NODES
    is_cut: bool = False

    def read(self, place: str, facts: Facts, depth: int) -> Node | None:
        kind = self._text(place, "is")
        self.left -= 1
        if not kind:
            return None
        if self.left < 0 or depth > DEEPEST:
            self.is_cut = True
            return None
        if kind == "group":
            return Group(self._kind(place), self._parts(place, facts, depth), self._text(place, "n"))
        return self._count(place, facts, depth) if kind == "count" else self._row(place, facts)

    def _text(self, place: str, field_name: str) -> str:
        return _plain(self.data.get(f"{self.name}-{place}-{field_name}", ""))

    def _kind(self, place: str) -> GroupKind:
        kind = self._text(place, "kind")
        return GroupKind(kind) if kind in list(GroupKind) else GroupKind.ALL

    def _parts(self, place: str, facts: Facts, depth: int) -> tuple[Node, ...]:
        found: list[Node] = []
        while (part := self.read(f"{place}.{len(found)}", facts, depth + 1)) is not None:
            found.append(part)
        return tuple(found)

    def _count(self, place: str, facts: Facts, depth: int) -> Counted:
        of = self._text(place, "of")
        counted = facts.get(of)
        inner = of_entry(counted.entry, counted.text) if counted else {}
        where = self.read(f"{place}.0", inner, depth + 1) or Row()
        distinct = self._text(place, "distinct")
        kept = distinct if distinct in inner or self._text(place, "was") == of else ""
        return Counted(where, of, self._text(place, "n"), kept, self._text(place, "complete"))

    def _row(self, place: str, facts: Facts) -> Row:
        fact, operator = self._text(place, "fact"), self._text(place, "op")
        values = tuple(map(_plain, self.data.getlist(f"{self.name}-{place}-value")[:1_000]))
        order = self._text(place, "order").split()
        values = tuple(sorted(values, key=lambda each: order.index(each) if each in order else len(order)))
        row = Row(fact, operator, values if operator == Operator.ONE_OF else values[:1])
        changed = fact != self._text(place, "was")
        return _fitted(row, facts.get(fact)) if changed else row


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:400]


def _fitted(row: Row, fact: Readable | None) -> Row:
    """Return the row for another fact: compared in a way it can be, with nothing of the old one's values."""
    if fact is None or not fact.operators:
        return Row(row.fact)
    operator = row.operator if row.operator in fact.operators else fact.operators[0].value
    known = {choice.key for choice in fact.choices} or ({"yes", "no"} if fact.kind is Kind.YES_NO else set())
    return Row(row.fact, operator, tuple(value for value in row.values if value in known))


@dataclass(frozen=True, slots=True)
class _Showing:
    editor: Editor

    def show(self, node: Node, facts: Facts, path: Path, siblings: int = 1) -> Shown:
        place = _place(path)
        movable = bool(path) and siblings > 1
        basic = Shown(
            form="",
            name=f"{self.editor.name}-{place}",
            place=place,
            title="",
            is_root=not path,
            can_up=movable and path[-1] > 0,
            can_down=movable and path[-1] < siblings - 1,
            errors={p.field: p.words for p in self.editor.problems if p.path == path},
            focus=self.editor.focus[1] if self.editor.focus[0] == path else "",
        )
        match node:
            case Row():
                return self._row(basic, node, facts)
            case Group():
                return self._group(basic, node, facts, path)
            case Counted():
                return self._count(basic, node, facts, path)

    def _row(self, basic: Shown, row: Row, facts: Facts) -> Shown:
        fact = facts.get(row.fact)
        widget = _widget(fact, row.operator)
        known = _choices(fact, row.values) if widget in ("choice", "checks") else ()
        return replace(
            basic,
            form="row",
            title=_row_title(fact, known, row),
            fact=row.fact,
            facts=_headings(facts, row.fact, self.editor.find),
            operators=_operators(fact, row.operator),
            widget=widget,
            choices=known,
            order=" ".join(row.values) if row.operator == Operator.ONE_OF else "",
            text=row.values[0] if row.values else "",
            unit=_unit(fact, row.operator),
        )

    def _group(self, basic: Shown, group: Group, facts: Facts, path: Path) -> Shown:
        parts = [
            self.show(part, facts, (*path, index), len(group.parts)) for index, part in enumerate(group.parts)
        ]
        return replace(
            basic,
            form="group",
            title=_taken(group.kind),
            operators=tuple(Option(kind, _taken(kind), kind is group.kind) for kind in GroupKind),
            at_least=group.at_least,
            needs_number=group.kind is GroupKind.SOME,
            parts=tuple(parts),
        )

    def _count(self, basic: Shown, count: Counted, facts: Facts, path: Path) -> Shown:
        counted = facts.get(count.of)
        inner = of_entry(counted.entry, counted.text) if counted else {}
        lists = [fact for fact in facts.values() if fact.kind is Kind.ENTRIES]
        yes_no = [fact for fact in facts.values() if fact.kind is Kind.YES_NO]
        return replace(
            basic,
            form="count",
            title=counted.text if counted else _("a list that isn’t chosen yet"),
            fact=count.of,
            at_least=count.at_least,
            lists=_named(lists, count.of),
            distinct=_named([fact for fact in inner.values() if fact.tells_apart], count.distinct_by),
            complete=_named(yes_no, count.complete),
            parts=(self.show(count.where, inner, (*path, 0)),),
        )


def _taken(kind: GroupKind) -> str:
    match kind:
        case GroupKind.ALL:
            return _("all of these are true")
        case GroupKind.ANY:
            return _("any of these is true")
        case GroupKind.SOME:
            return _("at least so many of these are true")
    return _("none of these is true")


def _named(facts: Sequence[Readable], chosen: str) -> tuple[Option, ...]:
    options = [Option(fact.key, fact.text, fact.key == chosen) for fact in facts]
    return _with_lost(options, chosen)


def _with_lost(options: list[Option], chosen: str) -> tuple[Option, ...]:
    """Keep what was chosen in the list though it isn't there, so that it comes back as it was sent."""
    if chosen and all(not option.chosen for option in options):
        options.append(Option(chosen, _("%(value)s (not in the list)") % {"value": cut(chosen)}, True))
    return tuple(options)


def _headings(facts: Facts, chosen: str, find: str) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """Return what can be read, by section: what fits while somebody looks for something, and the chosen."""
    wanted = find.casefold().split()
    found: dict[str, list[Option]] = {}
    for fact in facts.values():
        said = f"{fact.text} {fact.key} {fact.heading}".casefold()
        if fact.operators and (fact.key == chosen or all(word in said for word in wanted)):
            label = f"{fact.text} ({fact.key})"
            found.setdefault(fact.heading, []).append(Option(fact.key, label, fact.key == chosen))
    every = [option for options in found.values() for option in options]
    if chosen and all(not option.chosen for option in every):
        found[_("Not to be read here")] = [Option(chosen, cut(chosen), True)]
    return tuple((heading, tuple(options)) for heading, options in found.items())


def operator_words(operator: str, kind: Kind | None) -> str:
    """Return how an operator is called in the list of comparisons."""
    words = {
        Operator.IS: _("is"),
        Operator.IS_NOT: _("is not"),
        Operator.AT_LEAST: _("is at least"),
        Operator.AT_MOST: _("is at most"),
        Operator.ONE_OF: _("is one of"),
        Operator.INCLUDES: _("includes"),
    }
    if kind is Kind.DATE:
        words |= {Operator.AT_LEAST: _("is on or after"), Operator.AT_MOST: _("is on or before")}
    if kind is Kind.ONE_CHOICE:
        words |= {
            Operator.AT_LEAST: _("has at least, in points,"),
            Operator.AT_MOST: _("has at most, in points,"),
        }
    return words[Operator(operator)] if operator in list(Operator) else cut(operator)


def _operators(fact: Readable | None, chosen: str) -> tuple[Option, ...]:
    if fact is None:
        return ()
    return tuple(Option(each, operator_words(each, fact.kind), each == chosen) for each in fact.operators)


def _widget(fact: Readable | None, operator: str) -> str:
    if fact is None or operator not in fact.operators:
        return ""
    match fact.kind:
        case Kind.YES_NO:
            return "choice"
        case Kind.DATE:
            return "date"
        case Kind.ONE_CHOICE | Kind.MANY_CHOICES if operator not in ORDER:
            return "checks" if operator == Operator.ONE_OF else "choice"
    return "number"


def _choices(fact: Readable | None, values: tuple[str, ...]) -> tuple[Option, ...]:
    if fact is None:
        return ()
    pairs = [(choice.key, choice.label) for choice in fact.choices] or [("yes", _("Yes")), ("no", _("No"))]
    options = [Option(key, label, key in values) for key, label in pairs]
    known = {key for key, _label in pairs}
    lost = [value for value in values if value and value not in known]
    words = _("%(value)s (not in the list)")
    return (*options, *(Option(value, words % {"value": cut(value)}, True) for value in lost))


def _unit(fact: Readable | None, operator: str) -> str:
    if fact is None or fact.kind is not Kind.NUMBER:
        return ""
    return ", ".join(part for part in (fact.unit, fact.limits) if part)


def _row_title(fact: Readable | None, choices: tuple[Option, ...], row: Row) -> str:
    """Return the sentence in short, for the names of its buttons."""
    if fact is None:
        return _("a sentence without a fact")
    chosen = [option.label for option in choices if option.chosen] or list(row.values)
    return " ".join([fact.text, operator_words(row.operator, fact.kind), ", ".join(chosen)]).strip()
