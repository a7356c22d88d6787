"""When a question or a section is shown, and whom the questionnaire is for."""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, admin_required
from screening.editing import facts
from screening.editing.documents import (
    Document,
    Part,
    index_of,
    place_of,
    question_of,
    spot_of,
    with_question,
    with_section,
)
from screening.editing.rules import with_gate
from screening.forms.building.rules import GateForm, ScopeForm
from screening.views.building.bench import Bench, form_at, on_a_draft
from screening.views.building.rules import Task, answer

METHODS = ["GET", "HEAD", "POST"]


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def question_gate(request: PersonRequest, bench: Bench, question: str) -> HttpResponse:
    """Change when a question is shown."""
    part = question_of(bench.base, question)
    form = form_at(
        bench,
        GateForm,
        f"gate:{question}",
        definition=bench.definition,
        facts=facts.for_question(bench.definition, question),
        part=part,
    )
    form.place = _place(bench.base, question)

    def edit(document: Document) -> Document:
        return with_question(
            document, question, with_gate(question_of(document, question), form.conditions["shown_when"])
        )

    done = bench.address("build_question", question=question)
    return answer(bench, form, _task(f"gate:{question}", _("Question"), part["text"], done, edit))


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def section_gate(request: PersonRequest, bench: Bench, section: str) -> HttpResponse:
    """Change when a section is shown."""
    index = index_of(bench.base["sections"], section)
    part = bench.base["sections"][index]
    place = f"section-gate:{section}"
    readable = facts.for_section(bench.definition, section)
    form = form_at(bench, GateForm, place, definition=bench.definition, facts=readable, part=part)
    form.place = f"sections.{index}"

    def edit(document: Document) -> Document:
        here = index_of(document["sections"], section)
        gated = with_gate(document["sections"][here], form.conditions["shown_when"])
        return with_section(document, here, gated)

    done = bench.address("build_section", section=section)
    return answer(bench, form, _task(place, _("Section"), part["title"], done, edit))


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def scope(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Change whom the questionnaire is for."""
    part: Part | None = bench.base.get("scope")
    readable = facts.for_rules(bench.definition)
    form = form_at(bench, ScopeForm, "scope", definition=bench.definition, facts=readable, part=part)
    form.place = "scope"
    task = Task(
        place="scope",
        tab="indications",
        heading=_("Whom it is for"),
        eyebrow=_("Where this isn’t true, every outcome is “not enough information”."),
        words=_("changed the scope"),
        done=bench.address("build_indications"),
        edit=lambda document: {**document, "scope": form.result()},
    )
    return answer(bench, form, task)


def _task(place: str, eyebrow: str, title: str, done: str, edit: Callable[[Document], Document]) -> Task:
    return Task(
        place=place,
        tab="sections",
        heading=_("When is it shown?"),
        eyebrow=f"{eyebrow}: {title}",
        words=_("changed when “%(what)s” is shown") % {"what": title[:200]},
        done=done,
        edit=edit,
    )


def _place(document: Document, key: str) -> str:
    spot = spot_of(document, key)
    inner = "" if spot.inner is None else f".entry.{place_of(spot)}"
    return f"sections.{spot.section}.questions.{spot.question}{inner}"
