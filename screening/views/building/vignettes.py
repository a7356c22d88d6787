"""Vignettes in the builder: what the rules must find in example answers, beside what they find now."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, admin_required
from screening.editing.documents import Document, index_of, part_of
from screening.editing.rules import with_item
from screening.engine import Findings, VignetteResult, run_vignettes
from screening.forms.building.vignettes import VignetteForm, outcome_words, state_words
from screening.views.building.bench import Bench, form_at, on_a_draft, pressed
from screening.views.building.rules import DO, Line, Task, answer, list_page

METHODS = ["GET", "HEAD", "POST"]
NAME = "vignettes"
TAKE = "take"


@dataclass(frozen=True, slots=True)
class Difference:
    """One finding: what the vignette expects, and what the rules find now; "" where nothing is expected."""

    title: str
    expected: str
    found: str


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def vignettes(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Show the vignettes and whether each finds what it expects; move or delete one."""
    lines = [
        Line(
            result.vignette.key,
            result.vignette.title,
            _("As expected.") if result.agrees else _("It finds something else than it expects."),
            bench.address("build_vignette", vignette=result.vignette.key),
            len(result.problems),
        )
        for result in run_vignettes(bench.definition)
    ]
    return list_page(
        bench,
        NAME,
        lines,
        heading=_("Vignettes"),
        add_url=bench.address("preview"),
        add=_("Add one from the preview"),
    )


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def vignette(request: PersonRequest, bench: Bench, vignette: str) -> HttpResponse:
    """Change what a vignette expects, or take what the rules find now."""
    place = f"vignette:{vignette}"
    part = part_of(bench.base[NAME], vignette)
    here = index_of(bench.document[NAME], vignette)
    result = run_vignettes(bench.definition)[here]
    if request.method == "POST" and request.POST.get(DO) == TAKE and result.findings is not None:
        return _take(bench, vignette, result.findings)
    form = form_at(bench, VignetteForm, place, definition=bench.definition, part=part)
    form.place = f"{NAME}.{index_of(bench.base[NAME], vignette)}"

    def edit(document: Document) -> Document:
        return with_item(document, NAME, vignette, form.result(part_of(document[NAME], vignette)))

    task = Task(
        place=place,
        tab=NAME,
        heading=part["title"],
        eyebrow=_("Vignette"),
        words=_("changed “%(what)s”") % {"what": part["title"][:200]},
        done=bench.address("build_vignettes"),
        edit=edit,
        template="builder/vignette.html",
    )
    context = {"key": vignette, "answered": len(part["answers"]), "can_take": result.findings is not None}
    return answer(bench, form, task, differences=list(_differences(bench, result)), **context)


def _take(bench: Bench, key: str, findings: Findings) -> HttpResponse:
    """Expect of everything what the rules find now."""
    expect = {
        "indications": {name: found.outcome.value for name, found in findings.indications.items()},
        "considerations": {name: state.value for name, state in findings.considerations.items()},
    }

    def edit(document: Document) -> Document:
        return with_item(document, NAME, key, {**part_of(document[NAME], key), "expect": expect})

    words = _("took what the rules find as expected of “%(what)s”") % {
        "what": part_of(bench.base[NAME], key)["title"][:200]
    }
    if pressed(bench, edit, words=words):
        messages.success(bench.request, _("Saved. The vignette expects now what the rules find."))
    return redirect(bench.request.path)


def _differences(bench: Bench, result: VignetteResult) -> Iterator[Difference]:
    """Return where what is found isn't what is expected, and what nothing was expected of."""
    if result.findings is None:
        return
    outcomes, states = dict(outcome_words()), dict(state_words())
    for indication in bench.definition.indications:
        expected = result.vignette.indications.get(indication.key)
        found = result.findings.indications[indication.key].outcome
        if expected != found:
            yield Difference(indication.title, outcomes.get(expected or "", ""), outcomes[found])
    for consideration in bench.definition.considerations:
        awaited = result.vignette.considerations.get(consideration.key)
        state = result.findings.considerations[consideration.key]
        if awaited != state:
            yield Difference(consideration.title, states.get(awaited or "", ""), states[state])
