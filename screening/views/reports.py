"""Reporting a question from a screening, what became of it, and the admins' desk for reports."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, admin_required, therapist_required
from screening import actions, catalog
from screening.forms.reports import ReportForm, SettleForm
from screening.reading import Reading
from screening.reported import own_reports, reports_of, waiting_reports
from screening.views.loading import NAV, readable, section_of
from screening.views.versions import NAV as OFFICE
from screening.views.versions import version_of


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_question(request: PersonRequest, pk: UUID, section: str) -> HttpResponse:
    """Ask which question and what is wrong; nothing of the screening goes into the report."""
    reading = readable(request, pk)
    part = section_of(reading, section)
    start = {"question": request.GET.get("question", "")}
    form = ReportForm(request.POST or None, section=part, initial=start)
    if request.method == "POST" and form.is_valid():
        actions.report_question(by=request.user, version=reading.screening.version, **form.cleaned_data)
        messages.success(
            request, _("Thank you. The network’s admins have it, and you are told what they decide.")
        )
        return redirect(_back(reading, part.key, form.cleaned_data["question"]))
    context = {**NAV, "form": form, "section": part, "back": _back(reading, part.key, start["question"])}
    return render(request, "screenings/report_question.html", context, status=422 if form.errors else 200)


@therapist_required
@require_safe
def reported(request: PersonRequest) -> HttpResponse:
    """Show what the person reported, and what became of it."""
    return render(request, "screenings/reported.html", {**NAV, "reports": own_reports(request.user)})


@admin_required
@require_safe
def list_reports(request: PersonRequest) -> HttpResponse:
    """Show what therapists reported and nobody has settled, by question."""
    context = {**OFFICE, "questions": waiting_reports(request.user)}
    return render(request, "questionnaires/reports.html", context)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def settle_reports(request: PersonRequest, pk: UUID, question: str) -> HttpResponse:
    """Show who reported a question and why; answer them all at once."""
    version = version_of(request, pk)
    try:
        asked = catalog.definition_of_version(version).question(question)
    except KeyError:
        raise Http404 from None
    waiting = reports_of(request.user, version, question)
    form = SettleForm(request.POST or None, version=version, waiting=waiting)
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_reports(by=request.user, **form.cleaned_data)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Settled. Whoever reported it is told."))
            return redirect("questionnaires:reports")
    context = {**OFFICE, "form": form, "version": version, "question": asked, "reports": waiting}
    return render(request, "questionnaires/settle_reports.html", context, status=422 if form.errors else 200)


def _back(reading: Reading, section: str, question: str) -> str:
    """Return where the person came from: the section while it can be answered, else the answers."""
    if reading.screening.is_open:
        here = reverse("screenings:section", args=[reading.screening.pk, section])
        top = [each.key for each in reading.definition.section(section).questions]
        return f"{here}#slot-{question}" if question in top else here
    return reverse("screenings:answers", args=[reading.screening.pk])
