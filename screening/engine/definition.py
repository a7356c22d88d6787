"""What a questionnaire is: the parsed document, frozen, with every key resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

from screening.engine.conditions import Condition
from screening.engine.values import Number
from screening.engine.words import (
    Basis,
    ConsiderationState,
    Kind,
    Level,
    Outcome,
    Read,
    ScoreKind,
)


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


_T = TypeVar("_T", bound=_Keyed)


def _with_key(things: Iterable[_T], key: str) -> _T:
    for thing in things:
        if thing.key == key:
            return thing
    raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen; `identifies` is false for "other"."""

    key: str
    label: str
    points: Number | None = None
    identifies: bool = True
    loinc: str | None = None
    stated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    `own_shown_when` is what the document says of this question alone; `shown_when` joins it with the
    section's. `hidden_is_unknown`: while hidden it counts as not known, instead of the default of its
    kind. `stated` holds the flags that the document spells out though they only say the default, so
    that rendering gives back what was written.
    """

    key: str
    kind: Kind
    text: str
    stem: str | None = None
    help: str | None = None
    choices: tuple[Choice, ...] = ()
    choice_set: str | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    decimals: int = 0
    low_label: str | None = None
    high_label: str | None = None
    unit: str | None = None
    shown_when: Condition | None = None
    own_shown_when: Condition | None = None
    hidden_is_unknown: bool = False
    optional: bool = False
    self_report: bool = False
    grid: str | bool | None = None
    loinc: str | None = None
    instrument: str | None = None
    entry: tuple[Question, ...] = ()
    stated: tuple[str, ...] = ()

    def choice(self, key: str) -> Choice:
        """The choice with that key (KeyError if there is none)."""
        return _with_key(self.choices, key)

    @property
    def has_points(self) -> bool:
        """Whether every choice has points."""
        return bool(self.choices) and all(c.points is not None for c in self.choices)

    @property
    def points_range(self) -> tuple[Number, Number] | None:
        """The fewest and the most points this question can give to a score; None if it can't be an item."""
        match self.kind:
            case Kind.YES_NO:
                return 0, 1
            case Kind.ONE_CHOICE if self.has_points:
                points = [c.points for c in self.choices if c.points is not None]
                return min(points), max(points)
            case Kind.NUMBER if self.minimum is not None and self.maximum is not None:
                return self.minimum, self.maximum
        return None


@dataclass(frozen=True, slots=True)
class Section:
    """One page of questions."""

    key: str
    title: str
    questions: tuple[Question, ...]
    help: str | None = None
    shown_when: Condition | None = None
    sensitive: bool = False
    always_shared: bool = False
    stated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of a score, from `start` to the next band."""

    start: Number
    label: str


@dataclass(frozen=True, slots=True)
class Score:
    """A sum or a mean of questions, which grows too old after `max_age_days` by the day in `dated_by`."""

    key: str
    title: str
    kind: ScoreKind
    of: tuple[str, ...]
    max_age_days: int | None = None
    dated_by: str | None = None
    bands: tuple[Band, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom the questionnaire is for."""

    statement: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Instrument:
    """A published instrument whose questions are used.

    A text is None where the instrument has none, `permission` where none was found.
    """

    key: str
    title: str
    version: str | None
    recall: str | None
    instruction: str | None
    notice: str | None
    licence: str | None
    permission: bool | None


@dataclass(frozen=True, slots=True)
class Note:
    """A line that is always printed with an indication."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that an indication asks for."""

    key: str
    statement: str
    when: Condition
    basis: Basis
    sources: tuple[str, ...]
    provider_judges: bool = False


@dataclass(frozen=True, slots=True)
class Indication:
    """A condition for which the recorded answers are compared with published criteria."""

    key: str
    title: str
    notes: tuple[Note, ...]
    criteria: tuple[Criterion, ...]

    def criterion(self, key: str) -> Criterion:
        """The criterion with that key (KeyError if there is none)."""
        return _with_key(self.criteria, key)


@dataclass(frozen=True, slots=True)
class Consideration:
    """Something to attend to, raised by the answers; it never changes an outcome."""

    key: str
    title: str
    level: Level
    when: Condition
    sources: tuple[str, ...]
    unless: Condition | None = None
    modifiable: bool = False
    blocks_sending: bool = False
    guidance: str | None = None
    stated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that a rule rests on."""

    key: str
    citation: str
    supports: str
    strength: str
    read: Read
    review_by: date


@dataclass(frozen=True, slots=True)
class Vignette:
    """Example answers with the findings that they must give."""

    key: str
    title: str
    as_of: date
    answers: Mapping[str, object]
    indications: Mapping[str, Outcome]
    considerations: Mapping[str, ConsiderationState]


@dataclass(frozen=True)
class Definition:
    """A whole questionnaire. Equal and hashed by `hash`, the digest of the document it was read from."""

    schema: int
    key: str
    title: str
    intended_use: str
    scope: Scope | None
    instruments: tuple[Instrument, ...]
    choice_sets: Mapping[str, tuple[Choice, ...]]
    sections: tuple[Section, ...]
    scores: tuple[Score, ...]
    indications: tuple[Indication, ...]
    considerations: tuple[Consideration, ...]
    sources: tuple[Source, ...]
    vignettes: tuple[Vignette, ...]
    hash: str = ""
    derived: dict[str, object] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def questions(self) -> Iterator[Question]:
        """The questions of all sections in order, without those inside entries."""
        return (question for section in self.sections for question in section.questions)

    def question(self, key: str) -> Question:
        """The question with that key, inside entries too (KeyError if there is none)."""
        return self._questions[key]

    def section(self, key: str) -> Section:
        """The section with that key (KeyError if there is none)."""
        return _with_key(self.sections, key)

    def section_of(self, question: str) -> Section:
        """The section that a question stands in, also one inside entries."""
        return self._sections[question]

    def score(self, key: str) -> Score:
        """The score with that key (KeyError if there is none)."""
        return _with_key(self.scores, key)

    def indication(self, key: str) -> Indication:
        """The indication with that key (KeyError if there is none)."""
        return _with_key(self.indications, key)

    def consideration(self, key: str) -> Consideration:
        """The consideration with that key (KeyError if there is none)."""
        return _with_key(self.considerations, key)

    def source(self, key: str) -> Source:
        """The source with that key (KeyError if there is none)."""
        return _with_key(self.sources, key)

    def instrument(self, key: str) -> Instrument:
        """The instrument with that key (KeyError if there is none)."""
        return _with_key(self.instruments, key)

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {q.key: q for top in self.questions for q in (top, *top.entry)}

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {q.key: s for s in self.sections for top in s.questions for q in (top, *top.entry)}
