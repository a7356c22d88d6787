"""What was found: the result, its print, all answers, urgent considerations, the person's own judgment."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, therapist_required
from privacy import audit
from screening import actions, emergency
from screening.blocks import blocks_of
from screening.engine import Consideration, ConsiderationState, Indication, Level, facts_of
from screening.explanation import FactRead, FactReader
from screening.forms.results import AcknowledgeForm, JudgmentForm
from screening.models import Acknowledgement, Screening
from screening.reading import SAFETY, Reading
from screening.views.loading import NAV, own, readable, visible


@therapist_required
@require_safe
def result(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show what was found and why, with a form for the person's own judgment of each outcome."""
    reading = readable(request, pk)
    if reading.screening.is_open:
        return redirect("screenings:show", pk)
    if reading.screening.was_moved:
        # It was never completed: there is no result, only answers.
        return redirect("screenings:answers", pk)
    return _result(request, reading)


@therapist_required
@require_safe
def print_result(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show the result the way it prints: nothing folded, nothing to press."""
    reading = readable(request, pk)
    if reading.screening.is_open:
        return redirect("screenings:show", pk)
    if reading.screening.was_moved:
        return redirect("screenings:answers", pk)
    _record_read(request, reading.screening, "screening.printed")
    context = _context(request, reading) | {"printing": True}
    return render(request, "screenings/print.html", context)


@therapist_required
@require_safe
def answers(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show every question that was asked, with its answer or why there is none."""
    reading = readable(request, pk)
    _record_read(request, reading.screening, "screening.read")
    in_emergency = emergency.access_id(reading.screening) is not None
    context = {**NAV, "reading": reading, "screening": reading.screening, "in_emergency": in_emergency}
    return render(request, "screenings/answers.html", context)


@therapist_required
@require_POST
def judge(request: PersonRequest, pk: UUID, indication: str) -> HttpResponse:
    """Record the person's own judgment of one outcome."""
    reading = own(request, pk)
    found = _indication(reading, indication)
    form = JudgmentForm(request.POST, prefix=found.key)
    if not form.is_valid():
        return _result(request, reading, {found.key: form})
    try:
        actions.record_judgment(
            by=request.user, screening=reading.screening, indication=found.key, **form.cleaned_data
        )
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your judgment is recorded beside the outcome."))
    return redirect(f"{_result_url(pk)}#{found.key}")


@therapist_required
@require_POST
def confirm_safety(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Record that the safety section was asked again and that nothing had changed."""
    reading = own(request, pk)
    try:
        actions.confirm_safety(by=request.user, screening=reading.screening)
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Recorded: the safety answers were asked again today and still hold."))
    return redirect("screenings:result", pk)


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def urgent(request: PersonRequest, pk: UUID, consideration: str) -> HttpResponse:
    """Show what raised an urgent consideration and where help is; record what was done."""
    reading = visible(request, pk)
    row = reading.acknowledgements.get(consideration)
    if row is None:
        raise Http404
    initial = {"happened_at": timezone.now()}
    form = AcknowledgeForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.acknowledge_urgent(
            by=request.user,
            screening=reading.screening,
            consideration=consideration,
            done=form.cleaned_data["done"],
            told=form.told_words(),
            happened_at=form.cleaned_data["happened_at"],
        )
        return _after_acknowledging(request, pk, reading.screening)
    _record_read(request, reading.screening, "screening.read")
    context = _urgent_context(reading, row) | {"form": form}
    return render(request, "screenings/urgent.html", context, status=422 if form.errors else 200)


def _after_acknowledging(request: PersonRequest, pk: UUID, screening: Screening) -> HttpResponse:
    due = screening.acknowledgements.due().order_by("raised_at").first()
    if due is not None:
        return redirect("screenings:urgent", pk, due.consideration)
    messages.success(request, _("Recorded. It is part of the screening now, and of what is sent."))
    return redirect("screenings:show" if screening.is_open else "screenings:result", pk)


def _urgent_context(reading: Reading, row: Acknowledgement) -> dict[str, object]:
    consideration = reading.definition.consideration(row.consideration)
    state = reading.findings.considerations[consideration.key]
    return {
        **NAV,
        "reading": reading,
        "screening": reading.screening,
        "row": row,
        "consideration": consideration,
        "facts": _facts_at_raising(reading, row, consideration),
        "is_raised_now": state is ConsiderationState.RAISED,
        "safety": next((each for each in reading.definition.sections if each.key == SAFETY), None),
        "others": [
            reading.definition.consideration(key) for key in reading.urgent_due if key != consideration.key
        ],
    }


def _facts_at_raising(reading: Reading, row: Acknowledgement, consideration: Consideration) -> list[FactRead]:
    """Return the answers that raised it, as they were then."""
    then = FactReader(reading.definition, row.raised_by_answers, {})
    keys = [*facts_of(consideration.when), *(facts_of(consideration.unless) if consideration.unless else ())]
    facts = [then.question(key) for key in dict.fromkeys(keys)]
    gates = reading.gates
    return [fact for fact in facts if not fact.missing or gates.get(fact.key, True)]


def _result(
    request: PersonRequest, reading: Reading, forms: dict[str, JudgmentForm] | None = None
) -> HttpResponse:
    _record_read(request, reading.screening, "screening.read")
    context = _context(request, reading, forms or {})
    return render(request, "screenings/result.html", context, status=422 if forms else 200)


def _context(
    request: PersonRequest, reading: Reading, forms: dict[str, JudgmentForm] | None = None
) -> dict[str, object]:
    explanation, screening = reading.explanation, reading.screening
    may_judge = _is_own(request, screening)
    return {
        **NAV,
        "has_errors": bool(forms),
        "reading": reading,
        "screening": screening,
        "explanation": explanation,
        "levels": [(level, explanation.raised(level)) for level in Level],
        "not_assessed": explanation.in_state(ConsiderationState.NOT_ASSESSED),
        "not_raised": explanation.in_state(ConsiderationState.NOT_RAISED),
        "indications": [
            {
                "read": read,
                "judgment": reading.judgments.get(read.key),
                "form": _judgment_form(reading, read.key, forms or {}) if may_judge else None,
            }
            for read in explanation.indications
        ],
        "late": _late(reading),
        "blocks": blocks_of(reading),
        "judged": sum(read.key in reading.judgments for read in explanation.indications),
        "may_judge": may_judge,
        "may_sign": _may_sign(request, reading),
        "in_emergency": emergency.access_id(screening) is not None,
    }


def _judgment_form(reading: Reading, key: str, forms: dict[str, JudgmentForm]) -> JudgmentForm:
    if key in forms:
        return forms[key]
    judgment = reading.judgments.get(key)
    initial = {"view": judgment.view, "words": judgment.words} if judgment else {}
    return JudgmentForm(prefix=key, initial=initial)


def _late(reading: Reading) -> list[dict[str, object]]:
    """Return urgent considerations that were raised and whose answers were changed since: they stay due."""
    states = reading.findings.considerations
    return [
        {"title": reading.definition.consideration(key).title, "row": row}
        for key, row in reading.acknowledgements.items()
        if states.get(key) is not ConsiderationState.RAISED and row.settled_at is None
    ]


def _indication(reading: Reading, key: str) -> Indication:
    try:
        return reading.definition.indication(key)
    except KeyError:
        raise Http404 from None


def _is_own(request: PersonRequest, screening: Screening) -> bool:
    return Screening.objects.in_care_of(request.user).filter(pk=screening.pk).exists()


def _may_sign(request: PersonRequest, reading: Reading) -> bool:
    if not reading.needs_signature:
        return False
    return Screening.objects.signable_by(request.user).filter(pk=reading.screening.pk).exists()


def _result_url(pk: UUID) -> str:
    return reverse("screenings:result", args=[pk])


def _record_read(request: PersonRequest, screening: Screening, action: str) -> None:
    audit.record(action, by=request.user, of=screening, client=screening.client_id)
