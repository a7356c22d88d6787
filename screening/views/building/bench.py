"""The draft on the bench: fetched through access, changed by one edit a request, shown in its frame."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import PersonRequest
from screening import actions, catalog
from screening.drafting import Steps, steps_of, unfinished_of
from screening.editing.documents import Document, Missing, Refused
from screening.editing.published import Published
from screening.engine import Definition, DocumentProblems
from screening.forms.building.edits import SEEN, EditForm, data_of, keepable
from screening.models import QuestionnaireVersion, VersionState
from screening.views.versions import NAV, version_of

NO_HASH = "none"


@dataclass
class Bench:
    """One draft in one request: `base` is the document that the page was made from, by its hash in `seen`."""

    request: PersonRequest
    version: QuestionnaireVersion
    definition: Definition

    @cached_property
    def document(self) -> Document:
        """The draft's document as it is now."""
        found: Document = json.loads(self.version.document)
        return found

    @cached_property
    def seen(self) -> str:
        """The hash of the document that the page was made from; what can't be one is no document's."""
        sent = self.request.POST.get(SEEN) or self.version.hash
        return sent if sent.isprintable() else NO_HASH

    @cached_property
    def base(self) -> Document:
        """The document that the page was made from, where its step is kept; else the newest."""
        if self.seen == self.version.hash:
            return self.document
        step = self.version.revisions.filter(hash=self.seen).order_by("-number").first()
        return json.loads(step.document) if step else self.document

    @cached_property
    def published(self) -> Published:
        """The keys of this questionnaire that were ever published."""
        return catalog.published_keys(self.version.questionnaire_id)

    @cached_property
    def steps(self) -> Steps:
        """What can be undone, and who else edits."""
        return steps_of(self.version, self.request.user, timezone.now())

    def address(self, name: str, **keys: object) -> str:
        """Return the address of one of the builder's pages for this draft."""
        return reverse(f"questionnaires:{name}", kwargs={"pk": self.version.pk, **keys})


View = Callable[..., HttpResponseBase]


def on_a_draft(view: View) -> View:
    """Hand the view the draft on the bench; a version that is no draft, or a part that is gone, leads out."""

    @wraps(view)
    def fetched(request: PersonRequest, pk: UUID, **keys: Any) -> HttpResponseBase:
        version = version_of(request, pk)
        if version.state != VersionState.DRAFT:
            messages.error(request, _("It is no longer a draft, so it stays as it is."))
            return redirect("questionnaires:version", pk)
        try:
            definition = catalog.definition_of_version(version)
        except DocumentProblems:
            messages.error(request, _("The builder can’t read this document any more: mend it as text."))
            return redirect("questionnaires:replace", pk)
        try:
            return view(request, Bench(request, version, definition), **keys)
        except Missing as gone:
            messages.error(request, str(gone))
            return redirect("questionnaires:build", pk)

    return fetched


_Form = TypeVar("_Form", bound=EditForm)


def form_at(bench: Bench, form: type[_Form], place: str, **given: Any) -> _Form:
    """Make the form of a place: with what was sent, or with what this person left unfinished there."""
    request = bench.request
    kept = unfinished_of(bench.version, request.user, place) if request.method != "POST" else None
    data = request.POST if request.method == "POST" else data_of(kept.fields) if kept else None
    if kept is not None and kept.fields.get(SEEN):
        bench.seen = kept.fields[SEEN][0]
    made = form(data, **given)
    made.fields[SEEN].initial = bench.version.hash
    made.is_unfinished = kept is not None
    return made


def stored(
    bench: Bench, form: EditForm, place: str, edit: Callable[[Document], Document], *, words: str, part: str
) -> bool:
    """Store what a form changes. Where it can't be, the form says why, and what was typed is kept.

    `edit` is a pure function of screening.editing; `words` say what it does ("moved ECT"), `part` where.
    """
    if form.is_valid() and _changed(bench, form, edit, words):
        if bench.version.unfinished.filter(by=bench.request.user, place=place).exists():
            actions.drop_unfinished(by=bench.request.user, version=bench.version, place=place)
        return True
    fields = keepable(form, bench.request.POST)
    if fields is not None:
        actions.keep_unfinished(
            by=bench.request.user, version=bench.version, place=place, part=part, fields=fields
        )
    return False


def _change(bench: Bench, edit: Callable[[Document], Document], words: str) -> None:
    """Store the page's document as the edit makes it."""
    actions.change_draft(
        by=bench.request.user,
        version=bench.version,
        seen=bench.seen,
        document=edit(bench.base),
        words=words,
    )


def _changed(bench: Bench, form: EditForm, edit: Callable[[Document], Document], words: str) -> bool:
    try:
        _change(bench, edit, words)
    except Refused as refusal:
        form.refuse(refusal)
    except DocumentProblems as wrong:
        form.show_problems(wrong.problems)
    except actions.EditsCollide as both:
        form.show_collisions(str(both), both.collisions, bench.version.hash)
    except actions.NotPossible as refusal:
        form.show_collisions(str(refusal), (), bench.version.hash)
    return not form.errors


def pressed(bench: Bench, edit: Callable[[Document], Document], *, words: str) -> bool:
    """Store what a button changes; where it can't be, say why on the next page."""
    try:
        _change(bench, edit, words)
    except (Refused, actions.NotPossible) as refusal:
        messages.error(bench.request, str(refusal))
        return False
    except DocumentProblems as wrong:
        messages.error(bench.request, wrong.problems[0].problem)
        return False
    return True


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the parts of a questionnaire at the top of every page."""

    name: str
    title: str
    url: str
    count: int


def page(bench: Bench, template: str, tab: str, **context: Any) -> HttpResponse:
    """Render a page of the builder in its frame; 422 where its form has errors, 409 where edits collide."""
    form = context.get("form")
    status = HTTPStatus.OK
    if bench.request.method == "POST" and form is not None and form.errors:
        status = HTTPStatus.CONFLICT if form.collisions else HTTPStatus.UNPROCESSABLE_ENTITY
    framed = {
        **NAV,
        "bench": bench,
        "version": bench.version,
        "definition": bench.definition,
        "steps": bench.steps,
        "undoes_other": bench.steps.undo is not None and bench.steps.undo.by_id != bench.request.user.pk,
        "tabs": _tabs(bench),
        "tab": tab,
        "saved_today": timezone.localtime(bench.version.edited_at).date() == timezone.localdate(),
        **context,
    }
    return render(bench.request, template, framed, status=status)


def _tabs(bench: Bench) -> list[Tab]:
    definition = bench.definition
    parts = (
        ("sections", _("Sections"), "build", len(definition.sections)),
        ("scores", _("Scores"), "build_scores", len(definition.scores)),
        ("indications", _("Indications"), "build_indications", len(definition.indications)),
        ("considerations", _("Considerations"), "build_considerations", len(definition.considerations)),
        ("sources", _("Sources"), "build_sources", len(definition.sources)),
        ("vignettes", _("Vignettes"), "build_vignettes", len(definition.vignettes)),
    )
    return [Tab(name, title, url, n) for name, title, view, n in parts if (url := _address(bench, view))]


def _address(bench: Bench, view: str) -> str:
    try:
        return bench.address(view)
    except NoReverseMatch:
        return ""
