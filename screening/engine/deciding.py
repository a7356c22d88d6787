"""What would settle it: the smallest sets of open questions, scores and lists, each way.

A unit is a question that is open, together with its gate if it is hidden behind an unknown one; or a
score, that is its open items and its date; or a list with the question whether it is complete. A set
counts if some real answers to it, with all else as it is, settle the outcome that way, and if no smaller
set does: neither fewer of its units, nor a part of the questions that they stand for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, partial

from screening.engine.definition import Definition
from screening.engine.facts import Record
from screening.engine.findings import Deciding
from screening.engine.lists import Truths
from screening.engine.open_facts import Ask, AtLeast, Node, OpenFacts, Opposite, open_facts_of
from screening.engine.open_scores import OpenScore, Reach, Total
from screening.engine.open_state import state_of
from screening.engine.program import CompiledCriterion, program_of
from screening.engine.scoring import Compare
from screening.engine.ways import ALREADY, NEVER, Way, Ways, at_least, both, either, mask_of

MOST_UNITS = 3
MOST_SETS = 10
# The mask of a fact that a way needs unanswered: it has no bit in common with any state.
STAYS_OPEN = 1 << 10_000
# A way may need more facts than units, because gates come with what they open; but not without end.
MOST_FACTS = 12
# Findings of more different answers than this are not kept.
MOST_KEPT = 2_000
# Items of one score behind more different gates than this are not thought through.
MOST_GATES = 2


def deciding(
    definition: Definition, record: Record, as_of: date, key: str, criteria: Sequence[CompiledCriterion]
) -> Deciding:
    """What could settle an indication that is in scope and not settled.

    What was found once is kept for all answers that look the same from here: most intakes are blank, or
    alike, in most of what an indication reads.
    """
    open_facts = open_facts_of(definition)
    state = (key, state_of(open_facts, open_facts.read_by[key], record, as_of))
    kept = open_facts.decided
    if state not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[state] = Search(definition, record, as_of, open_facts.read_by[key]).deciding(key, criteria)
    return kept[state]


class Search:
    """One answer set, searched for what could settle one indication.

    `read` are the facts that the indication reads: nothing else makes a difference, so that the same
    is found whatever was looked for before.
    """

    def __init__(self, definition: Definition, record: Record, as_of: date, read: Sequence[int]) -> None:
        self.definition = definition
        self.read = read
        self.facts = record.facts
        self.gates = record.gates
        self.as_of = as_of
        self._gate_ways: list[tuple[Ways, Ways]] = []
        self._lists: dict[int, list[Truths]] = {}
        self._totals: dict[int, dict[Total, int]] = {}

    @cached_property
    def open(self) -> OpenFacts:
        """What is needed to imagine answers, once there is something to imagine."""
        return open_facts_of(self.definition)

    @cached_property
    def brought(self) -> frozenset[int]:
        """The facts that may come with others, and so don't count as units of their own."""
        gated = (slot for slot in self.read if slot in self.open.gate_of)
        return frozenset(fact for slot in gated for fact in self.beneath[slot])

    def deciding(self, key: str, criteria: Sequence[CompiledCriterion]) -> Deciding:
        """What could settle an indication that is in scope and not settled."""
        nodes = self.open.criteria[key]
        truths = [compiled.rule.truth(self.facts) for compiled in criteria]
        present, not_present = NEVER, NEVER
        if False not in truths:
            present = self._at_least(len(nodes), nodes, wanted=True)
        for compiled, node, truth in zip(criteria, nodes, truths, strict=True):
            if truth is None and not compiled.criterion.provider_judges:
                not_present = either(not_present, self.ways(node, wanted=False))
        return Deciding(self._smallest(present), self._smallest(not_present))

    def ways(self, node: Node, wanted: bool) -> Ways:
        """The ways to make a condition true, or false."""
        match node:
            case Opposite(part=part):
                return self.ways(part, not wanted)
            case AtLeast(wanted=number, parts=parts):
                return self._at_least(number if wanted else len(parts) - number + 1, parts, wanted)
            case Ask():
                truth = node.truth(self.facts)
                if truth is not None:
                    return ALREADY if truth is wanted else NEVER
                if node.compare is not None:
                    return self._score(node.slot, node.compare, wanted)
                return self._behind_its_gate(node, wanted)

    def _at_least(self, number: int, nodes: Sequence[Node], wanted: bool) -> Ways:
        return at_least(number, [partial(self.ways, node, wanted) for node in nodes], self._allowed)

    def _allowed(self, way: Way) -> bool:
        """Whether a way can still become a set of few enough units."""
        if len(way) > MOST_FACTS:
            return False
        asked = _answered_in(way).keys() - self.brought
        units = {self.open.score_of_item.get(slot, slot) for slot in asked}
        return len(units) <= MOST_UNITS

    def _both(self, first: Ways, second: Ways) -> Ways:
        return both(first, second, self._allowed)

    def _gate(self, number: int, wanted: bool) -> Ways:
        """The ways to open a gate, or to close it. Earlier gates come first: a later one reads them."""
        for earlier in range(len(self._gate_ways), number + 1):
            node = self.open.gates[earlier]
            self._gate_ways.append((self.ways(node, wanted=False), self.ways(node, wanted=True)))
        return self._gate_ways[number][wanted]

    def _behind_its_gate(self, ask: Ask, wanted: bool) -> Ways:
        """A question or a list: answered once it is shown, or hidden if that gives what is wanted."""
        gate = self.gates[ask.slot]
        if gate is False:
            return NEVER
        mask = self._answered(ask, wanted)
        answered: Ways = [{ask.slot: mask}] if mask else NEVER
        if gate:
            return answered
        number = self.open.gate_of[ask.slot]
        hidden = self._gate(number, wanted=False) if ask.hidden is wanted else NEVER
        return either(hidden, self._both(self._gate(number, wanted=True), answered))

    def _answered(self, ask: Ask, wanted: bool) -> int:
        """The states of a shown question or list that give what is wanted."""
        if ask.number is not None:
            return mask_of(truths[ask.number] is wanted for truths in self._list(ask.slot))
        mask = ask.true if wanted else ask.false
        for bit, value in enumerate(self.open.states[ask.slot]):
            if isinstance(value, date) and value > self.as_of:
                mask &= ~(1 << bit)
        return mask

    def _list(self, slot: int) -> list[Truths]:
        """What the counts over a list could become together."""
        if slot not in self._lists:
            known = self.open.lists[slot]
            shown = self.gates[slot] is True
            rows = self.facts[slot] if shown else None
            marks = tuple(self.facts[complete] if shown else None for complete in known.completes)
            self._lists[slot] = self.open.list_truths(slot, rows, marks)
        return self._lists[slot]

    def _score(self, slot: int, compare: Compare, wanted: bool) -> Ways:
        """A score: each unknown gate opened, closed or left, then its items and its date answered."""
        score = self.open.scores[slot]
        reach = Reach(score, self.facts, self.gates)
        found = NEVER
        if len(reach.behind) > MOST_GATES:
            return found
        for opened in reach.branches():
            ways = ALREADY
            for number, state in zip(reach.behind, opened.branch, strict=True):
                ways = ways if state is None else self._both(ways, self._gate(number, state))
            if not ways:
                continue
            if opened.shown:
                for dated, asked in self._dates(score):
                    answered = self._intervals_of(slot, opened, compare, wanted, asked=asked)
                    found = either(found, self._both(self._both(ways, dated), answered))
            elif not wanted and (None not in opened.branch or opened.compared(compare) is False):
                found = either(found, self._both(ways, self._left_open(score, reach, opened)))
        return found

    def _left_open(self, score: OpenScore, reach: Reach, opened: Reach) -> Ways:
        """What must stay open for a score that is out of reach only while it may not be administered.

        Once it is, it is unknown until its date is known.
        """
        dated = score.dated_by
        if dated is None or (
            self.facts[dated] is not None and not score.is_old(self.facts[dated], self.as_of)
        ):
            return ALREADY
        left = {number for number, state in zip(reach.behind, opened.branch, strict=True) if state is None}
        slots = [item.slot for item in score.items if item.gate in left and self.gates[item.slot] is None]
        read = {fact for slot in slots for fact in self.open.beneath[slot] if self._is_open(fact)}
        return [dict.fromkeys(sorted(read), STAYS_OPEN)]

    def _dates(self, score: OpenScore) -> Iterator[tuple[Ways, bool]]:
        """The ways to a date that is not too old, and whether it is to be answered itself."""
        slot = score.dated_by
        if slot is None or self.facts[slot] is not None:
            if slot is None or not score.is_old(self.facts[slot], self.as_of):
                yield ALREADY, False
            return
        if self.gates[slot]:
            yield ALREADY, True
        elif self.gates[slot] is None:
            number = self.open.gate_of[slot]
            yield self._gate(number, wanted=True), True
            if not score.date_is_unknown_when_hidden:
                yield self._gate(number, wanted=False), False

    def _intervals_of(self, slot: int, reach: Reach, compare: Compare, wanted: bool, *, asked: bool) -> Ways:
        """The totals that give what is wanted, once the open items are answered, if they need to be."""
        if not asked and reach.compared(compare, reach.unanswered()) is wanted:
            return ALREADY
        bits = self._totals.setdefault(slot, {})
        mask = 0
        for interval in reach.intervals({}):
            if reach.compared(compare, interval) is wanted:
                mask |= 1 << bits.setdefault((reach.branch, interval), len(bits))
        return [{slot: mask}] if mask else NEVER

    @cached_property
    def beneath(self) -> dict[int, frozenset[int]]:
        """For each fact read the open facts that come with it: those of its unknown gate, and so on.

        A score brings its open items and its date, a list its `complete`.
        """
        beneath: dict[int, frozenset[int]] = {}
        for slot in self.read:
            found: set[int] = set()
            for fact in self._directly_beneath(slot):
                if self._is_open(fact):
                    found |= {fact} | (beneath[fact] if fact < slot else set())
            beneath[slot] = frozenset(found)
        return beneath

    def _directly_beneath(self, slot: int) -> Iterable[int]:
        if slot in self.open.scores:
            return self.open.scores[slot].slots
        gate = self.open.beneath.get(slot, ()) if self.gates[slot] is None else ()
        return (*gate, *self.open.lists[slot].completes) if slot in self.open.lists else gate

    def _is_open(self, slot: int) -> bool:
        if self.gates[slot] is False:
            return False
        if self.facts[slot] is None:
            return True
        known = self.open.lists.get(slot)
        return known is not None and all(self.facts[complete] is not True for complete in known.completes)

    def _smallest(self, ways: Ways) -> tuple[tuple[str, ...], ...]:
        """The sets of units that the ways come to, without those that need more than another does."""
        possible = [self._units(way) for way in map(_answered_in, ways) if not self._clashes(way)]
        sets = dict.fromkeys(units for units in possible if 0 < len(units) <= MOST_UNITS)
        whole = {units: units.union(*(self.beneath[unit] for unit in units)) for units in sets}
        smallest = [
            units for units in sets if not any(other < units or whole[other] < whole[units] for other in sets)
        ]
        ordered = sorted((len(units), sorted(units)) for units in smallest)
        names = program_of(self.definition).names
        return tuple(tuple(names[slot] for slot in units) for _, units in ordered[:MOST_SETS])

    def _clashes(self, way: Way) -> bool:
        """Whether it asks for a whole and for a part of it that don't go together, as far as we can tell."""
        asked: set[int] = set()
        for slot in way:
            parts = {slot, *self._parts(slot)}
            if slot in self.open.scores and parts & way.keys() != {slot} and self._fits(slot, way):
                parts = {slot}
            if asked & parts:
                return True
            asked |= parts
        return False

    def _fits(self, slot: int, way: Way) -> bool:
        """Whether what a way asks of a score goes with what it asks of the score's own items."""
        score = self.open.scores[slot]
        if score.dated_by in way:
            return False
        allowed = {total for total, bit in self._totals[slot].items() if way[slot] >> bit & 1}
        branches = Reach(score, self.facts, self.gates).branches()
        return any(
            (opened.branch, interval) in allowed for opened in branches for interval in opened.intervals(way)
        )

    def _parts(self, slot: int) -> Iterable[int]:
        if slot in self.open.scores:
            return [part for part in self.open.scores[slot].slots if self._is_open(part)]
        return self.open.lists[slot].completes if slot in self.open.lists else ()

    def _units(self, way: Way) -> frozenset[int]:
        """The units of a way: what comes with another is not named, and an item is its score."""
        asked = {self.open.score_of_item.get(slot, slot) for slot in way}
        return frozenset(slot for slot in asked if not any(slot in self.beneath[other] for other in asked))


def _answered_in(way: Way) -> Way:
    """The part of a way that is to be answered."""
    return {slot: mask for slot, mask in way.items() if mask != STAYS_OPEN}
