"""Going through the completed screenings of every practice, one practice after the other."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Kind, Organization
from privacy import context
from screening.models import Screening, ScreeningState

# Read and decrypted at a time, in one transaction: enough to be quick, little enough to stay flat.
BATCH = 100


def practices() -> list[UUID]:
    """Return the ids of all practices, always in the same order."""
    rows = Organization.objects.filter(kind=Kind.PRACTICE).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def batches(practice: UUID, **wanted: object) -> Iterator[list[UUID]]:
    """Yield the ids of a practice's completed screenings that are wanted, some at a time."""
    with context.enter(practice):
        rows = Screening.objects.filter(organization_id=practice, state=ScreeningState.COMPLETED, **wanted)
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def still_completed(ids: list[UUID]) -> QuerySet[Screening]:
    """Return the screenings of a batch that nobody has set aside meanwhile, ready to be read."""
    rows = Screening.objects.filter(pk__in=ids, state=ScreeningState.COMPLETED)
    return rows.select_related("client", "organization").prefetch_related("sections")
