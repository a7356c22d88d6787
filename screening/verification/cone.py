"""What a rule rests on: the questions that it reads, through scores, lists and gates too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from screening.engine.condition_document import render_condition
from screening.engine.conditions import Comparison, Condition, Count, facts_of, walk
from screening.engine.definition import Definition
from screening.engine.json_text import canonical
from screening.verification.rules import rules_of


class Cones:
    """The cones of a definition's facts, each worked out once."""

    def __init__(self, definition: Definition) -> None:
        self.questions = {question.key: question for question in definition.questions}
        self.scores = {score.key: score for score in definition.scores}
        self.completes = completes_of(definition)
        self._below: dict[str, frozenset[str]] = {}
        for key in (*self.questions, *self.scores):
            self._below[key] = self._of_fact(key)
        rules = rules_of(definition)
        self._rules = {part["key"]: canonical(part) for part in (*rules["questions"], *rules["scores"])}
        self._scope = canonical(rules["scope"])
        self._indications = {part["key"]: canonical(part) for part in rules["indications"]}
        self._considerations = {part["key"]: canonical(part) for part in rules["considerations"]}
        self.definition = definition

    def of(self, conditions: Iterable[Condition]) -> tuple[str, ...]:
        """The questions and scores that these conditions rest on, in document order."""
        found: set[str] = set()
        for condition in conditions:
            for key in facts_of(condition):
                found |= self._below[key]
        return tuple(key for key in (*self.questions, *self.scores) if key in found)

    def of_facts(self, *keys: str) -> tuple[str, ...]:
        """What these facts rest on, themselves included."""
        found = frozenset[str]().union(*(self._below[key] for key in keys))
        return tuple(key for key in (*self.questions, *self.scores) if key in found)

    def _of_fact(self, key: str) -> frozenset[str]:
        """Itself and what it rests on: what stands before it is known already."""
        score = self.scores.get(key)
        if score is not None:
            below: tuple[str, ...] = (*score.of, *([score.dated_by] if score.dated_by else ()))
        else:
            gate = self.questions[key].shown_when
            below = (*(facts_of(gate) if gate else ()), *self.completes.get(key, ()))
        # A list and its "complete" have the same gate, and come with each other only one way.
        return frozenset({key}).union(*(self._below.get(other, {other}) for other in below))

    def rules(self, conditions: Iterable[Condition]) -> tuple[str, ...]:
        """All that the truth of these conditions depends on beside themselves, in one form."""
        return tuple(self._rules[key] for key in self.of(conditions))

    def indication(self, key: str) -> tuple[str, ...]:
        """All that an indication's outcome depends on, in one form: equal ones say the same."""
        return (self._scope, self._indications[key], *self.rules(self.conditions_of(key)))

    def consideration(self, key: str) -> tuple[str, ...]:
        """All that a consideration's state depends on, in one form."""
        return (self._considerations[key], *self.rules(self.conditions_of_consideration(key)))

    def conditions_of(self, indication: str) -> list[Condition]:
        """The scope and the criteria of an indication."""
        scope = self.definition.scope
        criteria = [criterion.when for criterion in self.definition.indication(indication).criteria]
        return [*([scope.when] if scope else ()), *criteria]

    def conditions_of_consideration(self, key: str) -> list[Condition]:
        """What raises a consideration, and what silences it."""
        found = self.definition.consideration(key)
        return [found.when, *([found.unless] if found.unless else ())]

    def conditions_in(self, keys: Iterable[str]) -> Iterator[Condition]:
        """The gates of these questions."""
        for key in keys:
            if key in self.questions and (gate := self.questions[key].shown_when):
                yield gate


def completes_of(definition: Definition) -> dict[str, tuple[str, ...]]:
    """For each list the questions that mark it complete."""
    found: dict[str, dict[str, None]] = {}
    for condition in all_conditions(definition):
        for count in counts_in(condition):
            found.setdefault(count.of, {})[count.complete] = None
    return {key: tuple(completes) for key, completes in found.items()}


def all_conditions(definition: Definition) -> Iterator[Condition]:
    """Every gate and every rule, whole."""
    if definition.scope:
        yield definition.scope.when
    for question in definition.questions:
        if question.shown_when:
            yield question.shown_when
    for indication in definition.indications:
        yield from (criterion.when for criterion in indication.criteria)
    for consideration in definition.considerations:
        yield consideration.when
        if consideration.unless:
            yield consideration.unless


def counts_in(condition: Condition) -> Iterator[Count]:
    """The counts inside a condition."""
    return (node for node in walk(condition) if isinstance(node, Count))


def leaves_of(condition: Condition) -> Iterator[Comparison | Count]:
    """The comparisons and counts that a condition is made of."""
    return (node for node in walk(condition) if isinstance(node, Comparison | Count))


@dataclass(frozen=True, slots=True)
class Group:
    """Counts that ask the same of a list's entries: one set of entries serves them all."""

    of: str
    where: str
    distinct_by: str | None


def rows_needed(cones: Cones, conditions: Iterable[Condition]) -> dict[Group, int]:
    """How many entries each group of counts needs.

    A count says whether N entries match (N different values among them), and whether N could. To say the
    same of fewer entries, keep N of those that match (with N different values), or all if there are
    fewer; and then, of those that could match, as many as bring these to N again. That is at most N, for
    each entry kept adds one to the second number too. What is left out can only have made both numbers
    larger, so that a number under N stays under N. Entries kept for one group do no harm to another, for
    the same reason: the sum over all groups is enough for every answer set.
    """
    conditions = list(conditions)
    keys = cones.of(conditions)
    needed: dict[Group, int] = {}
    for condition in (*conditions, *cones.conditions_in(keys)):
        for count in counts_in(condition):
            entry = cones.questions[count.of].entry
            asked = canonical([render_condition(count.where), *(q.key for q in entry)])
            gates = [render_condition(q.shown_when) for q in entry if q.shown_when]
            group = Group(count.of, asked + canonical(gates), count.distinct_by)
            needed[group] = max(needed.get(group, 0), count.at_least)
    return needed
