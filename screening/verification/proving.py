"""Answers every question about a definition, one after the other; each example is replayed on the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

from screening.engine.definition import Definition
from screening.verification import solving
from screening.verification.asking import asked_of, compared
from screening.verification.certain import Certainties, Contradictions
from screening.verification.contradicting import Contradiction
from screening.verification.differing import Difference
from screening.verification.looking import Look
from screening.verification.possible import possibility
from screening.verification.report import About, Note, Result, State, Witness
from screening.verification.scene import Stage
from screening.verification.shrinking import closer, filled, shrunk
from screening.verification.unknowns import SOME_DAY


def prove(
    definition: Definition, before: Definition | None, *, seconds_each: float, megabytes: int
) -> Iterator[Result]:
    """A result for everything that is asked about a definition, and about it and the one before it."""
    solving.limit_memory(megabytes)
    prover = Prover(definition, before, seconds_each)
    for about in (*asked_of(definition), *(compared(definition, before) if before else ())):
        started = monotonic()
        with solving.memory_errors():
            result = prover.result(about)
        yield replace(result, seconds=monotonic() - started)


class Prover:
    """One definition, with the one before it where they are compared."""

    def __init__(self, definition: Definition, before: Definition | None, seconds_each: float) -> None:
        self.definition = definition
        self.before = before
        self.alone = Stage(definition, None, seconds_each)
        self.beside = Stage(definition, before, seconds_each) if before else None
        self.certainties = Certainties(self.alone)
        self.contradiction = Contradiction(definition, before)
        self._asked = [about for about in asked_of(definition) if about.asked.can_happen]
        self._seen: dict[About, Witness] = {}
        self._observe(Witness(SOME_DAY, {}))

    def result(self, about: About) -> Result:
        """What comes of one question."""
        if about.asked.compares:
            return self._compared(about)
        return self._can_happen(about) if about.asked.can_happen else self._always(about)

    def _observe(self, witness: Witness) -> None:
        """Note whatever else the answers show: it needs no proof of its own."""
        look = Look(self.definition, witness.answers, witness.as_of)
        for about in self._asked:
            if about not in self._seen and look.shows(about):
                self._seen[about] = witness

    def _can_happen(self, about: About) -> Result:
        if about not in self._seen:
            asked = possibility(self.alone, about)
            found = self.alone.solve(asked.scene, asked.formula)
            if found.never:
                return Result(about, State.DOES_NOT_HOLD)
            if found.model is None:
                return Result(about, State.NOT_PROVED, note=found.note)
            self._observe(self.alone.witness(asked.scene, found))
        if about not in self._seen:
            return Result(about, State.NOT_PROVED, note=Note.NOT_REPLAYED)
        return Result(about, State.HOLDS, shrunk(self._seen[about], lambda w: self._shows(about, w)))

    def _shows(self, about: About, witness: Witness) -> bool:
        return Look(self.definition, witness.answers, witness.as_of).shows(about)

    def _always(self, about: About) -> Result:
        for contradictions in self.certainties.contradictions(about):
            found = self.alone.solve(contradictions.scene, contradictions.formula)
            if found.never:
                continue
            if found.model is None:
                return Result(about, State.NOT_PROVED, note=found.note)
            return self._contradicted(about, contradictions, found)
        return Result(about, State.HOLDS)

    def _contradicted(self, about: About, contradictions: Contradictions, found: solving.Found) -> Result:
        witness = self.alone.witness(contradictions.scene, found, two=contradictions.two)
        if contradictions.complete:
            whole = filled(self.definition, witness.answers, witness.as_of)
            witness = replace(witness, answers=whole)
        return self._replayed(about, witness)

    def _replayed(self, about: About, witness: Witness) -> Result:
        """The example against it, once the engine agrees that it is one."""

        def shows(tried: Witness) -> bool:
            return self.contradiction.shows(about, tried)

        if not shows(witness):
            return Result(about, State.NOT_PROVED, note=Note.NOT_REPLAYED)
        return Result(about, State.DOES_NOT_HOLD, _readable(witness, shows))

    def _compared(self, about: About) -> Result:
        stage = self.beside
        if stage is None:
            return Result(about, State.NOT_PROVED, note=Note.STOPPED)
        difference = Difference(stage, about)
        if difference.note is not Note.NONE:
            same_rules = difference.note is Note.SAME_RULES
            state = State.HOLDS if same_rules else State.DOES_NOT_HOLD
            return Result(about, state, note=difference.note)
        scene = difference.scene
        left, known = Note.NONE, list(difference.known(scene))
        for formula in difference.formulas(scene):
            found = stage.solve(scene, formula, *known)
            if found.model is not None:
                return self._replayed(about, stage.witness(scene, found))
            left = left or found.note
        return Result(about, State.NOT_PROVED if left else State.HOLDS, note=left)


def _readable(witness: Witness, shows: Callable[[Witness], bool]) -> Witness:
    small = shrunk(witness, shows)
    return small if small.fewer is None else shrunk(closer(small, shows), shows)
