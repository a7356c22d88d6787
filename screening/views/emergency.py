"""Emergency access: a lead finds a colleague's client and opens it for one person."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, allow, signed_in_again, therapist_required
from accounts.models import Duty
from accounts.templatetags.dates import clock
from privacy import audit
from screening import actions
from screening.forms.clients import FindClientForm
from screening.forms.emergency import EmergencyAccessForm
from screening.models import Client, EmergencyAccess
from screening.models.emergency import LASTS

NAV = {"nav": "clients"}
SHOWN = 50
LATELY = timedelta(days=30)

leads_of_practices = allow(lambda person: person.is_therapist and person.has_duty(Duty.LEAD))


@require_safe
@leads_of_practices
def emergency(request: PersonRequest) -> HttpResponse:
    """Show what is open in an emergency, what was lately, and where a lead looks for a client."""
    return _list(request, FindClientForm())


@require_POST
@leads_of_practices
def find_in_emergency(request: PersonRequest) -> HttpResponse:
    """Find a client of the whole practice by exact name or record number; a POST: no name in an address."""
    form = FindClientForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    exact, organization = form.cleaned_data["exact"], request.user.organization_id
    everyone = Client.objects.openable_by(request.user).select_related("therapist")
    by_number = everyone.with_record_number(organization, exact)
    found = list(by_number) or list(everyone.with_last_name(organization, exact)[:SHOWN])
    keys = [client.pk for client in found]
    audit.record("emergency.searched", by=request.user, owner=organization, clients=keys)
    context = {**NAV, "find": form, "found": found, "exact": exact}
    return render(request, "clients/find_in_emergency.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@leads_of_practices
@signed_in_again
def open_emergency_access(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Say for whom and why, and open the client; the page says what happens then."""
    clients = Client.objects.openable_by(request.user).select_related("therapist")
    client = get_object_or_404(clients, pk=pk)
    form = EmergencyAccessForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid():
        try:
            access = actions.open_emergency_access(by=request.user, client=client, **form.cleaned_data)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            words = _("Open for %(name)s until %(time)s. They and those who look after the client are told.")
            messages.success(request, words % {"name": access.user.name, "time": clock(access.ends_at)})
            return redirect("clients:emergency")
    audit.record("emergency.considered", by=request.user, of=client, client=client.pk)
    context = {**NAV, "client": client, "form": form, "until": timezone.now() + LASTS}
    return render(request, "clients/open_emergency_access.html", context, status=422 if form.errors else 200)


@require_POST
@therapist_required
def end_emergency_access(request: PersonRequest, pk: UUID) -> HttpResponse:
    """End an emergency access before its time."""
    access = get_object_or_404(EmergencyAccess.objects.visible_to(request.user), pk=pk)
    actions.end_emergency_access(by=request.user, access=access)
    messages.success(request, _("Ended. The client is closed again."))
    return redirect("clients:emergency" if request.user.has_duty(Duty.LEAD) else "desk:home")


@require_POST
@therapist_required
def note_emergency_access(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Mark as read that a client was opened in an emergency."""
    access = get_object_or_404(EmergencyAccess.objects.told_to(request.user), pk=pk)
    actions.read_emergency_notice(by=request.user, access=access)
    messages.success(request, _("Marked as read. The client’s timeline keeps it."))
    return redirect("desk:home")


def _list(request: PersonRequest, form: FindClientForm, status: int = 200) -> HttpResponse:
    rows = EmergencyAccess.objects.visible_to(request.user).with_people()
    lately = rows.filter(ends_at__gt=timezone.now() - LATELY).order_by("-at")[:SHOWN]
    accesses = list(lately)
    audit.record(
        "emergency.listed",
        by=request.user,
        owner=request.user.organization_id,
        clients=sorted({access.client_id for access in accesses}),
    )
    context = {
        **NAV,
        "find": form,
        "form": form,
        "current": [access for access in accesses if access.lasts],
        "earlier": [access for access in accesses if not access.lasts],
    }
    return render(request, "clients/emergency.html", context, status=status)
