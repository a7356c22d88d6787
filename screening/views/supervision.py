"""A supervisor's part: what waits to be signed, and signing it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, therapist_required
from accounts.models import Duty
from privacy import audit
from screening import actions
from screening.models import Screening
from screening.summaries import screening_lines, with_signature
from screening.views.loading import NAV

SHOWN = 100


@therapist_required
@require_safe
def to_sign(request: PersonRequest) -> HttpResponse:
    """List the completed screenings of associates that wait for this person's signature, the oldest first."""
    if not request.user.has_duty(Duty.SUPERVISOR):
        raise PermissionDenied
    rows = Screening.objects.signable_by(request.user).filter(signatures__isnull=True)
    related = rows.select_related("client", "version", "started_by", "completed_by")
    related = with_signature(related.defer("version__document", "findings_text"))
    waiting = screening_lines(request.user, related.order_by("completed_at")[:SHOWN])
    clients = [line.screening.client_id for line in waiting]
    audit.record("screening.listed", by=request.user, owner=request.user.organization_id, clients=clients)
    return render(request, "screenings/to_sign.html", {**NAV, "lines": waiting})


@therapist_required
@require_POST
def sign(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Sign an associate's completed screening."""
    screening = get_object_or_404(Screening.objects.signable_by(request.user), pk=pk)
    actions.sign_screening(by=request.user, screening=screening)
    messages.success(request, _("Signed."))
    return redirect("screenings:to_sign")
