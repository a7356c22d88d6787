"""Whether answers show that something isn't always so: read on the engine itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from screening.engine.definition import Definition
from screening.engine.words import ConsiderationState, CriterionState, Outcome, ScopeState
from screening.verification.cone import completes_of
from screening.verification.looking import Answers, Look, is_real, own
from screening.verification.report import About, Asked, Witness

_SETTLED = (Outcome.INDICATORS_PRESENT, Outcome.INDICATORS_NOT_PRESENT)


class Contradiction:
    """Looks for what a witness shows against a definition, or of two versions that differ."""

    def __init__(self, definition: Definition, before: Definition | None = None) -> None:
        self.definition = definition
        self.before = before
        self.ageless = at_any_age(definition)

    def shows(self, about: About, witness: Witness) -> bool:
        """Whether the witness shows that it isn't always so."""
        key = about.keys[0]
        look = self._look(witness.answers, witness)
        fewer = None if witness.fewer is None else self._look(witness.fewer, witness)
        match about.asked:
            case Asked.URGENT_KEPT:
                return self._silenced(key, look, fewer, witness)
            case Asked.BANDS_WHOLE:
                return _without_band(key, look)
            case Asked.INDICATION_SETTLED:
                return _left_open(key, look)
            case Asked.CONSIDERATION_SETTLED:
                return look.is_complete and look.state(key) is ConsiderationState.NOT_ASSESSED
            case Asked.INDICATION_LASTS:
                return fewer is not None and self._changed(key, fewer, look)
            case _:
                return self._differs(about, witness)

    def _look(self, answers: Answers, witness: Witness) -> Look:
        return Look(self.definition, answers, witness.as_of)

    def _silenced(self, key: str, look: Look, fewer: Look | None, witness: Witness) -> bool:
        """Raised by fewer answers, or by the same ones if no score were too old; and not by these."""
        rule = self.definition.consideration(key)
        if look.findings is None or look.state(key) is ConsiderationState.RAISED:
            return False
        if rule.unless and look.is_true(rule.unless):
            return False
        if fewer is not None:
            raised = fewer.state(key) is ConsiderationState.RAISED
            return raised and extends(self.definition, fewer.answers, look.answers)
        return Look(self.ageless, witness.answers, witness.as_of).is_true(rule.when)

    def _changed(self, key: str, fewer: Look, look: Look) -> bool:
        before, after = fewer.outcome(key), look.outcome(key)
        return (
            before in _SETTLED
            and after is not None
            and after is not before
            and extends(self.definition, fewer.answers, look.answers)
        )

    def _differs(self, about: About, witness: Witness) -> bool:
        if self.before is None:
            return False
        now = Look(self.definition, own(self.definition, witness.answers), witness.as_of)
        then = Look(self.before, own(self.before, witness.answers), witness.as_of)
        if now.findings is None or then.findings is None:
            return False
        key = about.keys[0]
        if about.asked is Asked.SAME_OUTCOME:
            return now.outcome(key) is not then.outcome(key)
        return now.state(key) is not then.state(key)


def at_any_age(definition: Definition) -> Definition:
    """The same definition with scores that are never too old."""
    scores = tuple(replace(score, max_age_days=None, dated_by=None) for score in definition.scores)
    return replace(definition, scores=scores)


def _without_band(key: str, look: Look) -> bool:
    score = look.findings.scores[key] if look.findings else None
    return score is not None and score.complete and score.band is None


def _left_open(key: str, look: Look) -> bool:
    """Every question shown is answered, and a criterion is unknown though none is unmet."""
    if look.findings is None or look.findings.scope is not ScopeState.MET or not look.is_complete:
        return False
    found = look.findings.indications[key]
    open_criterion = CriterionState.UNKNOWN in found.criteria.values()
    return open_criterion and found.outcome is Outcome.NOT_ENOUGH_INFORMATION


def extends(definition: Definition, fewer: Answers, more: Answers) -> bool:
    """Whether the second says all that the first does, and perhaps more.

    A list may have gained entries, and an entry answers, unless it was marked complete: then it may not
    have gained entries.
    """
    return all(
        not is_real(answer) or _extends_one(answer, more.get(key), marked=_marked(definition, key, fewer))
        for key, answer in fewer.items()
    )


def _extends_one(fewer: Mapping[str, Any], more: Any, *, marked: bool) -> bool:
    if "entries" not in fewer or not isinstance(more, Mapping) or "entries" not in more:
        return bool(fewer == more)
    before, after = fewer["entries"], more["entries"]
    if len(before) > len(after) or (marked and len(before) != len(after)):
        return False
    return all(
        not is_real(answer) or later.get(key) == answer
        for earlier, later in zip(before, after, strict=False)
        for key, answer in earlier.items()
    )


def _marked(definition: Definition, key: str, answers: Answers) -> bool:
    completes = completes_of(definition).get(key, ())
    return any(answers.get(complete) == {"value": True} for complete in completes)
