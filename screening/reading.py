"""What a screening says: answers, findings, how far it is, and what stands in the way of sending it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import Organization
from screening.catalog import definition_of, verified_sources
from screening.engine import Consideration, Definition, Findings, Section, evaluate, gates
from screening.explanation import (
    Explanation,
    FactRead,
    FactReader,
    Missing,
    SectionRead,
    explain,
    read_sections,
)
from screening.models import (
    Acknowledgement,
    Judgment,
    Screening,
    SectionAnswers,
    Signature,
)
from screening.records import Answer, SectionRecord, given

# The one answer that nobody types: it comes from the birth date in the client's record.
AGE = "age"
SAFETY = "safety"
WANTS_REFERRAL = "client_wants_referral"


class Progress(StrEnum):
    """How far a section is."""

    COMPLETE = "complete"
    BEGUN = "begun"
    NOT_STARTED = "not_started"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class SectionState:
    """How many of a section's shown questions have an answer; optional ones are never counted as left."""

    section: Section
    progress: Progress
    shown: int
    answered: int
    left: int
    not_known: int
    declined: int


def day_in(organization: Organization, at: datetime | None = None) -> date:
    """Return the day it is (or was, at a moment) in the organization's time zone."""
    return (at or timezone.now()).astimezone(ZoneInfo(organization.time_zone)).date()


class Reading:
    """One screening as read in one request: every part is fetched and evaluated at most once."""

    def __init__(self, screening: Screening, at: datetime | None = None) -> None:
        self.screening = screening
        self.at = at or timezone.now()

    @cached_property
    def definition(self) -> Definition:
        """The version's definition."""
        return definition_of(self.screening.version_id)

    @cached_property
    def today(self) -> date:
        """The day it is for the practice."""
        return day_in(self.screening.organization, self.at)

    @property
    def as_of(self) -> date:
        """The day the answers are evaluated at: today, until the screening is completed."""
        return self.screening.as_of or self.today

    @cached_property
    def rows(self) -> dict[str, SectionAnswers]:
        """The stored rows, by section."""
        return {row.section: row for row in self.screening.sections.all()}

    @cached_property
    def records(self) -> Mapping[str, SectionRecord]:
        """What is stored, by section."""
        return {key: SectionRecord.from_document(row.document) for key, row in self.rows.items()}

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The answers as the engine reads them; the age is the client's on the day of evaluation."""
        answers = given(self.records.values())
        # Fixed on completion, like every answer: a birth date that is put right later changes no old result.
        if asks_age(self.definition) and not (self.screening.completed_at and AGE in answers):
            answers[AGE] = {"value": self.screening.client.age_on(self.as_of)}
        return answers

    @cached_property
    def gates(self) -> Mapping[str, bool | None]:
        """Which questions are shown (True), hidden (False) or behind an unknown gate (None)."""
        return gates(self.definition, self.answers, self.as_of)

    @cached_property
    def findings(self) -> Findings:
        """The stored findings of a completed screening; of an open one, what the answers give today."""
        if self.screening.findings_text:
            return findings_from_text(self.screening.findings_text)
        return evaluate(self.definition, self.answers, self.as_of)

    @cached_property
    def reader(self) -> FactReader:
        """Reads single answers for people."""
        return FactReader(self.definition, self.answers, self.gates)

    @cached_property
    def explanation(self) -> Explanation:
        """What was found and why, with ages and reviews counted to today."""
        verified = verified_sources(self.screening.version)
        return explain(self.definition, self.answers, self.findings, today=self.today, verified=verified)

    @cached_property
    def sections(self) -> tuple[SectionState, ...]:
        """How far each section is."""
        return tuple(self._state_of(section) for section in self.definition.sections)

    @cached_property
    def answered_sections(self) -> tuple[SectionRead, ...]:
        """Every question that was asked, by section, with its answer or why there is none."""
        return read_sections(self.definition, self.reader)

    @cached_property
    def acknowledgements(self) -> dict[str, Acknowledgement]:
        """The urgent considerations that were raised, by key."""
        rows = self.screening.acknowledgements.select_related("acknowledged_by", "raised_by").order_by(
            "raised_at"
        )
        return {row.consideration: row for row in rows}

    @property
    def urgent_due(self) -> tuple[str, ...]:
        """Keys of urgent considerations that wait to be acknowledged."""
        return tuple(key for key, row in self.acknowledgements.items() if row.is_due)

    @property
    def due_considerations(self) -> list[Consideration]:
        """The same, as the questionnaire words them."""
        return [self.definition.consideration(key) for key in self.urgent_due]

    @cached_property
    def judgments(self) -> dict[str, Judgment]:
        """The therapist's own judgments, by indication."""
        return {row.indication: row for row in self.screening.judgments.select_related("by")}

    @cached_property
    def part2(self) -> dict[str, str | None]:
        """For each sensitive section, whether it comes from a Part 2 programme; None: nobody said."""
        sensitive = (section.key for section in self.definition.sections if section.sensitive)
        return {key: self.rows[key].part2 if key in self.rows else None for key in sensitive}

    @cached_property
    def signature(self) -> Signature | None:
        """The supervisor's signature."""
        return Signature.objects.select_related("by").filter(screening=self.screening).first()

    @property
    def needs_signature(self) -> bool:
        """Whether a supervisor still has to sign what was completed."""
        person = self.screening.completed_by
        return person is not None and person.needs_signature_from_id is not None and self.signature is None

    def with_section(self, section: str, record: SectionRecord) -> "Reading":
        """Return the screening as it reads with this section in place of what was stored."""
        changed = Reading(self.screening, self.at)
        changed.__dict__["rows"] = self.rows
        changed.__dict__["records"] = {**self.records, section: record}
        return changed

    def facts_of_section(self, section: Section) -> list[FactRead]:
        """Return the section's questions that are asked, answered or not."""
        return [self.reader.question(q.key) for q in section.questions if self.gates.get(q.key, True)]

    def _state_of(self, section: Section) -> SectionState:
        facts = self.facts_of_section(section)
        needed = [fact for fact in facts if not fact.optional]
        left = sum(fact.missing is Missing.NOT_ANSWERED for fact in needed)
        answered = [fact for fact in facts if fact.missing is not Missing.NOT_ANSWERED and fact.key != AGE]
        if not facts:
            progress = Progress.NOT_ASKED
        elif not left:
            progress = Progress.COMPLETE
        else:
            progress = Progress.BEGUN if answered else Progress.NOT_STARTED
        return SectionState(
            section=section,
            progress=progress,
            shown=len(facts),
            answered=len(answered),
            left=left,
            not_known=sum(fact.missing is Missing.NOT_KNOWN for fact in facts),
            declined=sum(fact.missing is Missing.DECLINED for fact in facts),
        )


def asks_age(definition: Definition) -> bool:
    """Return whether the questionnaire asks the client's age."""
    return any(question.key == AGE for question in definition.questions)


def findings_from_text(text: str) -> Findings:
    """Read stored findings."""
    return Findings.from_document(json.loads(text))


def answers_of(screening: Screening) -> dict[str, Answer]:
    """Return the answers as the engine reads them."""
    return Reading(screening).answers


def findings_of(screening: Screening, at: datetime | None = None) -> Findings:
    """Return the stored findings, or for an open screening what the answers give."""
    return Reading(screening, at).findings


def urgent_due(screening: Screening) -> tuple[str, ...]:
    """Return the keys of urgent considerations that wait to be acknowledged."""
    return Reading(screening).urgent_due
