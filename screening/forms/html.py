"""The questions of a section as HTML. Each look of a question is rendered once a version and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from screening.engine import Definition, Kind, Question
from screening.explanation import FactReader, ScoreRead
from screening.forms.layout import Panel, Placed, Run, is_yes
from screening.forms.questions import UNKNOWN, Typed, has_own_unknown, is_picked_from_list
from screening.forms.section import SHOWN, EntryView, SectionForm
from screening.reading import AGE

# How many looks are kept: a question has one for each choice, and a few more.
MOST_KEPT = 20_000
_looks: dict[tuple[object, ...], SafeString] = {}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose."""

    value: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class RunView:
    """Questions drawn alike, each in a slot of its own that can be filled or emptied."""

    run: Run
    slots: list[SafeString]


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel as the page shows it; hidden while none of its questions is asked."""

    id: str
    panel: Panel
    runs: list[RunView]
    is_asked: bool
    scores: list[ScoreRead]


def panels_html(form: SectionForm, scores: Sequence[ScoreRead] = ()) -> list[PanelView]:
    """Return every panel of the section with its questions as HTML, and the scores of its questions."""
    return [
        PanelView(
            id=f"panel-{number}",
            panel=panel,
            runs=[
                RunView(run, [slot_html(form, run, placed) for placed in run.placed]) for run in panel.runs
            ],
            is_asked=any(form.is_shown(question.key) for question in panel.questions),
            scores=_scores_of(form, panel, scores),
        )
        for number, panel in enumerate(form.panels, start=1)
    ]


def _scores_of(form: SectionForm, panel: Panel, scores: Sequence[ScoreRead]) -> list[ScoreRead]:
    keys = {question.key for question in panel.questions}
    return [score for score in scores if form.definition.score(score.key).of[0] in keys]


def slots_of(form: SectionForm) -> dict[str, tuple[Run, Placed]]:
    """Return where each question of the section stands, by key."""
    return {
        placed.question.key: (run, placed)
        for panel in form.panels
        for run in panel.runs
        for placed in run.placed
    }


def slot_html(form: SectionForm, run: Run, placed: Placed) -> SafeString:
    """Return a question in its slot with the mark it carries; an empty slot while it isn't asked."""
    key = placed.question.key
    if not form.is_shown(key):
        return format_html('<div class="slot" id="slot-{}"></div>', key)
    return format_html(
        '<div class="slot" id="slot-{}">{}{}</div>',
        key,
        mark_html(form, key),
        question_html(form, run, placed),
    )


def mark_html(form: SectionForm, key: str) -> SafeString:
    """Return the hidden field that says which answer a question showed."""
    return format_html('<input type="hidden" name="{}" id="mark-{}" value="{}">', SHOWN, key, form.mark(key))


def question_html(form: SectionForm, run: Run, placed: Placed) -> SafeString:
    """Return one question as HTML."""
    question = placed.question
    if question.kind is Kind.ENTRIES:
        return entries_html(form, placed)
    if question.key == AGE:
        return _age_html(form, question)
    typed = form.typed_for(question, question.key, form.record.given().get(question.key, {}))
    error = form.errors.get(question.key, "")
    return _kept(form.definition, run, placed, typed, error)


def entries_html(form: SectionForm, placed: Placed) -> SafeString:
    """Return a list with its entries, one of them open at the most."""
    question = placed.question
    opened = form.open_entry
    entries = [
        {
            "entry": entry,
            "fields": _entry_fields(form, question, entry) if entry.place == opened else None,
        }
        for entry in form.entries(question)
    ]
    unknown = form.typed_for(question, question.key, form.record.given().get(question.key, {})).unknown
    context = {
        "question": question,
        "entries": entries,
        "unknown": unknown,
        "error": form.errors.get(question.key, ""),
        "why": _why(form.definition, placed),
    }
    return render_to_string("screenings/_entries.html", context)


def _entry_fields(form: SectionForm, question: Question, entry: EntryView) -> dict[str, list[SafeString]]:
    """Return the fields of an open entry: what is picked or written first, then what is chosen by buttons."""
    rows: dict[str, list[SafeString]] = {"picked": [], "chosen": []}
    for part in question.entry:
        name = entry.place.prefix + part.key
        typed = form.typed_for(part, name, entry.answers.get(part.key, {}))
        picked = part.kind in (Kind.ONE_CHOICE, Kind.NUMBER, Kind.DATE)
        view = _view(part, name, typed, form.errors.get(name, ""), picks=part.kind is Kind.ONE_CHOICE)
        rows["picked" if picked else "chosen"].append(
            render_to_string("components/question.html", {"q": view})
        )
    return rows


def _age_html(form: SectionForm, question: Question) -> SafeString:
    fact = FactReader(form.definition, form.answers, form.gates).question(question.key)
    return render_to_string("screenings/_age.html", {"fact": fact, "question": question})


def _kept(definition: Definition, run: Run, placed: Placed, typed: Typed, error: str) -> SafeString:
    """Return the question's HTML, as it was rendered before; what was typed freely is never kept."""
    if error or (typed.values and has_own_unknown(placed.question)):
        return _rendered(definition, run, placed, typed, error)
    look = (definition.hash, placed.question.key, placed.is_first, typed, get_language())
    if look not in _looks:
        if len(_looks) >= MOST_KEPT:
            _looks.clear()
        _looks[look] = _rendered(definition, run, placed, typed, error)
    return _looks[look]


def _rendered(definition: Definition, run: Run, placed: Placed, typed: Typed, error: str) -> SafeString:
    question = placed.question
    view = _view(question, question.key, typed, error, why=_why(definition, placed), is_first=placed.is_first)
    if run.columns:
        options = {option.value: option for option in view["options"]}
        cells = [
            (column, next((options[key] for key in column.keys if key in options), None))
            for column in run.columns
        ]
        return render_to_string(
            "screenings/_grid_row.html", {"q": view, "cells": cells, "number": placed.number}
        )
    view["follows"] = placed.follows
    return render_to_string("components/question.html", {"q": view})


def _view(
    question: Question,
    name: str,
    typed: Typed,
    error: str,
    *,
    why: str = "",
    is_first: bool = False,
    picks: bool = False,
) -> dict[str, Any]:
    """Return what components/question.html shows."""
    return {
        "name": name,
        "key": question.key,
        "kind": _kind(question, picks),
        "text": question.text,
        "stem": "" if question.grid else question.stem,
        "help": _help(question),
        "why": why,
        "optional": question.optional,
        "errors": [error] if error else [],
        "options": _options(question, typed),
        "value": typed.text,
        "unknown": typed.unknown,
        "unknown_suffix": UNKNOWN if has_own_unknown(question) else "",
        "is_first": is_first,
        "is_yes_no": question.kind is Kind.YES_NO,
        "minimum": question.minimum,
        "maximum": question.maximum,
        "low_label": question.low_label,
        "high_label": question.high_label,
        "decimals": question.decimals,
        "unit": question.unit,
    }


def _help(question: Question) -> str:
    if question.kind is not Kind.DATE:
        return question.help or ""
    written = _("Month/day/year, such as 02/27/2026.")
    return f"{written} {question.help}" if question.help else written


def _kind(question: Question, picks: bool) -> str:
    match question.kind:
        case Kind.YES_NO:
            return "choice"
        case Kind.ONE_CHOICE:
            return "select" if picks or is_picked_from_list(question) else "choice"
        case Kind.MANY_CHOICES:
            return "many"
    return question.kind.value


def _options(question: Question, typed: Typed) -> list[Option]:
    if question.kind is Kind.YES_NO:
        pairs = [("yes", _("Yes")), ("no", _("No"))]
    else:
        pairs = [(choice.key, choice.label) for choice in question.choices]
    return [Option(value, label, value in typed.values) for value, label in pairs]


def _why(definition: Definition, placed: Placed) -> str:
    if not placed.because_of:
        return ""
    if len(placed.because_of) > 1:
        return _("Asked because of the answers before it")
    words = definition.question(placed.because_of[0]).text
    if is_yes(placed.question.own_shown_when):
        return _("Asked because the answer is yes: %(question)s") % {"question": words}
    return _("Asked because of the answer to: %(question)s") % {"question": words}
