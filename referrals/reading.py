"""Reads a referral's screening: what a packet is made of, and what is a Part 2 programme's record in it."""

from collections.abc import Iterable
from datetime import date, datetime

from referrals.models import Consent, Referral
from referrals.packet import Covering, Sealed, compose, seal
from referrals.statements import Statements, statements_for
from screening.engine import Section
from screening.models import Screening
from screening.models.screenings import Part2
from screening.reading import Reading, day_in

# Without these two there is no referral: they go with every packet.
ALWAYS_SHARED = frozenset({"about", "safety"})


def reading_of(referral: Referral, at: datetime | None = None) -> Reading:
    """Return the referral's screening as it reads at a moment."""
    rows = Screening.objects.select_related("client", "organization", "version", "completed_by")
    found = rows.defer("version__document").get(
        pk=referral.screening_id, organization_id=referral.organization_id
    )
    return Reading(found, at)


def always_shared(sections: Iterable[Section]) -> frozenset[str]:
    """Return the keys of sections that leave with every referral."""
    return frozenset(each.key for each in sections if each.always_shared or each.key in ALWAYS_SHARED)


def is_part2_program(reading: Reading) -> bool:
    """Return whether the practice is a Part 2 programme for this client: its setting, or the client's own."""
    client, practice = reading.screening.client, reading.screening.organization
    return practice.part2_program if client.part2_program is None else client.part2_program


def part2_of(reading: Reading) -> dict[str, str]:
    """Return for each sensitive section whether its answers are a Part 2 programme's records.

    A practice that is such a programme keeps all of them as such. Where nobody said, it is not known; where
    nothing was answered there is no record.
    """
    if is_part2_program(reading):
        return dict.fromkeys(reading.part2, Part2.YES.value)
    unsaid = {key: Part2.NOT_KNOWN if key in reading.rows else Part2.NO for key in reading.part2}
    return {key: said or unsaid[key].value for key, said in reading.part2.items()}


def part2_sections(reading: Reading) -> frozenset[str]:
    """Return the sections that are, or may be, a Part 2 programme's records."""
    return frozenset(key for key, said in part2_of(reading).items() if said != Part2.NO)


def shared_sections(consent: Consent, reading: Reading) -> frozenset[str]:
    """Return the keys of every section that a packet under this consent shares."""
    return frozenset(consent.sections) | always_shared(reading.definition.sections)


def sealed_now(
    referral: Referral, consent: Consent, reading: Reading, statements: Statements | None = None
) -> Sealed:
    """Return the packet as it would be sealed now; `statements`: the client's, if fetched already."""
    if referral.prescriber is None:
        raise ValueError("A packet has a recipient.")
    request = referral.request
    going = statements or statements_in(referral, consent, reading)
    covering = Covering(
        recipient=referral.prescriber,
        therapist=referral.therapist,
        reason=request.reason,
        question=request.question,
        meets=request.meets,
        role=request.role,
        sections=shared_sections(consent, reading),
        part2_sections=part2_sections(reading),
        statements=going.going,
    )
    return seal(compose(reading, covering))


def statements_in(referral: Referral, consent: Consent, reading: Reading) -> Statements:
    """Return what the client's statements come to in a packet under this consent."""
    titles = {section.key: section.title for section in reading.definition.sections}
    return statements_for(referral, shared_sections(consent, reading), titles)


def today_for(referral: Referral, at: datetime | None = None) -> date:
    """Return the day it is for the practice that refers."""
    return day_in(referral.organization, at)
