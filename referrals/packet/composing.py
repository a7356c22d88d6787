"""Gather what a packet holds: from the screening, the client's record and the referral's own words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

from accounts.models import Organization, User
from referrals.packet.parts import (
    NOT_SHARED,
    Acknowledged,
    Answers,
    ClientPart,
    ConsiderationPart,
    CriterionPart,
    EntryPart,
    FactPart,
    IndicationPart,
    JudgmentPart,
    NotePart,
    Packet,
    Provenance,
    ScorePart,
    SectionPart,
    SourcePart,
    StatementPart,
    TherapistPart,
)
from referrals.packet.sharing import Sharing
from screening.explanation import (
    ConsiderationRead,
    CriterionRead,
    FactRead,
    IndicationRead,
    NoteRead,
    ScoreRead,
    SectionRead,
    SourceRead,
)
from screening.models import Acknowledgement, Client, Judgment
from screening.models.clients import Knows, PayerType
from screening.reading import Reading

# The short statement of 42 CFR 2.32(a), word for word; it is law, so it isn't translated.
REDISCLOSURE_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."

# The shipped questionnaire's questions about the medicines that the client takes, as told, and allergies.
MEDICINES = ("medicines", "medicines_complete", "allergies")


@dataclass(frozen=True, slots=True)
class Covering:
    """What goes with the screening: to whom, why, who refers, and what the client consented to share.

    `part2_sections` are those that come, or may come, from a substance-use programme (42 CFR Part 2). `role`
    is one of TherapistRole.
    """

    recipient: Organization
    therapist: User
    reason: str
    question: str
    meets: str
    role: str
    sections: frozenset[str]
    part2_sections: frozenset[str] = field(default_factory=frozenset)
    statements: tuple[StatementPart, ...] = ()


def compose(reading: Reading, covering: Covering) -> Packet:
    """Return the packet of a completed screening, as it stands on the day of the reading."""
    definition, explanation = reading.definition, reading.explanation
    always = {section.key for section in definition.sections if section.always_shared}
    sharing = Sharing(definition, covering.sections | always)
    return Packet(
        schema=2,
        prepared_on=reading.today.isoformat(),
        recipient=covering.recipient.name,
        client=_client(reading.screening.client),
        reason=covering.reason,
        question=covering.question,
        therapist=_therapist(covering),
        provenance=_provenance(reading),
        scope=explanation.scope,
        scope_statement=explanation.scope_statement,
        indications=tuple(_indication(reading, sharing, each) for each in explanation.indications),
        scores=tuple(_score(sharing, each) for each in explanation.scores),
        considerations=tuple(_consideration(reading, sharing, each) for each in explanation.considerations),
        medicines=_medicines(reading, sharing),
        sections=_sections(reading, sharing, covering),
        redisclosure_notice=_redisclosure_notice(covering),
        statements=covering.statements,
    )


def _client(client: Client) -> ClientPart:
    contacts = client.contacts
    return ClientPart(
        legal_name=client.legal_name,
        used_name=client.used_name,
        birth_date=client.birth_date.isoformat(),
        record_number=client.record_number,
        phone=contacts.phone,
        message_is_safe=_label(Knows, contacts.message_is_safe),
        email=contacts.email,
        language=contacts.language,
        emergency_contact=contacts.emergency_contact,
        prescriber=contacts.prescriber,
        prescriber_knows=_label(Knows, contacts.prescriber_knows),
        primary_care=contacts.primary_care,
        primary_care_knows=_label(Knows, contacts.primary_care_knows),
        payer_type=_label(PayerType, contacts.payer_type),
    )


def _label(choices: type[TextChoices], value: str) -> str:
    """Return the words of a choice, so that the packet reads without today's list of choices."""
    return str(choices(value).label) if value else ""


def _therapist(covering: Covering) -> TherapistPart:
    person = covering.therapist
    return TherapistPart(
        name=person.name_with_credentials,
        practice=person.organization.name,
        phone=person.phone,
        practice_phone=person.organization.phone,
        licence=person.licence,
        meets=covering.meets,
        role=covering.role,
    )


def _provenance(reading: Reading) -> Provenance:
    screening = reading.screening
    signed, by = reading.signature, screening.completed_by
    return Provenance(
        title=reading.definition.title,
        version=screening.version.number,
        definition=reading.definition.hash,
        as_of=reading.as_of.isoformat(),
        completed_by=by.name_with_credentials if by else "",
        completed_on=_day(reading, screening.completed_at),
        signed_by=signed.by.name_with_credentials if signed else "",
        signature_due=reading.needs_signature,
    )


def _indication(reading: Reading, sharing: Sharing, read: IndicationRead) -> IndicationPart:
    notes = tuple(_note(note) for note in read.notes)
    if not sharing.tells_indication(read.key):
        return IndicationPart(read.key, read.title, NOT_SHARED, "", (), notes, None)
    judgment = reading.judgments.get(read.key)
    return IndicationPart(
        key=read.key,
        title=read.title,
        outcome=read.outcome.value,
        summary=read.summary,
        criteria=tuple(_criterion(criterion) for criterion in read.criteria),
        notes=notes,
        judgment=_judgment(reading, judgment) if judgment else None,
    )


def _judgment(reading: Reading, judgment: Judgment) -> JudgmentPart:
    return JudgmentPart(
        judgment.view, judgment.words, judgment.by.name_with_credentials, _day(reading, judgment.at)
    )


def _criterion(read: CriterionRead) -> CriterionPart:
    return CriterionPart(
        key=read.key,
        statement=read.statement,
        state=read.state.value,
        basis=read.basis,
        facts=_facts(read.facts),
        sources=_sources(read.sources),
    )


def _note(read: NoteRead) -> NotePart:
    return NotePart(read.text, read.adverse, _sources(read.sources))


def _sources(read: Iterable[SourceRead]) -> tuple[SourcePart, ...]:
    return tuple(
        SourcePart(
            key=source.key,
            short=source.short,
            citation=source.citation,
            supports=source.supports,
            strength=source.strength,
            read=source.read,
            is_product_default=source.is_product_default,
            review_by=source.review_by.isoformat(),
            to_be_verified=source.to_be_verified,
            out_of_date_since=_iso(source.out_of_date_since),
        )
        for source in read
    )


def _score(sharing: Sharing, read: ScoreRead) -> ScorePart:
    if not sharing.tells_score(read.key):
        return ScorePart(read.key, read.title, "", NOT_SHARED, "", "", None, False, "")
    fact = read.as_fact()
    return ScorePart(
        key=read.key,
        title=read.title,
        text=fact.text,
        missing=fact.missing.value,
        band=read.band if fact.text else "",
        day=_iso(read.date) if fact.text else "",
        age_days=read.age_days if fact.text else None,
        stale=fact.stale,
        detail=fact.detail,
    )


def _consideration(reading: Reading, sharing: Sharing, read: ConsiderationRead) -> ConsiderationPart:
    told = sharing.tells_consideration(read.key)
    acknowledgement = reading.acknowledgements.get(read.key) if told else None
    return ConsiderationPart(
        key=read.key,
        title=read.title,
        level=read.level.value,
        state=read.state.value if told else NOT_SHARED,
        modifiable=read.modifiable,
        facts=_facts(read.facts) if told else (),
        sources=_sources(read.sources),
        acknowledged=_acknowledged(reading, acknowledgement),
    )


def _acknowledged(reading: Reading, row: Acknowledgement | None) -> Acknowledged | None:
    if row is None or row.acknowledged_by is None:
        return None
    moment = row.happened_at or row.acknowledged_at
    return Acknowledged(
        done=row.done or "",
        told=tuple(row.told or ()),
        by=row.acknowledged_by.name_with_credentials,
        at=moment.astimezone(_zone(reading)).isoformat(timespec="minutes") if moment else "",
    )


def _medicines(reading: Reading, sharing: Sharing) -> Answers:
    asked = {question.key for question in reading.definition.questions}
    keys = [key for key in MEDICINES if key in asked]
    if not all(sharing.tells_question(key) for key in keys):
        return Answers(False, ())
    return Answers(True, _facts(reading.reader.question(key) for key in keys))


def _sections(reading: Reading, sharing: Sharing, covering: Covering) -> tuple[SectionPart, ...]:
    answered = {section.key: section for section in reading.answered_sections}
    return tuple(
        SectionPart(
            key=section.key,
            title=section.title,
            shared=section.key in sharing.sections,
            sensitive=section.sensitive,
            part2=section.key in sharing.sections & covering.part2_sections,
            facts=_section_facts(reading, sharing, answered.get(section.key)),
        )
        for section in reading.definition.sections
    )


def _section_facts(reading: Reading, sharing: Sharing, read: SectionRead | None) -> tuple[FactPart, ...]:
    """Return the answers of a shared section; a question that a gate elsewhere hides or shows isn't told."""
    if read is None or read.key not in sharing.sections:
        return ()
    asked = {fact.key: fact for fact in read.facts}
    parts: list[FactPart] = []
    for question in reading.definition.section(read.key).questions:
        if not sharing.tells_question(question.key):
            parts.append(FactPart(question.key, question.text, "", NOT_SHARED, "", False, False, ()))
        elif question.key in asked:
            parts.append(_fact(asked[question.key]))
    return tuple(parts)


def _facts(read: Iterable[FactRead]) -> tuple[FactPart, ...]:
    return tuple(_fact(fact) for fact in read)


def _fact(read: FactRead) -> FactPart:
    return FactPart(
        key=read.key,
        label=read.label,
        text=read.text,
        missing=read.missing.value,
        detail=read.detail,
        stale=read.stale,
        speaks_for_itself=read.speaks_for_itself,
        rows=tuple(EntryPart(entry.title, _facts(entry.facts)) for entry in read.rows),
    )


def _redisclosure_notice(covering: Covering) -> str:
    if not covering.sections & covering.part2_sections:
        return ""
    return REDISCLOSURE_NOTICE


def _zone(reading: Reading) -> ZoneInfo:
    return reading.screening.organization.zone


def _day(reading: Reading, moment: datetime | None) -> str:
    return moment.astimezone(_zone(reading)).date().isoformat() if moment else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
