"""A preview's example answers: tried on the pages, carried from one to the next, stored nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _

from screening.engine import Definition, Kind, Question, Section, Vignette, gates, problems
from screening.forms.questions import parse
from screening.forms.section import ENTRY, OpenEntry, SectionForm, preview_form
from screening.reading import AGE
from screening.records import Answer

# Example answers carried by the page; the section whose fields a page sent; the example client's age.
CARRIED, FROM, EXAMPLE_AGE = ".answers", ".from", ".age"
# The day that the example is of, as `.as_of` and its parts.
AS_OF = ".as_of"
GROWN_UP: Answer = {"value": 40}
NO = "no"


@dataclass(frozen=True, slots=True)
class Example:
    """Answers of nobody, as of a day."""

    as_of: date
    answers: Mapping[str, Answer]

    @classmethod
    def blank(cls, definition: Definition, today: date) -> "Example":
        """Return an adult who hasn't been asked anything yet."""
        asks_age = any(question.key == AGE for question in definition.questions)
        return cls(today, {AGE: GROWN_UP} if asks_age else {})

    @classmethod
    def of_vignette(cls, definition: Definition, key: str) -> "Example | None":
        """Return a vignette's answers to the questions that it shows; None for a key that isn't one's."""
        for vignette in definition.vignettes:
            if vignette.key == key and not problems(definition, vignette.answers, vignette.as_of):
                return cls(vignette.as_of, _asked(definition, vignette))
        return None

    @classmethod
    def carried(cls, definition: Definition, text: str) -> "Example | None":
        """Read what a page carried; None for what this questionnaire's pages didn't make.

        Where the document was changed meanwhile, what no longer fits it is left out.
        """
        try:
            kept = signing.loads(text, salt=_salt(definition))
        except signing.BadSignature:
            return None
        example = cls(date.fromisoformat(kept["as_of"]), kept["answers"])
        return example if kept["document"] == definition.hash else example.fitted(definition)

    def fitted(self, definition: Definition) -> "Example":
        """Return the example without the answers that this document can't take."""
        known = {question.key for question in definition.questions}
        answers = {key: answer for key, answer in self.answers.items() if key in known}
        wrong = {each.place.split(".")[1] for each in problems(definition, answers, self.as_of)}
        kept = {key: answer for key, answer in answers.items() if key not in wrong}
        # What was behind a closed gate is looked at once the gate is open.
        return Example(self.as_of, kept) if not wrong else Example(self.as_of, kept).fitted(definition)

    def carry(self, definition: Definition) -> str:
        """Return the example as the page's hidden field holds it, so that only our own comes back."""
        kept = {"as_of": self.as_of.isoformat(), "answers": self.answers, "document": definition.hash}
        return signing.dumps(kept, salt=_salt(definition), compress=True)

    def form(self, definition: Definition, section: str) -> SectionForm:
        """Return a section's form with the example's answers."""
        return preview_form(definition, section, self.answers, self.as_of)

    def with_answers(self, answers: Mapping[str, Answer]) -> "Example":
        """Return the example with further answers; an empty one is taken back."""
        merged = {**self.answers, **answers}
        return Example(self.as_of, {key: answer for key, answer in merged.items() if answer})

    @property
    def answered(self) -> int:
        """How many questions have an answer, or are not known or declined."""
        return sum(key != AGE for key in self.answers)


def _asked(definition: Definition, vignette: Vignette) -> dict[str, Answer]:
    """Return the answers to what is shown: nothing has looked at those behind a closed gate."""
    shown = gates(definition, vignette.answers, vignette.as_of)
    asked: dict[str, Answer] = {}
    for key, answer in vignette.answers.items():
        if shown.get(key) and isinstance(answer, Mapping):
            asked[key] = answer
            if "entries" in answer:
                rows = zip(answer["entries"], shown.entries.get(key, ()), strict=False)
                asked[key] = {
                    "entries": [{k: v for k, v in row.items() if gate.get(k)} for row, gate in rows]
                }
    return asked


def _salt(definition: Definition) -> str:
    return f"screening.preview.{definition.key}"


@dataclass(frozen=True, slots=True)
class Tried:
    """An example after a page was sent, and the page's form with what is wrong in it."""

    example: Example
    sent: SectionForm
    age_error: str = ""
    day_error: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether something that was typed can't be taken."""
        return bool(self.sent.errors or self.age_error or self.day_error)


def tried(definition: Definition, section: Section, example: Example, data: QueryDict) -> Tried:
    """Take the answers of a section's page into the example."""
    day, day_error = _day(definition, example, data)
    example = Example(day, example.answers)
    form = example.form(definition, section.key)
    form.data = data
    form.open_entry = OpenEntry.parse(data.get(ENTRY, ""), section)
    answers = form.read()
    if form.open_entry is not None:
        key = form.open_entry.question
        listed = _with_entry(form, form.open_entry)
        if listed is not None:
            answers[key] = {"entries": listed}
    age, error = _age(definition, example, data)
    return Tried(example.with_answers(answers | age), form, error, day_error)


def without_entry(example: Example, place: OpenEntry) -> Example:
    """Remove an entry of a list."""
    listed = list(example.answers.get(place.question, {}).get("entries", ()))
    index = _index(place, listed)
    kept = [entry for number, entry in enumerate(listed) if number != index]
    return example.with_answers({place.question: {"entries": kept}})


def new_entry(example: Example, question: str) -> OpenEntry:
    """Open an entry behind the last one."""
    return OpenEntry(question, str(len(example.answers.get(question, {}).get("entries", ()))))


def with_rest_as_no(definition: Definition, example: Example, grid: str) -> Example:
    """Answer No to what a grid shows and nobody answered, as the therapist's button does."""
    shown = gates(definition, example.answers, example.as_of)
    left = [
        question
        for question in definition.questions
        if question.grid == grid
        and not question.instrument
        and shown.get(question.key)
        and question.key not in example.answers
        and (question.kind is Kind.YES_NO or any(choice.key == NO for choice in question.choices))
    ]
    return example.with_answers(
        {question.key: {"value": False if question.kind is Kind.YES_NO else NO} for question in left}
    )


def _with_entry(form: SectionForm, opened: OpenEntry) -> list[Answer] | None:
    """Return the list with the open entry's fields; None where one of them is wrong, or all are blank."""
    entry = form.read_entry(opened)
    listed = list(form.answers.get(opened.question, {}).get("entries", ()))
    index = _index(opened, listed)
    if entry is None or (index == len(listed) and not entry):
        return None
    return [*listed[:index], entry, *listed[index + 1 :]]


def _index(place: OpenEntry, listed: list[Answer]) -> int:
    """Return which entry of a list is meant: one that isn't listed stands behind the last."""
    known = place.id.isdecimal() and len(place.id) <= 4 and int(place.id) < len(listed)
    return int(place.id) if known else len(listed)


def _day(definition: Definition, example: Example, data: QueryDict) -> tuple[date, str]:
    """Read the day that the example is of; one on which an answer isn't possible yet is refused."""
    if AS_OF not in data:
        return example.as_of, ""
    asked = Question(AS_OF, Kind.DATE, AS_OF)
    parsed = parse(asked, data, AS_OF, date.max)
    value = parsed.answer.get("value")
    if parsed.error or value is None:
        return example.as_of, parsed.error or _("Write the day, such as 02/27/2026.")
    day = date.fromisoformat(str(value))
    if problems(definition, example.answers, day):
        return example.as_of, _("An answer has a date after this day.")
    return day, ""


def _age(definition: Definition, example: Example, data: QueryDict) -> tuple[dict[str, Answer], str]:
    """Read the example client's age; a therapist never types it, the client's record has it."""
    if EXAMPLE_AGE not in data or AGE not in {question.key for question in definition.questions}:
        return {}, ""
    parsed = parse(definition.question(AGE), data, EXAMPLE_AGE, example.as_of)
    return ({}, parsed.error) if parsed.error else ({AGE: parsed.answer}, "")
