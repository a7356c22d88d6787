"""What a section's form sent, stored by the actions: all of it, or one answer while somebody fills it in."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.access import PersonRequest
from screening import actions
from screening.engine import Section
from screening.forms.section import ENTRY, OpenEntry, SectionForm
from screening.models import Part2
from screening.reading import Reading
from screening.records import Answer, SectionRecord

PART2 = ".part2"


@dataclass(frozen=True, slots=True)
class Stored:
    """A screening after a save: which answers changed, and what the save raised."""

    reading: Reading
    changed: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()

    def then(self, saved: actions.Saved) -> "Stored":
        """Return this with what a further save did."""
        return Stored(saved.reading, (*self.changed, *saved.changed), (*self.urgent, *saved.urgent))


def form_of(reading: Reading, part: Section) -> SectionForm:
    """Return a section's form as it stands."""
    record = reading.records.get(part.key, SectionRecord())
    return SectionForm(reading.definition, part, reading.answers, reading.gates, record, reading.as_of)


def sent_answer(request: PersonRequest, reading: Reading, part: Section) -> SectionForm:
    """Return a form with the one answer that was sent; what stands is read once it is locked."""
    form = SectionForm(reading.definition, part, {}, {}, SectionRecord(), reading.as_of)
    form.data = request.POST
    return form


def sent_form(request: PersonRequest, reading: Reading, part: Section) -> SectionForm:
    """Return a section's form with what was sent."""
    form = form_of(reading, part)
    form.data = request.POST
    form.open_entry = OpenEntry.parse(request.POST.get(ENTRY, ""), part)
    return form


def store_all(request: PersonRequest, reading: Reading, form: SectionForm) -> Stored:
    """Store the changed answers, the open entry and the Part 2 answer; what is wrong stays in the form."""
    if PART2 in request.POST:
        store_part2(request, reading, form.section)
    stored = Stored(reading)
    answers = form.read()
    if form.open_entry is not None:
        answers.pop(form.open_entry.question, None)
        stored = store_entry(request, stored, form, form.open_entry)
        if form.open_entry.question not in stored.changed:
            answers |= form.read(form.open_entry.question)
    return store_answers(request, stored, form, answers)


def store_answers(
    request: PersonRequest, stored: Stored, form: SectionForm, answers: Mapping[str, Answer]
) -> Stored:
    """Store changed answers; conflicts and problems are shown beside their questions."""
    if not answers:
        return stored
    saved = actions.save_answers(
        by=request.user,
        screening=stored.reading.screening,
        section=form.section.key,
        answers=answers,
        expected=form.expected(),
    )
    form.take(saved.conflicts, saved.problems)
    return stored.then(saved)


def store_entry(request: PersonRequest, stored: Stored, form: SectionForm, opened: OpenEntry) -> Stored:
    """Store the open entry; one that is new and blank is no entry."""
    entry = form.read_entry(opened)
    listed = form.record.answers.get(opened.question)
    is_new = listed is None or opened.id not in listed.entry_ids
    if entry is None or (is_new and not entry):
        return stored
    saved = actions.save_entry(
        by=request.user,
        screening=stored.reading.screening,
        section=form.section.key,
        question=opened.question,
        entry=opened.id,
        answers=entry,
        shown=form.entry_shown,
    )
    form.take(saved.conflicts, saved.problems)
    return stored.then(saved)


def store_part2(request: PersonRequest, reading: Reading, part: Section) -> None:
    """Record the Part 2 answer of a sensitive section, where it changed."""
    said = request.POST.get(PART2, "")
    if part.sensitive and said in Part2.values and reading.part2.get(part.key) != said:
        row = actions.set_part2(by=request.user, screening=reading.screening, section=part.key, part2=said)
        reading.rows[part.key] = row
