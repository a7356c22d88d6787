"""Looking through one practice's screenings for those that a safety correction touches."""

import json
from uuid import UUID, uuid5

from django.urls import reverse
from django.utils import timezone

from privacy import audit, jobs, outbox
from screening.catalog import definition_of
from screening.differences import differences
from screening.engine import AnswerProblems, DocumentProblems
from screening.models import (
    CorrectionSearch,
    SafetyCorrection,
    Screening,
    ScreeningState,
    TouchedScreening,
)
from screening.reading import Reading


@jobs.job("screening.find_touched", one_for="search")
def find_touched(*, by: jobs.Person | None, search: UUID) -> None:
    """Look once; what was found before, by a worker that ended, is found again and not doubled."""
    row = CorrectionSearch.objects.select_related("correction__version").get(pk=search)
    if row.searched_at is not None:
        return
    correction, therapists, looked = row.correction, set[UUID](), 0
    for screening in _screenings(row):
        looked += 1
        if _touch(correction, screening):
            therapists.add(screening.client.therapist_id)
    row.touched = TouchedScreening.objects.filter(
        correction=correction, organization=row.organization_id
    ).count()
    row.looked_through, row.searched_at = looked, timezone.now()
    row.save(update_fields=["looked_through", "touched", "searched_at"])
    for therapist in sorted(therapists):
        outbox.notify(recipient=therapist, kind="screening.corrected", path=reverse("desk:corrections"))
    audit.record(
        "screening.corrected", by=by, owner=row.organization_id, screenings=looked, touched=row.touched
    )


def _screenings(row: CorrectionSearch) -> list[Screening]:
    version = row.correction.version
    rows = Screening.objects.filter(
        organization_id=row.organization_id,
        version__questionnaire_id=version.questionnaire_id,
        version__number__gte=row.correction.since,
        version__number__lt=version.number,
        state__in=[ScreeningState.IN_PROGRESS, ScreeningState.COMPLETED],
    )
    related = rows.select_related("client", "organization", "version").defer("version__document")
    return list(related.prefetch_related("sections").order_by("pk"))


def _touch(correction: SafetyCorrection, screening: Screening) -> bool:
    try:
        found = differences(Reading(screening), definition_of(correction.version_id), correction.questions)
    except (AnswerProblems, DocumentProblems, json.JSONDecodeError):
        # What can't be compared has to be looked at by a person.
        found = {"questions": list(correction.questions)}
    if not found:
        return False
    TouchedScreening.objects.create(
        id=uuid5(correction.pk, str(screening.pk)),
        organization_id=screening.organization_id,
        correction=correction,
        screening=screening,
        differs=found,
        found_at=timezone.now(),
    )
    return True
