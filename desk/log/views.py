"""Who looked at a client, and for a lead all that concerns the organization."""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, allow, signed_in_again, therapist_required
from accounts.models import User
from desk.access import answered_for_by, is_practice_lead, reads_the_log
from desk.log import lists
from desk.log.export import MOST, Export, export
from desk.log.forms import AboutClientForm, LogForm
from privacy import audit, entries
from privacy.entries import Place
from screening.forms.clients import FindClientForm
from screening.models import Client

readers = allow(reads_the_log)
practice_leads = allow(is_practice_lead)


@require_safe
@therapist_required
def who_looked(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Show who did what with one client's records, on both sides; looking is an entry itself."""
    client = get_object_or_404(answered_for_by(request.user), pk=pk)
    filters = AboutClientForm(request.GET, people=lists.people_about(client))
    page = lists.about(client, request.user, filters.choice(_place(request)))
    audit.record("log.client_read", by=request.user, of=client, client=client.pk)
    context = {
        "nav": "clients",
        "client": client,
        "is_open": Client.objects.visible_to(request.user).filter(pk=client.pk).exists(),
        "filters": filters,
        "page": page,
        "is_narrowed": any(filters.cleaned_data.values()),
        "older": _older(request, page.next_place),
    }
    return render(request, "log/client.html", context)


@require_safe
@readers
def read_log(request: PersonRequest) -> HttpResponseBase:
    """Show what the people of the reader's organization did, and what others did with its records."""
    return _log(request, _form(request))


@require_POST
@practice_leads
def choose_client(request: PersonRequest) -> HttpResponseBase:
    """Narrow the log to one client, by exact name or number: a POST, so that no name is in an address."""
    find = FindClientForm(request.POST)
    if not find.is_valid():
        return _log(request, _form(request), find, status=422)
    found = _found(request.user, find.cleaned_data["exact"])
    audit.record(
        "client.found",
        by=request.user,
        owner=request.user.organization_id,
        clients=[client.pk for client in found],
    )
    if len(found) == 1:
        return redirect(f"{reverse('desk:log')}?{urlencode({'client': str(found[0].pk)})}")
    return _log(request, _form(request), find, found=found)


@require_http_methods(["GET", "HEAD", "POST"])
@readers
@signed_in_again
def export_log(request: PersonRequest) -> HttpResponseBase:
    """Say what the file will hold, then make it: the making is an entry of the log."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "log/export.html", {"form": form}, status=422)
    choice = form.choice()
    if request.method == "POST":
        made = export(request.user, choice, only_by_others=form.from_elsewhere)
        audit.record(
            "log.exported",
            by=request.user,
            owner=request.user.organization_id,
            client=choice.client,
            entries=made.count,
            first=form.cleaned_data["first"].isoformat(),
            last=form.cleaned_data["last"].isoformat(),
        )
        return _file(form, made)
    count = entries.how_many(
        request.user.organization_id, choice, MOST + 1, only_by_others=form.from_elsewhere
    )
    context = {
        "form": form,
        "chosen": form.in_words(_client(request.user, form)),
        "count": min(count, MOST),
        "is_cut": count > MOST,
        "query": urlencode(form.address()),
    }
    return render(request, "log/export.html", context)


def _log(
    request: PersonRequest,
    form: LogForm,
    find: FindClientForm | None = None,
    found: list[Client] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "find": find or FindClientForm(),
        "found": found,
        "is_lead": is_practice_lead(request.user),
    }
    if form.is_valid():
        choice = form.choice(_place(request))
        page = lists.of_organization(request.user, choice, only_by_others=form.from_elsewhere)
        context |= {
            "page": page,
            "client": _client(request.user, form),
            "older": _older(request, page.next_place),
            "query": urlencode(form.address()),
        }
        audit.record("log.read", by=request.user, owner=request.user.organization_id, clients=page.clients)
    return render(request, "log/list.html", context, status=422 if form.errors else status)


def _form(request: PersonRequest) -> LogForm:
    return LogForm(request.GET, user=request.user, people=lists.colleagues(request.user))


def _client(user: User, form: LogForm) -> Client | None:
    chosen = form.cleaned_data.get("client")
    return answered_for_by(user).filter(pk=chosen).first() if chosen else None


def _found(user: User, exact: str) -> list[Client]:
    clients = answered_for_by(user)
    by_number = clients.with_record_number(user.organization_id, exact)
    return list(by_number) or list(clients.with_last_name(user.organization_id, exact)[:50])


def _place(request: PersonRequest) -> Place | None:
    return Place.parse(request.GET.get("before", ""))


def _older(request: PersonRequest, place: str) -> str:
    """Return the address of the older entries, with what is chosen; empty on the last page."""
    if not place:
        return ""
    query: QueryDict = request.GET.copy()
    query["before"] = place
    return query.urlencode()


def _file(form: LogForm, made: Export) -> HttpResponse:
    first, last = (form.cleaned_data[name].isoformat() for name in ("first", "last"))
    cut = f"-latest-{made.count}" if made.is_cut else ""
    name = f"access-log-{first}-to-{last}{cut}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made.content, content_type="text/csv; charset=utf-8", headers=headers)
