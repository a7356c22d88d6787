"""What an admin may send: a questionnaire's document, a note on a review, an example to preview with."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.fields import PlainTextField
from accounts.text import check_text
from screening.engine import Definition, DocumentProblems, Problem, parse_text, render
from screening.engine.json_text import JsonError, load
from screening.engine.problems import under

# The engine's own limit for a document; a larger file isn't read into memory.
MOST_BYTES = 1_000_000


def written(definition: Definition) -> str:
    """Return the document as people read it; without the indents where they would make it too large."""
    document = render(definition)
    text = json.dumps(document, indent=2, ensure_ascii=False)
    # A browser sends a line's end as two characters.
    if len(text.encode()) + text.count("\n") > MOST_BYTES:
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """A problem with its place, and with the keys that stand on the way there."""

    place: str
    problem: str
    keys: str


def placed(problems: Sequence[Problem], text: str) -> tuple[PlacedProblem, ...]:
    """Name the sections, questions and rules that the places lie in, where the text can be read that far."""
    try:
        document = load(text)
    except JsonError:
        document = None
    return tuple(PlacedProblem(each.place, each.problem, _keys_to(document, each.place)) for each in problems)


def _unprintable(value: object, place: str) -> Iterator[Problem]:
    """Find what could be stored but reads as something else: control characters, turned directions."""
    match value:
        case str():
            try:
                check_text(value)
            except ValidationError as wrong:
                yield Problem(place, " ".join(wrong.messages))
        case list():
            for number, item in enumerate(value):
                yield from _unprintable(item, under(place, number))
        case dict():
            for key, item in value.items():
                yield from _unprintable(item, under(place, key))


def _keys_to(document: object, place: str) -> str:
    keys, here = [], document
    for step in place.split("."):
        if isinstance(here, list) and step.isdecimal() and len(step) <= 4 and int(step) < len(here):
            here = here[int(step)]
            key = here.get("key") if isinstance(here, dict) else None
            keys += [key[:100]] if isinstance(key, str) else []
        elif isinstance(here, dict):
            here = here.get(step)
    return ", ".join(keys)


class DocumentForm(forms.Form):
    """A document as a file or as text; a bad one comes back as text, with every problem and its place."""

    file = forms.FileField(
        label=gettext_lazy("JSON file"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("At most 1 MB. What is in the file counts, not its name."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the document’s text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "false", "class": "form-control seal"}),
    )
    # The hash of the document that this one replaces, as the page showed it.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    document_problems: tuple["PlacedProblem", ...] = ()

    def __init__(self, *args: Any, key: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        # The engine answers for every character, in its place.
        for name in ("text", "seen"):
            self.fields[name].validators = []

    def clean(self) -> dict[str, Any]:
        """Read the document, wherever it stands, and parse it."""
        cleaned = super().clean() or {}
        document = self._document(cleaned)
        if document is None:
            return cleaned
        self.keep(document)
        problems = self._problems(document)
        if problems:
            self.document_problems = placed(problems, document)
            words = ngettext(
                "The document has %(n)d problem: see the list, with its place.",
                "The document has %(n)d problems: see the list, each with its place.",
                len(problems),
            )
            self.add_error("text", words % {"n": len(problems)})
        return {**cleaned, "document": document}

    def keep(self, document: str) -> None:
        """Show an uploaded document as text, so that it can be mended here and nothing is lost."""
        self._show("text", document.replace("\x00", ""))

    def show_as_current(self, seen: str) -> None:
        """Let the next sending replace this document."""
        self._show("seen", seen)

    def _show(self, name: str, value: str) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[name] = value
        self.data = data

    def _problems(self, document: str) -> tuple[Problem, ...]:
        try:
            definition = parse_text(document)
        except DocumentProblems as wrong:
            return wrong.problems
        if self.key not in (None, definition.key):
            words = _("This is a draft of “%(own)s”; its key stays.") % {"own": self.key}
            return (Problem("key", words),)
        return tuple(_unprintable(load(document), ""))

    def _document(self, cleaned: dict[str, Any]) -> str | None:
        upload = cleaned.get("file")
        typed: str = cleaned.get("text", "")
        if upload is None and not typed.strip():
            self.add_error("file", _("Choose a file, or paste the document’s text."))
            return None
        if upload is None:
            return typed.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
        if upload.size is not None and upload.size > MOST_BYTES:
            self.add_error("file", _("The file is larger than 1 MB."))
            return None
        try:
            return str(upload.read(), "utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("The file isn’t text in UTF-8, so it can’t be a questionnaire."))
            return None


class ReviewNoteForm(forms.Form):
    """What the reviewer reads first."""

    note = PlainTextField(
        label=gettext_lazy("A note for the reviewer"),
        required=False,
        limit=2_000,
        help_text=gettext_lazy("What changed, and why. It stays with the version."),
    )


class SendBackForm(forms.Form):
    """Why a version goes back to its author."""

    note = PlainTextField(
        label=gettext_lazy("What needs to change"),
        limit=2_000,
        error_messages={"required": gettext_lazy("Say what needs to change.")},
    )
