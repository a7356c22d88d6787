"""Requests for a client's record: written down, listed for a lead, answered with the record itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, allow, signed_in_again, therapist_required
from accounts.templatetags.dates import day
from desk.access import answered_for_by, is_practice_lead
from desk.records.forms import AnswerForm, AskForm, ExtendForm
from desk.records.gathering import asked_for
from desk.records.rows import amendment_row, client_keys, request_row
from privacy import audit
from screening import actions
from screening.forms.clients import FindClientForm
from screening.models import Amendment, Client, RecordsRequest
from screening.models.requests import AmendmentQuerySet, RecordsRequestQuerySet

leads = allow(is_practice_lead)

LISTS = ("open", "answered", "amendments")
PAGE = 50
NAV = {"nav": "clients"}


@require_safe
@leads
def list_requests(request: PersonRequest) -> HttpResponseBase:
    """Show a lead one of three lists: requests to answer, answered ones, requests to amend that wait."""
    asked = request.GET.get("list", "")
    return _list(request, asked if asked in LISTS else LISTS[0], FindClientForm())


@require_POST
@leads
def find_client(request: PersonRequest) -> HttpResponseBase:
    """Find the client whom a request is about, in the whole practice, by exact name or number."""
    find = FindClientForm(request.POST)
    if not find.is_valid():
        return _list(request, LISTS[0], find, status=422)
    exact, organization = find.cleaned_data["exact"], request.user.organization_id
    clients = answered_for_by(request.user)
    found = list(clients.with_record_number(organization, exact)) or list(
        clients.with_last_name(organization, exact)[:PAGE]
    )
    audit.record("client.found", by=request.user, owner=organization, clients=[client.pk for client in found])
    if len(found) == 1:
        return redirect("desk:ask_records", found[0].pk)
    return _list(request, LISTS[0], find, found)


@require_http_methods(["GET", "HEAD", "POST"])
@therapist_required
def ask(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Write down that somebody asked for a client's record."""
    client = get_object_or_404(answered_for_by(request.user), pk=pk)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_for_records(by=request.user, client=client, **form.cleaned_data)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            words = _("Request recorded. It is due on %(day)s, and every lead of your practice is told.")
            messages.success(request, words % {"day": day(made.due_on)})
            return redirect("desk:records_request", made.pk)
    audit.record("client.read", by=request.user, of=client, client=client.pk, page="records")
    context = {**NAV, "client": client, "form": form, "is_lead": is_practice_lead(request.user)}
    return render(request, "records/ask.html", context, status=422 if form.errors else 200)


@require_safe
@therapist_required
def show(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Show one request: what was asked, by when, and for a lead the record to answer it with."""
    asked = _request(request, pk)
    audit.record("records.read", by=request.user, of=asked, client=asked.client_id)
    context = {
        **NAV,
        "asked": asked,
        "client": asked.client,
        "is_lead": is_practice_lead(request.user),
        "days_left": asked.days_left(timezone.localdate()),
    }
    return render(request, "records/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@leads
def extend(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Take 30 more days, once."""
    asked = _request(request, pk)
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.extend_records_request(by=request.user, request=asked, **form.cleaned_data)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The time is extended by 30 days."))
            return redirect("desk:records_request", pk)
    return _step(request, asked, form, "records/extend.html")


@require_http_methods(["GET", "HEAD", "POST"])
@leads
def answer(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Write down how a request was answered; that closes it."""
    asked = _request(request, pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_records_request(by=request.user, request=asked, **form.cleaned_data)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Answer recorded. The request waits for nobody now."))
            return redirect("desk:records_request", pk)
    return _step(request, asked, form, "records/answer.html")


@require_safe
@leads
@signed_in_again
def document(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Show what a request asks for as one page that prints and can be saved; that is an export."""
    asked, with_looks = _request(request, pk), _with_looks(request)
    record = asked_for(asked.kind, asked.client, by=request.user, at=timezone.now(), with_looks=with_looks)
    _record_export(request, asked, "page", with_looks)
    context = {**NAV, "asked": asked, "record": record, "with_looks": with_looks}
    return render(request, "records/document.html", context)


@require_safe
@leads
@signed_in_again
def download(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Send the same as a JSON file for machines; that is an export."""
    asked, with_looks = _request(request, pk), _with_looks(request)
    record = asked_for(asked.kind, asked.client, by=request.user, at=timezone.now(), with_looks=with_looks)
    _record_export(request, asked, "json", with_looks)
    name = f"client-record-{timezone.localdate().isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(record.as_json(), content_type="application/json", headers=headers)


def _list(
    request: PersonRequest,
    shown: str,
    find: FindClientForm,
    found: list[Client] | None = None,
    status: int = 200,
) -> HttpResponse:
    requests = RecordsRequest.objects.visible_to(request.user).select_related("client")
    amendments = Amendment.objects.visible_to(request.user)
    page: Page[Any] = Paginator(_chosen(shown, requests, amendments), PAGE).get_page(request.GET.get("page"))
    rows = [request_row(each) if shown != "amendments" else amendment_row(each) for each in page]
    audit.record(
        "records.listed", by=request.user, owner=request.user.organization_id, clients=client_keys(rows)
    )
    counts = {"open": requests.open().count(), "amendments": amendments.open().count()}
    context = {
        **NAV,
        "page": page,
        "rows": rows,
        "shown": shown,
        "counts": counts,
        "query": f"list={shown}",
        "find": find,
        "form": find if find.is_bound else None,
        "found": found,
    }
    return render(request, "records/list.html", context, status=status)


def _chosen(shown: str, requests: RecordsRequestQuerySet, amendments: AmendmentQuerySet) -> QuerySet[Any]:
    match shown:
        case "answered":
            return requests.answered()
        case "amendments":
            return amendments.open().with_steps().select_related("client")
    return requests.open()


def _request(request: PersonRequest, pk: UUID) -> RecordsRequest:
    people = ("client__therapist", "recorded_by", "extended_by", "answered_by")
    rows = RecordsRequest.objects.visible_to(request.user).select_related(*people)
    return get_object_or_404(rows, pk=pk)


def _step(
    request: PersonRequest, asked: RecordsRequest, form: AnswerForm | ExtendForm, template: str
) -> HttpResponse:
    audit.record("records.read", by=request.user, of=asked, client=asked.client_id)
    context = {**NAV, "asked": asked, "client": asked.client, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def _with_looks(request: PersonRequest) -> bool:
    return request.GET.get("looks") == "yes"


def _record_export(request: PersonRequest, asked: RecordsRequest, form: str, with_looks: bool) -> None:
    audit.record(
        "records.exported",
        by=request.user,
        of=asked,
        client=asked.client_id,
        asked=asked.kind,
        form=form,
        looks=with_looks,
    )
