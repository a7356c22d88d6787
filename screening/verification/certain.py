"""What is so for all answers: for each such question, the formula of the answers that would contradict it.

Settledness and lasting hold for a rule if they hold for each comparison and each count in it, because "all",
"any", "not" and "some" never lose what their parts settle. So each of these is asked by itself first, once
for all rules that have it; the whole rule only where a part alone is not enough to tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from screening.engine.conditions import Comparison, Condition, Count, Operator
from screening.engine.definition import Score
from screening.verification.cone import counts_in, leaves_of
from screening.verification.possible import outcome, state
from screening.verification.report import About, Asked
from screening.verification.scene import Scene, Stage
from screening.verification.tallies import known_value, same_value
from screening.verification.terms import Formula, Truth, both, either, every, implies, opposite, some_of
from screening.verification.totals import Fact
from screening.verification.world import Inside, World, truth_of


@dataclass(frozen=True, slots=True)
class Contradictions:
    """A formula in a scene that should have no answers; `two` if it is about two states of knowledge."""

    scene: Scene
    formula: Formula
    two: bool = False
    complete: bool = False


class Certainties:
    """The questions about all answers, with what was proved of the parts of rules."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._lasting: dict[Condition, bool] = {}
        self._settled: dict[Condition, bool] = {}

    def contradictions(self, about: About) -> Iterator[Contradictions]:
        """Whatever could contradict it, one after the other; nothing if its parts prove it."""
        key = about.keys[0]
        match about.asked:
            case Asked.BANDS_WHOLE:
                yield self._without_band(key)
            case Asked.URGENT_KEPT:
                yield from self._silenced(key)
            case Asked.INDICATION_SETTLED:
                yield from self._unsettled(key)
            case Asked.CONSIDERATION_SETTLED:
                yield from self._not_assessed(key)
            case Asked.INDICATION_LASTS:
                yield from self._changed(key)

    def _without_band(self, key: str) -> Contradictions:
        bands = self.stage.definition.score(key).bands or ()
        scene = self.stage.scene((), facts=[key])
        total = self.stage.world(scene).total(key)
        below = total.within(None, min(band.start for band in bands))
        return Contradictions(scene, both(total.whole, below))

    # A settled outcome lasts.

    def _changed(self, key: str) -> Iterator[Contradictions]:
        conditions = self.stage.cones.conditions_of(key)
        if all(self._lasts(leaf) for condition in conditions for leaf in leaves_of(condition)):
            return
        scene = self.stage.scene(conditions, states=2)
        before, after = self.stage.world(scene), self.stage.later(scene)
        yield Contradictions(
            scene,
            either(
                *(
                    both(outcome(before, asked, key), opposite(outcome(after, asked, key)))
                    for asked in (Asked.PRESENT, Asked.NOT_PRESENT)
                )
            ),
            two=True,
        )

    def _lasts(self, leaf: Comparison | Count) -> bool:
        """Whether what a comparison or a count settles stays so whatever else is answered."""
        if leaf not in self._lasting:
            self._lasting[leaf] = isinstance(leaf, Count) and self._entries_last(leaf)
        if not self._lasting[leaf]:
            scene = self.stage.scene([leaf], states=2)
            before = truth_of(leaf, self.stage.world(scene))
            after = truth_of(leaf, self.stage.later(scene))
            lost = either(both(before.true, opposite(after.true)), both(before.false, opposite(after.false)))
            known = (*self._lasting_gates(scene), *self._narrowing(leaf, scene))
            self._lasting[leaf] = self.stage.solve(scene, lost, *known).never
        return self._lasting[leaf]

    def _entries_last(self, count: Count) -> bool:
        """Whether what is known of one entry, of the list and of its being complete stays so.

        Then the count lasts, however many entries there are. Those that match stay, with their values, so
        that there are never fewer (different) ones. While the list is marked complete no entry is added, an
        entry that can't match stays out, and one without a value that gets one was counted already: so
        there are never more that could match. A list that isn't marked complete settles no "too few".
        """
        scene = self.stage.scene([count], least={count.of: 1})
        one = Scene(scene.keys, {**scene.rows, count.of: 1}, cut=False)
        before, after = self.stage.world(one), self.stage.later(one)
        first, later = before.entries(count.of)[0], after.entries(count.of)[0]
        lists, complete = (
            (before.fact(count.of), after.fact(count.of)),
            Comparison(count.complete, Operator.IS, True),
        )
        changes = [
            _lost(truth_of(count.where, first), truth_of(count.where, later)),
            _lost(before.compared(complete), after.compared(complete)),
            _lost(lists[0].gate, lists[1].gate),
            both(lists[0].read, opposite(lists[1].read)),
            _value_lost(count, first, later),
        ]
        known = list(self._lasting_gates(one))
        return all(self.stage.solve(one, change, *known).never for change in changes)

    def _lasting_gates(self, scene: Scene) -> Iterator[Formula]:
        """That no gate in a scene loses what it settled, where that is proved: rules behind it follow."""
        before, after = self.stage.world(scene), self.stage.later(scene)
        for key, gate in self._gates(scene):
            if all(self._lasts(leaf) for leaf in leaves_of(gate)):
                yield opposite(_lost(before.gate(key), after.gate(key)))

    def _gates(self, scene: Scene) -> Iterator[tuple[str, Condition]]:
        """The gates in a scene, earliest first: what an earlier one came to is known by then."""
        for key in scene.keys:
            question = self.stage.cones.questions.get(key)
            if question and question.shown_when:
                yield key, question.shown_when

    def _narrowing(self, leaf: Comparison | Count, scene: Scene) -> Iterator[Formula]:
        """That no item of a score goes further than it did, where that is proved: the sum follows at once."""
        if not isinstance(leaf, Comparison) or leaf.fact not in self.stage.cones.scores:
            return
        before, after = self.stage.world(scene).total(leaf.fact), self.stage.later(scene).total(leaf.fact)
        gates = list(self._lasting_gates(scene))
        for (low, high), (low_after, high_after) in zip(before.items, after.items, strict=True):
            narrower = both(low <= low_after, high_after <= high)
            if self.stage.solve(scene, opposite(narrower), *gates).never:
                yield narrower

    # Nothing stays unsettled.

    def _unsettled(self, key: str) -> Iterator[Contradictions]:
        conditions = self.stage.cones.conditions_of(key)
        if all(self._settles(leaf) for condition in conditions for leaf in leaves_of(condition)):
            return
        scene = self.stage.scene(conditions)
        world = self.stage.world(scene)
        unknown = some_of(truth.unknown for _, truth in world.criteria(key))
        unsettled = both(world.scope.true, unknown, outcome(world, Asked.NOT_ENOUGH, key))
        yield Contradictions(scene, both(unsettled, self._answered(world, scene, conditions)), complete=True)

    def _not_assessed(self, key: str) -> Iterator[Contradictions]:
        conditions = self.stage.cones.conditions_of_consideration(key)
        if all(self._settles(leaf) for condition in conditions for leaf in leaves_of(condition)):
            return
        scene = self.stage.scene(conditions)
        world = self.stage.world(scene)
        open_state = state(world, Asked.NOT_ASSESSED, key)
        yield Contradictions(scene, both(open_state, self._answered(world, scene, conditions)), complete=True)

    def _settles(self, leaf: Comparison | Count) -> bool:
        """Whether a comparison or a count is settled by real answers to all that is shown."""
        if leaf not in self._settled:
            scene = self.stage.scene([leaf])
            world = self.stage.world(scene)
            left = both(truth_of(leaf, world).unknown, self._answered(world, scene, [leaf]))
            known = [
                opposite(world.gate(key).unknown)
                for key, gate in self._gates(scene)
                if all(self._settles(inner) for inner in leaves_of(gate))
            ]
            self._settled[leaf] = self.stage.solve(scene, left, *known).never
        return self._settled[leaf]

    def _answered(self, world: World, scene: Scene, conditions: Iterable[Condition]) -> Formula:
        """Every question shown has a real answer, and nothing is there that may leave a rule unsettled.

        That is: a hidden question declared unknown, a score too old or undated, a list not marked
        complete, and a value that doesn't identify.
        """
        cones, parts = self.stage.cones, []
        for key in scene.keys:
            if key in cones.scores:
                total = world.total(key)
                parts.append(either(total.administered.false, total.age.false))
                continue
            fact = world.fact(key)
            parts.append(_given(fact))
            if fact.question.entry:
                parts += self._list_answered(world, key)
        counts = [
            c for condition in (*conditions, *cones.conditions_in(scene.keys)) for c in counts_in(condition)
        ]
        return every((*parts, *(_identified(world, count) for count in counts)))

    def _list_answered(self, world: World, key: str) -> Iterator[Formula]:
        for row in world.entries(key):
            yield from (implies(row.present, _given(row.fact(q.key))) for q in world.fact(key).question.entry)
        for complete in self.stage.cones.completes.get(key, ()):
            mark = world.fact(complete)
            yield implies(mark.gate.true, mark.answer.value)

    # What is urgent stays.

    def _silenced(self, key: str) -> Iterator[Contradictions]:
        """By a further answer; or by the age of a score whose answers are on the screen."""
        conditions = self.stage.cones.conditions_of_consideration(key)
        when = self.stage.definition.consideration(key).when
        if not all(self._lasts(leaf) for leaf in leaves_of(when)):
            scene = self.stage.scene(conditions, states=2)
            before, after = self.stage.world(scene), self.stage.later(scene)
            lost = both(before.raised(key), opposite(after.truth(when).true), opposite(after.silenced(key)))
            yield Contradictions(scene, lost, two=True)
        if any(score.max_age_days is not None for score in self._scores_in(when)):
            scene = self.stage.scene(conditions)
            world, ageless = self.stage.world(scene), self.stage.world(scene, at_any_age=True)
            on_screen = both(ageless.truth(when).true, opposite(world.truth(when).true))
            yield Contradictions(scene, both(on_screen, opposite(world.silenced(key))))

    def _scores_in(self, condition: Condition) -> list[Score]:
        scores = self.stage.cones.scores
        return [scores[key] for key in self.stage.cones.of([condition]) if key in scores]


def _lost(before: Truth, after: Truth) -> Formula:
    """What was settled is not so any more."""
    return either(both(before.true, opposite(after.true)), both(before.false, opposite(after.false)))


def _value_lost(count: Count, before: Inside, after: Inside) -> Formula:
    """The value that an entry is told apart by is known, and is another or unknown later."""
    if count.distinct_by is None:
        return False
    first, later = before.fact(count.distinct_by), after.fact(count.distinct_by)
    return both(known_value(first), opposite(both(known_value(later), same_value(first, later))))


def _given(fact: Fact) -> Formula:
    unknown = both(fact.gate.false, fact.question.hidden_is_unknown)
    return both(implies(fact.gate.true, fact.answer.given), opposite(unknown))


def _identified(world: World, count: Count) -> Formula:
    """Every entry's value identifies, where the count tells entries apart by it."""
    if count.distinct_by is None:
        return True
    return every(_identifies(row.fact(count.distinct_by)) for row in world.entries(count.of))


def _identifies(fact: Fact) -> Formula:
    if not fact.question.choices:
        return True
    named = [choice.key for choice in fact.question.choices if choice.identifies]
    return implies(fact.read, fact.answer.one_of(named))
