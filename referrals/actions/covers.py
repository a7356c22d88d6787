"""Covering for somebody who is away: the colleague sees and is told as well, until a moment."""

from datetime import datetime
from uuid import uuid5

from accounts.models import User
from privacy import audit
from referrals.caseloads import referrals_of
from referrals.models import HandOver, HandOverPart, Referral
from screening.models import CareTeamMember, Client, SigningCover


def cover_client(made: HandOver, client: Client, to: User) -> None:
    """Put `to` on the care team until the person is back, and beside them on their referrals.

    Who is on it for good, or is the therapist, stays so; who covers longer already, does.
    """
    until = made.until
    if until is None:
        raise ValueError("Somebody who is away comes back at a moment.")
    if client.therapist_id != to.pk:
        _join_until(made, client, to, until)
    for referral in referrals_of(made.person).filter(client=client).select_for_update().order_by("pk"):
        referral.therapist_cover, referral.therapist_cover_until = to, until
        referral.save(update_fields=["therapist_cover", "therapist_cover_until"])


def cover_referral(made: HandOver, referral: Referral, to: User) -> None:
    """Let `to` be told beside a provider who is away."""
    referral.provider_cover, referral.provider_cover_until = to, made.until
    referral.save(update_fields=["provider_cover", "provider_cover_until"])


def cover_signing(made: HandOver, to: User) -> None:
    """Let `to` sign for a supervisor's associates meanwhile; the supervisor can still sign."""
    row = SigningCover.objects.filter(
        organization_id=made.organization_id, supervisor=made.person, user=to
    ).first()
    row = row or SigningCover(organization_id=made.organization_id, supervisor=made.person, user=to)
    if made.until is None:
        raise ValueError("Somebody who is away comes back at a moment.")
    row.until, row.added_by, row.added_at = made.until, made.by, made.at
    row.save()


def end(made: HandOver, part: HandOverPart, *, by: User, at: datetime) -> None:
    """End the cover of one part now, as far as no other hand-over keeps it."""
    until = _kept_until(made, part) or at
    if part.client is not None:
        _end_client(made, part.client, part.to, until)
        about = part.client.pk
    elif part.referral is not None:
        _end_referral(made, part.referral, part.to)
        about = part.referral.client_id
    else:
        rows = SigningCover.objects.filter(organization_id=made.organization_id, supervisor=made.person)
        rows.filter(user=part.to, until__gt=until).update(until=until)
        return
    audit.record(
        "client.cover_ended",
        by=by,
        of=part,
        client=about,
        hand_over=made.pk,
        person=made.person_id,
        to=part.to_id,
    )


def _end_client(made: HandOver, client: Client, to: User, until: datetime) -> None:
    CareTeamMember.objects.filter(client=client, user=to, until__gt=until).update(until=until)
    covered = Referral.objects.filter(organization_id=made.organization_id, client=client)
    covered.filter(therapist=made.person, therapist_cover=to).update(
        therapist_cover=None, therapist_cover_until=None
    )


def _end_referral(made: HandOver, referral: Referral, to: User) -> None:
    covered = Referral.objects.filter(pk=referral.pk, provider=made.person, provider_cover=to)
    covered.update(provider_cover=None, provider_cover_until=None)


def _join_until(made: HandOver, client: Client, to: User, until: datetime) -> None:
    member = CareTeamMember.objects.filter(client=client, user=to).first()
    if member is not None and (member.until is None or member.until >= until):
        return
    member = member or CareTeamMember(
        id=uuid5(client.pk, str(to.pk)), organization_id=client.organization_id, client=client, user=to
    )
    member.added_by, member.added_at, member.until = made.by, made.at, until
    member.save()


def _kept_until(made: HandOver, part: HandOverPart) -> datetime | None:
    """Return until when another hand-over lets the same person cover the same client, if one does."""
    if part.client_id is None:
        return None
    others = HandOverPart.objects.filter(client_id=part.client_id, to=part.to).exclude(hand_over=made)
    lasting = HandOver.objects.current().filter(pk__in=others.values("hand_over_id"))
    return lasting.order_by("-until").values_list("until", flat=True).first()
