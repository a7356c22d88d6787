"""Rules and questions that can never occur, or come out one way only, as far as one fact at a time shows."""

from __future__ import annotations

from collections.abc import Iterator

from screening.engine.conditions import AllOf, AnyOf, Comparison, Condition, Count, Some, walk
from screening.engine.definition import Consideration, Definition, Question
from screening.engine.places import gates_of, placed_conditions, rules_of
from screening.engine.possible import ANYTHING, Possibilities
from screening.engine.problems import Problem
from screening.engine.program import program_of
from screening.engine.truth import Slots
from screening.engine.words import Kind


def dead_rules(definition: Definition) -> Iterator[Problem]:
    """Every rule and every question that can never occur; every rule that comes out one way only."""
    look = _Look(definition)
    yield from look.gates()
    yield from look.scope()
    yield from look.criteria()
    yield from look.considerations()
    yield from look.parts()


class _Look:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        everywhere = [condition for _, condition in (*gates_of(definition), *rules_of(definition))]
        nodes = [node for condition in everywhere for node in walk(condition)]
        self.facts = Possibilities(
            program_of(definition).slots, (node for node in nodes if isinstance(node, Comparison))
        )
        self.counts = list(dict.fromkeys(node for node in nodes if isinstance(node, Count)))
        self.entries: dict[str, Possibilities] = {}
        for question in definition.questions:
            if question.kind is Kind.ENTRIES:
                self._take_list(question)
            self.facts.take(question)
        for score in definition.scores:
            self.facts.take_score(score, [definition.question(key) for key in score.of])

    def _take_list(self, question: Question) -> None:
        """What the entries of a list can be, and so what the counts over it can be."""
        counts = [count for count in self.counts if count.of == question.key]
        inner = {q.key: q for q in question.entry}
        asked = [*(count.where for count in counts), *(q.shown_when for q in question.entry if q.shown_when)]
        comparisons = [node for one in asked for node in walk(one) if isinstance(node, Comparison)]
        slots = Slots({key: index for index, key in enumerate(inner)}, dict(inner))
        entry = self.entries[question.key] = Possibilities(slots, comparisons)
        for one in question.entry:
            entry.take(one)
        for count in counts:
            if _most_entries(count, entry, inner) < count.at_least:
                self.facts.base[count] = ANYTHING - {True}

    def gates(self) -> Iterator[Problem]:
        """Sections and questions that are never shown; gates that hide nothing are a warning."""
        for index, section in enumerate(self.definition.sections):
            place = f"sections.{index}"
            if section.shown_when is not None:
                yield from self._gate(self.facts, section.shown_when, f"{place}.shown_when", "section")
                if not self.facts.can(section.shown_when, {True}):
                    continue
            for inner, question in enumerate(section.questions):
                yield from self._question(question, f"{place}.questions.{inner}")

    def _question(self, question: Question, place: str) -> Iterator[Problem]:
        if question.own_shown_when is not None and question.shown_when is not None:
            yield from self._gate(self.facts, question.shown_when, f"{place}.shown_when", "question")
        for index, one in enumerate(question.entry):
            if one.shown_when is not None:
                where = f"{place}.entry.{index}.shown_when"
                yield from self._gate(self.entries[question.key], one.shown_when, where, "question")

    def _gate(self, facts: Possibilities, gate: Condition, place: str, what: str) -> Iterator[Problem]:
        if not facts.can(gate, {True}):
            yield Problem(place, f"This can never be true: the {what} is never shown.")
        elif not facts.can(gate, {False}):
            yield Problem(place, f"This can never be false: it never hides the {what}.", warning=True)

    def scope(self) -> Iterator[Problem]:
        """A scope that is met by nobody."""
        scope = self.definition.scope
        if scope and not self.facts.can(scope.when, {True}):
            yield Problem("scope.when", "This can never be true: every outcome stays open.")

    def criteria(self) -> Iterator[Problem]:
        """Criteria that can never be met, or never not met."""
        for index, indication in enumerate(self.definition.indications):
            for inner, criterion in enumerate(indication.criteria):
                place = f"indications.{index}.criteria.{inner}.when"
                if not self.facts.can(criterion.when, {True}):
                    yield Problem(place, "This can never be met, whatever is answered.")
                elif not self.facts.can(criterion.when, {False}):
                    yield Problem(place, "This is met whatever is answered: it asks for nothing.")

    def considerations(self) -> Iterator[Problem]:
        """Considerations that can never be raised; those that always are, are a warning."""
        for index, consideration in enumerate(self.definition.considerations):
            place = f"considerations.{index}"
            if not self.facts.can(consideration.when, {True}):
                yield Problem(f"{place}.when", "This can never be raised, whatever is answered.")
                continue
            if not self.facts.can(consideration.when, {False}):
                yield Problem(f"{place}.when", "This is raised whatever is answered.", warning=True)
            yield from self._unless(consideration, f"{place}.unless")

    def _unless(self, consideration: Consideration, place: str) -> Iterator[Problem]:
        if consideration.unless is None:
            return
        raised = [(consideration.when, frozenset({True})), (consideration.unless, frozenset({False, None}))]
        if not self.facts.together(raised):
            yield Problem(place, "This always silences it: it can never be raised.")
        elif not self.facts.can(consideration.unless, {True}):
            yield Problem(place, "This can never be true: it never silences anything.", warning=True)

    def parts(self) -> Iterator[Problem]:
        """Parts of rules that can never be true, where the rule itself can."""
        whole = {place for place, _ in (*gates_of(self.definition), *rules_of(self.definition))}
        for place, condition in placed_conditions(self.definition):
            is_part = place not in whole and ".count.where" not in place and ".entry." not in place
            is_part = is_part and isinstance(condition, AllOf | AnyOf | Some)
            if is_part and not self.facts.can(condition, {True}):
                yield Problem(place, "This part can never be true.", warning=True)


def _most_entries(count: Count, entry: Possibilities, inner: dict[str, Question]) -> float:
    """How many entries, or different values, the count can find at most."""
    if not entry.can(count.where, {True}):
        return 0
    if count.distinct_by is None:
        return float("inf")
    match inner[count.distinct_by].kind:
        case Kind.YES_NO:
            return 2
        case Kind.ONE_CHOICE:
            return len(inner[count.distinct_by].choices)
    return float("inf")
