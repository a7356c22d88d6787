"""How a section's questions are laid out: panels, grids, lists. Worked out once a version."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, zip_longest

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
# From here on, yes and no questions one below the other are quicker to answer as rows of a grid.
LONGEST_COLUMN = 5


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
    """One answer that every row of a grid offers, or, without a label, one that only some rows have."""

    keys: tuple[str, ...]
    label: str

    @property
    def in_all(self) -> bool:
        """Whether every row has it, so that its label stands in the head."""
        return bool(self.label)


@dataclass(frozen=True, slots=True)
class Run:
    """Questions drawn alike, one after the other."""

    look: Look
    placed: tuple[Placed, ...]
    stem: str = ""
    columns: tuple[Column, ...] = ()
    grid: str = ""
    can_mark_no: bool = False

    @property
    def is_scale(self) -> bool:
        """Whether each answer is a digit, which a key can give."""
        return bool(self.columns) and all(key.isdigit() for column in self.columns for key in column.keys)


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of the page, with the instrument whose wording it holds, if it holds one."""

    heading: str
    runs: tuple[Run, ...]
    instrument: Instrument | None = None

    @property
    def has_bare_grid(self) -> bool:
        """Whether a grid without a stem leads with the instrument's instruction."""
        return any(run.look is Look.GRID and not run.stem for run in self.runs)

    @property
    def questions(self) -> Iterator[Question]:
        """Its questions in order."""
        return (placed.question for run in self.runs for placed in run.placed)


@lru_cache(maxsize=256)
def panels_of(definition: Definition, section: str) -> tuple[Panel, ...]:
    """Return a section's panels; a version's are worked out once."""
    return tuple(_panels(definition, definition.section(section)))


def _panels(definition: Definition, section: Section) -> Iterator[Panel]:
    names, used = list(_panel_names(section)), set[str]()
    opening = frozenset(_opening(section))
    for name, group in groupby(zip(names, section.questions, strict=True), key=lambda pair: pair[0]):
        questions = [question for _name, question in group]
        kind, _colon, key = name.partition(":")
        instrument = definition.instrument(key.split("#")[0]) if kind == "instrument" else None
        heading = _heading(kind, questions, instrument)
        if heading and heading in used:
            heading = _("%(heading)s, continued") % {"heading": heading}
        used.add(heading)
        yield Panel(heading, tuple(_runs(questions, opening)), instrument)


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


def _opening(section: Section) -> Iterator[str]:
    """Name the first question behind each gate: it says why it is asked, for those that follow it too."""
    before: Condition | None = None
    for question in section.questions:
        if question.own_shown_when is not None and question.own_shown_when != before:
            yield question.key
        before = question.own_shown_when


def _runs(questions: list[Question], opening: frozenset[str]) -> Iterator[Run]:
    looks = _looks(questions)
    pairs = zip(looks, questions, strict=True)
    for (look, grid), group in groupby(pairs, key=lambda pair: (pair[0], pair[1].grid)):
        run = [question for _look, question in group]
        placed = tuple(_placed(run, questions[0], opening))
        if look is Look.GRID:
            name = grid if isinstance(grid, str) else ""
            yield Run(
                look, placed, (run[0].stem if name else "") or "", _columns(run), name, _can_mark_no(run)
            )
        else:
            yield Run(look, placed)


def _looks(questions: list[Question]) -> list[Look]:
    """Choose how each question is drawn: a named grid as one, and so a long stretch of yes and no."""
    looks: list[Look] = []
    for is_plain, group in groupby(questions, key=_is_plain_yes_no):
        stretch = list(group)
        for question in stretch:
            alike = sum(other.grid == question.grid for other in questions)
            if question.kind is Kind.ENTRIES:
                looks.append(Look.ENTRIES)
            elif (is_plain and len(stretch) >= LONGEST_COLUMN) or (
                question.grid and alike >= SHORTEST_GRID and question.kind in (Kind.YES_NO, Kind.ONE_CHOICE)
            ):
                looks.append(Look.GRID)
            else:
                looks.append(Look.QUESTIONS)
    return looks


def _is_plain_yes_no(question: Question) -> bool:
    return question.kind is Kind.YES_NO and not question.grid and not question.instrument


def _placed(run: list[Question], first: Question, opening: frozenset[str]) -> Iterator[Placed]:
    numbered = bool(run[0].grid)
    for number, question in enumerate(run, start=1):
        gate = question.own_shown_when
        alike = sum(other.own_shown_when == gate for other in run)
        yield Placed(
            question,
            number=number if numbered else 0,
            is_first=question is first,
            follows=gate is not None and alike <= LONGEST_INDENT,
            because_of=facts_of(gate) if gate is not None and question.key in opening else (),
        )


def _columns(run: list[Question]) -> tuple[Column, ...]:
    """Return the answers that all rows have; a row's further ones share columns without a head."""
    rows = [dict(_answers(question)) for question in run]
    shared = {key: label for key, label in rows[0].items() if all(key in row for row in rows)}
    further = [[key for key in row if key not in shared] for row in rows]
    own = zip_longest(*further)
    return (
        *(Column((key,), label) for key, label in shared.items()),
        *(Column(tuple(dict.fromkeys(filter(None, keys))), "") for keys in own),
    )


def _answers(question: Question) -> list[tuple[str, str]]:
    if question.kind is Kind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(choice.key, choice.label) for choice in question.choices]


def _can_mark_no(run: list[Question]) -> bool:
    return bool(run[0].grid) and all(
        not question.instrument and "no" in dict(_answers(question)) for question in run
    )


def is_yes(condition: Condition | None) -> bool:
    """Return whether a gate asks for a plain yes."""
    return isinstance(condition, Comparison) and condition.operator is Operator.IS and condition.value is True
