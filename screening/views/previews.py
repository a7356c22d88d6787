"""A version as a therapist would meet it: its sections, with example answers that are stored nowhere."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, admin_required
from screening.engine import Definition, Section, gates
from screening.explanation.live import find
from screening.forms.html import panels_html
from screening.forms.previews import (
    AS_OF,
    CARRIED,
    EXAMPLE_AGE,
    FROM,
    Example,
    Tried,
    new_entry,
    tried,
    with_rest_as_no,
    without_entry,
)
from screening.forms.section import FormProblem, OpenEntry
from screening.lacking import example_of, lacking
from screening.models import Part2, QuestionnaireVersion
from screening.reading import AGE
from screening.verifications import verification_of
from screening.views.examples import ask
from screening.views.versions import NAV, definition_of, read_version

DO, VIGNETTE, PART2 = ".do", "vignette", ".part2"
# A state of a criterion that the preview begins with an example of.
STATE = "state"
# The vignette that is picked on a section's page.
PICKED = ".vignette"


@dataclass(frozen=True, slots=True)
class Task:
    """A section in the list, as components/tasklist.html shows it."""

    key: str
    url: str
    title: str
    help: str
    state: str
    tag: str = ""
    is_complete: bool = False


@admin_required
@require_safe
def preview(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show the list of sections, and offer the vignettes' answers to begin with."""
    shown = read_version(request, pk)
    definition = definition_of(shown)
    vignette = request.GET.get(VIGNETTE, "")
    example = _example(definition, vignette)
    standing = verification_of(shown)
    context = {
        **NAV,
        "version": shown,
        "definition": definition,
        "vignette": vignette,
        "tasks": _tasks(shown, definition, example, vignette),
        "lacking": lacking(definition, standing.report if standing else None),
    }
    return render(request, "questionnaires/preview.html", context)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview_section(request: PersonRequest, pk: UUID, section: str) -> HttpResponse:
    """Show one section's form with what the rules find; what is sent stays with the page alone."""
    shown = read_version(request, pk, section=section)
    definition = definition_of(shown)
    part = section_of(definition, section)
    if request.method != "POST":
        example = _begun(request, shown, definition)
        return _page(request, shown, Tried(example, example.form(definition, section)))
    carried = Example.carried(definition, request.POST.get(CARRIED, ""))
    if carried is None:
        messages.error(request, _("These example answers weren’t made here. Begin the preview again."))
        return redirect("questionnaires:preview", pk)
    return _after(request, shown, definition, carried, part)


def _after(
    request: PersonRequest,
    shown: QuestionnaireVersion,
    definition: Definition,
    carried: Example,
    part: Section,
) -> HttpResponse:
    """Answer what was sent: the section asked for, or, with a wrong answer, the one it was sent from."""
    step, _colon, what = request.POST.get(DO, "").partition(":")
    if step in ("clear", "use"):
        begun = _example(definition, request.POST.get(PICKED, "") if step == "use" else "")
        return _page(request, shown, Tried(begun, begun.form(definition, part.key)), before=carried)
    origin = section_of(definition, request.POST.get(FROM, part.key))
    outcome = tried(definition, origin, carried, request.POST)
    if outcome.is_wrong:
        form = outcome.example.form(definition, origin.key)
        form.errors, form.open_entry = outcome.sent.errors, outcome.sent.open_entry
        form.typed = outcome.sent.typed
        return _page(request, shown, replace(outcome, sent=form), before=carried)
    if step == "vignette":
        return ask(request, shown, definition, outcome.example)
    example, opened = _done(definition, outcome.example, part, step, what)
    form = example.form(definition, part.key)
    form.open_entry = opened if opened or not _is_live(request) else outcome.sent.open_entry
    land = f"slot-{what.partition('.')[0]}" if step in ("add", "change", "remove", "done") else ""
    return _page(request, shown, Tried(example, form), before=carried, land=land)


def _done(
    definition: Definition, example: Example, part: Section, step: str, what: str
) -> tuple[Example, OpenEntry | None]:
    """Do what the section's own buttons do: open, change or remove an entry, mark a grid's rest as No."""
    entry = OpenEntry.parse(what, part)
    adding = OpenEntry.parse(f"{what}.0", part)
    match step:
        case "add" if adding is not None:
            return example, new_entry(example, what)
        case "change":
            return example, entry
        case "remove" if entry is not None:
            return without_entry(example, entry), None
        case "mark":
            return with_rest_as_no(definition, example, what), None
    return example, None


def _page(
    request: PersonRequest,
    shown: QuestionnaireVersion,
    outcome: Tried,
    before: Example | None = None,
    land: str = "",
) -> HttpResponse:
    form, example = outcome.sent, outcome.example
    definition, keys = form.definition, [section.key for section in form.definition.sections]
    here = keys.index(form.section.key)
    found = find(definition, example, before)
    scores = [
        score for score in found.explained.scores if score.section == form.section.key and score.items > 1
    ]
    problems = _own_problems(outcome) + form.problems
    context = {
        **NAV,
        "version": shown,
        "definition": definition,
        "section": form.section,
        "number": here + 1,
        "total": len(keys),
        "panels": panels_html(form, scores),
        "part2": request.POST.get(PART2, ""),
        "part2_choices": Part2.choices,
        "is_asked": any(form.is_shown(question.key) for question in form.section.questions),
        "carried": example.carry(definition),
        "answered": example.answered,
        "picked": request.POST.get(PICKED, ""),
        "age": _age(request, outcome),
        "age_errors": [outcome.age_error] if outcome.age_error else [],
        "day": typed(request, AS_OF) if outcome.day_error else example.as_of.strftime("%m/%d/%Y"),
        "day_errors": [outcome.day_error] if outcome.day_error else [],
        "problems": problems,
        # While somebody types, what is wrong stands at its question alone.
        "has_errors": bool(problems) and not _is_live(request),
        "land": land,
        "tasks": _tasks(shown, definition, example),
        "next": definition.sections[here + 1] if here + 1 < len(keys) else None,
        "found": found,
    }
    status = 422 if problems and not _is_live(request) else 200
    return render(request, "questionnaires/preview_section.html", context, status=status)


def _own_problems(outcome: Tried) -> list[FormProblem]:
    """Return what is wrong in the fields that only a preview has."""
    pairs = (("example-age", _("Age"), outcome.age_error), ("example-day", _("As of"), outcome.day_error))
    return [FormProblem(target, label, text) for target, label, text in pairs if text]


def typed(request: PersonRequest, name: str) -> str:
    """Return what was typed into one of the preview's own fields, as far as it is shown again."""
    return request.POST.get(name, "").replace("\x00", "")[:40]


def _is_live(request: PersonRequest) -> bool:
    """Return whether htmx asks, at each answer, for what the answer opens."""
    return request.headers.get("HX-Request") == "true"


def _age(request: PersonRequest, outcome: Tried) -> str | None:
    """Return what stands in the example client's age; None where the section doesn't show it."""
    if all(question.key != AGE for question in outcome.sent.section.questions):
        return None
    if outcome.age_error:
        return typed(request, EXAMPLE_AGE)
    return str(outcome.example.answers.get(AGE, {}).get("value", ""))


def _begun(request: PersonRequest, shown: QuestionnaireVersion, definition: Definition) -> Example:
    """Return what a preview begins with: a state's example, a vignette's answers, or nothing."""
    state = request.GET.get(STATE, "")
    standing = verification_of(shown) if state else None
    found = example_of(definition, standing.report, state) if standing else None
    return found or _example(definition, request.GET.get(VIGNETTE, ""))


def _example(definition: Definition, vignette: str) -> Example:
    """Return a vignette's answers, or a blank example where none is named."""
    found = Example.of_vignette(definition, vignette) if vignette else None
    return found or Example.blank(definition, timezone.localdate())


def section_of(definition: Definition, key: str) -> Section:
    """Return a section of the document; one that it hasn't is missing."""
    try:
        return definition.section(key)
    except KeyError:
        raise Http404 from None


def _tasks(
    shown: QuestionnaireVersion, definition: Definition, example: Example, vignette: str = ""
) -> list[Task]:
    asked = gates(definition, example.answers, example.as_of)
    query = f"?{VIGNETTE}={vignette}" if vignette else ""
    return [
        Task(
            key=section.key,
            url=reverse("questionnaires:preview_section", args=[shown.pk, section.key]) + query,
            title=section.title,
            help=section.help or "",
            state=_state(sum(bool(asked.get(question.key)) for question in section.questions)),
        )
        for section in definition.sections
    ]


def _state(shown: int) -> str:
    if not shown:
        return _("Not asked")
    return ngettext("%(n)d question", "%(n)d questions", shown) % {"n": shown}
