"""The evidence desk: every source, what rests on it, and who has read it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, admin_required
from accounts.models import Duty
from screening import actions, evidence
from screening.evidence import Due, Held, Show, held_sources
from screening.views.versions import NAV, version_of


@admin_required
@require_safe
def desk(request: PersonRequest) -> HttpResponse:
    """Show every source of the versions in use and in work, overdue ones first."""
    asked = request.GET.get("show", "")
    show = Show(asked) if asked in set(Show) else Show.ALL
    held = held_sources(request.user, timezone.localdate())
    context = {
        **NAV,
        "held": evidence.shown(held, show),
        "show": show.value,
        "counts": {each.value: len(evidence.shown(held, each)) for each in Show},
        "overdue": sum(each.due is Due.OVERDUE for each in held),
        "may_verify": request.user.has_duty(Duty.CLINICAL_OWNER),
    }
    return render(request, "questionnaires/evidence.html", context)


@admin_required
@require_safe
def source(request: PersonRequest, pk: UUID, source: str) -> HttpResponse:
    """Show one source of a questionnaire in all its wordings, and every time somebody read it."""
    held = _held(request, pk, source)
    current = {each.words for each in held}
    history = [(row, row.words in current) for row in evidence.history_of(pk, source)]
    may_verify = request.user.has_duty(Duty.CLINICAL_OWNER)
    context = {**NAV, "held": held, "history": history, "may_verify": may_verify}
    return render(request, "questionnaires/evidence_source.html", context)


@admin_required
@require_POST
def verify(request: PersonRequest, pk: UUID, source: str) -> HttpResponse:
    """Record that a clinical owner has read a source of a version, and come back to the desk."""
    version = version_of(request, pk)
    if not any(each.version.pk == pk for each in _held(request, version.questionnaire_id, source)):
        raise Http404
    actions.verify_source(by=request.user, version=version, source=source)
    messages.success(request, _("Marked as verified. Results no longer call it “to be verified”."))
    return redirect("questionnaires:evidence_source", version.questionnaire_id, source)


def _held(request: PersonRequest, questionnaire: UUID, source: str) -> list[Held]:
    """Return the wordings of a source; one that no version has is missing."""
    every = held_sources(request.user, timezone.localdate())
    held = [each for each in every if (each.questionnaire, each.source.key) == (questionnaire, source)]
    if not held:
        raise Http404
    return held
