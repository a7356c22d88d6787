"""Saving answers: each with its revision, so that nothing is overwritten in silence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from screening.actions.locks import NotPossible, lock_open_screening, lock_screening
from screening.actions.urgent import raise_urgent
from screening.answer_checks import wrong_with
from screening.engine import Definition, Kind, Problem, Question
from screening.models import Part2, Screening, SectionAnswers
from screening.reading import AGE, Reading
from screening.records import Answer, SectionRecord, StoredAnswer, print_of

NO = "no"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else, or another window, changed this answer since it was shown; both are here."""

    key: str
    mine: Answer
    theirs: Answer
    revision: int
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save. What had a problem or a conflict was left as it stood; the rest is stored."""

    reading: Reading
    changed: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    # Urgent considerations that this save raised.
    urgent: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything was stored."""
        return not self.conflicts and not self.problems


@transaction.atomic
def save_answers(
    *,
    by: User,
    screening: Screening,
    section: str,
    answers: Mapping[str, Answer],
    expected: Mapping[str, int] | None = None,
    at: datetime | None = None,
) -> Saved:
    """Store answers of one section, in the shapes that the engine reads; {} takes an answer back.

    `expected` holds the revision at which each was shown; one that stands at another revision, with
    another answer, is a conflict. A key it doesn't hold is stored whatever stands there.
    """
    locked = lock_open_screening(by, screening.pk)
    return _save(locked, by, section, answers, expected or {}, at or timezone.now())


@transaction.atomic
def save_entry(
    *,
    by: User,
    screening: Screening,
    section: str,
    question: str,
    entry: str | None,
    answers: Mapping[str, Answer],
    shown: str | None = None,
    at: datetime | None = None,
) -> Saved:
    """Store one entry of a list; without an id, or with one that isn't there, it is added at the end.

    `shown` is the print of the entry as it was shown: one that was changed since is a conflict.
    """
    locked = lock_open_screening(by, screening.pk)
    reading = Reading(locked, at)
    ids, entries = _entries(reading, section, question)
    kept = {key: answer for key, answer in answers.items() if answer}
    if entry in ids:
        stands = entries[ids.index(entry)]
        if shown is not None and shown != print_of(stands) and stands != kept:
            conflict = _entry_conflict(reading, section, question, kept, stands)
            return Saved(reading, (), (conflict,), (), ())
        entries[ids.index(entry)] = kept
    else:
        ids, entries = [*ids, entry or uuid4().hex], [*entries, kept]
    return _save(locked, by, section, {question: {"entries": entries}}, {}, reading.at, {question: ids})


@transaction.atomic
def remove_entry(
    *,
    by: User,
    screening: Screening,
    section: str,
    question: str,
    entry: str,
    expected: int | None = None,
    at: datetime | None = None,
) -> Saved:
    """Take one entry off a list; one that is gone already changes nothing."""
    locked = lock_open_screening(by, screening.pk)
    ids, entries = _entries(Reading(locked), section, question)
    left = [(key, kept) for key, kept in zip(ids, entries, strict=True) if key != entry]
    revisions = {} if expected is None or entry not in ids else {question: expected}
    answer = {"entries": [kept for _key, kept in left]}
    return _save(
        locked,
        by,
        section,
        {question: answer} if entry in ids else {},
        revisions,
        at or timezone.now(),
        {question: [key for key, _kept in left]},
    )


@transaction.atomic
def mark_left_as_no(*, by: User, screening: Screening, grid: str, at: datetime | None = None) -> Saved:
    """Answer No to every shown, unanswered question of a grid that the therapist read aloud one by one."""
    locked = lock_open_screening(by, screening.pk)
    reading = Reading(locked)
    questions = [
        question
        for question in reading.definition.questions
        if question.grid == grid
        and _can_be_marked(question)
        and reading.gates.get(question.key, True)
        and question.key not in reading.answers
    ]
    if not questions:
        return Saved(reading, (), (), (), ())
    section = reading.definition.section_of(questions[0].key).key
    answers = {
        question.key: {"value": False if question.kind is Kind.YES_NO else NO} for question in questions
    }
    return _save(locked, by, section, answers, {}, at or timezone.now(), read_aloud=True)


@transaction.atomic
def set_part2(
    *, by: User, screening: Screening, section: str, part2: str, at: datetime | None = None
) -> SectionAnswers:
    """Record whether a sensitive section comes from a Part 2 programme; a completed screening's too."""
    locked = lock_screening(by, screening.pk)
    reading = Reading(locked, at)
    if not reading.definition.section(section).sensitive:
        raise NotPossible(_("Only a sensitive section is asked about."))
    if section not in reading.rows and not locked.is_open:
        raise NotPossible(_("This section has no answers."))
    row = reading.rows.get(section) or _new_row(locked, section)
    row.part2 = Part2(part2).value
    _write(row, by, reading.at)
    audit.record("screening.part2_recorded", by=by, of=locked, client=locked.client_id, section=section)
    return row


def _can_be_marked(question: Question) -> bool:
    """Return whether a question may be answered No with others: never one of a published instrument."""
    has_no = question.kind is Kind.YES_NO or any(choice.key == NO for choice in question.choices)
    return has_no and question.instrument is None


def keep_age(reading: Reading, *, by: User) -> None:
    """Store the age that was evaluated, for a screening that is being completed."""
    if AGE not in reading.answers:
        return
    section = reading.definition.section_of(AGE).key
    record = reading.records.get(section, SectionRecord())
    stored = StoredAnswer(reading.answers[AGE], record.revision(AGE) + 1, by.pk, reading.at)
    _store(reading, section, record.with_answer(AGE, stored), by)


def _save(
    screening: Screening,
    by: User,
    section: str,
    answers: Mapping[str, Answer],
    expected: Mapping[str, int],
    now: datetime,
    entry_ids: Mapping[str, Sequence[str]] | None = None,
    read_aloud: bool = False,
) -> Saved:
    before = Reading(screening, now)
    record = before.records.get(section, SectionRecord())
    problems = tuple(_problems(before.definition, section, answers, before.as_of))
    bad = {problem.place.split(".")[1] for problem in problems}
    new = {
        key: each for key, each in answers.items() if key not in bad and each != record.given().get(key, {})
    }
    conflicts = tuple(_conflicts(record, new, expected))
    changed = tuple(key for key in new if all(key != conflict.key for conflict in conflicts))
    if not changed:
        return Saved(before, (), conflicts, problems, ())
    for key in changed:
        ids = _ids_for(new[key], (entry_ids or {}).get(key), record.answers.get(key))
        stored = StoredAnswer(new[key], record.revision(key) + 1, by.pk, now, read_aloud, ids)
        record = record.with_answer(key, stored)
    _store(before, section, record, by)
    after = before.with_section(section, record)
    urgent = raise_urgent(after, by=by)
    audit.record(
        "screening.answered",
        by=by,
        of=screening,
        client=screening.client_id,
        section=section,
        questions=changed,
        read_aloud=read_aloud,
    )
    return Saved(after, changed, conflicts, problems, urgent)


def _conflicts(
    record: SectionRecord, answers: Mapping[str, Answer], expected: Mapping[str, int]
) -> Iterator[Conflict]:
    """Find the answers that somebody changed since they were shown."""
    for key, answer in answers.items():
        stored = record.answers.get(key)
        if stored and key in expected and expected[key] != stored.revision:
            yield Conflict(key, answer, stored.answer, stored.revision, stored.by, stored.at)


def _problems(
    definition: Definition, section: str, answers: Mapping[str, Answer], as_of: Any
) -> list[Problem]:
    """Return what can't be stored: keys of elsewhere, the age, and answers of the wrong kind or range."""
    own = {question.key: question for question in definition.section(section).questions}
    found: list[Problem] = []
    for key, answer in answers.items():
        place = f"answers.{key}"
        if key not in own:
            found.append(Problem(place, _("This question isn't in this section.")))
        elif key == AGE:
            found.append(Problem(place, _("The age comes from the birth date in the client's record.")))
        elif answer:
            found.extend(wrong_with(own[key], answer, as_of, place))
    return found


def _ids_for(answer: Answer, ids: Sequence[str] | None, stored: StoredAnswer | None) -> tuple[str, ...]:
    """Return an id for each entry: those given, else those that stand at the same places, else new ones."""
    if "entries" not in answer:
        return ()
    known = list(ids if ids is not None else (stored.entry_ids if stored else ()))
    return tuple(known[n] if n < len(known) else uuid4().hex for n in range(len(answer["entries"])))


def _entries(reading: Reading, section: str, question: str) -> tuple[list[str], list[dict[str, Answer]]]:
    stored = reading.records.get(section, SectionRecord()).answers.get(question)
    if stored is None or "entries" not in stored.answer:
        return [], []
    return list(stored.entry_ids), [dict(entry) for entry in stored.answer["entries"]]


def _entry_conflict(reading: Reading, section: str, question: str, mine: Answer, theirs: Answer) -> Conflict:
    stored = reading.records[section].answers[question]
    return Conflict(
        question, {"entries": [mine]}, {"entries": [theirs]}, stored.revision, stored.by, stored.at
    )


def _store(reading: Reading, section: str, record: SectionRecord, by: User) -> None:
    """Write the section's one row; its id is derived, so that a second save finds and reseals it."""
    row = reading.rows.setdefault(section, _new_row(reading.screening, section))
    row.document = record.as_document()
    _write(row, by, reading.at)


def _new_row(screening: Screening, section: str) -> SectionAnswers:
    return SectionAnswers(
        id=SectionAnswers.key_for(screening.pk, section),
        organization_id=screening.organization_id,
        screening=screening,
        section=section,
        document=SectionRecord().as_document(),
    )


def _write(row: SectionAnswers, by: User, now: datetime) -> None:
    row.saved_by, row.saved_at = by, now
    row.save(force_insert=row._state.adding, force_update=not row._state.adding)
