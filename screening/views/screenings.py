"""A screening as a whole: start, the list of its sections, check, complete, amend, set aside."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, therapist_required
from privacy import audit
from screening import actions, catalog, emergency
from screening.forms.results import ReasonForm
from screening.models import Client, Screening
from screening.moving import newer_version
from screening.progress import next_section, tasks_of
from screening.views.loading import NAV, own, visible


@therapist_required
@require_POST
def start(request: PersonRequest, pk: UUID, version: UUID) -> HttpResponse:
    """Start a screening, or go on with the one that is open."""
    client = get_object_or_404(Client.objects.in_care_of(request.user), pk=pk)
    chosen = get_object_or_404(catalog.published(), pk=version)
    screening = actions.start_screening(by=request.user, client=client, version=chosen)
    return redirect("screenings:show", screening.pk)


@therapist_required
@require_safe
def show(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show the sections with their state, and what could settle each outcome."""
    reading = visible(request, pk)
    if not reading.screening.is_open:
        return redirect("screenings:result", pk)
    if emergency.access_id(reading.screening):
        return redirect("screenings:answers", pk)
    _record_read(request, reading.screening)
    tasks = tasks_of(reading)
    context = {
        **NAV,
        "reading": reading,
        "screening": reading.screening,
        "tasks": tasks,
        "complete": sum(task.is_complete for task in tasks),
        "begun": sum(task.count > 0 for task in tasks),
        "next": next_section(reading),
        "explanation": reading.explanation,
        "newer": newer_version(reading.screening),
    }
    return render(request, "screenings/show.html", context)


@therapist_required
@require_safe
def check(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show every answer, and which are missing, before the screening is completed."""
    reading = own(request, pk)
    if not reading.screening.is_open:
        return redirect("screenings:result", pk)
    _record_read(request, reading.screening)
    left = sum(state.left for state in reading.sections)
    context = {**NAV, "reading": reading, "screening": reading.screening, "left": left}
    return render(request, "screenings/check.html", context)


@therapist_required
@require_POST
def complete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Complete the screening, then deal with what is urgent, then show the result."""
    reading = own(request, pk)
    try:
        screening = actions.complete_screening(by=request.user, screening=reading.screening)
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
        return redirect("screenings:result", pk)
    due = screening.acknowledgements.due().order_by("raised_at").first()
    if due is not None:
        return redirect("screenings:urgent", pk, due.consideration)
    messages.success(request, _("Screening completed. The result is fixed as of today."))
    return redirect("screenings:result", pk)


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Replace a completed screening by a copy that is open again, with a reason."""
    reading = own(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            copy = actions.replace_screening(by=request.user, screening=reading.screening, reason=reason)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Amend the answers below. The earlier result stays readable as replaced.")
            )
            return redirect("screenings:show", copy.pk)
    _record_read(request, reading.screening)
    context = {**NAV, "form": form, "screening": reading.screening}
    return render(request, "screenings/amend.html", context, status=422 if form.errors else 200)


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def entered_in_error(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Set a screening aside as entered in error, with a reason."""
    reading = own(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.enter_in_error(by=request.user, screening=reading.screening, reason=reason)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The screening is marked as entered in error. It stays readable."))
            return redirect("clients:show", reading.screening.client_id)
    _record_read(request, reading.screening)
    context = {**NAV, "form": form, "screening": reading.screening}
    return render(request, "screenings/entered_in_error.html", context, status=422 if form.errors else 200)


def _record_read(request: PersonRequest, screening: Screening) -> None:
    audit.record("screening.read", by=request.user, of=screening, client=screening.client_id)
