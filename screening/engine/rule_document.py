"""Reading instruments, scores, rules, sources and vignettes from JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from screening.engine.condition_document import ConditionReader, Facts
from screening.engine.conditions import AllOf, Condition
from screening.engine.definition import (
    Band,
    Consideration,
    Criterion,
    Indication,
    Instrument,
    Note,
    Scope,
    Score,
    Source,
    Vignette,
)
from screening.engine.fields import Fields, Unique
from screening.engine.problems import Problem
from screening.engine.question_document import INSIDE, QuestionReader
from screening.engine.words import Basis, ConsiderationState, Kind, Level, Outcome, Read, ScoreKind

INSTRUMENT_TEXTS = ("version", "recall", "instruction", "notice", "licence")
INSTRUMENT_KEYS = ("key", "title", *INSTRUMENT_TEXTS, "permission")
SCORE_KEYS = ("key", "title", "kind", "of", "max_age_days", "dated_by", "bands")
INDICATION_KEYS = ("key", "title", "notes", "criteria")
CRITERION_KEYS = ("key", "statement", "when", "basis", "sources", "if_not_met")
CONSIDERATION_KEYS = (
    "key", "title", "level", "when", "unless", "modifiable", "blocks_sending", "guidance", "sources",
)  # fmt: skip
SOURCE_KEYS = ("key", "citation", "supports", "strength", "read", "review_by")
VIGNETTE_KEYS = ("key", "title", "as_of", "answers", "expect")
CONSIDERATION_FLAGS: dict[str, object] = {"modifiable": False, "blocks_sending": False}
PROVIDER_JUDGES = "provider_judges"
_NEVER: Condition = AllOf(())

_State = TypeVar("_State", bound=StrEnum)


def each(fields: Fields, name: str, known: Iterable[str], *, empty: bool = True) -> Iterable[Fields]:
    """The objects of a list, their keys checked to differ."""
    unique = Unique(fields.problems)
    for index, value in enumerate(fields.items(name, empty=empty)):
        inner = Fields(value, fields.at(f"{name}.{index}"), fields.problems, known)
        key = inner.values.get("key")
        if isinstance(key, str):
            unique.add(key, inner.at("key"))
        yield inner


def read_instruments(fields: Fields) -> tuple[Instrument, ...]:
    """The published instruments."""
    return tuple(
        Instrument(
            key=inner.key(),
            title=inner.text("title"),
            **{name: inner.text_or_null(name) for name in INSTRUMENT_TEXTS},
            permission=_permission(inner),
        )
        for inner in each(fields, "instruments", INSTRUMENT_KEYS)
    )


def _permission(fields: Fields) -> bool | None:
    if not fields.has("permission"):
        fields.complain("permission", "This is missing.")
        return None
    value = fields.values["permission"]
    if value is not None and value is not True:
        fields.complain("permission", "This must be true, or null where none was found.")
    return True if value is True else None


def read_sources(fields: Fields) -> tuple[Source, ...]:
    """The publications that rules rest on."""
    return tuple(
        Source(
            key=inner.key(),
            citation=inner.text("citation"),
            supports=inner.text("supports", empty=True),
            strength=inner.text("strength", empty=True),
            read=inner.one_of("read", Read) or Read.NO,
            review_by=inner.day("review_by") or date.max,
        )
        for inner in each(fields, "sources", SOURCE_KEYS)
    )


class RuleReader:
    """Reads what looks at the facts, once all questions are read."""

    def __init__(self, questions: QuestionReader, sources: frozenset[str], problems: list[Problem]) -> None:
        self.asked = questions
        self.sources = sources
        self.problems = problems
        self.known_indications: frozenset[str] = frozenset()
        self.known_considerations: frozenset[str] = frozenset()
        inner = {key: why for key, why in questions.every.items() if why == INSIDE}
        self.facts = Facts(questions.facts.questions, {}, inner, questions.facts.broken)

    def scores(self, fields: Fields) -> tuple[Score, ...]:
        """The scores; from here on rules may read them."""
        found = []
        for index, value in enumerate(fields.items("scores")):
            inner = Fields(value, fields.at(f"scores.{index}"), self.problems, SCORE_KEYS)
            found.append(self._score(inner))
        self.facts.scores = {score.key: score for score in found}
        return tuple(found)

    def _score(self, fields: Fields) -> Score:
        key = fields.key()
        self.asked.unique.add(key, fields.at("key"))
        of = fields.keys("of", self.facts.questions, "question", empty=False)
        for item in of:
            self._check_item(fields, item)
        max_age_days = fields.whole("max_age_days", 0, 100_000)
        if max_age_days is not None and not fields.has("dated_by"):
            fields.complain("dated_by", "A score with max_age_days needs the date question that dates it.")
        return Score(
            key=key,
            title=fields.text("title"),
            kind=fields.one_of("kind", ScoreKind) or ScoreKind.SUM,
            of=of,
            max_age_days=max_age_days,
            dated_by=self._dated_by(fields),
            bands=self._bands(fields),
        )

    def _check_item(self, fields: Fields, item: str) -> None:
        question = self.facts.questions[item]
        if item not in self.facts.broken and question.points_range is None:
            place = f"of.{fields.items('of').index(item)}"
            fields.complain(
                place,
                "A score is made of yes_no questions, of one_choice questions with points on every choice, "
                "and of number questions with a minimum and a maximum.",
            )

    def _dated_by(self, fields: Fields) -> str | None:
        key = fields.maybe_text("dated_by")
        if key and key not in self.facts.questions:
            fields.complain("dated_by", "There is no question with this key.")
        elif key and key not in self.facts.broken and self.facts.questions[key].kind is not Kind.DATE:
            fields.complain("dated_by", "This must be a date question.")
        return key

    def _bands(self, fields: Fields) -> tuple[Band, ...] | None:
        if not fields.has("bands"):
            return None
        found = []
        for index, value in enumerate(fields.items("bands")):
            inner = Fields(value, fields.at(f"bands.{index}"), self.problems, ("from", "label"))
            if not inner.has("from"):
                inner.complain("from", "This is missing.")
            found.append(Band(inner.number("from") or 0, inner.text("label")))
        return tuple(found)

    def condition(self, fields: Fields, name: str) -> Condition:
        """A condition that must be there; a stand-in where it is bad."""
        if not fields.has(name):
            fields.complain(name, "This is missing.")
            return _NEVER
        reader = ConditionReader(self.facts, self.problems)
        return reader.read(fields.values[name], fields.at(name)) or _NEVER

    def scope(self, fields: Fields) -> Scope | None:
        """Whom the questionnaire is for."""
        if not fields.has("scope"):
            return None
        inner = Fields(fields.values["scope"], fields.at("scope"), self.problems, ("statement", "when"))
        if not inner.readable:
            return None
        return Scope(inner.text("statement"), self.condition(inner, "when"))

    def indications(self, fields: Fields) -> tuple[Indication, ...]:
        """What the answers are compared with."""
        found = tuple(
            Indication(
                key=inner.key(),
                title=inner.text("title"),
                notes=tuple(self._notes(inner)),
                criteria=tuple(self._criteria(inner)),
            )
            for inner in each(fields, "indications", INDICATION_KEYS)
            if inner.readable
        )
        self.known_indications = frozenset(indication.key for indication in found)
        return found

    def _notes(self, fields: Fields) -> Iterable[Note]:
        for index, value in enumerate(fields.items("notes")):
            inner = Fields(value, fields.at(f"notes.{index}"), self.problems, ("text", "sources"))
            yield Note(inner.text("text"), self._sources(inner))

    def _sources(self, fields: Fields) -> tuple[str, ...]:
        return fields.keys("sources", self.sources, "source")

    def _criteria(self, fields: Fields) -> Iterable[Criterion]:
        for inner in each(fields, "criteria", CRITERION_KEYS, empty=False):
            if inner.has("if_not_met") and inner.values["if_not_met"] != PROVIDER_JUDGES:
                inner.complain("if_not_met", f"This can only be {PROVIDER_JUDGES}.")
            yield Criterion(
                key=inner.key(),
                statement=inner.text("statement"),
                when=self.condition(inner, "when"),
                basis=inner.one_of("basis", Basis) or Basis.PRODUCT_DEFAULT,
                sources=self._sources(inner),
                provider_judges=inner.has("if_not_met"),
            )

    def considerations(self, fields: Fields) -> tuple[Consideration, ...]:
        """What the answers may raise."""
        found = tuple(
            Consideration(
                key=inner.key(),
                title=inner.text("title"),
                level=inner.one_of("level", Level) or Level.INFORM,
                when=self.condition(inner, "when"),
                sources=self._sources(inner),
                unless=self.condition(inner, "unless") if inner.has("unless") else None,
                modifiable=inner.flag("modifiable"),
                blocks_sending=inner.flag("blocks_sending"),
                guidance=inner.maybe_text("guidance"),
                stated=inner.stated(CONSIDERATION_FLAGS),
            )
            for inner in each(fields, "considerations", CONSIDERATION_KEYS)
            if inner.readable
        )
        self.known_considerations = frozenset(consideration.key for consideration in found)
        return found

    def vignettes(self, fields: Fields) -> tuple[Vignette, ...]:
        """The example answers; the answers themselves are looked at by `check`."""
        return tuple(
            self._vignette(inner) for inner in each(fields, "vignettes", VIGNETTE_KEYS) if inner.readable
        )

    def _vignette(self, fields: Fields) -> Vignette:
        expect = Fields({}, fields.at("expect"), [], ())
        if fields.mapping("expect") or fields.has("expect"):
            keys = ("indications", "considerations")
            expect = Fields(fields.values["expect"], fields.at("expect"), self.problems, keys)
        return Vignette(
            key=fields.key(),
            title=fields.text("title"),
            as_of=fields.day("as_of") or date.max,
            answers=fields.mapping("answers"),
            indications=_expected(expect, "indications", self.known_indications, Outcome),
            considerations=_expected(expect, "considerations", self.known_considerations, ConsiderationState),
        )


def _expected(fields: Fields, name: str, known: frozenset[str], states: type[_State]) -> dict[str, _State]:
    found = {}
    for key, value in fields.mapping(name).items():
        if key not in known:
            fields.complain(f"{name}.{key}", f"There is no {name[:-1]} with this key.")
        elif not isinstance(value, str) or value not in list(states):
            fields.complain(f"{name}.{key}", f"This must be one of {', '.join(states)}.")
        else:
            found[key] = states(value)
    return found
