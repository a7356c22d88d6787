"""Declaring a published version a safety correction, for clinical owners; how the search for it went."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, admin_required
from accounts.models import Duty
from screening import actions
from screening.catalog import definition_of
from screening.forms.corrections import CorrectionForm, rule_title
from screening.models import QuestionnaireVersion, SafetyCorrection, VersionState
from screening.small_cells import SMALLEST_SHOWN
from screening.views.versions import NAV, read_version


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Declare a correction, or show the one that was declared, with counts and no practice's name."""
    version = read_version(request, pk)
    declared = SafetyCorrection.objects.visible_to(request.user).filter(version=version).first()
    if declared is not None:
        return render(request, "questionnaires/correction.html", _shown(version, declared))
    earlier = _earlier(request, version)
    if version.state != VersionState.PUBLISHED or not earlier:
        messages.error(
            request, _("Only the version in use can correct earlier ones, and there is none before it.")
        )
        return redirect("questionnaires:version", pk)
    may_declare = request.user.has_duty(Duty.CLINICAL_OWNER)
    before, after = definition_of(earlier[0].pk), definition_of(version.pk)
    form = CorrectionForm(request.POST or None, earlier=earlier, before=before, after=after)
    if request.method == "POST" and not may_declare:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        actions.declare_correction(by=request.user, version=version, **form.cleaned_data)
        messages.success(
            request, _("Declared. Each practice is being looked through, and therapists are told.")
        )
        return redirect("questionnaires:correction", pk)
    context = {**NAV, "version": version, "form": form, "may_declare": may_declare}
    status = 422 if form.errors else 200
    return render(request, "questionnaires/declare_correction.html", context, status=status)


def _earlier(request: PersonRequest, version: QuestionnaireVersion) -> list[QuestionnaireVersion]:
    rows = QuestionnaireVersion.objects.visible_to(request.user).filter(
        questionnaire_id=version.questionnaire_id, number__lt=version.number, published_at__isnull=False
    )
    return list(rows.defer("document").order_by("-number"))


def _shown(version: QuestionnaireVersion, declared: SafetyCorrection) -> dict[str, object]:
    counts = declared.searches.aggregate(
        practices=Count("pk"),
        searched=Count("searched_at"),
        looked=Sum("looked_through"),
        touched=Sum("touched"),
    )
    after = definition_of(version.pk)
    small = {name: counts[name] for name in ("looked", "touched") if (counts[name] or 0) >= SMALLEST_SHOWN}
    return {
        **NAV,
        "version": version,
        "correction": declared,
        "counts": counts,
        "shown": small,
        "least": SMALLEST_SHOWN,
        "rules": [rule_title(after, after, rule) for rule in declared.rules],
    }
