"""What can be typed about a section, and about a questionnaire that begins."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainCharField, PlainTextField
from screening.editing.documents import Part
from screening.forms.building.edits import EditForm
from screening.forms.building.questions import BeginForm

EMPTY: Part = {"choice_sets": {}}


class SectionForm(EditForm):
    """A section's own fields."""

    title = PlainCharField(label=lazy("Title"), limit=300)
    help = PlainTextField(label=lazy("Help, shown at its top"), required=False, limit=2_000)
    key = PlainCharField(label=lazy("Key"), required=False, limit=100)
    sensitive = forms.BooleanField(label=lazy("Sensitive: consent is asked for it by itself"), required=False)
    always_shared = forms.BooleanField(label=lazy("Always part of a referral"), required=False)

    def __init__(self, *args: Any, section: Part, key_is_fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial=section, **kwargs)
        if key_is_fixed:
            del self.fields["key"]

    def changes(self) -> Part:
        """Return the section's fields as typed."""
        cleaned = self.cleaned_data
        found = {name: cleaned[name] for name in ("title", "sensitive", "always_shared")}
        key = {"key": cleaned["key"]} if cleaned.get("key") else {}
        return {**found, **key, "help": cleaned["help"] or None}


class NewSectionForm(BeginForm):
    """A section with its first question."""

    title = PlainCharField(label=lazy("Title of the section"), limit=300)

    field_order: tuple[str, ...] = ("title", "text", "kind", "choices", "choice_set", "first_inner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = lazy("Its first question")


class NewQuestionnaireForm(NewSectionForm):
    """A questionnaire with its first section and question."""

    name = PlainCharField(label=lazy("Title of the questionnaire"), limit=300)
    intended_use = PlainTextField(
        label=lazy("What it is for, and for whom"),
        limit=2_000,
        help_text=lazy("It stands on its first page."),
    )

    field_order: tuple[str, ...] = ("name", "intended_use", *NewSectionForm.field_order)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, document=EMPTY, **kwargs)
        del self.fields["choice_set"]
        self.fields["title"].label = lazy("Title of its first section")
