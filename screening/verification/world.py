"""A definition read over answers to come: when questions are shown, rules true, outcomes reached."""

from __future__ import annotations

from typing import Any

from screening.engine.conditions import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Count,
    Not,
    Operator,
    Some,
    facts_of,
)
from screening.engine.definition import Criterion, Definition, Question
from screening.verification.comparing import compared
from screening.verification.tallies import Row, counted
from screening.verification.terms import (
    ALWAYS,
    NEVER,
    Formula,
    Truth,
    all_true,
    any_true,
    both,
    either,
    enough_true,
    every,
    opposite,
    some_of,
)
from screening.verification.totals import Fact, Total, total_of
from screening.verification.unknowns import Entry, Unknowns, fitting

Items = dict[str, tuple[Fact, tuple[Any, Any]]]


class Inside:
    """The facts inside one entry of a list."""

    def __init__(self, question: Question, entry: Entry) -> None:
        self.present = entry.present
        self._facts: dict[str, Fact] = {}
        for inner in question.entry:
            gate = truth_of(inner.shown_when, self) if inner.shown_when else ALWAYS
            self._facts[inner.key] = Fact(inner, fitting(entry.answers[inner.key], inner), gate)

    def fact(self, key: str) -> Fact:
        """One question of the entry."""
        return self._facts[key]

    def compared(self, comparison: Comparison) -> Truth:
        """A comparison with a question of the entry."""
        fact = self._facts[comparison.fact]
        return compared(comparison, fact.question, fact.answer, fact.gate)

    def counted(self, count: Count) -> Truth:
        """There are no lists inside an entry."""
        return NEVER


class World:
    """A definition over one state of knowledge. With `at_any_age`, no score is ever too old."""

    def __init__(self, definition: Definition, unknowns: Unknowns, *, at_any_age: bool = False) -> None:
        self.definition = definition
        self.unknowns = unknowns
        self.at_any_age = at_any_age
        self._questions = {question.key: question for question in definition.questions}
        self._scores = {score.key: score for score in definition.scores}
        self._facts: dict[str, Fact] = {}
        self._totals: dict[str, Total] = {}
        self._entries: dict[str, tuple[Inside, ...]] = {}
        self._truths: dict[int, Truth] = {}

    def fact(self, key: str) -> Fact:
        """A question, with those that its gate reads known before it: gates look back without end."""
        for earlier in self._before(key):
            question = self._questions[earlier]
            gate = self.truth(question.shown_when) if question.shown_when else ALWAYS
            self._facts[earlier] = Fact(question, self.unknowns.answer_to(question), gate)
        return self._facts[key]

    def _before(self, key: str) -> list[str]:
        """The question itself and whatever its gate rests on that isn't known yet, earliest first."""
        return [] if key in self._facts else [k for k in self._back_from(key) if k not in self._facts]

    def _back_from(self, key: str) -> list[str]:
        seen: dict[str, None] = {}
        todo = [key]
        while todo:
            here = todo.pop()
            if here not in seen and here not in self._facts:
                seen[here] = None
                gate = self._questions[here].shown_when
                todo += facts_of(gate) if gate else ()
        return [k for k in self._questions if k in seen]

    def gate(self, key: str) -> Truth:
        """Whether a question is shown."""
        return self.fact(key).gate

    def total(self, key: str) -> Total:
        """A score."""
        if key not in self._totals:
            score = self._scores[key]
            dated = self.fact(score.dated_by) if score.dated_by else None
            items = [self.fact(item) for item in score.of]
            self._totals[key] = total_of(score, items, dated, self.unknowns.as_of)
        return self._totals[key]

    def items(self, key: str) -> Items:
        """The items of a score, by key, with what each adds at least and at most."""
        of = self._scores[key].of
        return {
            item: (self.fact(item), points) for item, points in zip(of, self.total(key).items, strict=True)
        }

    def entries(self, key: str) -> tuple[Inside, ...]:
        """The entries that a list may have."""
        if key not in self._entries:
            question = self._questions[key]
            self._entries[key] = tuple(Inside(question, entry) for entry in self.unknowns.entries(key))
        return self._entries[key]

    def truth(self, condition: Condition) -> Truth:
        """When a condition is true, and when false."""
        found = self._truths.get(id(condition))
        if found is None:
            found = self._truths[id(condition)] = truth_of(condition, self)
        return found

    def compared(self, comparison: Comparison) -> Truth:
        """A comparison with a question or a score."""
        if comparison.fact in self._scores:
            score = self.total(comparison.fact)
            return score.compared(comparison.operator, comparison.value, at_any_age=self.at_any_age)
        fact = self.fact(comparison.fact)
        return compared(comparison, fact.question, fact.answer, fact.gate)

    def counted(self, count: Count) -> Truth:
        """A count over a list's entries."""
        complete = Comparison(count.complete, Operator.IS, True)
        rows = [
            Row(
                inside.present,
                truth_of(count.where, inside),
                inside.fact(count.distinct_by) if count.distinct_by else None,
            )
            for inside in self.entries(count.of)
        ]
        return counted(count, rows, self.fact(count.of), self.compared(complete))

    # Scope, outcomes and states.

    @property
    def scope(self) -> Truth:
        """Whether the questionnaire is for this person."""
        return self.truth(self.definition.scope.when) if self.definition.scope else ALWAYS

    def criteria(self, indication: str) -> list[tuple[Criterion, Truth]]:
        """The criteria of an indication with their truths."""
        return [(c, self.truth(c.when)) for c in self.definition.indication(indication).criteria]

    def present(self, indication: str) -> Formula:
        """When its outcome is that indicators are present."""
        return both(self.scope.true, every(truth.true for _, truth in self.criteria(indication)))

    def not_present(self, indication: str) -> Formula:
        """When its outcome is that they are not: what the provider judges never makes it so."""
        unmet = [truth.false for c, truth in self.criteria(indication) if not c.provider_judges]
        return both(self.scope.true, some_of(unmet))

    def raised(self, consideration: str) -> Formula:
        """When a consideration is raised: an unknown `unless` never silences it."""
        return both(self._when(consideration).true, opposite(self.silenced(consideration)))

    def not_raised(self, consideration: str) -> Formula:
        """When it is not raised, and nothing is open about that."""
        return either(self._when(consideration).false, self.silenced(consideration))

    def silenced(self, consideration: str) -> Formula:
        """When its `unless` is true."""
        unless = self.definition.consideration(consideration).unless
        return self.truth(unless).true if unless else False

    def _when(self, consideration: str) -> Truth:
        return self.truth(self.definition.consideration(consideration).when)


def truth_of(condition: Condition, facts: World | Inside) -> Truth:
    """When a condition is true of some facts, and when false."""
    match condition:
        case Comparison():
            return facts.compared(condition)
        case Count():
            return facts.counted(condition)
        case Not(condition=inner):
            return truth_of(inner, facts).negated
        case AllOf(of=of):
            return all_true([truth_of(inner, facts) for inner in of])
        case AnyOf(of=of):
            return any_true([truth_of(inner, facts) for inner in of])
        case Some(at_least=number, of=of):
            return enough_true(number, [truth_of(inner, facts) for inner in of])
