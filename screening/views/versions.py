"""Fetching a version through access: who isn't an admin of the network finds none."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import PersonRequest
from privacy import audit
from screening import catalog
from screening.engine import Definition, DocumentProblems
from screening.models import QuestionnaireVersion

NAV = {"nav": "questionnaires"}


def version_of(request: PersonRequest, pk: UUID) -> QuestionnaireVersion:
    """Return a version that the person may see."""
    versions = QuestionnaireVersion.objects.visible_to(request.user).with_people()
    return get_object_or_404(versions, pk=pk)


def read_version(request: PersonRequest, pk: UUID, section: str = "") -> QuestionnaireVersion:
    """Return a version that is going to be shown, or one section of it, and record that it was read."""
    shown = version_of(request, pk)
    if section:
        audit.record("version.read", by=request.user, of=shown, number=shown.number, section=section)
    else:
        audit.record("version.read", by=request.user, of=shown, number=shown.number)
    return shown


def definition_of(shown: QuestionnaireVersion) -> Definition:
    """Return the version's definition; of a document that can't be read any more there is none."""
    try:
        return catalog.definition_of_version(shown)
    except DocumentProblems:
        raise Http404 from None
