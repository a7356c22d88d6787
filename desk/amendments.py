"""Requests to amend: written down, decided, and the client's disagreement kept with the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, therapist_required
from accounts.templatetags.dates import day
from desk.access import answered_for_by, is_practice_lead
from desk.records.forms import AmendForm, StepForm
from desk.records.gathering import section_titles_of
from privacy import audit
from screening import actions
from screening.models import Amendment, Client, RecordsRequest
from screening.models.requests import DECISIONS, AmendmentQuerySet, StepKind

NAV = {"nav": "clients"}


@dataclass(frozen=True, slots=True)
class Step:
    """What the page of a step says."""

    title: str | Promise
    label: str | Promise
    hint: str | Promise
    submit: str | Promise


STEPS: Mapping[StepKind, Step] = {
    StepKind.ACCEPTED: Step(
        lazy("Accept the request to amend"),
        lazy("What was changed, and where"),
        lazy(
            "Amend the screening or change the record first. Then tell the client, and whoever they name, "
            "that it was amended."
        ),
        lazy("Accept"),
    ),
    StepKind.DENIED: Step(
        lazy("Deny the request to amend"),
        lazy("Reason"),
        lazy(
            "HIPAA names four: your practice did not create it, it is not part of the record, the client has "
            "no right to see it, or it is accurate and complete. The client is told in writing, with the "
            "right to disagree."
        ),
        lazy("Deny"),
    ),
    StepKind.EXTENDED: Step(
        lazy("Extend the time"),
        lazy("Reason, and the day by which you will act"),
        lazy("Tell the client the same in writing within the first 60 days."),
        lazy("Extend by 30 days"),
    ),
    StepKind.DISAGREEMENT: Step(
        lazy("Record the statement of disagreement"),
        lazy("The client’s statement, in their words"),
        lazy("It stays with the record, and goes with a later packet that shares what it speaks of."),
        lazy("Record the statement"),
    ),
    StepKind.REBUTTAL: Step(
        lazy("Write a rebuttal"),
        lazy("Rebuttal"),
        lazy("The client gets a copy. It goes wherever the statement goes."),
        lazy("Record the rebuttal"),
    ),
}


@require_safe
@therapist_required
def of_client(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Show what was asked about one client's record: copies, accounts, amendments."""
    client = get_object_or_404(answered_for_by(request.user), pk=pk)
    audit.record("client.read", by=request.user, of=client, client=client.pk, page="requests")
    requests = RecordsRequest.objects.visible_to(request.user)
    context = {
        **NAV,
        "client": client,
        "is_open": Client.objects.visible_to(request.user).filter(pk=client.pk).exists(),
        "requests": requests.filter(client=client).order_by("-received_on", "pk"),
        "amendments": _amendments(request).filter(client=client).order_by("-received_on", "pk"),
        "titles": section_titles_of(client),
    }
    return render(request, "records/of_client.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@therapist_required
def ask(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Write down what a client says is wrong."""
    client = get_object_or_404(answered_for_by(request.user), pk=pk)
    form = AmendForm(request.POST or None, titles=section_titles_of(client))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_to_amend(by=request.user, client=client, **form.cleaned_data)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            words = _("Request recorded. It has to be accepted or denied by %(day)s.")
            messages.success(request, words % {"day": day(made.due_on)})
            return redirect("desk:amendment", made.pk)
    audit.record("client.read", by=request.user, of=client, client=client.pk, page="amend")
    context = {**NAV, "client": client, "form": form}
    return render(request, "records/amend.html", context, status=422 if form.errors else 200)


@require_safe
@therapist_required
def show(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """Show a request to amend with all that followed, and what can follow now."""
    amendment = get_object_or_404(_amendments(request), pk=pk)
    audit.record("amendment.read", by=request.user, of=amendment, client=amendment.client_id)
    titles = section_titles_of(amendment.client)
    context = {
        **NAV,
        "amendment": amendment,
        "client": amendment.client,
        "is_open": Client.objects.visible_to(request.user).filter(pk=amendment.client_id).exists(),
        "sections": [titles.get(key, key) for key in amendment.sections],
        "days_left": (amendment.due_on - timezone.localdate()).days,
        "next": [(kind.value, STEPS[kind].title) for kind in _next(amendment)],
        "is_lead": is_practice_lead(request.user),
    }
    return render(request, "records/amendment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@therapist_required
def follow(request: PersonRequest, pk: UUID, name: str) -> HttpResponseBase:
    """Add what follows: a decision, more time, a statement, a rebuttal."""
    amendment = get_object_or_404(_amendments(request), pk=pk)
    if name not in StepKind.values:
        raise Http404
    kind = StepKind(name)
    step = STEPS[kind]
    form = StepForm(request.POST or None, label=str(step.label), hint=str(step.hint))
    if request.method == "POST" and form.is_valid():
        try:
            actions.follow_amendment(by=request.user, amendment=amendment, kind=kind, **form.cleaned_data)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Recorded. It stays with the client’s record."))
            return redirect("desk:amendment", pk)
    audit.record("amendment.read", by=request.user, of=amendment, client=amendment.client_id)
    context = {**NAV, "amendment": amendment, "client": amendment.client, "form": form, "step": step}
    return render(request, "records/step.html", context, status=422 if form.errors else 200)


def _amendments(request: PersonRequest) -> AmendmentQuerySet:
    return Amendment.objects.visible_to(request.user).with_steps().select_related("client")


def _next(amendment: Amendment) -> list[StepKind]:
    """Return what can follow, the decisions first."""
    done = {StepKind(step.kind) for step in amendment.steps.all()}
    if not done & set(DECISIONS):
        return [*DECISIONS, *([StepKind.EXTENDED] if StepKind.EXTENDED not in done else [])]
    if StepKind.DENIED not in done or StepKind.REBUTTAL in done:
        return []
    return [StepKind.REBUTTAL if StepKind.DISAGREEMENT in done else StepKind.DISAGREEMENT]
