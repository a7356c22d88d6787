"""Asking how many outcomes a draft would change."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from screening.actions.governing import require_admin
from screening.actions.locks import NotPossible, lock_version
from screening.jobs.counting import count_outcomes
from screening.models import OutcomeCount, QuestionnaireVersion, VerificationState, VersionState
from screening.models.verifications import WAITING

# Whoever could count as often as they like could narrow a rule step by step until one person stands out.
MOST_A_DAY = 20


@transaction.atomic
def request_outcome_count(
    *, by: User, version: QuestionnaireVersion, days: int, at: datetime | None = None
) -> OutcomeCount:
    """Have counted what the version would change among the screenings of the last days."""
    require_admin(by)
    locked = lock_version(version.pk)
    if locked.state not in (VersionState.DRAFT, VersionState.IN_REVIEW):
        raise NotPossible(_("Only a version that isn’t in use yet is counted with."))
    if days not in OutcomeCount.DAYS:
        raise NotPossible(_("Choose one of the spans of days."))
    now = at or timezone.now()
    same = locked.outcome_counts.select_for_update(of=("self",)).filter(hash=locked.hash, days=days)
    for count in same.filter(state__in=WAITING):
        if count.is_waited_for:
            return count
        OutcomeCount.objects.filter(pk=count.pk).update(state=VerificationState.ENDED_EARLY)
    _require_few(now)
    count = OutcomeCount.objects.create(
        version=locked, hash=locked.hash, days=days, requested_by=by, requested_at=now, moved_at=now
    )
    count_outcomes.defer(by=by, count=count.pk)
    audit.record("version.outcomes_counted", by=by, of=locked, number=locked.number, days=days)
    return count


def _require_few(now: datetime) -> None:
    if OutcomeCount.objects.filter(requested_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise NotPossible(
            _("Outcomes were counted %(n)d times within a day. Count again tomorrow.") % {"n": MOST_A_DAY}
        )
