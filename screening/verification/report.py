"""What a verification found, and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Asked(StrEnum):
    """What is asked about a questionnaire.

    What comes first can happen: there are answers for which it does. From `urgent_kept` on it is so for
    all answers; the last two compare a version with the one before it.
    """

    QUESTION_SHOWN = "question_shown"
    SCOPE_MET = "scope_met"
    SCOPE_NOT_MET = "scope_not_met"
    SCOPE_UNKNOWN = "scope_unknown"
    CRITERION_MET = "criterion_met"
    CRITERION_NOT_MET = "criterion_not_met"
    CRITERION_JUDGED = "criterion_provider_judges"
    CRITERION_UNKNOWN = "criterion_unknown"
    PRESENT = "indication_present"
    NOT_PRESENT = "indication_not_present"
    NOT_ENOUGH = "indication_not_enough_information"
    RAISED = "consideration_raised"
    NOT_RAISED = "consideration_not_raised"
    NOT_ASSESSED = "consideration_not_assessed"
    BAND_NAMED = "band_named"
    URGENT_KEPT = "urgent_kept"
    BANDS_WHOLE = "bands_whole"
    INDICATION_SETTLED = "indication_settled"
    CONSIDERATION_SETTLED = "consideration_settled"
    INDICATION_LASTS = "indication_lasts"
    SAME_OUTCOME = "same_outcome"
    SAME_STATE = "same_state"

    @property
    def can_happen(self) -> bool:
        """Whether an example shows that it holds; for the others an example shows that it doesn't."""
        return self not in _FOR_ALL

    @property
    def compares(self) -> bool:
        """Whether it compares a version with the one before it."""
        return self in (Asked.SAME_OUTCOME, Asked.SAME_STATE)


_FOR_ALL = frozenset(
    {
        Asked.URGENT_KEPT,
        Asked.BANDS_WHOLE,
        Asked.INDICATION_SETTLED,
        Asked.CONSIDERATION_SETTLED,
        Asked.INDICATION_LASTS,
        Asked.SAME_OUTCOME,
        Asked.SAME_STATE,
    }
)


class State(StrEnum):
    """What came of a question: proved, disproved, or neither."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does_not_hold"
    NOT_PROVED = "not_proved"


class Note(StrEnum):
    """Why nothing was proved, or what an answer without an example rests on."""

    NONE = ""
    OUT_OF_TIME = "out_of_time"
    OUT_OF_MEMORY = "out_of_memory"
    STOPPED = "stopped"
    NO_SOLVER = "no_solver"
    UNDECIDED = "undecided"
    TOO_MANY_ROWS = "too_many_rows"
    NOT_REPLAYED = "not_replayed"
    ADDED = "added"
    REMOVED = "removed"
    SAME_RULES = "same_rules"


@dataclass(frozen=True, slots=True)
class About:
    """What is asked of what: `keys` go from the outside in, such as an indication and its criterion."""

    asked: Asked
    keys: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return {"kind": self.asked.value, "keys": list(self.keys)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> About:
        """What `to_json` wrote."""
        return cls(Asked(document["kind"]), tuple(document["keys"]))


@dataclass(frozen=True, slots=True)
class Witness:
    """Answers that show it, replayed on the engine.

    `fewer` is there where two states of knowledge are compared: the same answers before some of them were
    given. Where two versions are compared, each reads the answers to the questions that it has.
    """

    as_of: date
    answers: Mapping[str, Any]
    fewer: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON: an answer set, with `fewer` beside it where there is one."""
        document = {"as_of": self.as_of.isoformat(), "answers": self.answers}
        return document if self.fewer is None else {**document, "fewer": self.fewer}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Witness:
        """What `to_json` wrote."""
        return cls(date.fromisoformat(document["as_of"]), document["answers"], document.get("fewer"))


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one question; `seconds` is what it took."""

    about: About
    state: State
    witness: Witness | None = None
    note: Note = Note.NONE
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "about": self.about.to_json(),
            "state": self.state.value,
            "witness": None if self.witness is None else self.witness.to_json(),
            "note": self.note.value,
            "seconds": round(self.seconds, 3),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Result:
        """What `to_json` wrote."""
        witness = document["witness"]
        return cls(
            about=About.from_json(document["about"]),
            state=State(document["state"]),
            witness=None if witness is None else Witness.from_json(witness),
            note=Note(document["note"]),
            seconds=document["seconds"],
        )


@dataclass(frozen=True, slots=True)
class Report:
    """All that was asked of a version, in the order of the document, and how it differs from another.

    `rules` and `before` are the digests of the rules that were read (`before` is empty where nothing was
    compared). `differences` says nothing against a version: its rules were meant to change.
    """

    rules: str
    before: str
    results: tuple[Result, ...]
    differences: tuple[Result, ...] = ()
    seconds: float = 0.0

    def having(self, state: State) -> tuple[Result, ...]:
        """The results with that state, differences left out."""
        return tuple(result for result in self.results if result.state is state)

    @property
    def wrong(self) -> tuple[Result, ...]:
        """What does not hold: a version with any of it must not be published."""
        return self.having(State.DOES_NOT_HOLD)

    @property
    def not_proved(self) -> tuple[Result, ...]:
        """What nobody knows: neither proved nor disproved."""
        return self.having(State.NOT_PROVED)

    def to_json(self) -> dict[str, Any]:
        """As a JSON value."""
        return {
            "rules": self.rules,
            "before": self.before,
            "results": [result.to_json() for result in self.results],
            "differences": [result.to_json() for result in self.differences],
            "seconds": round(self.seconds, 3),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Report:
        """What `to_json` wrote."""
        return cls(
            rules=document["rules"],
            before=document["before"],
            results=tuple(map(Result.from_json, document["results"])),
            differences=tuple(map(Result.from_json, document["differences"])),
            seconds=document["seconds"],
        )
