"""A packet as it was sealed and sent, part by part, read from its own bytes and from nothing else."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from accounts.templatetags.dates import from_iso, full_day
from desk.records.document import Fact, Item, fact, given, iso, moment_fact
from desk.records.screenings import CONSIDERATIONS, CRITERIA, LEVELS, OUTCOMES
from referrals.models import Packet as Kept
from referrals.packet import (
    ConsiderationPart,
    FactPart,
    IndicationPart,
    Packet,
    ScorePart,
    SectionPart,
    StatementPart,
    read,
)
from screening.models import JudgmentView

NOT_SHARED = "not_shared"


def packet_item(kept: Kept) -> Item:
    """Return what one recipient was sent."""
    packet = read(kept.sealed)
    facts = (
        fact("recipient", _("Recipient"), packet.recipient),
        moment_fact("sealed_at", _("Sealed"), kept.sealed_at, kept.sealed_by),
        fact("digest", _("Seal"), kept.digest),
        fact("redisclosure_notice", _("Notice"), packet.redisclosure_notice),
        *_request(packet),
    )
    parts = (
        _client(packet),
        Item("outcomes", _("Outcomes as sent"), tuple(_outcome(each) for each in packet.indications)),
        Item("considerations", _("Considerations as sent"), tuple(_considered(packet.considerations))),
        Item("scores", _("Scores as sent"), tuple(_score(each) for each in packet.scores)),
        *(_section(each) for each in packet.sections),
        *(_statement(each) for each in packet.statements),
    )
    return Item(
        kind="packet",
        title=_("Packet as sent"),
        facts=given(facts),
        items=parts,
        id=str(kept.pk),
        at=iso(kept.sealed_at),
        stored=kept.document,
    )


def _request(packet: Packet) -> Iterator[Fact]:
    therapist = packet.therapist
    yield fact("prepared_on", _("Prepared"), full_day(from_iso(packet.prepared_on)))
    yield fact("reason", _("Reason for referral"), packet.reason)
    yield fact("question", _("Question to the provider"), packet.question)
    yield fact("therapist", _("Therapist"), therapist.name, therapist.practice)
    yield fact("phone", _("Therapist’s phone"), therapist.phone or therapist.practice_phone)
    yield fact("licence", _("License"), therapist.licence)
    yield fact("meets", _("How often they meet"), therapist.meets)
    yield fact("role", _("The therapist’s part"), therapist.role_words)


def _client(packet: Packet) -> Item:
    client = packet.client
    facts = (
        fact("legal_name", _("Legal name"), client.legal_name),
        fact("used_name", _("Name they use"), client.used_name),
        fact("birth_date", _("Born"), full_day(from_iso(client.birth_date))),
        fact("record_number", _("Record number"), client.record_number),
        fact("phone", _("Phone"), client.phone),
        fact("message_is_safe", _("A message is safe"), client.message_is_safe),
        fact("email", _("E-mail"), client.email),
        fact("language", _("Language"), client.language),
        fact("emergency_contact", _("Emergency contact"), client.emergency_contact),
        fact("prescriber", _("Prescriber"), client.prescriber, client.prescriber_knows),
        fact("primary_care", _("Primary care"), client.primary_care, client.primary_care_knows),
        fact("payer_type", _("Who may pay"), client.payer_type),
    )
    return Item("client", _("The client as sent"), given(facts))


def _outcome(part: IndicationPart) -> Fact:
    if part.outcome == NOT_SHARED:
        return Fact(part.key, part.title, "", NOT_SHARED)
    said = [
        part.summary,
        *(f"{each.statement.rstrip('.')}: {CRITERIA[each.state]}" for each in part.criteria),
    ]
    if part.judgment is not None:
        view = JudgmentView(part.judgment.view).label
        words = _("%(name)s’s own judgment: %(view)s") % {"name": part.judgment.by, "view": view}
        said.append(f"{words}. {part.judgment.words}".rstrip(". "))
    return fact(
        part.key,
        part.title,
        OUTCOMES[part.outcome],
        " ".join(f"{each.rstrip('.')}." for each in said if each),
    )


def _considered(parts: Iterable[ConsiderationPart]) -> Iterator[Fact]:
    for part in parts:
        if part.state == NOT_SHARED:
            yield Fact(part.key, part.title, "", NOT_SHARED)
            continue
        level = f" {LEVELS[part.level]}." if part.state == "raised" else ""
        acted = part.acknowledged
        note = f"{acted.done} ({acted.by}; {', '.join(acted.told)})" if acted else ""
        yield fact(part.key, part.title, f"{CONSIDERATIONS[part.state]}.{level}", note)


def _score(part: ScorePart) -> Fact:
    return Fact(part.key, part.title, part.text, part.missing, part.detail)


def _section(part: SectionPart) -> Item:
    if not part.shared:
        return Item("answers", part.title, (Fact("shared", _("Answers"), "", NOT_SHARED),), id=part.key)
    return Item("answers", part.title, tuple(_fact(each) for each in part.facts), id=part.key)


def _statement(part: StatementPart) -> Item:
    facts = (
        fact("about", _("Concerns"), part.about),
        fact("request", _("What the client asked"), part.request, full_day(from_iso(part.received_on))),
        fact("denial", _("Why it was denied"), part.denial),
        fact("disagreement", _("Disagreement"), part.disagreement, full_day(from_iso(part.disagreed_on))),
        fact("rebuttal", _("Rebuttal of the practice"), part.rebuttal),
    )
    return Item("statement", _("Statement of the client as sent"), given(facts))


def _fact(part: FactPart) -> Fact:
    rows = tuple(Item("row", row.title, tuple(_fact(each) for each in row.facts)) for row in part.rows)
    return Fact(part.key, part.label, part.text, part.missing, part.detail, rows)
