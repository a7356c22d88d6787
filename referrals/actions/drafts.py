"""From a completed screening to a sealed packet: start, write, choose, preview, send, discard."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from referrals.actions.taking import begin, finish, lock
from referrals.deciding import due_on
from referrals.models import Event, Listing, Packet, Referral, ReferralRequest
from referrals.packet import Sealed
from referrals.packet import read as read_packet
from referrals.reading import reading_of, sealed_now, statements_in
from referrals.sending import cover_of, requirements
from referrals.statements import INCLUDED, LEFT_OUT
from referrals.workflow import Party, Status
from screening.actions import NotPossible
from screening.actions.locks import lock_screening
from screening.models import Screening, ScreeningState
from screening.reading import Reading


class PacketChanged(NotPossible):
    """What would be sealed is not what was previewed; the new preview has to be read first."""


class NotReady(NotPossible):
    """Something that must hold before sending does not."""


class AlreadyReferred(NotPossible):
    """This client's referral to the same organization is under way."""

    def __init__(self, referral: Referral) -> None:
        super().__init__(_("This client is referred to the same organization already."))
        self.referral = referral


@transaction.atomic
def start_referral(
    *,
    by: User,
    screening: Screening,
    listing: Listing | None = None,
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Referral:
    """Start a draft from a completed screening; starting the same again returns the same draft."""
    locked = lock_screening(by, screening.pk)
    found = _started(locked, listing, form_key)
    if found is not None:
        return found
    if locked.state != ScreeningState.COMPLETED:
        raise NotPossible(_("A referral starts from a completed screening that still stands."))
    referral = new_draft(
        by=by, screening=locked, listing=listing, request=ReferralRequest(), form_key=form_key, at=at
    )
    audit.record("referral.started", by=by, of=referral, client=locked.client_id)
    return referral


def _started(screening: Screening, listing: Listing | None, form_key: UUID | None) -> Referral | None:
    rows = Referral.objects.filter(organization_id=screening.organization_id, screening=screening)
    same_form = rows.filter(form_key=form_key).first() if form_key else None
    return same_form or rows.filter(status=Status.DRAFT, listing=listing).first()


def new_draft(
    *,
    by: User,
    screening: Screening,
    listing: Listing | None,
    request: ReferralRequest,
    referred_from: Referral | None = None,
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Referral:
    """Store a draft of a screening that is locked already."""
    now = at or timezone.now()
    if listing is not None:
        _check_recipient(screening, listing)
    return Referral.objects.create(
        organization_id=screening.organization_id,
        client_id=screening.client_id,
        screening=screening,
        listing=listing,
        prescriber_id=listing.organization_id if listing else None,
        therapist=by,
        request_document=request.as_document(),
        referred_from=referred_from,
        turn=Party.THERAPIST,
        turn_since=now,
        due_on=due_on(Status.DRAFT, now, by.organization.time_zone),
        created_by=by,
        created_at=now,
        form_key=form_key or uuid4(),
    )


def _check_recipient(screening: Screening, listing: Listing) -> None:
    current = Listing.objects.published().filter(pk=listing.pk, takes_referrals=True)
    if not current.exists():
        raise NotPossible(_("This provider takes no referrals now. Choose another one."))
    under_way = Referral.objects.filter(
        organization_id=screening.organization_id,
        client_id=screening.client_id,
        prescriber_id=listing.organization_id,
    ).exclude(turn="")
    sent = under_way.exclude(status=Status.DRAFT).first()
    if sent is not None:
        raise AlreadyReferred(sent)


@transaction.atomic
def choose_recipient(
    *, by: User, referral: Referral, listing: Listing, at: datetime | None = None
) -> Referral:
    """Choose to whom a draft goes. A consent names its recipient, so another one needs another consent."""
    locked = _lock_draft(by, referral)
    if locked.listing_id == listing.pk:
        return locked
    _check_recipient(locked.screening, listing)
    locked.listing, locked.prescriber = listing, listing.organization
    # What goes to one recipient says nothing of what may go to another.
    locked.request_document = replace(locked.request, statements="").as_document()
    _forget_preview(locked)
    locked.save(force_update=True)
    audit.record("referral.recipient_chosen", by=by, of=locked, client=locked.client_id)
    return locked


@transaction.atomic
def write_request(
    *,
    by: User,
    referral: Referral,
    reason: str,
    question: str = "",
    meets: str = "",
    role: str = "",
    at: datetime | None = None,
) -> Referral:
    """Write the referral's own words: why, what is asked, and the therapist's part."""
    locked = _lock_draft(by, referral)
    words = {"reason": reason.strip(), "question": question.strip(), "meets": meets.strip()}
    request = replace(locked.request, **words, role=role)
    if locked.request == request:
        return locked
    locked.request_document = request.as_document()
    locked.save(force_update=True)
    audit.record("referral.request_written", by=by, of=locked, client=locked.client_id)
    return locked


@transaction.atomic
def choose_statements(*, by: User, referral: Referral, include: bool, at: datetime | None = None) -> Referral:
    """Say whether the client's statements about the record as a whole go with the packet."""
    locked = _lock_draft(by, referral)
    request = replace(locked.request, statements=INCLUDED if include else LEFT_OUT)
    if locked.request == request:
        return locked
    locked.request_document = request.as_document()
    locked.save(force_update=True)
    audit.record("referral.statements_chosen", by=by, of=locked, client=locked.client_id, include=include)
    return locked


def _lock_draft(by: User, referral: Referral) -> Referral:
    locked = lock(by, referral.pk)
    if locked.status != Status.DRAFT:
        raise NotPossible(_("This referral is no longer a draft."))
    return locked


def _forget_preview(referral: Referral) -> None:
    referral.previewed_digest, referral.previewed_at = "", None


@transaction.atomic
def preview_packet(*, by: User, referral: Referral, at: datetime | None = None) -> Sealed:
    """Return the very text that sending would seal now, and remember that the therapist saw it."""
    now = at or timezone.now()
    locked = _lock_draft(by, referral)
    consent = locked.consents.standing().filter(ended_at__isnull=True).first()
    if consent is None or consent.recipient_id != locked.prescriber_id:
        raise NotPossible(_("Record the consent first: it says what the packet holds."))
    sealed = sealed_now(locked, consent, reading_of(locked, now))
    if locked.previewed_digest != sealed.hash:
        locked.previewed_digest, locked.previewed_at = sealed.hash, now
        locked.save(force_update=True)
    audit.record("packet.previewed", by=by, of=locked, client=locked.client_id)
    return sealed


@transaction.atomic
def send(
    *,
    by: User,
    referral: Referral,
    previewed: str,
    note: str = "",
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Seal the packet and send it. `previewed` is the hash of the packet that the therapist has before them.

    Refuses with PacketChanged where the packet is another one by now, and with NotReady where something that
    must hold does not.
    """
    taking = begin("send", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    locked = taking.referral
    lock_screening(by, locked.screening_id)
    reading = reading_of(locked, taking.at)
    consent = locked.consents.standing().first()
    said = statements_in(locked, consent, reading) if consent else None
    sealed = sealed_now(locked, consent, reading, said) if consent and locked.prescriber_id else None
    if sealed is not None and previewed != sealed.hash:
        raise PacketChanged(_("The packet has changed since you previewed it. Read the new one, then send."))
    open_ones = [each for each in requirements(locked, consent, reading, sealed, said) if not each.holds]
    if open_ones or sealed is None or consent is None:
        raise NotReady(" ".join(each.words for each in open_ones))
    # From here on the packet alone holds the therapist's words: the row is the recipient's to see, too.
    event = finish(
        taking,
        note=note,
        sent_at=taking.at,
        consent_expires_on=consent.expires_on,
        request_document=ReferralRequest().as_document(),
    )
    Packet.objects.create(
        organization_id=locked.organization_id,
        practice_id=locked.organization_id,
        referral=locked,
        sealed=sealed.body,
        cover=_cover(sealed, reading),
        digest=sealed.hash,
        sealed_by=by,
        sealed_at=taking.at,
        kept_since=taking.at,
    )
    return event


def _cover(sealed: Sealed, reading: Reading) -> dict[str, Any]:
    client = reading.screening.client
    return cover_of(read_packet(sealed.body), client.name, client.age_on(reading.today))


@transaction.atomic
def discard(
    *, by: User, referral: Referral, form_key: UUID | None = None, at: datetime | None = None
) -> Event:
    """Give up a draft; nothing was sent."""
    taking = begin("discard", by=by, referral=referral, form_key=form_key, at=at)
    return taking.earlier or finish(taking)
