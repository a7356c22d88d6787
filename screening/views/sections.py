"""One section a page: shown, saved as a whole, or answer by answer while somebody fills it in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, therapist_required
from privacy import audit
from screening import actions
from screening.engine import Kind, Section
from screening.explanation import ScoreRead
from screening.explanation.scores import read_scores
from screening.forms.html import mark_html, panels_html, slot_html, slots_of
from screening.forms.section import OpenEntry, SectionForm
from screening.models import Part2
from screening.progress import left_words, next_section, tasks_of
from screening.reading import Reading
from screening.views.loading import NAV, own, section_of
from screening.views.saving import (
    PART2,
    Stored,
    form_of,
    sent_answer,
    sent_form,
    store_all,
    store_answers,
    store_entry,
    store_part2,
)

DO = ".do"
QUESTION = ".question"
REDRAW = ".redraw"


@therapist_required
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: PersonRequest, pk: UUID, section: str) -> HttpResponse:
    """Show a section, or save all that was sent of it and go where its button says."""
    reading = own(request, pk)
    part = section_of(reading, section)
    if not reading.screening.is_open:
        return redirect("screenings:answers", pk)
    if request.method == "POST":
        return _save(request, reading, part)
    form = form_of(reading, part)
    form.open_entry = _opened_by(request, part)
    screening = reading.screening
    audit.record(
        "screening.read", by=request.user, of=screening, client=screening.client_id, section=part.key
    )
    return render(request, "screenings/section.html", _page(reading, form))


@therapist_required
@require_POST
def autosave(request: PersonRequest, pk: UUID, section: str) -> HttpResponse:
    """Save one answer and return the pieces of the page that it changes."""
    reading = own(request, pk)
    part = section_of(reading, section)
    key = request.POST.get(QUESTION, "")
    is_plain = any(each.key == key and each.kind is not Kind.ENTRIES for each in part.questions)
    form = (sent_answer if is_plain else sent_form)(request, reading, part)
    try:
        stored = _store_one(request, reading, form, key)
    except actions.NotPossible as refused:
        return render(request, "screenings/_not_saved.html", {"words": str(refused)}, status=409)
    response = render(request, "screenings/_autosaved.html", _pieces(stored, form))
    response["X-Saved"] = "part" if form.errors else "all"
    if stored.urgent:
        response["X-Urgent"] = reverse("screenings:urgent", args=[pk, stored.urgent[0]])
    return response


def _save(request: PersonRequest, reading: Reading, part: Section) -> HttpResponse:
    sent = sent_form(request, reading, part)
    step, _colon, what = request.POST.get(DO, "").partition(":")
    try:
        stored = _then(request, store_all(request, reading, sent), part, sent, step, what)
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
        return redirect("screenings:result", reading.screening.pk)
    if stored.urgent:
        return redirect("screenings:urgent", reading.screening.pk, stored.urgent[0])
    if sent.errors:
        shown = form_of(stored.reading, part)
        shown.errors, shown.open_entry = sent.errors, sent.open_entry
        shown.typed = {
            name: typed for name, typed in sent.typed.items() if name in sent.errors or "." in name
        }
        return render(request, "screenings/section.html", _page(stored.reading, shown), status=422)
    return _next(request, stored, part, sent, step, what)


def _then(
    request: PersonRequest, stored: Stored, part: Section, sent: SectionForm, step: str, what: str
) -> Stored:
    """Do what the button asks beside saving: mark a grid's rest as No, or remove an entry."""
    if step == "mark" and not sent.errors:
        saved = actions.mark_left_as_no(by=request.user, screening=stored.reading.screening, grid=what)
        words = ngettext(
            "%(n)d answer marked No: you read it aloud.",
            "%(n)d answers marked No: you read each one aloud.",
            len(saved.changed),
        )
        messages.success(request, words % {"n": len(saved.changed)})
        return stored.then(saved)
    entry = OpenEntry.parse(what, part)
    if step == "remove" and entry is not None:
        sent.errors = {key: error for key, error in sent.errors.items() if not key.startswith(entry.prefix)}
        return stored.then(
            actions.remove_entry(
                by=request.user,
                screening=stored.reading.screening,
                section=part.key,
                question=entry.question,
                entry=entry.id,
            )
        )
    return stored


def _next(
    request: PersonRequest, stored: Stored, part: Section, sent: SectionForm, step: str, what: str
) -> HttpResponse:
    """Go where the button says; answers that opened further questions lead to those first."""
    screening = stored.reading.screening
    here = reverse("screenings:section", args=[screening.pk, part.key])
    match step:
        case "add":
            return redirect(f"{here}?add={what}#slot-{what}")
        case "change":
            entry = OpenEntry.parse(what, part)
            return redirect(f"{here}?entry={entry}#slot-{entry.question}" if entry else here)
        case "report":
            report = reverse("screenings:report_question", args=[screening.pk, part.key])
            return redirect(f"{report}?question={_asked(part, what)}")
        case "remove" | "done":
            return redirect(f"{here}#slot-{what.partition('.')[0]}")
        case "leave":
            return redirect("screenings:show", screening.pk)
        case "continue":
            opened = _newly_shown(stored.reading, part, sent)
            if opened:
                messages.success(request, _("Saved. Your answers opened further questions below."))
                return redirect(f"{here}#slot-{opened[0]}")
            following = next_section(stored.reading, after=part.key)
            if following is None:
                return redirect("screenings:check", screening.pk)
            return redirect("screenings:section", screening.pk, following.key)
    return redirect(here)


def _asked(part: Section, key: str) -> str:
    """Return the key if the section asks such a question, else nothing."""
    keys = {each.key for top in part.questions for each in (top, *top.entry)}
    return key if key in keys else ""


def _newly_shown(reading: Reading, part: Section, sent: SectionForm) -> list[str]:
    facts = reading.facts_of_section(part)
    asked_after = [fact for fact in facts if reading.definition.question(fact.key).shown_when is not None]
    return [fact.key for fact in asked_after if fact.key not in sent.sent and fact.missing == "not_answered"]


def _store_one(request: PersonRequest, reading: Reading, form: SectionForm, key: str) -> Stored:
    """Store the one answer that was given; a key of elsewhere stores nothing."""
    if key == PART2:
        store_part2(request, reading, form.section)
        return Stored(reading)
    if form.open_entry is not None and key == str(form.open_entry):
        return store_entry(request, Stored(reading), form, form.open_entry)
    return store_answers(request, Stored(reading), form, form.read(key))


def _opened_by(request: PersonRequest, part: Section) -> OpenEntry | None:
    """Return the entry that the address opens: one that is listed, or a new one."""
    adding = request.GET.get("add", "")
    if any(question.key == adding and question.kind is Kind.ENTRIES for question in part.questions):
        return OpenEntry.new(adding)
    return OpenEntry.parse(request.GET.get("entry", ""), part)


def _page(reading: Reading, form: SectionForm) -> dict[str, object]:
    keys = [section.key for section in reading.definition.sections]
    progress = _progress(reading, form)
    return {
        **NAV,
        "reading": reading,
        "screening": reading.screening,
        "form": None,
        "has_errors": bool(form.errors),
        "section_form": form,
        "section": form.section,
        "number": keys.index(form.section.key) + 1,
        "total": len(keys),
        "panels": panels_html(form, progress["scores"]),
        "part2": reading.part2.get(form.section.key),
        "part2_choices": Part2.choices,
        **progress,
    }


def _pieces(stored: Stored, form: SectionForm) -> dict[str, object]:
    """Return what a save changes on the page: the answer's mark, what it opened or closed, totals, counts."""
    shown = form_of(stored.reading, form.section)
    shown.errors, shown.typed, shown.open_entry = form.errors, form.typed, form.open_entry
    slots = slots_of(shown)
    moved = [
        key
        for key, (_run, placed) in slots.items()
        if placed.question.shown_when is not None and shown.is_shown(key) != (key in form.sent)
    ]
    asked = form.data.getlist(REDRAW)
    redrawn = [key for key in slots if key in form.errors or key in moved or key in asked]
    return {
        "slots": [slot_html(shown, *slots[key]) for key in redrawn],
        "marks": [mark_html(shown, key) for key in stored.changed if key not in redrawn],
        "entry": shown.open_entry,
        "entry_shown": _entry_shown(shown),
        "section": form.section,
        "screening": stored.reading.screening,
        **_progress(stored.reading, shown),
    }


def _entry_shown(form: SectionForm) -> str:
    """Return the print of the open entry as it is stored now."""
    opened = form.open_entry
    if opened is None:
        return ""
    views = form.entries(form.questions[opened.question])
    return next((view.shown for view in views if view.place == opened), "-")


def _progress(reading: Reading, form: SectionForm) -> dict[str, Any]:
    """Return what stands beside the questions: totals, the list of sections, what could settle it."""
    state = next(each for each in reading.sections if each.section.key == form.section.key)
    return {
        "saved_text": _saved_text(reading, form, state.left),
        "not_saved": len(form.errors),
        "tasks": tasks_of(reading),
        "scores": _scores_of(reading, form.section),
    }


def _scores_of(reading: Reading, part: Section) -> list[ScoreRead]:
    """Return the scores whose items stand in the section and were asked."""
    scores = read_scores(reading.definition, reading.findings, reading.reader, reading.today)
    return [score for score in scores if score.section == part.key and score.items > 1]


def _saved_text(reading: Reading, form: SectionForm, left: int) -> str:
    words = _("%(left)s in this section.") % {"left": left_words(left)} if left else _("No answer is left.")
    row = reading.rows.get(form.section.key)
    if row is None:
        return words
    at = timezone.localtime(row.saved_at)
    clock = time_format(at, "g:i A").replace(" ", "\N{NO-BREAK SPACE}")
    if at.date() != timezone.localdate():
        return words
    return _("Saved %(time)s. %(words)s") % {"time": clock, "words": words}
