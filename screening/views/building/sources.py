"""Sources in the builder."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, admin_required
from screening.editing.documents import Document, index_of
from screening.editing.rules import uses_of_source, with_item
from screening.forms.building.rules import keys_in
from screening.forms.building.sources import SourceForm
from screening.views.building.bench import Bench, form_at, on_a_draft
from screening.views.building.rules import Line, Task, answer, count_at, list_page, problems_of
from screening.views.building.uses import shown_uses

METHODS = ["GET", "HEAD", "POST"]
NAME = "sources"


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def sources(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Show the sources; move one, or delete one that no rule rests on."""
    problems = problems_of(bench)
    lines = [
        Line(
            each["key"],
            each["citation"],
            each["strength"],
            bench.address("build_source", source=each["key"]),
            count_at(problems, f"{NAME}.{index}"),
        )
        for index, each in enumerate(bench.document[NAME])
    ]
    add_url = bench.address("build_new_source")
    return list_page(bench, NAME, lines, heading=_("Sources"), add_url=add_url, add=_("Add a source"))


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def source(request: PersonRequest, bench: Bench, source: str) -> HttpResponse:
    """Change a source, with what rests on it."""
    return _form(bench, source)


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def new_source(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Add a source."""
    return _form(bench, None)


def _form(bench: Bench, key: str | None) -> HttpResponse:
    index = index_of(bench.base[NAME], key) if key is not None else -1
    part = bench.base[NAME][index] if key is not None else None
    place = f"source:{key}" if key is not None else "new-source"
    form = form_at(bench, SourceForm, place, part=part)
    form.place = f"{NAME}.{index}" if part else ""

    def edit(document: Document) -> Document:
        return with_item(document, NAME, key, form.result(keys_in(document, NAME)))

    task = Task(
        place=place,
        tab=NAME,
        heading=_("Source") if part else _("Add a source"),
        eyebrow=_("A source that is worded anew has to be verified anew."),
        words=_("changed the source “%(what)s”") % {"what": key} if part else _("added a source"),
        done=bench.address("build_sources"),
        edit=edit,
        template="builder/source.html",
    )
    rests = shown_uses(bench, tuple(uses_of_source(bench.document, key))) if key is not None else ()
    return answer(bench, form, task, key=key, rests=rests)
