"""Measures cases in turns, round by round. It knows nothing of the product."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to measure: `prepare` isn't timed and returns what is, called so often in a row."""

    name: str
    prepare: Callable[[], Work]
    repeats: int = 1


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a call returns that was timed where it ran: in another process."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The seconds that one call took, in every round."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of all rounds, in seconds."""
        return statistics.median(self.seconds)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Between which seconds the middle half of the rounds lies."""
        low, _middle, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return low, high


@dataclass(frozen=True, slots=True)
class Plan:
    """How often: rounds that don't count, rounds that do, and the seconds after which no more begin."""

    warm_up: int
    rounds: int
    budget: float


def in_turns(cases: Sequence[Case], plan: Plan) -> Mapping[str, Measured]:
    """Run every case once a round, so that whatever slows the machine down slows all of them alike."""
    for _round in range(plan.warm_up):
        for case in cases:
            _timed(case)
    taken: dict[str, list[float]] = {case.name: [] for case in cases}
    # What lives from the start is no work for the collector in any round.
    gc.collect()
    gc.freeze()
    started = time.monotonic()
    for done in range(plan.rounds):
        if done and time.monotonic() - started > plan.budget:
            break
        for case in cases:
            taken[case.name].append(_timed(case))
    gc.unfreeze()
    return {name: Measured(tuple(seconds)) for name, seconds in taken.items()}


def _timed(case: Case) -> float:
    """Return the seconds of one call. The collector stays out of it: it would charge one case for another."""
    work = case.prepare()
    gc.collect(0)
    gc.disable()
    try:
        started = time.perf_counter()
        for _ in range(case.repeats):
            result = work()
        seconds = (time.perf_counter() - started) / case.repeats
        return result.seconds if isinstance(result, Elsewhere) else seconds
    finally:
        gc.enable()
