"""What a question is asked over: a definition, perhaps the one before it, and as many entries as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from screening.engine.conditions import Comparison, Condition
from screening.engine.definition import Definition
from screening.engine.places import placed_conditions
from screening.verification.cone import Cones, rows_needed
from screening.verification.report import Note, Witness
from screening.verification.shapes import shapes_of
from screening.verification.solving import Found, answers_in, day_in, solve
from screening.verification.terms import Formula
from screening.verification.unknowns import FIRST_DAY, LAST_DAY, SOME_DAY, Unknowns
from screening.verification.world import World

# A list is given no more entries than this: what would take more is not proved.
MOST_ROWS = 24


@dataclass(frozen=True, slots=True)
class Scene:
    """Conditions with room for what they rest on.

    `keys` are the questions and scores that they rest on; `rows` says how many entries a list may have,
    `cut` that it is fewer than it would take to prove that something never happens.
    """

    keys: tuple[str, ...]
    rows: Mapping[str, int]
    cut: bool


class Stage:
    """A definition (and the one before it) over answers to come."""

    def __init__(self, definition: Definition, before: Definition | None, seconds: float) -> None:
        self.definition = definition
        self.cones = Cones(definition)
        self.cones_before = None if before is None else Cones(before)
        self.before = before
        self.seconds = seconds
        self._shapes = shapes_of(definition, before)
        self.as_of, self._day_limits = _day([definition, *([before] if before else ())])
        self._unknowns: dict[Any, Unknowns] = {}
        self._worlds: dict[Any, World] = {}

    def scene(
        self,
        conditions: Iterable[Condition],
        *,
        facts: Iterable[str] = (),
        before: Iterable[Condition] = (),
        states: int = 1,
        least: Mapping[str, int] | None = None,
    ) -> Scene:
        """Room for these conditions and facts, and for conditions of the version `before`.

        Where two `states` of knowledge are compared, each needs its own entries.
        """
        conditions, before = list(conditions), list(before)
        keys = dict.fromkeys((*self.cones.of(conditions), *self.cones.of_facts(*facts)))
        needed = rows_needed(self.cones, [*conditions, *self.cones.conditions_in(keys)])
        if self.cones_before:
            keys |= dict.fromkeys(self.cones_before.of(before))
            for group, number in rows_needed(self.cones_before, before).items():
                needed[group] = max(needed.get(group, 0), number)
        rows = dict(least or {})
        for group, number in needed.items():
            rows[group.of] = rows.get(group.of, 0) + number * states
        kept = {key: min(number, MOST_ROWS) for key, number in rows.items()}
        return Scene(tuple(keys), kept, cut=kept != rows)

    def unknowns(self, scene: Scene) -> Unknowns:
        """The answers to come in a scene."""
        rows = tuple(sorted(scene.rows.items()))
        if rows not in self._unknowns:
            self._unknowns[rows] = Unknowns(self._shapes, scene.rows, self.as_of)
        return self._unknowns[rows]

    def more(self, scene: Scene) -> Unknowns:
        """The same and any further answers."""
        key = ("more", tuple(sorted(scene.rows.items())))
        if key not in self._unknowns:
            self._unknowns[key] = self.unknowns(scene).more(self.cones.completes)
        return self._unknowns[key]

    def world(self, scene: Scene, *, at_any_age: bool = False) -> World:
        """The definition in a scene."""
        return self._world(self.definition, self.unknowns(scene), at_any_age=at_any_age)

    def later(self, scene: Scene) -> World:
        """The definition once more is answered."""
        return self._world(self.definition, self.more(scene))

    def then(self, scene: Scene) -> World | None:
        """The version before, over the same answers."""
        return None if self.before is None else self._world(self.before, self.unknowns(scene))

    def _world(self, definition: Definition, unknowns: Unknowns, *, at_any_age: bool = False) -> World:
        key = (id(definition), id(unknowns), at_any_age)
        if key not in self._worlds:
            self._worlds[key] = World(definition, unknowns, at_any_age=at_any_age)
        return self._worlds[key]

    def solve(self, scene: Scene, *formulas: Formula) -> Found:
        """Whether these can be so at once, for real answers."""
        if any(formula is False for formula in formulas):
            return Found(note=Note.TOO_MANY_ROWS if scene.cut else Note.NONE)
        limits = self.unknowns(scene).limits(scene.keys)
        more = self._unknowns.get(("more", tuple(sorted(scene.rows.items()))))
        if more:
            limits = more.limits(scene.keys)
        found = solve([*formulas, *limits, *self._day_limits], self.seconds)
        return Found(note=Note.TOO_MANY_ROWS) if found.never and scene.cut else found

    def witness(self, scene: Scene, found: Found, *, two: bool = False) -> Witness:
        """The answers in a model; with `two` states, those of the later one, and the fewer ones."""
        as_of = day_in(found.model, self.as_of)
        first = answers_in(found.model, self.unknowns(scene), scene.keys)
        if not two:
            return Witness(as_of, first)
        return Witness(as_of, answers_in(found.model, self.more(scene), scene.keys), first)


def _day(definitions: list[Definition]) -> tuple[Any, list[Formula]]:
    """The day of the answers: a fixed one, unless a rule compares with a day of its own."""
    named = [
        condition.value
        for definition in definitions
        for _, condition in placed_conditions(definition)
        if isinstance(condition, Comparison) and isinstance(condition.value, date)
    ]
    if not named:
        return SOME_DAY.toordinal(), []
    day = z3.Int("as of")
    first = min(FIRST_DAY.toordinal(), *(value.toordinal() - 1 for value in named))
    last = max(LAST_DAY.toordinal(), *(value.toordinal() + 1 for value in named))
    limits = [day >= max(first, date.min.toordinal()), day <= min(last, date.max.toordinal())]
    return day, limits
