"""One's sessions: how long this one still lasts, the list of all, and ending them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.access import PersonRequest, signed_in
from accounts.limits import is_no_input
from accounts.models import Session
from accounts.sessions import SessionStore


@require_safe
@is_no_input
def status(request: HttpRequest) -> HttpResponse:
    """Tell a page how long its session lasts, whose it is, and its token; asking prolongs nothing."""
    return JsonResponse(_status(request))


@require_POST
@signed_in
def stay(request: PersonRequest) -> HttpResponse:
    """Take a press on "Stay signed in", a key or a click as input; the stamp is already written."""
    return JsonResponse(_status(request))


def _status(request: HttpRequest) -> dict[str, object]:
    session = request.session
    if not request.user.is_authenticated or not isinstance(session, SessionStore):
        return {"left": 0, "why": getattr(session, "ended", "")}
    return {
        "left": session.seconds_left,
        "final": session.ends_for_good,
        "person": str(request.user.pk),
        "token": get_token(request),
    }


@require_safe
@signed_in
def show(request: PersonRequest) -> HttpResponse:
    """List where one is signed in."""
    context = {"sessions": Session.objects.visible_to(request.user), "here": _id_of(request)}
    return render(request, "account/sessions.html", context)


@require_POST
@signed_in
def end(request: PersonRequest, pk: object) -> HttpResponse:
    """End one of one's own sessions; this one is signed out like by the menu."""
    session = get_object_or_404(Session.objects.visible_to(request.user), id=pk)
    if session.id == _id_of(request):
        return redirect("account_logout")
    actions.end_session(by=request.user, session=session)
    messages.success(request, _("That session has ended. Whoever used it has to sign in again."))
    return redirect("sessions:show")


@require_POST
@signed_in
def end_others(request: PersonRequest) -> HttpResponse:
    """End every session of one's own but this one."""
    ended = actions.end_other_sessions(by=request.user, but=_id_of(request))
    said = ngettext("%(number)d other session has ended.", "%(number)d other sessions have ended.", ended)
    messages.success(request, said % {"number": ended})
    return redirect("sessions:show")


def _id_of(request: HttpRequest) -> UUID:
    session = request.session
    if not isinstance(session, SessionStore) or session.row is None:
        raise TypeError("Somebody signed in has a row in accounts.Session.")
    return session.row.id
