"""Form fields that refuse what can't be stored, with a sentence beside the field."""

from typing import Any

from django import forms

from accounts.text import clean_text


class PlainCharField(forms.CharField):
    """One line of text. Control characters, damaged characters and over-long text are form errors."""

    def __init__(self, *, limit: int = 200, **kwargs: Any) -> None:
        # Django's own NUL check would answer before ours; its max_length would cut typing short in silence.
        super().__init__(**kwargs)
        self.limit = limit
        self.validators = []

    def to_python(self, value: Any) -> str:
        """Return the cleaned line."""
        text = clean_text(super().to_python(value), self.limit)
        return " ".join(text.split("\n"))


class PlainTextField(forms.CharField):
    """Text of several lines, with the same refusals."""

    def __init__(self, *, limit: int = 4000, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        self.limit = limit
        self.validators = []

    def to_python(self, value: Any) -> str:
        """Return the cleaned text."""
        return clean_text(super().to_python(value), self.limit)
