"""How a section's questions are laid out: panels, grids, lists. Worked out once a version."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

from django.utils.translation import gettext as _

from screening.engine import (
    Comparison,
    Condition,
    Definition,
    Instrument,
    Kind,
    Operator,
    Question,
    Section,
    facts_of,
)

# A longer run of follow-ups isn't indented: then it is the section, not an aside.
LONGEST_INDENT = 6
SHORTEST_GRID = 3


class Look(StrEnum):
    """How a run of questions is drawn."""

    QUESTIONS = "questions"
    GRID = "grid"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class Placed:
    """A question in its place: its number in a grid, and why it is asked where it follows another."""

    question: Question
    number: int = 0
    is_first: bool = False
    follows: bool = False
    # The facts whose answers opened it; the first of a run says so.
    because_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One answer that a grid offers; its label stands in the head unless only some rows have it."""

    key: str
    label: str
    in_all: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Questions drawn alike, one after the other."""

    look: Look
    placed: tuple[Placed, ...]
    stem: str = ""
    columns: tuple[Column, ...] = ()
    grid: str = ""
    can_mark_no: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of the page, with the instrument whose wording it holds, if it holds one."""

    heading: str
    runs: tuple[Run, ...]
    instrument: Instrument | None = None

    @property
    def questions(self) -> Iterator[Question]:
        """Its questions in order."""
        return (placed.question for run in self.runs for placed in run.placed)


@lru_cache(maxsize=256)
def panels_of(definition: Definition, section: str) -> tuple[Panel, ...]:
    """Return a section's panels; a version's are worked out once."""
    return tuple(_panels(definition, definition.section(section)))


def _panels(definition: Definition, section: Section) -> Iterator[Panel]:
    names = list(_panel_names(section))
    for name, group in groupby(zip(names, section.questions, strict=True), key=lambda pair: pair[0]):
        questions = [question for _name, question in group]
        kind, _colon, key = name.partition(":")
        instrument = definition.instrument(key.split("#")[0]) if kind == "instrument" else None
        yield Panel(_heading(kind, questions, instrument), tuple(_runs(questions)), instrument)


def _panel_names(section: Section) -> Iterator[str]:
    """Name the panel of each question: an instrument, a list or a grid has its own.

    A date that follows an instrument stays with it, and so does the question whether a list is complete.
    """
    name, count = "", 0
    for question in section.questions:
        wanted = _panel_name(question, name.split("#")[0])
        if name.split("#")[0] != wanted:
            count += 1
            name = f"{wanted}#{count}"
        yield name


def _panel_name(question: Question, before: str) -> str:
    if question.instrument:
        return f"instrument:{question.instrument}"
    if question.kind is Kind.ENTRIES:
        return f"entries:{question.key}"
    if isinstance(question.grid, str):
        return f"grid:{question.grid}"
    dates_instrument = before.startswith("instrument:") and question.kind is Kind.DATE
    completes_list = before == f"entries:{question.key.removesuffix('_complete')}"
    return before if dates_instrument or completes_list else "plain"


def _heading(kind: str, questions: list[Question], instrument: Instrument | None) -> str:
    if instrument is not None:
        return instrument.title
    if kind == "entries":
        return questions[0].text
    if kind == "grid":
        return questions[0].stem or ""
    return ""


def _runs(questions: list[Question]) -> Iterator[Run]:
    first = questions[0]
    for look, group in groupby(questions, key=lambda question: (_look(question, questions), question.grid)):
        run = list(group)
        placed = tuple(_placed(run, first))
        if look[0] is Look.GRID:
            yield Run(Look.GRID, placed, run[0].stem or "", _columns(run), str(look[1]), _can_mark_no(run))
        else:
            yield Run(look[0], placed)


def _look(question: Question, panel: list[Question]) -> Look:
    if question.kind is Kind.ENTRIES:
        return Look.ENTRIES
    alike = sum(other.grid == question.grid for other in panel)
    if question.grid and alike >= SHORTEST_GRID and question.kind in (Kind.YES_NO, Kind.ONE_CHOICE):
        return Look.GRID
    return Look.QUESTIONS


def _placed(run: list[Question], first: Question) -> Iterator[Placed]:
    before: Condition | None = None
    numbered = all(question.kind in (Kind.YES_NO, Kind.ONE_CHOICE) for question in run) and len(run) > 1
    for number, question in enumerate(run, start=1):
        gate = question.own_shown_when
        alike = sum(other.own_shown_when == gate for other in run)
        yield Placed(
            question,
            number=number if numbered else 0,
            is_first=question is first,
            follows=gate is not None and alike <= LONGEST_INDENT,
            because_of=facts_of(gate) if gate is not None and gate != before else (),
        )
        before = gate


def _columns(run: list[Question]) -> tuple[Column, ...]:
    """Return every answer of the rows: those that all rows have, then the others, without a head."""
    rows = [_answers(question) for question in run]
    labels = {key: label for row in rows for key, label in row}
    columns = [Column(key, label, all(key in dict(row) for row in rows)) for key, label in labels.items()]
    return tuple(sorted(columns, key=lambda column: not column.in_all))


def _answers(question: Question) -> list[tuple[str, str]]:
    if question.kind is Kind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(choice.key, choice.label) for choice in question.choices]


def _can_mark_no(run: list[Question]) -> bool:
    return all(not question.instrument and "no" in dict(_answers(question)) for question in run)


def is_yes(condition: Condition | None) -> bool:
    """Return whether a gate asks for a plain yes."""
    return isinstance(condition, Comparison) and condition.operator is Operator.IS and condition.value is True
