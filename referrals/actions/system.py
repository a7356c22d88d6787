"""What happens by itself, practice by practice: consent that runs out, providers who left, errors."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actions import confirm_erasure
from accounts.models import Erasure, Kind, Organization, User
from privacy import context
from referrals.actions.consents import expire_consent, warn_of_expiry
from referrals.actions.courses import end_course
from referrals.actions.taking import finish, lock_for_system, on_locked
from referrals.deciding import is_permitted
from referrals.models import CourseState, DeclineCode, Event, Referral, WithdrawReason
from referrals.models.referrals import OWN_STATUSES
from referrals.reading import today_for
from referrals.workflow import Party, Status
from screening.models import ScreeningState


@transaction.atomic
def provider_unavailable(*, referral: Referral, at: datetime | None = None) -> Event:
    """Decline for an organization that left or was suspended, so that the therapist looks elsewhere."""
    locked = lock_for_system(referral.pk)
    taking = on_locked("provider_unavailable", locked, Party.SYSTEM, at=at)
    return finish(taking, code=DeclineCode.PROVIDER_UNAVAILABLE)


@transaction.atomic
def withdraw_in_error(*, referral: Referral, at: datetime | None = None) -> Event:
    """Withdraw what rests on a screening that was entered in error."""
    locked = lock_for_system(referral.pk)
    taking = on_locked("withdraw", locked, Party.SYSTEM, at=at)
    return finish(taking, code=WithdrawReason.SCREENING_IN_ERROR)


def erase_organization(*, by: User, erasure: Erasure, at: datetime | None = None) -> Erasure:
    """Destroy an organization's key, all or nothing; a practice's referrals that wait are withdrawn first.

    What a prescriber accepted from a practice stays as the copy that it keeps under its own key.
    """
    with context.enter(erasure.organization_id):
        sent = Referral.objects.filter(organization_id=erasure.organization_id).exclude(
            status__in=OWN_STATUSES
        )
        for referral in sent.exclude(turn="", course__in=["", CourseState.ENDED]).order_by("pk"):
            _close(lock_for_system(referral.pk), at or timezone.now())
        return confirm_erasure(by=by, erasure=erasure, at=at)


def _close(locked: Referral, at: datetime) -> None:
    end_course(locked, by=None, at=at)
    locked.save(update_fields=["course"])
    if is_permitted("withdraw", locked.position(today_for(locked, at)), Party.SYSTEM):
        finish(on_locked("withdraw", locked, Party.SYSTEM, at=at), code=WithdrawReason.RECORDS_ERASED)


def daily_work(*, at: datetime | None = None) -> Counter[str]:
    """Do each practice's daily work in a transaction of its own; return how often what was done."""
    done: Counter[str] = Counter()
    for practice in Organization.objects.filter(kind=Kind.PRACTICE).order_by("pk"):
        with context.enter(practice.pk):
            done.update(_work_of(practice, at))
    return done


def _work_of(practice: Organization, at: datetime | None) -> Counter[str]:
    done: Counter[str] = Counter()
    sent = Referral.objects.filter(organization_id=practice.pk).exclude(status__in=OWN_STATUSES)
    waiting = sent.exclude(turn="").select_related("organization")
    for referral in waiting.filter(screening__state=ScreeningState.ENTERED_IN_ERROR):
        withdraw_in_error(referral=referral, at=at)
        done["withdrawn"] += 1
    gone = waiting.filter(prescriber__is_active=False).exclude(status=Status.DECLINED)
    for referral in gone:
        provider_unavailable(referral=referral, at=at)
        done["declined"] += 1
    for referral in sent.filter(consent_ended_at__isnull=True).select_related("organization"):
        if expire_consent(referral=referral, at=at).consent_ended_at is not None:
            done["expired"] += 1
        elif (not referral.state.is_final or referral.course_is_open) and warn_of_expiry(
            referral=referral, at=at
        ):
            done["warned"] += 1
    return done
