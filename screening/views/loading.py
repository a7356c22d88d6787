"""Fetching a screening through access: a stranger's is not there, and one opened in an emergency says so."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import PersonRequest
from screening import emergency
from screening.engine import Section
from screening.models import Screening
from screening.models.screenings import ScreeningQuerySet
from screening.reading import Reading

NAV = {"nav": "clients"}


def own(request: PersonRequest, pk: UUID) -> Reading:
    """Return a screening of the person's own clients or care teams, which they may write in."""
    return Reading(_fetch(Screening.objects.in_care_of(request.user), pk))


def visible(request: PersonRequest, pk: UUID) -> Reading:
    """Return a screening of a client whom the person looks after, or sees in an emergency."""
    return _noted(request, Screening.objects.visible_to(request.user), pk)


def readable(request: PersonRequest, pk: UUID) -> Reading:
    """Return a screening that the person may read: a visible one, or one of an associate they sign for."""
    return _noted(request, Screening.objects.readable_by(request.user), pk)


def section_of(reading: Reading, key: str) -> Section:
    """Return a section of the questionnaire, or answer that it isn't there."""
    try:
        return reading.definition.section(key)
    except KeyError:
        raise Http404 from None


def _noted(request: PersonRequest, rows: ScreeningQuerySet, pk: UUID) -> Reading:
    screening = _fetch(rows.with_emergency(request.user), pk)
    emergency.note(request, screening)
    return Reading(screening)


def _fetch(rows: ScreeningQuerySet, pk: UUID) -> Screening:
    related = rows.select_related("client", "organization", "version", "started_by", "completed_by")
    return get_object_or_404(related.defer("version__document"), pk=pk)
