"""Thousands of referrals between other practices and clinics, stored in bulk: they stand in the way."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from uuid import uuid4

from accounts.models import User
from privacy import context
from referrals.models import Listing, Packet, Referral
from referrals.workflow import Party, Status
from screening.models import Screening
from tests.factories import accounts
from tests.factories import referrals as referring

PRACTICES = 20
CLINICS = 20
# So many referrals are work for one more practice.
MANY = 100
COVER = {
    "name": "Imani Estfield",
    "age": "41",
    "outcomes": [{"title": "Chronic pain", "outcome": "indicators_present", "adverse": ""}],
    "urgent": 0,
    "unsigned": False,
}
# What becomes of most: closed. The rest wait, for either side.
STANDS = (
    *[(Status.CLOSED, "")] * 6,
    (Status.IN_REVIEW, Party.PROVIDER),
    (Status.SENT, Party.PROVIDER),
    (Status.EVALUATED, Party.THERAPIST),
    (Status.WITHDRAWN, ""),
)


def build(sample: Referral, measured: Listing, count: int) -> None:
    """Add so many referrals like the sample; the clinic that is measured gets only closed ones."""
    practices = min(PRACTICES, 1 + count // MANY)
    listings = [referring.listing_of(accounts.provider()) for _ in range(min(CLINICS, practices) - 1)]
    every = count // practices
    for number in range(practices):
        extra = count % practices if number == 0 else 0
        _practice(sample, [*listings, measured], every + extra)


def _practice(sample: Referral, listings: list[Listing], count: int) -> None:
    """Store one practice's referrals, all of one client: a row is a row."""
    scene = referring.Scene(
        accounts.therapist(),
        accounts.provider(),
        listings[0],
        referring.published(),
        now=sample.created_at,
    )
    screening = referring.screening_of(scene)
    with context.enter(scene.practice.pk):
        rows = list(islice(_rows(sample, scene.therapist, screening, listings), count))
        Referral.objects.bulk_create(rows, batch_size=500)
        Packet.objects.bulk_create((_packet(row, scene.therapist) for row in rows), batch_size=500)


def _rows(
    sample: Referral, therapist: User, screening: Screening, listings: list[Listing]
) -> Iterator[Referral]:
    """Yield referrals without end: to each listing in turn, a minute apart."""
    number = 0
    while True:
        listing = listings[number % len(listings)]
        own = listing.pk == sample.listing_id
        status, turn = STANDS[0 if own else number % len(STANDS)]
        yield Referral(
            organization_id=therapist.organization_id,
            client_id=screening.client_id,
            screening=screening,
            prescriber_id=listing.organization_id,
            listing=listing,
            therapist=therapist,
            request_document=sample.request_document,
            status=status,
            turn=turn,
            turn_since=sample.turn_since - timedelta(minutes=number),
            due_on=sample.turn_since.date() if turn else None,
            created_by=therapist,
            created_at=sample.created_at,
            sent_at=sample.sent_at,
            consent_expires_on=sample.consent_expires_on,
        )
        number += 1


def _packet(referral: Referral, therapist: User) -> Packet:
    return Packet(
        organization_id=referral.organization_id,
        practice_id=referral.organization_id,
        referral=referral,
        sealed="{}",
        cover=COVER,
        digest=f"sha256:{uuid4().hex}",
        sealed_by=therapist,
        sealed_at=referral.turn_since,
        kept_since=referral.turn_since,
    )
