"""Moving an open screening to a newer version: what is carried, what is asked again, one button."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, therapist_required
from privacy import audit
from screening import actions
from screening.forms.results import MoveForm
from screening.moving import newer_version, planned
from screening.views.loading import NAV, own


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show what moving would carry and what is asked again; move, if that is still so."""
    reading = own(request, pk)
    form = MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.move_screening(
                by=request.user, screening=reading.screening, seen=form.cleaned_data["seen"]
            )
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The screening goes on with the version in use. Nothing was lost."))
            return redirect("screenings:show", moved.pk)
    newer = newer_version(reading.screening)
    if newer is None:
        return redirect("screenings:show", pk)
    screening = reading.screening
    audit.record("screening.read", by=request.user, of=screening, client=screening.client_id)
    plan = planned(reading, newer)
    context = {**NAV, "form": form, "screening": screening, "move": plan}
    return render(request, "screenings/move.html", context, status=422 if form.errors else 200)
