"""What an admin may send: a questionnaire's document, and a word about sending it back."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.engine import Definition, DocumentProblems, Problem, parse_text

# The engine's own limit for a document (1 MB); a larger file isn't read into memory.
MOST_BYTES = 1_000_000


class DocumentForm(forms.Form):
    """A document as a file or as text; a bad one comes back as text, with every problem and its place."""

    file = forms.FileField(
        label=gettext_lazy("JSON file"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("At most 1 MB. What is in the file counts, not its name."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the document's text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "form-control seal"}),
    )

    document_problems: tuple[Problem, ...] = ()
    definition: Definition | None = None

    def clean(self) -> dict[str, Any]:
        """Read the document, wherever it stands, and parse it."""
        cleaned = super().clean() or {}
        document = self._document(cleaned)
        if document is None:
            return cleaned
        try:
            self.definition = parse_text(document)
        except DocumentProblems as wrong:
            self.document_problems = wrong.problems
            self._keep(document)
            self.add_error(None, _("Nothing is stored yet: the document has the problems listed below."))
        return {**cleaned, "document": document}

    def _document(self, cleaned: dict[str, Any]) -> str | None:
        upload: UploadedFile | None = cleaned.get("file")
        typed: str = cleaned.get("text", "")
        if upload is None and not typed.strip():
            self.add_error("file", _("Choose a file, or paste the document's text."))
            return None
        if upload is None:
            return typed
        if upload.size is not None and upload.size > MOST_BYTES:
            self.add_error("file", _("The file is larger than 1 MB."))
            return None
        try:
            return upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("The file isn't text in UTF-8, so it can't be a questionnaire."))
            return None

    def _keep(self, document: str) -> None:
        """Show an uploaded document as text, so that it can be mended here and nothing is lost."""
        self.data = {**self.data.dict(), "text": document.replace("\x00", "")}


class SendBackForm(forms.Form):
    """Why a version goes back to its author."""

    note = forms.CharField(
        label=gettext_lazy("What needs to change"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
