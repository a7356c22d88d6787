"""Considerations in the builder: what is raised, when, and what is said then."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, admin_required
from screening.editing import facts
from screening.editing.documents import Document, index_of
from screening.editing.rules import with_item
from screening.forms.building.rules import ConsiderationForm, keys_in
from screening.views.building.bench import Bench, form_at, on_a_draft
from screening.views.building.rules import Line, Task, answer, count_at, list_page, problems_of

METHODS = ["GET", "HEAD", "POST"]
NAME = "considerations"


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def considerations(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Show the considerations; move or delete one."""
    problems = problems_of(bench)
    levels = {
        "urgent": _("Urgent"),
        "discuss": _("Discuss with the provider before sending"),
        "inform": _("For information"),
    }
    lines = [
        Line(
            each["key"],
            each["title"],
            levels[each["level"]],
            bench.address("build_consideration", consideration=each["key"]),
            count_at(problems, f"{NAME}.{index}"),
        )
        for index, each in enumerate(bench.document[NAME])
    ]
    add_url = bench.address("build_new_consideration")
    return list_page(
        bench, NAME, lines, heading=_("Considerations"), add_url=add_url, add=_("Add a consideration")
    )


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def consideration(request: PersonRequest, bench: Bench, consideration: str) -> HttpResponse:
    """Change a consideration."""
    return _form(bench, consideration)


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def new_consideration(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Add a consideration."""
    return _form(bench, None)


def _form(bench: Bench, key: str | None) -> HttpResponse:
    index = index_of(bench.base[NAME], key) if key is not None else -1
    part = bench.base[NAME][index] if key is not None else None
    place = f"consideration:{key}" if key is not None else "new-consideration"
    readable = facts.for_rules(bench.definition)
    form = form_at(bench, ConsiderationForm, place, definition=bench.definition, facts=readable, part=part)
    form.place = f"{NAME}.{index}" if part else ""

    def edit(document: Document) -> Document:
        return with_item(document, NAME, key, form.result(keys_in(document, NAME)))

    what = part["title"] if part else ""
    task = Task(
        place=place,
        tab=NAME,
        heading=what or _("Add a consideration"),
        eyebrow=_("It never changes an outcome, and no outcome hides it."),
        words=_("changed “%(what)s”") % {"what": what[:200]} if what else _("added a consideration"),
        done=bench.address("build_considerations"),
        edit=edit,
    )
    return answer(bench, form, task, key=key)
