"""What the pages of rules share: a form with conditions that is changed button by button, then stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from screening import actions
from screening.editing.documents import Document, Refused
from screening.editing.rules import moved_item, without_item
from screening.engine import Problem
from screening.forms.building.edits import EditForm, keepable
from screening.forms.building.rules import RuleForm
from screening.review import review
from screening.views.building.bench import Bench, page, pressed, stored
from screening.views.building.uses import shown_uses

DO, SAVE = "do", "save"


@dataclass(frozen=True, slots=True)
class Task:
    """One form of the builder: where what it changes stands, what is said about it, and where it leads."""

    place: str
    tab: str
    heading: str
    eyebrow: str
    words: str
    done: str
    edit: Callable[[Document], Document]
    template: str = "builder/rule.html"


def answer(bench: Bench, form: EditForm, task: Task, **context: Any) -> HttpResponse:
    """Show the form; store it, or do what one of its buttons says and show it again."""
    if bench.request.method == "POST":
        button = bench.request.POST.get(DO, "")
        if button == SAVE:
            if stored(bench, form, task.place, task.edit, words=task.words, part=task.heading[:300]):
                messages.success(bench.request, _("Saved."))
                return redirect(task.done)
        elif isinstance(form, RuleForm):
            form.press(button)
            _keep(bench, form, task)
    notes = _checks(bench, form) if bench.request.method != "POST" else []
    return page(
        bench,
        task.template,
        task.tab,
        form=form,
        task=task,
        uses=shown_uses(bench, form.uses),
        notes=notes,
        **context,
    )


def _keep(bench: Bench, form: RuleForm, task: Task) -> None:
    """Keep what is begun, so that leaving the page loses nothing; not for each letter of a live sentence."""
    if bench.request.headers.get("HX-Target", "").endswith("-reads"):
        return
    sent = keepable(form, bench.request.POST)
    if sent is not None:
        actions.keep_unfinished(
            by=bench.request.user,
            version=bench.version,
            place=task.place,
            part=task.heading[:300],
            fields=form.typed(sent),
        )


def problems_of(bench: Bench) -> list[Problem]:
    """Return what stands in the way of publishing the draft as it is stored."""
    return [
        problem
        for each in review(bench.definition).checks
        for problem in each.problems
        if not problem.warning
    ]


def _checks(bench: Bench, form: EditForm) -> list[str]:
    if not form.place:
        return []
    own = [problem for problem in problems_of(bench) if f"{problem.place}.".startswith(f"{form.place}.")]
    if isinstance(form, RuleForm):
        return form.show_checks(own)
    return [problem.problem for problem in own]


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a list: its address, what it says, and how many problems the checks find in it."""

    key: str
    title: str
    detail: str
    url: str
    problems: int


def count_at(problems: Iterable[Problem], place: str) -> int:
    """Return how many of the problems stand at a place or below it."""
    return sum(f"{problem.place}.".startswith(f"{place}.") for problem in problems)


def moved_or_deleted(bench: Bench, name: str, titles: Mapping[str, str]) -> bool:
    """Do what a button of a list says ("up:KEY"); whether it was one of its buttons."""
    step, _colon, key = bench.request.POST.get(DO, "").partition(":")
    if key not in titles:
        return False
    match step:
        case "up" | "down":
            by = -1 if step == "up" else 1
            words = _("moved “%(what)s”") % {"what": titles[key][:200]}
            return pressed(bench, lambda document: moved_item(document, name, key, by), words=words)
        case "delete":
            words = _("deleted “%(what)s”") % {"what": titles[key][:200]}
            return pressed(bench, lambda document: without_item(document, name, key), words=words)
    return False


def list_page(
    bench: Bench, name: str, lines: list[Line], *, heading: str, add_url: str = "", add: str = ""
) -> HttpResponse:
    """Show a list of the draft's parts, or do what one of its buttons says.

    What is still read isn't deleted: the list comes back with links to the readers.
    """
    context = {"lines": lines, "heading": heading, "add_url": add_url, "add": add}
    if bench.request.method != "POST":
        return page(bench, "builder/rule_list.html", name, **context)
    refused = _still_read(bench, name)
    if refused is not None:
        uses = shown_uses(bench, refused.uses)
        shown = page(bench, "builder/rule_list.html", name, refused=str(refused), uses=uses, **context)
        shown.status_code = HTTPStatus.CONFLICT
        return shown
    moved_or_deleted(bench, name, {line.key: line.title for line in lines})
    return redirect(bench.request.path)


def _still_read(bench: Bench, name: str) -> Refused | None:
    step, _colon, key = bench.request.POST.get(DO, "").partition(":")
    if step != "delete" or all(item["key"] != key for item in bench.document[name]):
        return None
    try:
        without_item(bench.document, name, key)
    except Refused as refusal:
        return refusal
    return None
