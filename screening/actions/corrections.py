"""Declaring a version a safety correction of earlier ones, and looking at the screenings it touches."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Kind, Organization, User
from privacy import audit
from screening.actions.governing import require_owner
from screening.actions.locks import NotPossible, lock_version, required_words
from screening.engine.wording import read_words
from screening.jobs.correcting import find_touched
from screening.models import (
    CorrectionSearch,
    QuestionnaireVersion,
    SafetyCorrection,
    TouchedScreening,
    VersionState,
)


@transaction.atomic
def declare_correction(
    *,
    by: User,
    version: QuestionnaireVersion,
    since: int,
    words: str,
    questions: Sequence[str] = (),
    rules: Sequence[str] = (),
    at: datetime | None = None,
) -> SafetyCorrection:
    """Say that a version corrects those from `since` on; each practice's screenings are looked through."""
    require_owner(by)
    said = required_words(words, _("Tell therapists what was wrong and what to look at."))
    if read_words().found_in(said):
        raise NotPossible(_("Some of these words are never used here: they promise or decide."))
    locked = lock_version(version.pk)
    if locked.state != VersionState.PUBLISHED or since >= locked.number:
        raise NotPossible(_("Only the version in use corrects earlier ones."))
    if SafetyCorrection.objects.filter(version=locked).exists():
        raise NotPossible(_("This version is declared a safety correction already."))
    correction = SafetyCorrection.objects.create(
        version=locked,
        since=since,
        words=said,
        questions=list(questions),
        rules=list(rules),
        declared_by=by,
        declared_at=at or timezone.now(),
    )
    for practice in Organization.objects.filter(kind=Kind.PRACTICE).order_by("pk"):
        search = CorrectionSearch.objects.create(correction=correction, organization=practice)
        find_touched.defer(by=by, organization=practice.pk, search=search.pk)
    audit.record("version.declared_correction", by=by, of=locked, number=locked.number)
    return correction


@transaction.atomic
def look_at_touched(*, by: User, touched: TouchedScreening, at: datetime | None = None) -> TouchedScreening:
    """Record that somebody looked at a touched screening and that nothing is to be done. Once."""
    rows = TouchedScreening.objects.in_care_of(by).select_related("screening")
    try:
        locked = rows.select_for_update(of=("self",)).get(pk=touched.pk)
    except TouchedScreening.DoesNotExist:
        raise PermissionDenied from None
    if locked.looked_at is not None:
        return locked
    locked.looked_by, locked.looked_at = by, at or timezone.now()
    locked.save(update_fields=["looked_by", "looked_at"])
    audit.record("correction.looked", by=by, of=locked.screening, client=locked.screening.client_id)
    return locked
