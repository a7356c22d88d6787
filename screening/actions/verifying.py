"""Asking for a verification of a version's rules."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from screening.actions.governing import require_admin
from screening.actions.locks import NotPossible, lock_version
from screening.jobs.verifying import verify
from screening.models import QuestionnaireVersion, Verification, VerificationState
from screening.models.verifications import WAITING
from screening.verifications import verification_of


@transaction.atomic
def request_verification(
    *, by: User, version: QuestionnaireVersion, at: datetime | None = None
) -> Verification:
    """Have the version's rules verified; what is finished, or still runs, is not begun a second time."""
    require_admin(by)
    locked = lock_version(version.pk)
    standing = verification_of(locked)
    if standing is None:
        raise NotPossible(_("Its document can’t be read any more, so nothing can be proved of it."))
    same = Verification.objects.select_for_update().filter(rules=standing.rules, before=standing.before)
    for run in same.filter(state__in=[*WAITING, VerificationState.FINISHED]).order_by("-requested_at"):
        if run.state == VerificationState.FINISHED or run.is_waited_for:
            return run
        Verification.objects.filter(pk=run.pk).update(state=VerificationState.ENDED_EARLY)
    now = at or timezone.now()
    run = Verification.objects.create(
        version=locked,
        compared_with=standing.in_use if standing.before else None,
        rules=standing.rules,
        before=standing.before,
        requested_by=by,
        requested_at=now,
        moved_at=now,
    )
    verify.defer(by=by, verification=run.pk)
    audit.record("version.verification_asked", by=by, of=locked, number=locked.number)
    return run
