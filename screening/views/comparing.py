"""Two versions of a questionnaire side by side: what differs, in words."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, admin_required
from screening import catalog
from screening.comparing import compare as compared
from screening.engine import Definition
from screening.models import QuestionnaireVersion, VersionState
from screening.verifications import Page, page_of
from screening.views.versions import NAV, definition_of, read_version, version_of

# How many changes the version's page tells before it leads to all of them.
FIRST = 6


@admin_required
@require_safe
def comparisons(request: PersonRequest, pk: UUID) -> HttpResponse:
    """List the other versions of the questionnaire, to choose one to compare with."""
    version = version_of(request, pk)
    others = version.questionnaire.versions.exclude(pk=version.pk).defer("document").order_by("-number")
    context = {**NAV, "version": version, "others": others}
    return render(request, "questionnaires/comparisons.html", context)


@admin_required
@require_safe
def compare(request: PersonRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Show what a version changes against another one of the same questionnaire."""
    version = read_version(request, pk)
    before = get_object_or_404(version.questionnaire.versions.visible_to(request.user), pk=other)
    context = {
        **NAV,
        "version": version,
        "before": before,
        "compared": compared(definition_of(before), definition_of(version)),
        "verification": _in_meaning(version, before),
    }
    return render(request, "questionnaires/compare.html", context)


def _in_meaning(version: QuestionnaireVersion, before: QuestionnaireVersion) -> Page | None:
    """Return what the verifier says of the two, where one would follow the other: the one in use."""
    page = page_of(version)
    in_use = page.standing.in_use if page is not None else None
    return page if in_use is not None and in_use.pk == before.pk else None


def against_in_use(version: QuestionnaireVersion, definition: Definition | None) -> dict[str, Any]:
    """Return the version in use, and what this one changes against it, or against what it was made from."""
    in_use = version.questionnaire.versions.filter(state=VersionState.PUBLISHED).defer("document").first()
    before = in_use if in_use is not None and in_use.pk != version.pk else version.made_from
    if before is None or definition is None:
        return {"in_use": in_use}
    changes = compared(catalog.definition_of(before.pk), definition)
    return {"in_use": in_use, "before": before, "compared": changes, "first": changes.changes[:FIRST]}
