"""Recording and ending consent, and what follows from its end."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from referrals.actions.courses import end_course
from referrals.actions.taking import finish, lock, lock_for_system, on_locked, required, tell
from referrals.models import Consent, ConsentEnd, HowGiven, Referral, WithdrawReason
from referrals.reading import always_shared, part2_of, reading_of, today_for
from referrals.workflow import Party, Status
from screening.actions import NotPossible, set_part2

LONGEST = timedelta(days=2 * 366)
WARNED_BEFORE = timedelta(days=14)


@transaction.atomic
def record_consent(
    *,
    by: User,
    referral: Referral,
    sections: Iterable[str],
    how: str,
    expires_on: date,
    witness: str = "",
    part2: Mapping[str, str] | None = None,
    part2_sections: Iterable[str] = (),
    at: datetime | None = None,
) -> Consent:
    """Record what the client lets this recipient see; it takes the place of what was recorded before.

    `part2` says for each sensitive section whether its answers are a Part 2 programme's records;
    `part2_sections` are those for which the client gave a Part 2 consent.
    """
    now = at or timezone.now()
    locked = lock(by, referral.pk)
    if locked.status != Status.DRAFT:
        raise NotPossible(_("This referral is no longer a draft: its consent can only be revoked."))
    if locked.prescriber_id is None:
        raise NotPossible(_("Choose a provider first: consent names one recipient."))
    _say_part2(locked, part2 or {}, by, now)
    shared = _shared(locked, sections, part2_sections, now)
    _check(locked, how, witness, expires_on, now)
    consent = _replace(
        locked,
        Consent(
            organization_id=locked.organization_id,
            referral=locked,
            recipient_id=locked.prescriber_id,
            sections=sorted(shared),
            part2_sections=sorted(set(part2_sections) & shared),
            how=HowGiven(how),
            witness=witness.strip() or None,
            expires_on=expires_on,
            recorded_by=by,
            recorded_at=now,
        ),
    )
    audit.record("consent.recorded", by=by, of=consent, client=locked.client_id, referral=locked.pk)
    return consent


def _say_part2(referral: Referral, part2: Mapping[str, str], by: User, now: datetime) -> None:
    """Record what was said where it differs; a section without answers holds no record to speak of."""
    stored = reading_of(referral, now)
    for section, said in part2.items():
        if section in stored.rows and stored.part2.get(section) != said:
            set_part2(by=by, screening=referral.screening, section=section, part2=said, at=now)


def _shared(
    referral: Referral, sections: Iterable[str], part2_sections: Iterable[str], now: datetime
) -> frozenset[str]:
    reading = reading_of(referral, now)
    known = {section.key for section in reading.definition.sections}
    shared = frozenset(sections) | always_shared(reading.definition.sections)
    if not shared <= known:
        raise NotPossible(_("One of these sections is not in the questionnaire."))
    closed = {key for key, said in part2_of(reading).items() if said != "no"} - set(part2_sections)
    if shared & closed:
        raise NotPossible(
            _(
                "Substance use may come from a Part 2 program: it stays out of the packet unless a Part 2 "
                "consent is recorded."
            )
        )
    return shared


def _check(referral: Referral, how: str, witness: str, expires_on: date, now: datetime) -> None:
    today = today_for(referral, now)
    if how not in HowGiven.values:
        raise NotPossible(_("Say how consent was given."))
    if how == HowGiven.VERBAL:
        required(witness, _("A consent given verbally needs the name of a witness."))
    if not today < expires_on <= today + LONGEST:
        raise NotPossible(_("Consent ends on a day after today, within two years."))


def _replace(referral: Referral, consent: Consent) -> Consent:
    standing = referral.consents.standing().select_for_update().first()
    same = ("recipient_id", "sections", "part2_sections", "how", "witness", "expires_on")
    if standing is not None:
        # The same form sent twice records one consent.
        if standing.ended_at is None and all(getattr(standing, n) == getattr(consent, n) for n in same):
            return standing
        Consent.objects.filter(pk=standing.pk).update(replaced_at=consent.recorded_at)
    consent.save(force_insert=True)
    return consent


@transaction.atomic
def revoke_consent(*, by: User, referral: Referral, at: datetime | None = None) -> Referral:
    """End consent at the client's wish. Before acceptance the packet closes and the system withdraws."""
    now = at or timezone.now()
    locked = lock(by, referral.pk)
    if locked.side_of(by) is not Party.THERAPIST:
        raise NotPossible(_("The client's therapist records that consent was revoked."))
    if locked.consent_ended_at is not None:
        return locked
    _end(locked, ConsentEnd.REVOKED, WithdrawReason.CONSENT_REVOKED, by, now)
    return locked


@transaction.atomic
def expire_consent(*, referral: Referral, at: datetime | None = None) -> Referral:
    """End a consent whose last day is over; the daily work does this."""
    now = at or timezone.now()
    locked = lock_for_system(referral.pk)
    if locked.consent_ended_at is None and locked.consent_ended(today_for(locked, now)):
        _end(locked, ConsentEnd.EXPIRED, WithdrawReason.CONSENT_EXPIRED, None, now)
    return locked


def _end(referral: Referral, how: ConsentEnd, reason: WithdrawReason, by: User | None, now: datetime) -> None:
    standing = referral.consents.standing().filter(ended_at__isnull=True).select_for_update().first()
    if standing is None:
        raise NotPossible(_("No consent is recorded for this referral."))
    standing.ended_at, standing.ended_how, standing.ended_by = now, how, by
    standing.save(update_fields=["ended_at", "ended_how", "ended_by"])
    if referral.is_sent:
        referral.consent_ended_at, referral.consent_ended_how = now, how
        end_course(referral, by=None, at=now)
        referral.save(force_update=True)
        if referral.accepted_at is None and not referral.state.is_final:
            taking = on_locked("withdraw", referral, Party.SYSTEM, form_key=uuid4(), at=now)
            finish(taking, code=reason)
        else:
            tell(referral, Party.PROVIDER, "referral.consent_ended")
            tell(referral, Party.THERAPIST, "referral.consent_ended")
    audit.record(f"consent.{how}", by=by, of=standing, client=referral.client_id, referral=referral.pk)


@transaction.atomic
def warn_of_expiry(*, referral: Referral, at: datetime | None = None) -> bool:
    """Tell both sides, once, that consent ends within 14 days; return whether this did."""
    now = at or timezone.now()
    locked = lock_for_system(referral.pk)
    if locked.consent_warned_at or locked.consent_ended_at or not locked.consent_expires_on:
        return False
    if locked.consent_expires_on - today_for(locked, now) > WARNED_BEFORE:
        return False
    locked.consent_warned_at = now
    locked.save(update_fields=["consent_warned_at"])
    for party in (Party.THERAPIST, Party.PROVIDER):
        tell(locked, party, "referral.consent_ends_soon")
    audit.record("consent.expiry_warned", by=None, of=locked, client=locked.client_id)
    return True
