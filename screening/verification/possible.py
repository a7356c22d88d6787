"""What can happen: for each such question, the formula of the answers for which it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from screening.engine.conditions import Condition
from screening.engine.definition import Score
from screening.engine.values import Number
from screening.verification.report import About, Asked
from screening.verification.scene import Scene, Stage
from screening.verification.terms import Formula, Truth, both, opposite, some_of
from screening.verification.world import World


@dataclass(frozen=True, slots=True)
class Possibility:
    """A formula in a scene."""

    scene: Scene
    formula: Formula


def possibility(stage: Stage, about: About) -> Possibility:
    """When what is asked happens."""
    match about.asked:
        case Asked.QUESTION_SHOWN:
            return _shown(stage, about.keys)
        case Asked.BAND_NAMED:
            return _band(stage, *about.keys)
        case Asked.SCOPE_MET | Asked.SCOPE_NOT_MET | Asked.SCOPE_UNKNOWN:
            scene = stage.scene([scope.when] if (scope := stage.definition.scope) else ())
            return Possibility(scene, _of_truth(about.asked, stage.world(scene).scope))
        case Asked.PRESENT | Asked.NOT_PRESENT | Asked.NOT_ENOUGH:
            return _outcome(stage, about)
        case Asked.RAISED | Asked.NOT_RAISED | Asked.NOT_ASSESSED:
            return _state(stage, about)
    criterion = stage.definition.indication(about.keys[0]).criterion(about.keys[1])
    scene = stage.scene([criterion.when])
    return Possibility(scene, _of_truth(about.asked, stage.world(scene).truth(criterion.when)))


def _of_truth(asked: Asked, truth: Truth) -> Formula:
    match asked:
        case Asked.SCOPE_MET | Asked.CRITERION_MET:
            return truth.true
        case Asked.SCOPE_UNKNOWN | Asked.CRITERION_UNKNOWN:
            return truth.unknown
    return truth.false


def _shown(stage: Stage, keys: tuple[str, ...]) -> Possibility:
    """A question is shown by its gate; one inside a list where an entry shows it."""
    if len(keys) == 1:
        scene = stage.scene(_gates(stage, keys[0]), facts=keys)
        return Possibility(scene, stage.world(scene).gate(keys[0]).true)
    scene = stage.scene(_gates(stage, keys[0]), facts=keys[:1], least={keys[0]: 1})
    world = stage.world(scene)
    shown = some_of(both(row.present, row.fact(keys[1]).gate.true) for row in world.entries(keys[0]))
    return Possibility(scene, both(world.fact(keys[0]).read, shown))


def _gates(stage: Stage, key: str) -> Iterator[Condition]:
    gate = stage.definition.question(key).shown_when
    if gate:
        yield gate


def _band(stage: Stage, key: str, index: str) -> Possibility:
    """The whole score lies in one band. Of two that start at once, the later is named."""
    score = stage.definition.score(key)
    scene = stage.scene((), facts=[key])
    start, end = band_limits(score, int(index))
    return Possibility(scene, stage.world(scene).total(key).within(start, end))


def band_limits(score: Score, index: int) -> tuple[Number, Number | None]:
    """From where to where a band goes; None: to the end."""
    bands = list(enumerate(score.bands or ()))
    start = bands[index][1].start
    above = [band.start for other, band in bands if (band.start, other) > (start, index)]
    return start, min(above, default=None)


def _outcome(stage: Stage, about: About) -> Possibility:
    key = about.keys[0]
    scene = stage.scene(stage.cones.conditions_of(key))
    return Possibility(scene, outcome(stage.world(scene), about.asked, key))


def outcome(world: World, asked: Asked, key: str) -> Formula:
    """When an indication has this outcome."""
    match asked:
        case Asked.PRESENT:
            return world.present(key)
        case Asked.NOT_PRESENT:
            return world.not_present(key)
    return both(opposite(world.present(key)), opposite(world.not_present(key)))


def _state(stage: Stage, about: About) -> Possibility:
    key = about.keys[0]
    scene = stage.scene(stage.cones.conditions_of_consideration(key))
    return Possibility(scene, state(stage.world(scene), about.asked, key))


def state(world: World, asked: Asked, key: str) -> Formula:
    """When a consideration has this state."""
    match asked:
        case Asked.RAISED:
            return world.raised(key)
        case Asked.NOT_RAISED:
            return world.not_raised(key)
    return both(opposite(world.raised(key)), opposite(world.not_raised(key)))
