"""Scores in the builder."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, admin_required
from screening.editing.documents import Document, index_of
from screening.editing.keys import fact_keys
from screening.editing.rules import with_item
from screening.forms.building.scores import ScoreForm
from screening.views.building.bench import Bench, form_at, on_a_draft
from screening.views.building.rules import Line, Task, answer, count_at, list_page, problems_of

METHODS = ["GET", "HEAD", "POST"]
NAME = "scores"


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def scores(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Show the scores; move one, or delete one that nothing reads."""
    problems = problems_of(bench)
    lines = [
        Line(
            each["key"],
            each["title"],
            ngettext("%(n)d question.", "%(n)d questions.", len(each["of"])) % {"n": len(each["of"])},
            bench.address("build_score", score=each["key"]),
            count_at(problems, f"{NAME}.{index}"),
        )
        for index, each in enumerate(bench.document[NAME])
    ]
    add_url = bench.address("build_new_score")
    return list_page(bench, NAME, lines, heading=_("Scores"), add_url=add_url, add=_("Add a score"))


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def score(request: PersonRequest, bench: Bench, score: str) -> HttpResponse:
    """Change a score."""
    return _form(bench, score)


@admin_required
@require_http_methods(METHODS)
@on_a_draft
def new_score(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Add a score."""
    return _form(bench, None)


def _form(bench: Bench, key: str | None) -> HttpResponse:
    index = index_of(bench.base[NAME], key) if key is not None else -1
    part = bench.base[NAME][index] if key is not None else None
    place = f"score:{key}" if key is not None else "new-score"
    form = form_at(bench, ScoreForm, place, definition=bench.definition, part=part)
    form.place = f"{NAME}.{index}" if part else ""

    def edit(document: Document) -> Document:
        return with_item(document, NAME, key, form.result(fact_keys(document)))

    what = part["title"] if part else ""
    task = Task(
        place=place,
        tab=NAME,
        heading=what or _("Add a score"),
        eyebrow=_("A missing answer makes a score an interval; nothing is filled in."),
        words=_("changed “%(what)s”") % {"what": what[:200]} if what else _("added a score"),
        done=bench.address("build_scores"),
        edit=edit,
        template="builder/score.html",
    )
    return answer(bench, form, task, key=key)
