"""Fetching a screening through access: a stranger's is not there."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import PersonRequest
from screening.engine import Section
from screening.models import Screening
from screening.models.screenings import ScreeningQuerySet
from screening.reading import Reading

NAV = {"nav": "clients"}


def own(request: PersonRequest, pk: UUID) -> Reading:
    """Return a screening of the person's own clients or care teams."""
    return _read(Screening.objects.visible_to(request.user), pk)


def readable(request: PersonRequest, pk: UUID) -> Reading:
    """Return a screening that the person may read: their own, or one of an associate they sign for."""
    return _read(Screening.objects.readable_by(request.user), pk)


def section_of(reading: Reading, key: str) -> Section:
    """Return a section of the questionnaire, or answer that it isn't there."""
    try:
        return reading.definition.section(key)
    except KeyError:
        raise Http404 from None


def _read(rows: ScreeningQuerySet, pk: UUID) -> Reading:
    related = rows.select_related("client", "organization", "version", "started_by", "completed_by")
    return Reading(get_object_or_404(related.defer("version__document"), pk=pk))
