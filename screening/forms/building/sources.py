"""A source: what was published, what it supports, and when to look at it again."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.fields import PlainCharField, PlainTextField
from screening.editing.documents import Part, filled
from screening.editing.keys import check_key, key_from
from screening.engine import Read
from screening.forms.building.edits import EditForm
from screening.forms.building.rules import KEY_HELP


class SourceForm(EditForm):
    """One source."""

    citation = PlainTextField(label=gettext_lazy("Citation"), limit=2_000, rows=3)
    supports = PlainTextField(label=gettext_lazy("What it supports"), required=False, limit=2_000, rows=2)
    strength = PlainCharField(
        label=gettext_lazy("Strength, such as “weak for” or “validation study”"), required=False, limit=300
    )
    read = forms.ChoiceField(
        label=gettext_lazy("Who wrote this has read"),
        choices=[
            (Read.YES.value, gettext_lazy("the source itself, or its abstract")),
            (Read.SECONDARY.value, gettext_lazy("what another publication says of it")),
            (Read.NO.value, gettext_lazy("nothing of it: to be verified")),
        ],
    )
    review_by = forms.DateField(
        label=gettext_lazy("Look at it again by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%m/%d/%Y"],
    )
    key = PlainCharField(label=gettext_lazy("Key"), required=False, limit=100, help_text=KEY_HELP)

    def __init__(self, data: Any = None, *, part: Part | None, **kwargs: Any) -> None:
        super().__init__(data, initial=dict(part or {}), **kwargs)
        self.before = part or {}
        if part is not None:
            del self.fields["key"]

    def result(self, taken: Iterable[str]) -> Part:
        """Return the source."""
        cleaned = self.cleaned_data
        return filled(
            self.before,
            {
                "key": self.before.get("key") or self._key(frozenset(taken)),
                "citation": cleaned["citation"],
                "supports": cleaned["supports"],
                "strength": cleaned["strength"],
                "read": cleaned["read"],
                "review_by": cleaned["review_by"].isoformat(),
            },
        )

    def _key(self, taken: frozenset[str]) -> str:
        typed = str(self.cleaned_data["key"])
        if typed:
            check_key(typed, taken)
        return typed or key_from(self.cleaned_data["citation"], taken, "source")
