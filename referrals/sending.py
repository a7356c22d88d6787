"""What must hold before a referral is sent, each as a sentence with the time it became true."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from referrals.models import Consent, Listing, Referral
from referrals.packet import Packet, Sealed
from referrals.reading import part2_sections, statements_in
from referrals.statements import Statements
from screening.blocks import Block, blocks_of
from screening.reading import SAFETY, WANTS_REFERRAL, Reading
from screening.records import SectionRecord


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must hold; `since` is when it became true, where that can be told."""

    code: str
    holds: bool
    words: str
    since: datetime | None = None
    section: str = ""


def requirements(
    referral: Referral,
    consent: Consent | None,
    reading: Reading,
    sealed: Sealed | None,
    statements: Statements | None = None,
) -> tuple[Requirement, ...]:
    """Return everything that must hold before sending, in the order in which a therapist does it."""
    if statements is None and consent is not None:
        statements = statements_in(referral, consent, reading)
    blocks = {block.code: block for block in blocks_of(reading)}
    return (
        _recipient(referral),
        _standing(blocks, reading),
        _scope(blocks, reading),
        _wanted(blocks, reading),
        _nothing_blocks(blocks),
        _urgent(blocks, reading),
        _safety(blocks, reading),
        *_signature(blocks, reading),
        _request(referral),
        _consent(referral, consent, reading),
        *_part2(consent, reading),
        *_statements(statements),
        _previewed(referral, sealed),
    )


def _recipient(referral: Referral) -> Requirement:
    if referral.listing_id is None or referral.prescriber is None:
        return Requirement("recipient", False, _("No provider is chosen yet."))
    takes = Listing.objects.published().filter(pk=referral.listing_id, takes_referrals=True).exists()
    name = {"name": referral.prescriber.name}
    if not takes:
        return Requirement("recipient", False, _("%(name)s takes no referrals now.") % name)
    return Requirement("recipient", True, _("%(name)s takes referrals") % name)


def _blocked(block: Block) -> Requirement:
    return Requirement(block.code, False, block.words, section=block.section)


def _standing(blocks: dict[str, Block], reading: Reading) -> Requirement:
    for code in ("not_completed", "replaced", "entered_in_error"):
        if code in blocks:
            return _blocked(blocks[code])
    return Requirement("completed", True, _("Screening completed"), reading.screening.completed_at)


def _scope(blocks: dict[str, Block], reading: Reading) -> Requirement:
    if "outside_scope" in blocks:
        return _blocked(blocks["outside_scope"])
    scope = reading.definition.scope
    words = _("In scope: %(scope)s") % {"scope": scope.statement} if scope else _("In scope")
    return Requirement("scope", True, words, reading.screening.completed_at)


def _wanted(blocks: dict[str, Block], reading: Reading) -> Requirement:
    if "client_does_not_want_it" in blocks:
        return _blocked(blocks["client_does_not_want_it"])
    answers = {key: answer for record in reading.records.values() for key, answer in record.answers.items()}
    answer = answers.get(WANTS_REFERRAL)
    return Requirement("wanted", True, _("The client wants a referral"), answer.at if answer else None)


def _nothing_blocks(blocks: dict[str, Block]) -> Requirement:
    if "consideration" in blocks:
        return _blocked(blocks["consideration"])
    return Requirement("considerations", True, _("No consideration stands in the way of sending"))


def _urgent(blocks: dict[str, Block], reading: Reading) -> Requirement:
    if "urgent_due" in blocks:
        return _blocked(blocks["urgent_due"])
    times = [row.acknowledged_at for row in reading.acknowledgements.values() if row.acknowledged_at]
    if not times:
        return Requirement("urgent", True, _("No urgent consideration waits"))
    words = ngettext(
        "Urgent consideration acknowledged", "%(n)d urgent considerations acknowledged", len(times)
    )
    return Requirement("urgent", True, words % {"n": len(times)}, max(times))


def _safety(blocks: dict[str, Block], reading: Reading) -> Requirement:
    for code in ("safety_incomplete", "safety_old"):
        if code in blocks:
            return _blocked(blocks[code])
    record = reading.records.get(SAFETY, SectionRecord())
    oldest = min((answer.at for answer in record.answers.values()), default=None)
    since = max(filter(None, [oldest, reading.screening.safety_confirmed_at]), default=None)
    return Requirement("safety", True, _("Safety section answered, given or confirmed within 7 days"), since)


def _signature(blocks: dict[str, Block], reading: Reading) -> Iterator[Requirement]:
    if "unsigned" in blocks:
        yield _blocked(blocks["unsigned"])
    elif reading.signature is not None:
        words = _("Signed by %(name)s") % {"name": reading.signature.by.name_with_credentials}
        yield Requirement("signed", True, words, reading.signature.at)


def _request(referral: Referral) -> Requirement:
    written = bool(referral.request.reason and referral.request.role)
    words = _("Reason for referral written") if written else _("The reason for referral is not written yet.")
    return Requirement("request", written, words)


def _consent(referral: Referral, consent: Consent | None, reading: Reading) -> Requirement:
    if consent is None or consent.recipient_id != referral.prescriber_id:
        return Requirement("consent", False, _("No consent for this recipient is recorded yet."))
    if consent.ended_at is not None or consent.expires_on < reading.today:
        return Requirement("consent", False, _("Consent has ended. Record a new one."))
    count = len(consent.sections)
    words = ngettext(
        "Consent recorded for one section, until %(day)s",
        "Consent recorded for %(n)d sections, until %(day)s",
        count,
    )
    day = date_format(consent.expires_on, "F j, Y")
    return Requirement("consent", True, words % {"n": count, "day": day}, consent.recorded_at)


def _part2(consent: Consent | None, reading: Reading) -> Iterator[Requirement]:
    """A section that may be a Part 2 programme's record leaves only under a consent of its own."""
    if consent is None:
        return
    needed = part2_sections(reading) & set(consent.sections)
    if not needed:
        return
    holds = needed <= set(consent.part2_sections)
    given, missing = _("Part 2 consent recorded"), _("A Part 2 consent is missing for substance use.")
    yield Requirement("part2", holds, given if holds else missing, consent.recorded_at if holds else None)


def _statements(statements: Statements | None) -> Iterator[Requirement]:
    """A statement about the record as a whole goes along, or not, because somebody said so."""
    if statements is None or not statements.whole_record:
        return
    chosen = _("You said whether the client’s statement about the whole record goes along")
    missing = _("Say whether the client’s statement about the whole record goes along.")
    yield Requirement("statements", statements.is_chosen, chosen if statements.is_chosen else missing)


def _previewed(referral: Referral, sealed: Sealed | None) -> Requirement:
    if sealed is None or referral.previewed_digest != sealed.hash:
        return Requirement("previewed", False, _("The packet as it is now has not been previewed yet."))
    return Requirement("previewed", True, _("Packet previewed"), referral.previewed_at)


def cover_of(packet: Packet, name: str, age: int) -> dict[str, Any]:
    """Return what the cover and the inbox may say of a packet before it is opened."""
    raised = dict(packet.raised_by_level)
    return {
        "name": name,
        "age": age,
        "outcomes": [
            {
                "title": found.title,
                "outcome": found.outcome,
                "adverse": next((note.text for note in found.notes if note.adverse), ""),
            }
            for found in packet.indications
        ],
        "urgent": len(raised.get("urgent", ())),
        "unsigned": packet.provenance.signature_due,
    }
