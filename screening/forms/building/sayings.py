"""What a half-finished rule says so far, in the very words that a finished one has for its readers."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from screening.editing.conditions import (
    Counted,
    Group,
    GroupKind,
    Node,
    Path,
    Row,
    number_of,
    written,
)
from screening.editing.facts import Facts, of_entry
from screening.engine import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Count,
    Definition,
    Kind,
    Not,
    Operator,
    Question,
    Section,
    Some,
)
from screening.engine.values import exact
from screening.explanation.rule_words import RuleWords, rule_words

# Stand where something isn't chosen yet, until the words are cut there.
BLANK = "\N{OBJECT REPLACEMENT CHARACTER}"
UNSAID = 9_999_999_999_999


@dataclass(frozen=True, slots=True)
class Saying:
    """A line of a rule, cut where something isn't chosen yet, and the lines below it."""

    words: tuple[str, ...]
    parts: tuple["Saying", ...]


def saying(definition: Definition, node: Node | None, facts: Facts) -> Saying | None:
    """Say what stands in an editor."""
    if node is None:
        return None
    sketch = _Sketch()
    condition = sketch.condition(node, facts, ())
    blanks = Section("", "", tuple(sketch.blanks))
    return _cut(rule_words(replace(definition, sections=(*definition.sections, blanks)), condition))


def _cut(words: RuleWords) -> Saying:
    text = words.text.replace(str(UNSAID), BLANK)
    return Saying(tuple(text.split(BLANK)), tuple(_cut(part) for part in words.parts))


@dataclass(slots=True)
class _Sketch:
    """Makes a condition of a half-finished one; what is missing is a question of its own without a name."""

    blanks: list[Question] = field(default_factory=list)

    def condition(self, node: Node, facts: Facts, path: Path) -> Condition:
        match node:
            case Row():
                return self._row(node, facts, path)
            case Group():
                return self._group(node, facts, path)
            case Counted():
                return self._count(node, facts, path)

    def _blank(self, path: Path, what: str, text: str = BLANK) -> str:
        key = f"{what} {path}"
        self.blanks.append(Question(key, Kind.TEXT, text))
        return key

    def _row(self, row: Row, facts: Facts, path: Path) -> Condition:
        found = written(row, facts).condition
        if found is not None:
            operator = Operator(row.operator)
            return Comparison(row.fact, operator, _value(found[operator], facts[row.fact].kind))
        fact = facts.get(row.fact)
        key = self._blank(path, "fact", fact.text if fact else BLANK)
        fits = fact is not None and row.operator in fact.operators
        return Comparison(key, Operator(row.operator) if fits else Operator.IS, BLANK)

    def _group(self, group: Group, facts: Facts, path: Path) -> Condition:
        parts = tuple(self.condition(part, facts, (*path, n)) for n, part in enumerate(group.parts))
        of = parts or (Comparison(self._blank(path, "empty"), Operator.IS, BLANK),)
        match group.kind:
            case GroupKind.ALL:
                return AllOf(of)
            case GroupKind.ANY:
                return AnyOf(of)
            case GroupKind.NONE:
                return Not(of[0] if len(of) == 1 else AnyOf(of))
        return Some(_whole(group.at_least), of)

    def _count(self, count: Counted, facts: Facts, path: Path) -> Condition:
        found = facts.get(count.of)
        counted = found if found and found.kind is Kind.ENTRIES else None
        inner = of_entry(counted.entry, counted.text) if counted else {}
        complete = facts.get(count.complete)
        return Count(
            count.of if counted else self._blank(path, "list"),
            self.condition(count.where, inner, (*path, 0)),
            _whole(count.at_least),
            count.complete if complete and complete.kind else self._blank(path, "complete"),
            count.distinct_by if count.distinct_by in inner else None,
        )


def _whole(text: str) -> int:
    number = number_of(text)
    return number if isinstance(number, int) and number > 0 else UNSAID


def _value(value: Any, kind: Kind | None) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return date.fromisoformat(value) if kind is Kind.DATE else value
    return exact(value)
