"""What stands around every page of the builder: undo, redo, unfinished input, how many problems there are."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, admin_required
from screening import actions
from screening.models import QuestionnaireVersion
from screening.review import review
from screening.views.building.bench import Bench, on_a_draft


@admin_required
@require_POST
@on_a_draft
def undo(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Take back the step that the button names."""
    return _taken_back(bench, actions.undo_change, _("Undone: %(words)s."))


@admin_required
@require_POST
@on_a_draft
def redo(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Do again what the button names."""
    return _taken_back(bench, actions.redo_change, _("Done again: %(words)s."))


@admin_required
@require_POST
@on_a_draft
def discard(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Forget what this person left unfinished at a place, and show what is stored."""
    place = request.POST.get("place", "")
    if place.isprintable():
        actions.drop_unfinished(by=request.user, version=bench.version, place=place)
    return redirect(_back(bench))


@admin_required
@require_safe
@on_a_draft
def problems(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Say how many problems the checks find in this draft, for the bar at the foot of the page."""
    checks = review(bench.definition).checks
    found = sum(not problem.warning for each in checks for problem in each.problems)
    return render(request, "builder/_problems.html", {"count": found, "version": bench.version})


def _taken_back(bench: Bench, action: Callable[..., QuestionnaireVersion], said: str) -> HttpResponse:
    sent = bench.request.POST.get("step", "")
    number = int(sent) if sent.isdecimal() and len(sent) < 9 else 0
    try:
        action(by=bench.request.user, version=bench.version, number=number)
    except actions.NotPossible as refusal:
        messages.error(bench.request, str(refusal))
    else:
        words = bench.version.revisions.filter(number=number).values_list("words", flat=True).first()
        messages.success(bench.request, said % {"words": words or ""})
    return redirect(_back(bench))


def _back(bench: Bench) -> str:
    """Return the page of the builder that the button stood on."""
    back = bench.request.POST.get("back", "")
    root = bench.address("build")
    return back if back.startswith(root) and url_has_allowed_host_and_scheme(back, None) else root
