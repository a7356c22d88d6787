"""Handing a caseload over: whose, what there is, who takes it; what was handed over, and ending a cover."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, allow, duty_required, signed_in_again
from accounts.models import Duty, User
from desk.hand_overs.forms import ABOVE, STAYS, HandOverForm, field_of
from privacy import audit
from referrals import actions
from referrals.caseloads import MOST, Held, Unit, caseload, held_by_each
from referrals.covering import what_in_words
from referrals.models import HandOver

NAV = {"nav": "people"}
SHOWN = 50

leads = duty_required(Duty.LEAD)


@require_safe
@leads
def hand_overs(request: PersonRequest) -> HttpResponse:
    """Show what each colleague holds, who covers for whom now, and what was handed over before."""
    held = held_by_each(request.user)
    colleagues = User.objects.visible_to(request.user).order_by("name", "pk")
    rows = HandOver.objects.visible_to(request.user).with_people().order_by("-at", "pk")[:SHOWN]
    shown = [(each, held.get(each.pk, Held())) for each in colleagues if each.is_active or each.pk in held]
    context = {**NAV, "colleagues": shown, "made": [(made, _takers(made)) for made in rows]}
    return render(request, "hand_overs/list.html", context)


def _takers(made: HandOver) -> list[tuple[User, str]]:
    """Return who took what."""
    by_person: dict[UUID, list[Any]] = {}
    for part in made.parts.all():
        by_person.setdefault(part.to_id, []).append(part)
    return [(parts[0].to, what_in_words(parts)) for parts in by_person.values()]


@require_http_methods(["GET", "HEAD", "POST"])
@leads
@signed_in_again
def hand_over(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show a colleague's caseload and hand over all or some of it, in one act."""
    people = User.objects.visible_to(request.user).select_related("organization")
    person = get_object_or_404(people, pk=pk)
    if _came_before(request):
        return redirect("desk:hand_overs")
    units = caseload(request.user, person)
    form = _form(request, person, units)
    if form.is_valid():
        try:
            made = actions.hand_over(by=request.user, person=person, **form.values())
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _done(made))
            return redirect("desk:hand_overs")
    clients = sorted({unit.client for unit in units if unit.client})
    audit.record(
        "caseload.read", by=request.user, owner=person.organization_id, person=person.pk, clients=clients
    )
    context = {**NAV, "person": person, "form": form, "units": units, "is_cut": len(units) >= MOST}
    return render(request, "hand_overs/hand_over.html", context, status=_status(form))


@require_POST
@allow(lambda person: person.is_therapist or person.is_provider)
def end_cover(request: PersonRequest, pk: UUID) -> HttpResponse:
    """End a cover before its time, because the person is back."""
    made = get_object_or_404(HandOver.objects.visible_to(request.user), pk=pk)
    try:
        actions.end_cover(by=request.user, hand_over=made)
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The cover has ended. Those who covered are told."))
    return redirect("desk:hand_overs" if request.user.has_duty(Duty.LEAD) else "desk:home")


def _came_before(request: PersonRequest) -> bool:
    """Return whether this very form was taken already: a double click, a retry or the back button."""
    try:
        key = UUID(request.POST.get("form_key", ""))
    except ValueError:
        return False
    return HandOver.objects.visible_to(request.user).filter(form_key=key).exists()


def _form(request: PersonRequest, person: User, units: list[Unit]) -> HandOverForm:
    colleagues = User.objects.visible_to(request.user).active().order_by("name", "pk")
    return HandOverForm(
        request.POST if request.method == "POST" else None,
        person=person,
        units=units,
        colleagues=colleagues,
        initial=_back(request, person, units),
    )


def _back(request: PersonRequest, person: User, units: list[Unit]) -> dict[str, Any]:
    """Return the choices that give back what the person took: the same page undoes a hand-over."""
    try:
        key = UUID(request.GET.get("back", ""))
    except ValueError:
        return {}
    made = HandOver.objects.visible_to(request.user).filter(pk=key).first()
    if made is None:
        return {}
    taken = made.parts.filter(to=person)
    records = {each.client_id or each.referral_id for each in taken}
    rows = {field_of(unit): ABOVE if unit.record in records else STAYS for unit in units}
    return {"kind": made.kind, "everyone": str(made.person_id), **rows}


def _done(made: HandOver) -> str:
    count = made.parts.count()
    words = ngettext(
        "%(n)d thing of %(name)s’s caseload is handed over. Those concerned are told.",
        "%(n)d things of %(name)s’s caseload are handed over. Those concerned are told.",
        count,
    )
    return words % {"n": count, "name": made.person.name}


def _status(form: HandOverForm) -> int:
    if not form.errors:
        return 200
    return 409 if form.has_error("__all__") else 422
