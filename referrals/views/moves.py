"""The moves, each on a page of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest
from privacy import audit
from referrals import actions
from referrals.actions.taking import IN_EMERGENCY
from referrals.deciding import BY_NAME, is_permitted
from referrals.forms.moves import MoveForm
from referrals.models import Referral
from referrals.move_pages import PAGES, MovePage
from referrals.reading import today_for
from referrals.views import loading
from referrals.views.threads import context_of, either_side
from screening import emergency


@either_side
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PersonRequest, pk: UUID, name: str) -> HttpResponse:
    """Show a move's form, and take the move; the wrong side is refused, the wrong moment explained."""
    if name not in PAGES:
        raise Http404
    referral = loading.visible(request, pk)
    page, side = PAGES[name], referral.side_of(request.user)
    if side not in BY_NAME[name].by or (emergency.access_id(referral) and name not in IN_EMERGENCY):
        raise PermissionDenied
    if request.method == "POST" and _came_before(request, referral, name):
        return _after(referral, name)
    form = page.form(request.POST or None, referral=referral, user=request.user)
    if request.method == "POST" and form.is_valid():
        return _take(request, referral, name, page, form)
    if not is_permitted(name, referral.position(today_for(referral)), side) and request.method != "POST":
        return _too_late(request, referral, page)
    return _show(request, referral, name, page, form, 422 if form.errors else 200)


def _take(
    request: PersonRequest, referral: Referral, name: str, page: MovePage, form: MoveForm
) -> HttpResponse:
    try:
        page.act(by=request.user, referral=referral, **form.values())
    except actions.AlreadyReferred as already:
        return redirect("referrals:show", already.referral.pk)
    except actions.NotPossible as refused:
        form.add_error(None, str(refused))
        return _show(request, referral, name, page, form, 409)
    messages.success(request, str(page.done))
    return _after(referral, name)


def _came_before(request: PersonRequest, referral: Referral, name: str) -> bool:
    """Return whether this very form was taken already: a double click, a retry or the back button."""
    try:
        key = UUID(request.POST.get("form_key", ""))
    except ValueError:
        return False
    return referral.events.filter(move=name, form_key=key).exists()


def _after(referral: Referral, name: str) -> HttpResponse:
    match name:
        case "refer_elsewhere":
            return redirect("referrals:choose_again", referral.referred_on.latest("created_at").pk)
        case "open":
            return redirect("inbox:show", referral.pk)
        case "discard":
            return redirect("referrals:list")
    return redirect("referrals:show", referral.pk)


def _show(
    request: PersonRequest, referral: Referral, name: str, page: MovePage, form: MoveForm, status: int
) -> HttpResponse:
    audit.record("referral.read", by=request.user, of=referral, client=referral.client_id)
    context: dict[str, Any] = context_of(request.user, referral) | {"page": page, "name": name, "form": form}
    return render(request, "referrals/move.html", context, status=status)


def _too_late(request: PersonRequest, referral: Referral, page: MovePage) -> HttpResponse:
    audit.record("referral.read", by=request.user, of=referral, client=referral.client_id)
    context = context_of(request.user, referral) | {"page": page}
    return render(request, "referrals/too_late.html", context, status=409)
