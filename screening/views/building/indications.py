"""Indications in the builder: their criteria, and the lines that are printed with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, admin_required
from screening.editing import facts
from screening.editing.documents import Document, index_of, part_of
from screening.editing.rules import (
    moved_criterion,
    with_criterion,
    with_item,
    without_criterion,
)
from screening.forms.building.indications import IndicationForm
from screening.forms.building.rules import CriterionForm, NewIndicationForm, keys_in
from screening.views.building.bench import Bench, form_at, on_a_draft, page, pressed
from screening.views.building.rules import DO, Line, Task, answer, count_at, moved_or_deleted, problems_of

METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class IndicationLine:
    """An indication with its criteria, as the list shows them."""

    line: Line
    notes: str
    criteria: tuple[Line, ...]


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def indications(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Show the indications and their criteria; move or delete one."""
    if request.method == "POST":
        titles = {each["key"]: each["title"] for each in bench.base["indications"]}
        if not moved_or_deleted(bench, "indications", titles):
            _criterion_button(bench)
        return redirect(bench.address("build_indications"))
    return page(bench, "builder/indications.html", "indications", lines=list(_lines(bench)))


def _lines(bench: Bench) -> Iterator[IndicationLine]:
    problems = problems_of(bench)
    for index, found in enumerate(bench.document["indications"]):
        place, key = f"indications.{index}", found["key"]
        notes, url = len(found["notes"]), bench.address("build_indication", indication=key)
        criteria = tuple(
            Line(
                f"{key}:{each['key']}",
                each["statement"],
                _("The provider judges where it is not met.") if "if_not_met" in each else "",
                bench.address("build_criterion", indication=key, criterion=each["key"]),
                count_at(problems, f"{place}.criteria.{number}"),
            )
            for number, each in enumerate(found["criteria"])
        )
        line = Line(key, found["title"], "", url, count_at(problems, place))
        said = ngettext("%(n)d line of evidence", "%(n)d lines of evidence", notes) % {"n": notes}
        yield IndicationLine(line, said, criteria)


def _criterion_button(bench: Bench) -> None:
    """Move or delete a criterion ("up:INDICATION:KEY")."""
    step, _colon, keys = bench.request.POST.get(DO, "").partition(":")
    indication, _colon, key = keys.partition(":")
    found = part_of(part_of(bench.base["indications"], indication)["criteria"], key)
    names = {"what": found["statement"][:200]}
    match step:
        case "up" | "down":
            by = -1 if step == "up" else 1
            words = _("moved “%(what)s”") % names
            pressed(bench, lambda document: moved_criterion(document, indication, key, by), words=words)
        case "delete":
            words = _("deleted “%(what)s”") % names
            pressed(bench, lambda document: without_criterion(document, indication, key), words=words)


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def indication(request: PersonRequest, bench: Bench, indication: str) -> HttpResponse:
    """Change an indication's title, and the lines that are always printed with it."""
    part = part_of(bench.base["indications"], indication)
    place = f"indication:{indication}"
    form = form_at(bench, IndicationForm, place, definition=bench.definition, part=part)
    form.place = f"indications.{index_of(bench.base['indications'], indication)}"
    task = Task(
        place=place,
        tab="indications",
        heading=part["title"],
        eyebrow=_("Indication"),
        words=_("changed “%(what)s”") % {"what": part["title"][:200]},
        done=bench.address("build_indications"),
        edit=lambda document: with_item(
            document, "indications", indication, form.result(part_of(document["indications"], indication))
        ),
        template="builder/indication.html",
    )
    return answer(bench, form, task, key=indication)


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def new_indication(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Add an indication with its first criterion."""
    form = form_at(bench, NewIndicationForm, "new-indication", **_rule(bench), part=None)
    task = Task(
        place="new-indication",
        tab="indications",
        heading=_("Add an indication"),
        eyebrow=_("An indication begins with one criterion. More are added afterwards."),
        words=_("added an indication"),
        done=bench.address("build_indications"),
        edit=lambda document: with_item(
            document, "indications", None, form.indication(keys_in(document, "indications"))
        ),
    )
    return answer(bench, form, task)


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def criterion(request: PersonRequest, bench: Bench, indication: str, criterion: str) -> HttpResponse:
    """Change a criterion."""
    around = part_of(bench.base["indications"], indication)
    number = index_of(around["criteria"], criterion)
    part, place = around["criteria"][number], f"criterion:{indication}:{criterion}"
    form = form_at(bench, CriterionForm, place, **_rule(bench), part=part)
    form.place = f"indications.{index_of(bench.base['indications'], indication)}.criteria.{number}"
    heading = _("Criterion %(number)d of %(all)d") % {"number": number + 1, "all": len(around["criteria"])}

    def edit(document: Document) -> Document:
        return with_criterion(document, indication, criterion, form.result(()))

    words = _("changed “%(what)s”") % {"what": part["statement"][:200]}
    return answer(
        bench, form, _criterion_task(bench, place, around["title"], heading, words, edit), key=criterion
    )


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def new_criterion(request: PersonRequest, bench: Bench, indication: str) -> HttpResponse:
    """Add a criterion to an indication."""
    around, place = part_of(bench.base["indications"], indication), f"new-criterion:{indication}"
    form = form_at(bench, CriterionForm, place, **_rule(bench), part=None)

    def edit(document: Document) -> Document:
        criteria = part_of(document["indications"], indication)["criteria"]
        made = form.result([each["key"] for each in criteria])
        return with_criterion(document, indication, None, made)

    words = _("added a criterion to “%(what)s”") % {"what": around["title"][:200]}
    task = _criterion_task(bench, place, around["title"], _("Add a criterion"), words, edit)
    return answer(bench, form, task)


def _rule(bench: Bench) -> dict[str, Any]:
    return {"definition": bench.definition, "facts": facts.for_rules(bench.definition)}


def _criterion_task(bench: Bench, place: str, title: str, heading: str, words: str, edit: Any) -> Task:
    return Task(
        place=place,
        tab="indications",
        heading=heading,
        eyebrow=_("Indication: %(title)s") % {"title": title},
        words=words,
        done=bench.address("build_indications"),
        edit=edit,
    )
