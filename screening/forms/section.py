"""A section as a form: its questions as shown, what was sent, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from screening.actions import Conflict
from screening.engine import Definition, Kind, Problem, Question, Section, gates
from screening.explanation import EntryRead, FactReader
from screening.explanation.facts import text_of
from screening.forms.layout import Panel, panels_of
from screening.forms.questions import UNKNOWNS, Parsed, Typed, is_picked_from_list, parse, typed_of
from screening.reading import AGE
from screening.records import Answer, SectionRecord, StoredAnswer, print_of

SHOWN = ".shown"
ENTRY = ".entry"
ENTRY_SHOWN = ".entry-shown"


@dataclass(frozen=True, slots=True)
class FormProblem:
    """A line of the error summary: the words at the field, led by the question."""

    target: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """The entry of a list whose fields are shown; one that isn't stored yet has its id already."""

    question: str
    id: str

    @property
    def prefix(self) -> str:
        """What the names of its fields begin with."""
        return f"{self.question}.{self.id}."

    @classmethod
    def parse(cls, text: str, section: Section) -> "OpenEntry | None":
        """Read `question.id` for a list of the section; anything else opens nothing."""
        question, _dot, entry = text.partition(".")
        lists = {each.key for each in section.questions if each.kind is Kind.ENTRIES}
        known = question in lists and entry.isascii() and entry.isalnum() and len(entry) <= 40
        return cls(question, entry) if known else None

    @classmethod
    def new(cls, question: str) -> "OpenEntry":
        """Open an entry that isn't there yet."""
        return cls(question, uuid4().hex)

    def __str__(self) -> str:
        return f"{self.question}.{self.id}"


@dataclass
class SectionForm:
    """One section of one screening (or of a preview), before or after somebody sent it."""

    definition: Definition
    section: Section
    answers: Mapping[str, Answer]
    gates: Mapping[str, bool | None]
    record: SectionRecord
    as_of: date
    data: QueryDict = field(default_factory=QueryDict)
    open_entry: OpenEntry | None = None
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The section's panels."""
        return panels_of(self.definition, self.section.key)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The section's questions, by key."""
        return {question.key: question for question in self.section.questions}

    def is_shown(self, key: str) -> bool:
        """Return whether the answers before it show this question."""
        return bool(self.gates.get(key, True))

    # ---- what was sent

    @cached_property
    def sent(self) -> dict[str, tuple[int, str]]:
        """The questions that the form held: at which revision, and the print of the answer they showed."""
        found: dict[str, tuple[int, str]] = {}
        for mark in self.data.getlist(SHOWN):
            key, _colon, rest = mark.partition(":")
            revision, _colon, shown = rest.partition(":")
            if key in self.questions and key != AGE and revision.isascii() and revision.isdigit():
                found[key] = (int(revision[:9]), shown)
        return found

    def read(self, only: str | None = None) -> dict[str, Answer]:
        """Return the answers that were changed in the form; errors and what was typed are kept here.

        A question that still holds what it showed isn't among them: it takes no part in a conflict.
        """
        changed: dict[str, Answer] = {}
        for key, (_revision, shown) in self.sent.items():
            question = self.questions[key]
            if only not in (None, key):
                continue
            parsed = self._parse_list(key) if question.kind is Kind.ENTRIES else self._parse(question, key)
            if parsed.error:
                self.errors[key], self.typed[key] = parsed.error, parsed.typed
            elif print_of(parsed.answer) != shown:
                changed[key] = parsed.answer
                self.typed[key] = parsed.typed
        return changed

    def read_entry(self, opened: OpenEntry) -> dict[str, Answer] | None:
        """Return the answers of an entry's fields; None where one of them is wrong."""
        entry: dict[str, Answer] = {}
        for question in self.definition.question(opened.question).entry:
            name = opened.prefix + question.key
            parsed = self._parse(question, name)
            self.typed[name] = parsed.typed
            if parsed.error:
                self.errors[name] = parsed.error
            elif parsed.answer:
                entry[question.key] = parsed.answer
        return None if any(name.startswith(opened.prefix) for name in self.errors) else entry

    @property
    def entry_shown(self) -> str:
        """The print of the open entry's answers as the form showed them."""
        return "".join(self.data.getlist(ENTRY_SHOWN)[:1])

    def expected(self) -> dict[str, int]:
        """Return the revision at which each question was shown."""
        return {key: revision for key, (revision, _shown) in self.sent.items()}

    def take(self, conflicts: Sequence[Conflict], problems: Sequence[Problem]) -> None:
        """Show what could not be saved beside its question."""
        for conflict in conflicts:
            self.errors[conflict.key] = self._conflict_words(conflict)
        for problem in problems:
            self.errors[problem.place.split(".")[1]] = problem.problem

    @property
    def problems(self) -> list[FormProblem]:
        """The error summary, in the order of the page."""
        order = list(self._names())
        names = sorted(self.errors, key=lambda name: order.index(name) if name in order else len(order))
        return [
            FormProblem(self._target(name), self._question_of(name).text, self.errors[name]) for name in names
        ]

    def _parse(self, question: Question, name: str) -> Parsed:
        return parse(question, self.data, name, self.as_of)

    def _parse_list(self, key: str) -> Parsed:
        """Read a list's own radios: entered as a list, not known, or declined."""
        chosen = self.data.getlist(key)[:1]
        stored = self.record.given().get(key, {})
        if chosen and chosen[0] in UNKNOWNS:
            typed = Typed(unknown=chosen[0])
            if stored.get("entries"):
                return Parsed(typed, {}, _("Remove what is listed first, or leave the list as it is."))
            return Parsed(typed, {"unknown": chosen[0]})
        return Parsed(Typed(), stored if "entries" in stored else {"entries": []})

    def _names(self) -> Iterator[str]:
        for question in self.section.questions:
            yield question.key
            for part in (
                question.entry if self.open_entry and self.open_entry.question == question.key else ()
            ):
                yield self.open_entry.prefix + part.key if self.open_entry else part.key

    def _question_of(self, name: str) -> Question:
        return self.definition.question(name.rpartition(".")[2])

    def _target(self, name: str) -> str:
        question = self._question_of(name)
        if question.kind is Kind.YES_NO:
            return f"{name}-yes"
        if question.kind in (Kind.ONE_CHOICE, Kind.MANY_CHOICES) and not is_picked_from_list(question):
            return f"{name}-{question.choices[0].key}"
        return f"{name}-entered" if question.kind is Kind.ENTRIES else name

    def _conflict_words(self, conflict: Conflict) -> str:
        question = self.questions[conflict.key]
        return _(
            "Two different answers were given. Choose one. Here: %(mine)s. Saved at %(time)s: %(theirs)s."
        ) % {
            "mine": answer_words(question, conflict.mine),
            "theirs": answer_words(question, conflict.theirs),
            "time": time_format(localtime(conflict.at), "g:i A"),
        }

    # ---- what is shown

    def typed_for(self, question: Question, name: str, answer: Answer) -> Typed:
        """Return what stands in a question's fields: what was typed, else the stored answer."""
        return self.typed[name] if name in self.typed else typed_of(question, answer)

    def mark(self, key: str) -> str:
        """Return what a shown question carries: its revision and the print of the answer it shows."""
        return f"{key}:{self.record.revision(key)}:{print_of(self.record.given().get(key, {}))}"

    def entries(self, question: Question) -> list["EntryView"]:
        """Return a list's entries, with the open one last where it isn't stored yet."""
        stored = self.record.answers.get(question.key)
        rows = list(stored.answer.get("entries", ())) if stored else []
        ids = list(stored.entry_ids) if stored else []
        reader = FactReader(self.definition, self.answers, self.gates)
        read = reader.question(question.key).rows if rows and self.is_shown(question.key) else ()
        views = [
            EntryView(OpenEntry(question.key, ids[n]), n + 1, read[n] if n < len(read) else None, row)
            for n, row in enumerate(rows)
        ]
        opened = self.open_entry
        if opened and opened.question == question.key and opened.id not in ids:
            views.append(EntryView(opened, len(views) + 1, None, {}))
        return views


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of a list as the page shows it."""

    place: OpenEntry
    number: int
    read: EntryRead | None
    answers: Mapping[str, Answer]

    @property
    def shown(self) -> str:
        """The print of its answers, by which a later save tells whether they were changed since."""
        return print_of(self.answers)


def preview_form(
    definition: Definition, section: str, answers: Mapping[str, Answer], as_of: date
) -> SectionForm:
    """Return a section as a therapist would see it with these answers, without any screening."""
    own = {question.key for question in definition.section(section).questions}
    nobody, never = UUID(int=0), datetime.min.replace(tzinfo=UTC)
    stored = {
        key: StoredAnswer(
            answer, 0, nobody, never, entry_ids=tuple(str(n) for n in range(len(answer.get("entries", ()))))
        )
        for key, answer in answers.items()
        if key in own
    }
    return SectionForm(
        definition,
        definition.section(section),
        answers,
        gates(definition, answers, as_of),
        SectionRecord(stored),
        as_of,
    )


def answer_words(question: Question, answer: Answer) -> str:
    """Return an answer in words, also one that is missing."""
    if not answer:
        return _("no answer")
    if "unknown" in answer:
        return _("not known") if answer["unknown"] == "not_known" else _("declined")
    if "entries" in answer:
        return _("a list of %(n)d") % {"n": len(answer["entries"])}
    return text_of(question, answer)
