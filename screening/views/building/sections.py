"""Sections in the builder: the list of their questions, and adding, changing, moving and deleting them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, admin_required
from privacy import audit
from screening import actions
from screening.editing import sections
from screening.editing.documents import Document, Part, Refused, index_of, part_of
from screening.editing.keys import key_from
from screening.engine import DocumentProblems, canonical
from screening.forms.building.questions import KINDS
from screening.forms.building.sections import NewQuestionnaireForm, NewSectionForm, SectionForm
from screening.models import Questionnaire
from screening.views.building.bench import Bench, form_at, on_a_draft, page, pressed, stored
from screening.views.building.uses import shown_uses
from screening.views.versions import NAV

STEPS = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True)
class Listed:
    """One question in a list: its text, what it is in a few words, and where it stands."""

    key: str
    text: str
    detail: str
    is_first: bool
    is_last: bool


def listed(questions: list[Part]) -> list[Listed]:
    """Return the rows of a list of questions."""
    last = len(questions) - 1
    return [
        Listed(each["key"], each["text"], _detail(each), place == 0, place == last)
        for place, each in enumerate(questions)
    ]


def _detail(question: Part) -> str:
    kind = str(dict(KINDS)[question["kind"]])
    if question["kind"] == "entries":
        count = len(question["entry"])
        kind = ngettext("Repeating group of %(n)d question", "Repeating group of %(n)d questions", count) % {
            "n": count
        }
    parts = [kind]
    if question.get("instrument"):
        parts.append(_("instrument, word for word"))
    if question.get("shown_when"):
        parts.append(_("shown only sometimes"))
    return ", ".join(parts) + "."


@admin_required
@require_safe
@on_a_draft
def build(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Open the builder at the first section."""
    return redirect("questionnaires:build_section", bench.version.pk, bench.definition.sections[0].key)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
@on_a_draft
def section(request: PersonRequest, bench: Bench, section: str) -> HttpResponse:
    """Show a section with its questions, and change its own fields."""
    source = bench.base if request.method == "POST" else bench.document
    shown = part_of(source["sections"], section)
    place = f"sections/{section}"
    fixed = section in bench.published.sections
    form = form_at(bench, SectionForm, place, section=shown, key_is_fixed=fixed)
    form.place = f"sections.{index_of(source['sections'], section)}"
    if request.method == "POST":

        def edit(document: Document) -> Document:
            return sections.change_section(document, section, form.changes(), bench.published)

        words = _("changed section %(title)s") % {"title": shown["title"]}
        if stored(bench, form, place, edit, words=words, part=shown["title"]):
            key = form.changes().get("key", section)
            return redirect("questionnaires:build_section", bench.version.pk, key)
    else:
        audit.record(
            "version.read", by=request.user, of=bench.version, number=bench.version.number, section=section
        )
    return page(
        bench,
        "builder/section.html",
        "sections",
        form=form,
        place=place,
        section=shown,
        uses=shown_uses(bench, form.uses),
        rows=listed(shown["questions"]),
        number=index_of(source["sections"], section) + 1,
    )


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
@on_a_draft
def add_section(request: PersonRequest, bench: Bench) -> HttpResponse:
    """Add a section with its first question."""
    form = form_at(bench, NewSectionForm, "sections", document=bench.document)
    if request.method == "POST":
        added: list[str] = []

        def edit(document: Document) -> Document:
            changed, key = sections.add_section(document, form.cleaned_data["title"], form.begun())
            added.append(key)
            return changed

        words = _("added section %(title)s") % {"title": request.POST.get("title", "")[:100]}
        if stored(bench, form, "sections", edit, words=words, part=_("Sections")):
            return redirect("questionnaires:build_section", bench.version.pk, added[0])
    context = {"form": form, "place": "sections", "uses": shown_uses(bench, form.uses)}
    return page(bench, "builder/add_section.html", "sections", **context)


@admin_required
@require_POST
@on_a_draft
def move_section(request: PersonRequest, bench: Bench, section: str) -> HttpResponse:
    """Move a section up or down."""
    title = part_of(bench.base["sections"], section)["title"]
    step = STEPS.get(request.POST.get("do", ""), 0)
    pressed(
        bench,
        lambda document: sections.move_section(document, section, step),
        words=_("moved section %(title)s") % {"title": title},
    )
    return redirect("questionnaires:build_section", bench.version.pk, section)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
@on_a_draft
def delete_section(request: PersonRequest, bench: Bench, section: str) -> HttpResponse:
    """Ask, then take a section out with its questions; say who reads them where it can't be."""
    shown = part_of(bench.base["sections"], section)
    refusal = None
    try:
        sections.delete_section(bench.base, section)
    except Refused as refused:
        refusal = refused
    if request.method == "POST" and refusal is None:
        words = _("deleted section %(title)s") % {"title": shown["title"]}
        if pressed(bench, lambda document: sections.delete_section(document, section), words=words):
            return redirect("questionnaires:build", bench.version.pk)
    uses = shown_uses(bench, refusal.uses) if refusal else []
    context = {"title": shown["title"], "refusal": refusal, "uses": uses, "count": len(shown["questions"])}
    context["back"] = bench.address("build_section", section=section)
    return page(bench, "builder/delete.html", "sections", section=shown, **context)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: PersonRequest) -> HttpResponse:
    """Begin a new questionnaire: its title, what it is for, its first section and question."""
    form = NewQuestionnaireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        taken = Questionnaire.objects.visible_to(request.user).values_list("key", flat=True)
        cleaned = form.cleaned_data
        key = key_from(cleaned["name"], set(taken), "questionnaire")
        try:
            document = sections.new_document(
                cleaned["name"], key, cleaned["intended_use"], cleaned["title"], form.begun()
            )
            version = actions.create_draft(by=request.user, document=canonical(document))
        except Refused as refusal:
            form.refuse(refusal)
        except DocumentProblems as wrong:
            form.show_problems(wrong.problems)
        else:
            messages.success(request, _("Begun as a draft. Nobody uses it until it is published."))
            return redirect("questionnaires:build", version.pk)
    status = 422 if form.errors else 200
    return render(request, "builder/begin.html", {**NAV, "form": form}, status=status)
