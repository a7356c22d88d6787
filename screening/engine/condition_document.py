"""Conditions as JSON: reading them against the facts they may look at, and writing them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from screening.engine.conditions import AllOf, AnyOf, Comparison, Condition, Count, Not, Operator, Some
from screening.engine.definition import Question, Score
from screening.engine.fields import Fields
from screening.engine.problems import Problem, under
from screening.engine.values import Number, Value, plain
from screening.engine.words import Kind

DEEPEST_CONDITION = 50
WIDEST_LIST = 1_000

_FORMS = ("fact", "all", "any", "not", "some", "count")
_EQUALITY = (Operator.IS, Operator.IS_NOT)
_ORDER = (Operator.AT_LEAST, Operator.AT_MOST)
_OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.YES_NO: _EQUALITY,
    Kind.ONE_CHOICE: (*_EQUALITY, Operator.ONE_OF),
    Kind.MANY_CHOICES: (Operator.INCLUDES,),
    Kind.NUMBER: (*_EQUALITY, *_ORDER),
    Kind.DATE: (*_EQUALITY, *_ORDER),
    Kind.TEXT: (),
    Kind.ENTRIES: (),
}
DISTINGUISHING = (Kind.YES_NO, Kind.ONE_CHOICE, Kind.NUMBER, Kind.DATE)


@dataclass(slots=True)
class Facts:
    """What a condition may read.

    `elsewhere` says of the facts that exist but can't be read here why not; `broken` holds the keys
    of those that are themselves in disorder, which conditions don't complain of again.
    """

    questions: dict[str, Question] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


class ConditionReader:
    """Reads conditions about some facts, noting every problem; a bad condition reads as None."""

    def __init__(self, facts: Facts, problems: list[Problem]) -> None:
        self.facts = facts
        self.problems = problems

    def read(self, value: object, place: str, depth: int = 0) -> Condition | None:
        """The condition, `depth` operators further in than the rule it stands in."""
        if depth > DEEPEST_CONDITION:
            return self._refuse(place, f"Conditions can't be more than {DEEPEST_CONDITION} deep.")
        if not isinstance(value, dict):
            return self._refuse(place, "This must be a condition, which is an object.")
        forms = [form for form in _FORMS if form in value]
        if len(forms) != 1:
            return self._refuse(place, f"A condition has exactly one of {', '.join(_FORMS)}.")
        form = forms[0]
        if form == "fact":
            return self._comparison(value, place)
        if len(value) > 1:
            other = next(key for key in value if key != form)
            return self._refuse(under(place, other), "This key is not known here.")
        readers: dict[str, Callable[[object, str, int], Condition | None]] = {
            "all": self._all,
            "any": self._any,
            "not": self._not,
            "some": self._some,
            "count": self._count,
        }
        return readers[form](value[form], under(place, form), depth + 1)

    def _refuse(self, place: str, problem: str) -> Condition | None:
        self.problems.append(Problem(place, problem))
        return None

    def _list(self, value: object, place: str, depth: int) -> tuple[Condition, ...] | None:
        if not isinstance(value, list):
            self._refuse(place, "This must be a list of conditions.")
            return None
        if not value:
            self._refuse(place, "This list is empty.")
            return None
        if len(value) > WIDEST_LIST:
            return None
        read = [self.read(inner, under(place, index), depth) for index, inner in enumerate(value)]
        found = tuple(condition for condition in read if condition is not None)
        return found if len(found) == len(read) else None

    def _all(self, value: object, place: str, depth: int) -> Condition | None:
        of = self._list(value, place, depth)
        return AllOf(of) if of else None

    def _any(self, value: object, place: str, depth: int) -> Condition | None:
        of = self._list(value, place, depth)
        return AnyOf(of) if of else None

    def _not(self, value: object, place: str, depth: int) -> Condition | None:
        inner = self.read(value, place, depth)
        return Not(inner) if inner else None

    def _some(self, value: object, place: str, depth: int) -> Condition | None:
        fields = Fields(value, place, self.problems, ("at_least", "of"))
        at_least = fields.whole("at_least", 1, WIDEST_LIST, must=True)
        of = self._list(fields.values["of"], fields.at("of"), depth) if fields.is_list("of") else None
        return Some(at_least, of) if at_least and of else None

    def _count(self, value: object, place: str, depth: int) -> Condition | None:
        known = ("of", "where", "at_least", "distinct_by", "complete")
        fields = Fields(value, place, self.problems, known)
        at_least = fields.whole("at_least", 1, 1_000_000, must=True)
        entries = self._question(fields, "of", Kind.ENTRIES)
        complete = self._question(fields, "complete", Kind.YES_NO)
        if entries and complete and entries.shown_when != complete.shown_when:
            fields.complain("complete", "This question must have the same shown_when as the list.")
        if not fields.has("where"):
            fields.complain("where", "This is missing.")
        where = distinct_by = None
        if entries:
            inner = {question.key: question for question in entries.entry}
            distinct_by = self._distinct_by(fields, inner)
            if fields.has("where"):
                where = self._where(fields.values["where"], fields.at("where"), inner, depth)
        if not (where and entries and complete and at_least):
            return None
        return Count(entries.key, where, at_least, complete.key, distinct_by)

    def _where(
        self, value: object, place: str, inner: Mapping[str, Question], depth: int
    ) -> Condition | None:
        why = "Inside `where` only the questions of the list's own entries can be read."
        known = (*self.facts.questions, *self.facts.scores, *self.facts.elsewhere)
        elsewhere = dict.fromkeys((key for key in known if key not in inner), why)
        facts = Facts(dict(inner), {}, elsewhere, self.facts.broken)
        return ConditionReader(facts, self.problems).read(value, place, depth)

    def _distinct_by(self, fields: Fields, inner: Mapping[str, Question]) -> str | None:
        if not fields.has("distinct_by"):
            return None
        key = fields.text("distinct_by")
        if key and key not in inner:
            fields.complain("distinct_by", "The list's entries have no question with this key.")
        elif key and key not in self.facts.broken and inner[key].kind not in DISTINGUISHING:
            fields.complain(
                "distinct_by", f"Entries can't be told apart by a question of kind {inner[key].kind}."
            )
        return key

    def _question(self, fields: Fields, name: str, kind: Kind) -> Question | None:
        key = fields.text(name)
        if not key:
            return None
        if key not in self.facts.questions:
            self._unreadable(fields, name, key)
            return None
        question = self.facts.questions[key]
        if key in self.facts.broken:
            return None
        if question.kind is not kind:
            fields.complain(name, f"This must be a question of kind {kind}.")
            return None
        return question

    def _unreadable(self, fields: Fields, name: str, key: str) -> None:
        fields.complain(name, self.facts.elsewhere.get(key, "There is no question or score with this key."))

    def _comparison(self, value: dict[str, object], place: str) -> Condition | None:
        fields = Fields(value, place, self.problems, ("fact", *Operator))
        operators = [operator for operator in Operator if operator in value]
        if len(operators) != 1:
            return self._refuse(place, f"A fact is compared with exactly one of {', '.join(Operator)}.")
        operator = operators[0]
        key = fields.text("fact")
        if not key:
            return None
        if key in self.facts.scores:
            if operator not in (*_EQUALITY, *_ORDER):
                return self._refuse(fields.at(operator), "A score is not compared in this way.")
            return _compared(key, operator, _number(fields, operator))
        if key not in self.facts.questions:
            self._unreadable(fields, "fact", key)
            return None
        if key in self.facts.broken:
            return None
        question = self.facts.questions[key]
        if operator not in _operators(question):
            return self._refuse(fields.at(operator), _not_compared(question, operator))
        return _compared(key, operator, _value(fields, operator, question))


def _not_compared(question: Question, operator: Operator) -> str:
    if question.kind is Kind.ONE_CHOICE and operator in _ORDER:
        return "Choices are put in order by their points, and not every choice here has points."
    return f"A question of kind {question.kind} is not compared in this way."


def _operators(question: Question) -> tuple[Operator, ...]:
    allowed = _OPERATORS[question.kind]
    return (*allowed, *_ORDER) if question.kind is Kind.ONE_CHOICE and question.has_points else allowed


def _compared(fact: str, operator: Operator, value: Value | tuple[str, ...] | None) -> Comparison | None:
    return None if value is None else Comparison(fact, operator, value)


def _value(fields: Fields, operator: Operator, question: Question) -> Value | tuple[str, ...] | None:
    """What the fact is compared with; None, with a problem noted, if it can't be."""
    match question.kind:
        case Kind.YES_NO:
            return _yes_no(fields, operator)
        case Kind.DATE:
            return fields.day(operator)
        case Kind.ONE_CHOICE if operator is Operator.ONE_OF:
            keys = [choice.key for choice in question.choices]
            found = fields.keys(operator, keys, "choice", empty=False)
            return found or None
        case Kind.ONE_CHOICE | Kind.MANY_CHOICES if operator not in _ORDER:
            return _choice(fields, operator, question)
    return _number(fields, operator)


def _yes_no(fields: Fields, operator: Operator) -> bool | None:
    value = fields.values[operator]
    if isinstance(value, bool):
        return value
    fields.complain(operator, "This must be true or false.")
    return None


def _choice(fields: Fields, operator: Operator, question: Question) -> str | None:
    value = fields.values[operator]
    if isinstance(value, str) and any(choice.key == value for choice in question.choices):
        return value
    fields.complain(operator, "There is no choice with this key.")
    return None


def _number(fields: Fields, operator: Operator) -> Number | None:
    return fields.number(operator)


def render_condition(condition: Condition) -> dict[str, object]:
    """The condition as JSON."""
    match condition:
        case Comparison(fact=fact, operator=operator, value=value):
            return {"fact": fact, operator.value: _render_value(value)}
        case AllOf(of=of):
            return {"all": [render_condition(inner) for inner in of]}
        case AnyOf(of=of):
            return {"any": [render_condition(inner) for inner in of]}
        case Not(condition=inner):
            return {"not": render_condition(inner)}
        case Some(at_least=at_least, of=of):
            return {"some": {"at_least": at_least, "of": [render_condition(inner) for inner in of]}}
        case Count():
            return {"count": _render_count(condition)}


def _render_count(count: Count) -> dict[str, object]:
    rendered: dict[str, object] = {
        "of": count.of,
        "where": render_condition(count.where),
        "at_least": count.at_least,
        "complete": count.complete,
    }
    return rendered if count.distinct_by is None else {**rendered, "distinct_by": count.distinct_by}


def _render_value(value: Value | tuple[str, ...]) -> object:
    match value:
        case tuple():
            return list(value)
        case date():
            return value.isoformat()
        case bool() | str():
            return value
        case _:
            return plain(value)
