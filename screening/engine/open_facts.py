"""A definition compiled once for imagining answers: what is asked of each fact, and what it could be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from screening.engine.answers import hidden_value
from screening.engine.conditions import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Count,
    Not,
    Some,
    facts_of,
    walk,
)
from screening.engine.definition import Definition, Indication, Question, Score
from screening.engine.findings import Deciding
from screening.engine.lists import Marks, OpenList, Row, Truths, open_list
from screening.engine.open_scores import Item, OpenScore, steps_of
from screening.engine.program import Program, program_of
from screening.engine.scoring import Compare, comparison_of
from screening.engine.states import examples
from screening.engine.truth import Truth, compile_rule
from screening.engine.values import Number
from screening.engine.ways import mask_of
from screening.engine.words import Kind, ScoreKind


@dataclass(frozen=True, slots=True)
class Ask:
    """One comparison or count.

    `hidden` is its truth while its question is hidden. `false` and `true` are the states of a question
    that would make it so; `compare` is for a score, `number` for a count among those over its list.
    """

    slot: int
    truth: Truth
    hidden: bool | None = None
    false: int = 0
    true: int = 0
    compare: Compare | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the parts at least: all of them, any of them, or some."""

    wanted: int
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    """The part turned round."""

    part: Node


Node = Ask | AtLeast | Opposite


@dataclass(frozen=True, slots=True)
class OpenFacts:
    """All that is needed to imagine answers. Slots are those of the program.

    `gate_of` numbers the gate that a question hangs on, its section's and its own together, and
    `beneath` has the facts that this gate reads. `read_by` has all facts that each indication reads,
    through gates, scores and lists too, and `compared` the comparisons of each score. `decided` keeps
    what was found for answers that were looked at before.
    """

    criteria: Mapping[str, tuple[Node, ...]]
    gates: tuple[Node, ...]
    gate_of: Mapping[int, int]
    beneath: Mapping[int, tuple[int, ...]]
    states: Mapping[int, tuple[Any, ...]]
    lists: Mapping[int, OpenList]
    scores: Mapping[int, OpenScore]
    score_of_item: Mapping[int, int]
    read_by: Mapping[str, tuple[int, ...]]
    compared: Mapping[int, tuple[Compare, ...]]
    imagined: dict[tuple[int, Marks], list[Truths]] = field(default_factory=dict)
    decided: dict[object, Deciding] = field(default_factory=dict)

    def list_truths(self, slot: int, rows: Sequence[Row] | None, marks: Marks) -> list[Truths]:
        """What the counts over a list could become together; kept for a list without any rows."""
        if rows is not None:
            return self.lists[slot].could_be(rows, marks)
        key = (slot, marks)
        if key not in self.imagined:
            self.imagined[key] = self.lists[slot].could_be(None, marks)
        return self.imagined[key]


def open_facts_of(definition: Definition) -> OpenFacts:
    """The definition compiled for imagining answers, kept with it."""
    kept = definition.derived.get("open_facts")
    if isinstance(kept, OpenFacts):
        return kept
    compiled = _Compiler(definition).compiled()
    definition.derived["open_facts"] = compiled
    return compiled


class _Compiler:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.program: Program = program_of(definition)
        self.index = self.program.slots.index
        self.questions = {self.index[q.key]: q for q in definition.questions}
        self.shown_when = {slot: q.shown_when for slot, q in self.questions.items() if q.shown_when}
        self.gates = {gate: number for number, gate in enumerate(dict.fromkeys(self.shown_when.values()))}
        criteria = [c.when for i in definition.indications for c in i.criteria]
        asked = [*criteria, *self.gates]
        self.comparisons = list(dict.fromkeys(_all_of_kind(Comparison, asked)))
        self.counts = list(dict.fromkeys(_all_of_kind(Count, asked)))
        self.states = {slot: self._states(slot, question) for slot, question in self.questions.items()}

    def compiled(self) -> OpenFacts:
        scores = {self.index[score.key]: self._score(score) for score in self.definition.scores}
        return OpenFacts(
            criteria={
                i.key: tuple(self._node(criterion.when) for criterion in i.criteria)
                for i in self.definition.indications
            },
            gates=tuple(map(self._node, self.gates)),
            gate_of={slot: self.gates[gate] for slot, gate in self.shown_when.items()},
            beneath={
                slot: tuple(self.index[key] for key in facts_of(gate))
                for slot, gate in self.shown_when.items()
            },
            states=self.states,
            lists=self._lists(),
            scores=scores,
            score_of_item={item.slot: slot for slot, score in scores.items() for item in score.items},
            read_by={i.key: self._read_by(i) for i in self.definition.indications},
            compared={slot: self._compared(slot) for slot in scores},
        )

    def _read_by(self, indication: Indication) -> tuple[int, ...]:
        """Every fact that an indication reads in the end, in document order."""
        found: set[int] = set()
        waiting = {key for criterion in indication.criteria for key in facts_of(criterion.when)}
        while waiting:
            key = waiting.pop()
            slot = self.index[key]
            if slot not in found:
                found.add(slot)
                waiting |= self._read_through(slot)
        return tuple(sorted(found))

    def _read_through(self, slot: int) -> set[str]:
        question = self.questions.get(slot)
        if question is None:
            score = self.definition.score(self.program.names[slot])
            return {*score.of, *([score.dated_by] if score.dated_by else [])}
        gate = facts_of(question.shown_when) if question.shown_when else ()
        scores = [score.key for score in self.definition.scores if question.key in score.of]
        return {*gate, *scores, *(count.complete for count in self._counts_over(question.key))}

    def _compared(self, slot: int) -> tuple[Compare, ...]:
        key = self.program.names[slot]
        asked = [one for one in self.comparisons if one.fact == key]
        return tuple(comparison_of(one.operator, one.value) for one in asked)

    def _states(self, slot: int, question: Question) -> tuple[Any, ...]:
        asked = [one for one in self.comparisons if one.fact == question.key]
        truths = [compile_rule(one, self.program.slots).truth for one in asked]
        return tuple(examples(question, asked, truths, slot)) if asked else ()

    def _lists(self) -> dict[int, OpenList]:
        found = {}
        for page in self.program.pages:
            for step in page.steps:
                counts = self._counts_over(step.key)
                if step.rows is not None and counts:
                    question = self.questions[step.slot]
                    found[step.slot] = open_list(question, counts, self.program.slots, step.rows)
        return found

    def _counts_over(self, key: str) -> list[Count]:
        return [count for count in self.counts if count.of == key]

    def _node(self, condition: Condition) -> Node:
        match condition:
            case Not(condition=inner):
                return Opposite(self._node(inner))
            case AllOf(of=of):
                return AtLeast(len(of), tuple(map(self._node, of)))
            case AnyOf(of=of):
                return AtLeast(1, tuple(map(self._node, of)))
            case Some(at_least=wanted, of=of):
                return AtLeast(wanted, tuple(map(self._node, of)))
            case Count(of=key):
                hidden = None if self.definition.question(key).hidden_is_unknown else False
                number = self._counts_over(key).index(condition)
                return Ask(self.index[key], self._truth(condition), hidden, number=number)
            case Comparison():
                return self._ask(condition)

    def _truth(self, condition: Condition) -> Truth:
        return compile_rule(condition, self.program.slots).truth

    def _ask(self, comparison: Comparison) -> Ask:
        slot, truth = self.index[comparison.fact], self._truth(comparison)
        question = self.questions.get(slot)
        if question is None:
            return Ask(slot, truth, compare=comparison_of(comparison.operator, comparison.value))
        found = [truth(_facts(slot, value)) for value in self.states[slot]]
        return Ask(
            slot,
            truth,
            hidden=truth(_facts(slot, hidden_value(question))),
            false=mask_of(one is False for one in found),
            true=mask_of(one is True for one in found),
        )

    def _score(self, score: Score) -> OpenScore:
        dated_by = score.dated_by if score.max_age_days is not None else None
        return OpenScore(
            items=tuple(map(self._item, score.of)),
            divisor=len(score.of) if score.kind is ScoreKind.MEAN else 1,
            dated_by=None if dated_by is None else self.index[dated_by],
            max_age_days=score.max_age_days or 0,
            date_is_unknown_when_hidden=dated_by is not None
            and self.definition.question(dated_by).hidden_is_unknown,
        )

    def _item(self, key: str) -> Item:
        question = self.definition.question(key)
        by_choice = None
        least, most = question.points_range or (0, 0)
        points: Sequence[Number] = (least, most)
        if question.kind is Kind.ONE_CHOICE:
            by_choice = {c.key: c.points for c in question.choices if c.points is not None}
            points = sorted(set(by_choice.values()))
        elif question.kind is Kind.NUMBER:
            points = steps_of(question, least, most)
        return Item(
            slot=self.index[key],
            points=tuple(points),
            states=self._item_states(question, points, by_choice),
            by_choice=by_choice,
            least=least,
            most=most,
            hidden_is_unknown=question.hidden_is_unknown,
            gate=self.gates[question.shown_when] if question.shown_when else None,
        )

    def _item_states(
        self, question: Question, points: Sequence[Number], by_choice: Mapping[str, Number] | None
    ) -> tuple[tuple[Number, int], ...]:
        """The points of each answer, with the state that the comparisons see in it."""
        slot = self.index[question.key]
        truths = [self._truth(one) for one in self.comparisons if one.fact == question.key]
        if not truths:
            return ()
        answers: list[tuple[Any, Number]] = [(number, number) for number in points]
        if by_choice:
            answers = list(by_choice.items())
        if question.kind is Kind.YES_NO:
            answers = [(True, 1), (False, 0)]
        seen = [tuple(truth(_facts(slot, value)) for truth in truths) for value in self.states[slot]]
        return tuple(
            (worth, seen.index(tuple(truth(_facts(slot, value)) for truth in truths)))
            for value, worth in answers
        )


def _all_of_kind(kind: type[Any], conditions: Sequence[Condition]) -> Iterator[Any]:
    return (node for condition in conditions for node in walk(condition) if isinstance(node, kind))


def _facts(slot: int, value: Any) -> list[Any]:
    return [*[None] * slot, value]
