"""Questions in the builder: one open at a time within its list; added, changed, moved, copied and deleted."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, admin_required
from privacy import audit
from screening.editing import choices, questions
from screening.editing.documents import (
    Document,
    Part,
    Refused,
    part_of,
    question_of,
    siblings,
    spot_of,
)
from screening.editing.keys import fact_keys, key_from
from screening.editing.uses import UseKind
from screening.forms.building.questions import BeginForm, QuestionForm
from screening.views.building.bench import Bench, form_at, on_a_draft, page, pressed, stored
from screening.views.building.sections import STEPS, listed
from screening.views.building.uses import shown_uses

SHORT = 60


def short(text: str) -> str:
    """Return a text short enough for a button."""
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
@on_a_draft
def question(request: PersonRequest, bench: Bench, question: str) -> HttpResponse:
    """Show a question open in its list, and change it with its choices."""
    source = bench.base if request.method == "POST" else bench.document
    spot, asked = spot_of(source, question), question_of(source, question)
    section = source["sections"][spot.section]
    place = f"questions/{question}"
    form = form_at(
        bench,
        QuestionForm,
        place,
        document=source,
        question=asked,
        published=bench.published,
        inside=spot.inner is not None,
    )
    inner = "" if spot.inner is None else f".entry.{spot.inner}"
    form.place = f"sections.{spot.section}.questions.{spot.question}{inner}"
    if request.method == "POST":
        words = _("changed “%(text)s”") % {"text": short(asked["text"])}
        if stored(
            bench,
            form,
            place,
            lambda document: _edited(bench, form, document, question),
            words=words,
            part=section["title"],
        ):
            key = form.changes().get("key", question)
            return redirect(bench.address("build_question", question=key))
    else:
        version = bench.version
        audit.record(
            "version.read", by=request.user, of=version, number=version.number, section=section["key"]
        )
    holder = source["sections"][spot.section]["questions"][spot.question] if inner else None
    return page(
        bench,
        "builder/question.html",
        "sections",
        form=form,
        place=place,
        question=asked,
        section=section,
        holder=holder,
        uses=shown_uses(bench, form.uses),
        rows=listed(siblings(source, spot)),
        inner_rows=listed(asked.get("entry", [])),
        others=[each for each in source["sections"] if each["key"] != section["key"]],
    )


def _edited(bench: Bench, form: QuestionForm, document: Document, key: str) -> Document:
    """Return the document with the question and its choices as the form has them."""
    changes = form.changes()
    if changes["kind"] in questions.CHOOSING and not form.has_choices and not changes.get("choices"):
        labels = form.new_labels()
        if labels:
            document, changes["choices"] = choices.new_set(document, key, labels)
    elif changes["kind"] == "entries" and "entry" not in form.question and form.cleaned_data["first_inner"]:
        text = form.cleaned_data["first_inner"]
        inner = key_from(text, {*fact_keys(document), key}, "question")
        changes["entry"] = [{"key": inner, "kind": "text", "text": text}]
    rows = form.choice_rows()
    is_correction = form.cleaned_data["is_correction"]
    if rows is not None and changes.get("choices", form.question["choices"]) == form.question["choices"]:
        _refuse_locked(form, rows, is_correction=is_correction)
        document = choices.change_choices(document, key, rows, bench.published)
    return questions.change_question(document, key, changes, bench.published, is_correction=is_correction)


def _refuse_locked(form: QuestionForm, rows: list[choices.ChoiceRow], *, is_correction: bool) -> None:
    """Refuse to reword the choices of an instrument but to correct a transcription."""
    standing = [
        (each["key"], each["label"], each.get("points"))
        for each in form.document["choice_sets"][form.question["choices"]]
    ]
    typed = [(row.was, row.label, row.points) for row in rows]
    if form.question.get("instrument") and typed != standing and not is_correction:
        words = _("This is the instrument’s, word for word. Change it only to correct a transcription.")
        raise Refused(words, field="choices")


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
@on_a_draft
def add_question(request: PersonRequest, bench: Bench, section: str) -> HttpResponse:
    """Add a question at the end of a section."""
    shown = part_of(bench.base["sections"], section)
    return _add(
        bench,
        f"sections/{section}/add",
        shown["title"],
        lambda document, form: questions.add_question(document, section, form.begun()),
        bench.address("build_section", section=section),
        inside=False,
    )


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
@on_a_draft
def add_inner(request: PersonRequest, bench: Bench, question: str) -> HttpResponse:
    """Add a question to what each entry of a list asks."""
    holder = question_of(bench.base, question)
    if holder["kind"] != "entries":
        return redirect(bench.address("build_question", question=question))
    return _add(
        bench,
        f"questions/{question}/add",
        short(holder["text"]),
        lambda document, form: questions.add_inner(document, question, form.begun()),
        bench.address("build_question", question=question),
        inside=True,
    )


Added = Callable[[Document, BeginForm], tuple[Document, str]]


def _add(bench: Bench, place: str, title: str, edit: Added, back: str, *, inside: bool) -> HttpResponse:
    form = form_at(bench, BeginForm, place, document=bench.base, inside=inside)
    if bench.request.method == "POST":
        added: list[str] = []

        def edited(document: Document) -> Document:
            changed, key = edit(document, form)
            added.append(key)
            return changed

        words = _("added “%(text)s”") % {"text": short(bench.request.POST.get("text", ""))}
        if stored(bench, form, place, edited, words=words, part=title):
            return redirect(bench.address("build_question", question=added[0]))
    context = {"form": form, "place": place, "title": title, "back": back}
    return page(bench, "builder/add_question.html", "sections", **context, uses=shown_uses(bench, form.uses))


@admin_required
@require_POST
@on_a_draft
def move_question(request: PersonRequest, bench: Bench, question: str) -> HttpResponse:
    """Move a question up or down, or to another section."""
    asked, there = question_of(bench.base, question), request.POST.get("section", "")
    step = STEPS.get(request.POST.get("do", ""), 0)

    def edit(document: Document) -> Document:
        if there:
            return questions.move_to_section(document, question, there)
        return questions.move_question(document, question, step)

    pressed(bench, edit, words=_("moved “%(text)s”") % {"text": short(asked["text"])})
    return redirect(_row(bench, question, open_it=bool(there) or request.POST.get("stay") == "open"))


@admin_required
@require_POST
@on_a_draft
def duplicate_question(request: PersonRequest, bench: Bench, question: str) -> HttpResponse:
    """Put a copy of a question after it."""
    asked, copied = question_of(bench.base, question), [question]

    def edit(document: Document) -> Document:
        changed, key = questions.duplicate_question(document, question)
        copied.append(key)
        return changed

    pressed(bench, edit, words=_("copied “%(text)s”") % {"text": short(asked["text"])})
    return redirect(bench.address("build_question", question=copied[-1]))


@admin_required
@require_POST
@on_a_draft
def own_choices(request: PersonRequest, bench: Bench, question: str) -> HttpResponse:
    """Give a question a copy of the choices that it shares."""
    asked = question_of(bench.base, question)
    if "choices" in asked:
        words = _("gave “%(text)s” choices of its own") % {"text": short(asked["text"])}
        pressed(bench, lambda document: choices.own_choices(document, question), words=words)
    return redirect(bench.address("build_question", question=question))


@admin_required
@require_POST
@on_a_draft
def move_choice(request: PersonRequest, bench: Bench, question: str, choice: str) -> HttpResponse:
    """Move a choice up or down, or delete it."""
    asked, do = question_of(bench.base, question), request.POST.get("do", "")
    words = _("changed the choices of “%(text)s”") % {"text": short(asked["text"])}
    if "choices" in asked:
        pressed(bench, lambda document: choices.move_choice(document, question, choice, do), words=words)
    return redirect(bench.address("build_question", question=question))


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
@on_a_draft
def delete_question(request: PersonRequest, bench: Bench, question: str) -> HttpResponse:
    """Ask, then take a question out; say who reads it where it can't be."""
    asked, spot = question_of(bench.base, question), spot_of(bench.base, question)
    section = bench.base["sections"][spot.section]
    refusal = _refused(bench.base, question, from_vignettes=False)
    only_vignettes = (
        refusal is not None
        and bool(refusal.uses)
        and all(use.kind is UseKind.VIGNETTE for use in refusal.uses)
    )
    if request.method == "POST" and (refusal is None or only_vignettes):

        def edit(document: Document) -> Document:
            return questions.delete_question(document, question, from_vignettes=only_vignettes)

        if pressed(bench, edit, words=_("deleted “%(text)s”") % {"text": short(asked["text"])}):
            return redirect(bench.address("build_section", section=section["key"]))
    context = {
        "title": asked["text"],
        "refusal": refusal,
        "only_vignettes": only_vignettes,
        "uses": shown_uses(bench, refusal.uses) if refusal else [],
        "back": bench.address("build_question", question=question),
    }
    return page(bench, "builder/delete.html", "sections", section=section, **context)


def _refused(document: Document, question: str, *, from_vignettes: bool) -> Refused | None:
    try:
        questions.delete_question(document, question, from_vignettes=from_vignettes)
    except Refused as refusal:
        return refusal
    return None


def _row(bench: Bench, question: str, *, open_it: bool) -> str:
    """Return the address of a question's row in its list."""
    if open_it:
        return bench.address("build_question", question=question)
    spot = spot_of(bench.document, question)
    section: Part = bench.document["sections"][spot.section]
    if spot.inner is not None:
        return bench.address("build_question", question=section["questions"][spot.question]["key"])
    return f"{bench.address('build_section', section=section['key'])}#q-{question}"
