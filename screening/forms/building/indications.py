"""An indication's own words: its title and the lines that are always printed with it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import PlainCharField, PlainTextField
from screening.editing.documents import Part
from screening.editing.rules import in_order
from screening.engine import Definition
from screening.forms.building.edits import EditForm

MOST_NOTES = 40


class IndicationForm(EditForm):
    """The title, and as many lines of evidence as there are, with one more to fill; an emptied line goes."""

    title = PlainCharField(label=gettext_lazy("Title"), limit=300)

    def __init__(self, data: Any = None, *, definition: Definition, part: Part, **kwargs: Any) -> None:
        super().__init__(data, initial={"title": part["title"]}, **kwargs)
        self.before = part["notes"]
        self.numbers = range(min(MOST_NOTES, len(self.before) + 1))
        sources = [(source.key, f"{source.citation[:160]} ({source.key})") for source in definition.sources]
        for number in self.numbers:
            note = self.before[number] if number < len(self.before) else {"text": "", "sources": []}
            names = {"number": number + 1}
            self.fields[f"note_{number}"] = PlainTextField(
                label=_("Line %(number)d") % names,
                required=False,
                limit=4_000,
                rows=2,
                initial=note["text"],
            )
            self.fields[f"sources_{number}"] = forms.MultipleChoiceField(
                label=_("Sources of line %(number)d") % names,
                required=False,
                choices=sources,
                widget=forms.CheckboxSelectMultiple,
                initial=note["sources"],
            )

    @property
    def notes(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each line."""
        return [(self[f"note_{number}"], self[f"sources_{number}"]) for number in self.numbers]

    def result(self, part: Part) -> Part:
        """Return the indication with these words; its criteria stay."""
        notes = []
        for number in self.numbers:
            text = self.cleaned_data[f"note_{number}"]
            before = self.before[number]["sources"] if number < len(self.before) else []
            if text:
                chosen = self.cleaned_data[f"sources_{number}"]
                notes.append({"text": text, "sources": in_order(chosen, before)})
        return {**part, "title": self.cleaned_data["title"], "notes": notes}
