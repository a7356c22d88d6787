"""Two versions: the formula of the answers for which they say different things."""

from __future__ import annotations

from collections.abc import Iterator

from screening.engine.conditions import Condition
from screening.engine.definition import Definition
from screening.verification.cone import Cones
from screening.verification.report import About, Asked, Note
from screening.verification.scene import Scene, Stage
from screening.verification.terms import Formula, both, equal_numbers, every, implies, opposite, same
from screening.verification.world import Items, World


class Difference:
    """What an indication, or a consideration, says in two versions.

    Both versions read the same answers. A question that only one of them has is free: that version reads
    any answer to it, the other none. One that both have takes what both accept; where its kind changed,
    no answer fits both, and it stays unanswered.
    """

    def __init__(self, stage: Stage, about: About) -> None:
        self.stage = stage
        self.key = about.keys[0]
        self.outcomes = about.asked is Asked.SAME_OUTCOME
        self.note = self._note()

    @property
    def scene(self) -> Scene:
        """Room for both versions' rules."""
        before = self.stage.cones_before
        return self.stage.scene(
            self._conditions(self.stage.cones), before=self._conditions(before) if before else ()
        )

    def formulas(self, scene: Scene) -> Iterator[Formula]:
        """When the two say different things: first what tells a reader most, that only one is present."""
        now, then = self.stage.world(scene), self.stage.then(scene)
        if then is None:
            return
        for one, other in zip(self._said(now), self._said(then), strict=True):
            yield opposite(same(one, other))

    def known(self, scene: Scene) -> Iterator[Formula]:
        """That an item gives both versions' score the same, while both show or hide it: where it is proved.

        Sums of many items are told to be equal by their items, not by trying every combination of them.
        """
        now, then = self.stage.world(scene), self.stage.then(scene)
        before = self.stage.cones_before
        if then is None or before is None:
            return
        for key in scene.keys:
            if key in self.stage.cones.scores and key in before.scores:
                yield from self._same_items(scene, now.items(key), then.items(key))

    def _same_items(self, scene: Scene, now: Items, then: Items) -> Iterator[Formula]:
        for key in now.keys() & then.keys():
            (one, points), (other, others) = now[key], then[key]
            alike = both(same(one.gate.true, other.gate.true), same(one.gate.false, other.gate.false))
            equal = every(equal_numbers(*pair) for pair in zip(points, others, strict=True))
            if equal is not True and self.stage.solve(scene, alike, opposite(equal)).never:
                yield implies(alike, equal)

    def _said(self, world: World) -> tuple[Formula, Formula]:
        if self.outcomes:
            return world.present(self.key), world.not_present(self.key)
        return world.raised(self.key), world.not_raised(self.key)

    def _conditions(self, cones: Cones) -> list[Condition]:
        if self.outcomes:
            return cones.conditions_of(self.key)
        return cones.conditions_of_consideration(self.key)

    def _note(self) -> Note:
        """What can be said without a proof."""
        cones, before = self.stage.cones, self.stage.cones_before
        if before is None or not self._has(before.definition):
            return Note.ADDED
        if not self._has(cones.definition):
            return Note.REMOVED
        return Note.SAME_RULES if self._rules(cones) == self._rules(before) else Note.NONE

    def _has(self, definition: Definition) -> bool:
        things = definition.indications if self.outcomes else definition.considerations
        return any(thing.key == self.key for thing in things)

    def _rules(self, cones: Cones) -> tuple[str, ...]:
        return cones.indication(self.key) if self.outcomes else cones.consideration(self.key)
