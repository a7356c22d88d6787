"""A version as a therapist would meet it: its sections, with example answers that are stored nowhere."""

from dataclasses import dataclass
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
from screening.engine import Consideration, ConsiderationState, Definition, Section, evaluate, gates
from screening.explanation import IndicationRead, ScoreRead, explain
from screening.forms.html import panels_html
from screening.forms.previews import (
    CARRIED,
    EXAMPLE_AGE,
    FROM,
    Example,
    new_entry,
    tried,
    with_rest_as_no,
    without_entry,
)
from screening.forms.section import FormProblem, OpenEntry, SectionForm
from screening.models import Part2, QuestionnaireVersion
from screening.reading import AGE
from screening.views.versions import NAV, definition_of, read_version

DO, VIGNETTE, PART2 = ".do", "vignette", ".part2"


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
    context = {
        **NAV,
        "version": shown,
        "definition": definition,
        "vignette": vignette,
        "tasks": _tasks(shown, definition, example, vignette),
    }
    return render(request, "questionnaires/preview.html", context)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview_section(request: PersonRequest, pk: UUID, section: str) -> HttpResponse:
    """Show one section's form; what is sent shows what it opens, and is forgotten."""
    shown = read_version(request, pk, section=section)
    definition = definition_of(shown)
    part = _section(definition, section)
    if request.method != "POST":
        example = _example(definition, request.GET.get(VIGNETTE, ""))
        return _page(request, shown, example, example.form(definition, section))
    carried = Example.carried(definition, request.POST.get(CARRIED, ""))
    if carried is None:
        messages.error(request, _("The document was replaced meanwhile. Begin the preview again."))
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
    origin = _section(definition, request.POST.get(FROM, part.key))
    outcome = tried(definition, origin, carried, request.POST)
    if outcome.sent.errors or outcome.age_error:
        form = outcome.example.form(definition, origin.key)
        form.errors, form.open_entry = outcome.sent.errors, outcome.sent.open_entry
        form.typed = outcome.sent.typed
        return _page(request, shown, outcome.example, form, age_error=outcome.age_error)
    step, _colon, what = request.POST.get(DO, "").partition(":")
    example, opened = _done(definition, outcome.example, part, step, what)
    form = example.form(definition, part.key)
    form.open_entry = opened if opened or not _is_live(request) else outcome.sent.open_entry
    land = f"slot-{what.partition('.')[0]}" if step in ("add", "change", "remove", "done") else ""
    return _page(request, shown, example, form, land=land)


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
    example: Example,
    form: SectionForm,
    age_error: str = "",
    land: str = "",
) -> HttpResponse:
    definition, keys = form.definition, [section.key for section in form.definition.sections]
    here = keys.index(form.section.key)
    found = _found(definition, example)
    scores = [score for score in found.scores if score.section == form.section.key and score.items > 1]
    problems = [FormProblem("example-age", _("Age"), age_error)] if age_error else []
    problems += form.problems
    context = {
        **NAV,
        "version": shown,
        "section": form.section,
        "number": here + 1,
        "total": len(keys),
        "panels": panels_html(form, scores),
        "part2": request.POST.get(PART2, ""),
        "part2_choices": Part2.choices,
        "is_asked": any(form.is_shown(question.key) for question in form.section.questions),
        "carried": example.carry(definition),
        "age": _age(request, example, form),
        "age_errors": [age_error] if age_error else [],
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


def _is_live(request: PersonRequest) -> bool:
    """Return whether htmx asks, at each answer, for what the answer opens."""
    return request.headers.get("HX-Request") == "true"


def _age(request: PersonRequest, example: Example, form: SectionForm) -> str | None:
    """Return what stands in the example client's age; None where the section doesn't show it."""
    if all(question.key != AGE for question in form.section.questions):
        return None
    kept = str(example.answers.get(AGE, {}).get("value", ""))
    return request.POST.get(EXAMPLE_AGE, kept).replace("\x00", "")[:40]


def _example(definition: Definition, vignette: str) -> Example:
    """Return a vignette's answers, or a blank example where none is named."""
    found = Example.of_vignette(definition, vignette) if vignette else None
    return found or Example.blank(definition, timezone.localdate())


def _section(definition: Definition, key: str) -> Section:
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


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules find with an example's answers."""

    indications: tuple[IndicationRead, ...]
    scores: tuple[ScoreRead, ...]
    raised: list[Consideration]
    not_assessed: int


def _found(definition: Definition, example: Example) -> Found:
    findings = evaluate(definition, example.answers, example.as_of)
    explained = explain(definition, example.answers, findings, today=example.as_of)
    states = findings.considerations
    return Found(
        indications=explained.indications,
        scores=explained.scores,
        raised=[each for each in definition.considerations if states[each.key] is ConsiderationState.RAISED],
        not_assessed=list(states.values()).count(ConsiderationState.NOT_ASSESSED),
    )
