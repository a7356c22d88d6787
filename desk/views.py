"""Home, for each kind of person."""

from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, signed_in, therapist_required
from desk import network, therapist, timeline
from desk.rows import MOST, in_order
from privacy import audit
from referrals import covering
from screening import emergency
from screening.forms.clients import FindClientForm
from screening.models import Client

NAV = {"nav": "home"}


@require_safe
@signed_in
def home(request: PersonRequest) -> HttpResponseBase:
    """Show what waits for the person who is signed in."""
    if request.user.is_provider:
        return redirect("inbox:list")
    return _network_home(request) if request.user.is_admin else _therapist_home(request)


@require_safe
@therapist_required
def client_timeline(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Show all that happened with one client, across screenings and referrals."""
    clients = Client.objects.visible_to(request.user).with_emergency(request.user)
    client = get_object_or_404(clients.select_related("created_by"), pk=pk)
    emergency.note(request, client)
    audit.record("client.read", by=request.user, of=client, client=client.pk, page="timeline")
    happenings = Paginator(timeline.of(client, request.user), MOST).get_page(request.GET.get("page"))
    return render(request, "desk/timeline.html", {"nav": "clients", "client": client, "page": happenings})


def _therapist_home(request: PersonRequest) -> HttpResponseBase:
    lists, told = therapist.lists(request.user), emergency.of_person(request.user)
    shown = sorted({*lists.client_keys(), *(str(each.access.client_id) for each in told)})
    audit.record("client.listed", by=request.user, owner=request.user.organization_id, clients=shown)
    context = {
        **NAV,
        "greeting": greeting(timezone.localtime(), request.user.name),
        "today": timezone.localdate(),
        "lists": lists,
        "told": told,
        "covers": covering.lines(request.user),
        "find": FindClientForm(),
    }
    return render(request, "desk/therapist.html", context)


def _network_home(request: PersonRequest) -> HttpResponseBase:
    own, others = network.versions(request.user)
    context = {
        **NAV,
        "greeting": greeting(timezone.localtime(), request.user.name),
        "today": timezone.localdate(),
        "turn": in_order(own),
        "waiting": in_order(others),
        "stands": network.sources(request.user, timezone.localdate()),
        "counts": network.counts(request.user),
    }
    return render(request, "desk/network.html", context)


def greeting(now: datetime, name: str) -> str:
    """Return a greeting by the reader's clock, with the first word of the name."""
    first = name.split()[0]
    if now.hour < 12:
        return _("Good morning, %(name)s") % {"name": first}
    if now.hour < 18:
        return _("Good afternoon, %(name)s") % {"name": first}
    return _("Good evening, %(name)s") % {"name": first}
