"""Clients: the list, finding one, adding, looking, changing, and who is on the care team."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, therapist_required
from accounts.models import User
from privacy import audit
from screening import actions, catalog, emergency
from screening.forms.clients import (
    CareTeamForm,
    ChangeClientForm,
    ClientForm,
    FindClientForm,
    initial_of,
)
from screening.models import Client, PayerType, QuestionnaireVersion
from screening.reading import day_in
from screening.summaries import outcome_lines, summaries_of

NAV = {"nav": "clients"}
PAGE = 50


@therapist_required
@require_safe
def list_clients(request: PersonRequest) -> HttpResponse:
    """Show the person's clients by last name, 50 a page; only what a page shows is fetched whole."""
    visible = Client.objects.in_care_of(request.user)
    in_order = visible.keys_by_name(request.user.organization_id)
    page = Paginator(in_order, PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    clients = visible.only(*_NAMES).in_bulk(shown)
    audit.record("client.listed", by=request.user, owner=request.user.organization_id, clients=shown)
    context = {
        **NAV,
        "page": page,
        "rows": summaries_of(request.user, [clients[pk] for pk in shown]),
        "find": FindClientForm(),
    }
    return render(request, "clients/list.html", context)


@therapist_required
@require_POST
def find(request: PersonRequest) -> HttpResponse:
    """Find clients by exact name or record number; a POST, so that no name is in an address."""
    form = FindClientForm(request.POST)
    if not form.is_valid():
        return render(request, "clients/find.html", {**NAV, "find": form, "form": form}, status=422)
    exact, organization = form.cleaned_data["exact"], request.user.organization_id
    visible = Client.objects.visible_to(request.user).with_emergency(request.user)
    by_number = visible.with_record_number(organization, exact)
    found = list(by_number) or list(visible.with_last_name(organization, exact)[:PAGE])
    opened = [access for client in found if (access := emergency.access_id(client))]
    keys = [client.pk for client in found]
    audit.record("client.found", by=request.user, owner=organization, clients=keys, emergency=opened or None)
    if len(found) == 1:
        return redirect("clients:show", found[0].pk)
    rows = summaries_of(request.user, found)
    return render(request, "clients/find.html", {**NAV, "find": form, "rows": rows, "exact": exact})


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest) -> HttpResponse:
    """Add a client of the person's own."""
    form = ClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            client = actions.add_client(by=request.user, **form.record())
        except actions.RecordNumberTaken as taken:
            form.add_error("record_number", str(taken))
        else:
            messages.success(request, _("Client added. Next: start a screening."))
            return redirect("clients:show", client.pk)
    return render(request, "clients/add.html", {**NAV, "form": form}, status=422 if form.errors else 200)


@therapist_required
@require_safe
def show(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show a client: contacts, screenings with their outcomes, care team."""
    client = _visible(request, pk)
    audit.record("client.read", by=request.user, of=client, client=client.pk)
    return render(request, "clients/show.html", _page(request, client))


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Change a client's record; if somebody else did meanwhile, both are shown and nothing is overwritten."""
    client = _client(request, pk)
    form = ChangeClientForm(request.POST or None, initial=initial_of(client))
    meanwhile = None
    if request.method == "POST" and form.is_valid():
        try:
            revision = form.cleaned_data["revision"]
            actions.change_client(by=request.user, client=client, revision=revision, **form.record())
        except actions.RecordNumberTaken as taken:
            form.add_error("record_number", str(taken))
        except actions.ChangedMeanwhile as changed:
            form.add_error(None, str(changed))
            form.data = {**request.POST.dict(), "revision": str(client.revision)}
            meanwhile = ClientForm(initial=initial_of(client))
        else:
            messages.success(request, _("Record saved."))
            return redirect("clients:show", client.pk)
    audit.record("client.read", by=request.user, of=client, client=client.pk)
    context = {**NAV, "form": form, "client": client, "differences": _differences(form, meanwhile)}
    return render(request, "clients/change.html", context, status=422 if form.errors else 200)


@therapist_required
@require_POST
def add_colleague(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Add a colleague to the care team."""
    client = _client(request, pk)
    form = CareTeamForm(request.POST, client=client, user=request.user)
    if not form.is_valid():
        context = _page(request, client) | {"team_form": form, "form": form}
        return render(request, "clients/show.html", context, status=422)
    colleague = form.cleaned_data["colleague"]
    actions.add_to_care_team(by=request.user, client=client, user=colleague)
    messages.success(request, _("%(name)s can see this client now.") % {"name": colleague.name})
    return redirect("clients:show", client.pk)


@therapist_required
@require_POST
def remove_colleague(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take a colleague off the care team."""
    client = _client(request, pk)
    try:
        colleague = get_object_or_404(
            User.objects.visible_to(request.user), pk=UUID(request.POST.get("user", ""))
        )
    except ValueError:
        raise Http404 from None
    actions.remove_from_care_team(by=request.user, client=client, user=colleague)
    messages.success(request, _("%(name)s no longer sees this client.") % {"name": colleague.name})
    if colleague == request.user:
        return redirect("clients:list")
    return redirect("clients:show", client.pk)


_NAMES = (
    "id",
    "organization",
    "therapist",
    "first_name",
    "last_name",
    "used_name",
    "record_number",
    "birth_date_text",
)


def _client(request: PersonRequest, pk: UUID) -> Client:
    rows = Client.objects.in_care_of(request.user).select_related("therapist")
    return get_object_or_404(rows, pk=pk)


def _visible(request: PersonRequest, pk: UUID) -> Client:
    rows = Client.objects.visible_to(request.user).with_emergency(request.user).select_related("therapist")
    client = get_object_or_404(rows, pk=pk)
    emergency.note(request, client)
    return client


def _page(request: PersonRequest, client: Client) -> dict[str, object]:
    today = day_in(request.user.organization)
    return {
        **NAV,
        "client": client,
        "age": client.age_on(today),
        "today": today,
        "payer": PayerType(payer).label if (payer := client.contacts.payer_type) else "",
        "screenings": outcome_lines(request.user, client),
        "versions": sorted(catalog.published(), key=lambda version: not _has_indications(version)),
        "team": list(client.care_team.current().select_related("user").order_by("user__name")),
        "may_write": emergency.access_id(client) is None,
        "accesses": emergency.of_client(request.user, client),
        "team_form": CareTeamForm(client=client, user=request.user),
    }


def _has_indications(version: QuestionnaireVersion) -> bool:
    """Return whether a version says something about an indication; a short measure doesn't."""
    return bool(catalog.definition_of(version.pk).indications)


def _differences(form: ClientForm, meanwhile: ClientForm | None) -> list[dict[str, object]]:
    """Return what was typed beside what stands now, where the two differ."""
    if meanwhile is None:
        return []
    pairs = [(form[name], meanwhile[name]) for name in form.fields if name != "revision"]
    return [
        {"label": typed.label, "typed": typed.value() or "", "stands": stands.value() or ""}
        for typed, stands in pairs
        if str(typed.value() or "") != str(stands.value() or "")
    ]
