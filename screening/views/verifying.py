"""What is proved of a version's rules, and having it proved."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, admin_required
from screening import actions
from screening.models import VerificationState
from screening.verifications import page_of
from screening.views.versions import NAV, read_version, version_of


@admin_required
@require_safe
def verification(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show what holds, what does not and what nobody could prove; or how far the run is."""
    is_part = request.headers.get("HX-Request") == "true"
    shown = version_of(request, pk) if is_part else read_version(request, pk)
    page = page_of(shown)
    if page is None:
        raise Http404
    template = "questionnaires/_verification.html" if is_part else "questionnaires/verification.html"
    return render(request, template, {**NAV, "version": shown, "verification": page})


@admin_required
@require_POST
def verify(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Have the rules verified; a run that is finished or under way is shown instead."""
    version = version_of(request, pk)
    try:
        run = actions.request_verification(by=request.user, version=version)
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("questionnaires:version", version.pk)
    if run.state != VerificationState.FINISHED:
        messages.success(request, _("The rules are being verified. You can leave this page meanwhile."))
    return redirect("questionnaires:verification", version.pk)
