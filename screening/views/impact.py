"""What a draft would change: choosing the days to look at, and the counts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, admin_required
from screening import actions
from screening.explanation.counted import counted
from screening.forms.impact import DaysForm
from screening.models import QuestionnaireVersion, VersionState
from screening.views.versions import NAV, definition_of, read_version, version_of


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def impact(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show the newest counts, or how far they are; have the outcomes of the last days counted."""
    is_part = request.headers.get("HX-Request") == "true"
    shown = version_of(request, pk) if is_part or request.method == "POST" else read_version(request, pk)
    form = DaysForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _ask(request, shown, form.cleaned_data["days"])
    count = shown.outcome_counts.order_by("-requested_at").first()
    context = {
        **NAV,
        "version": shown,
        "form": form,
        "count": count,
        "counted": counted(definition_of(shown), count) if count is not None else None,
        "is_stale": count is not None and count.hash != shown.hash,
        "may_ask": shown.state in (VersionState.DRAFT, VersionState.IN_REVIEW),
    }
    template = "questionnaires/_impact.html" if is_part else "questionnaires/impact.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _ask(request: PersonRequest, version: QuestionnaireVersion, days: int) -> HttpResponse:
    try:
        actions.request_outcome_count(by=request.user, version=version, days=days)
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The outcomes are being counted. You can leave this page meanwhile."))
    return redirect("questionnaires:impact", version.pk)
