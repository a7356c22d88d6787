"""A score: what it is made of, what dates it, and the names of its stretches."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import PlainCharField
from screening.editing.conditions import number_of
from screening.editing.documents import Part, filled
from screening.editing.keys import check_key, key_from
from screening.editing.rules import in_order
from screening.engine import Definition, Kind, ScoreKind
from screening.forms.building.edits import EditForm
from screening.forms.building.rules import KEY_HELP

MOST_BANDS, SPARE = 40, 3
OLDEST = 100_000


class ScoreForm(EditForm):
    """One score; a band whose fields are emptied goes."""

    places = {"of": "of", "dated_by": "dated_by", "max_age_days": "max_age_days"}

    title = PlainCharField(label=gettext_lazy("Title"), limit=300)
    kind = forms.ChoiceField(
        label=gettext_lazy("Made by"),
        choices=[
            (ScoreKind.SUM.value, gettext_lazy("Adding up its questions")),
            (ScoreKind.MEAN.value, gettext_lazy("The mean of its questions")),
        ],
    )
    of = forms.MultipleChoiceField(
        label=gettext_lazy("Questions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one question.")},
    )
    dated_by = forms.ChoiceField(
        label=gettext_lazy("Dated by"),
        required=False,
        help_text=gettext_lazy("The question that asks on which day it was filled in."),
    )
    max_age_days = forms.IntegerField(
        label=gettext_lazy("Too old after, in days"),
        required=False,
        min_value=0,
        max_value=OLDEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Left empty, it never grows too old."),
    )
    key = PlainCharField(label=gettext_lazy("Key"), required=False, limit=100, help_text=KEY_HELP)

    def __init__(self, data: Any = None, *, definition: Definition, part: Part | None, **kwargs: Any) -> None:
        super().__init__(data, initial=dict(part or {}), **kwargs)
        self.before = part or {}
        self.is_new = part is None
        fit = [question for question in definition.questions if question.points_range is not None]
        dates = [question for question in definition.questions if question.kind is Kind.DATE]
        self._offer("of", [(question.key, f"{question.text} ({question.key})") for question in fit])
        self._offer("dated_by", [("", _("Nothing")), *((each.key, each.text) for each in dates)])
        if part is not None:
            del self.fields["key"]
        self.numbers = range(min(MOST_BANDS, len(self.before.get("bands") or ()) + SPARE))
        for number in self.numbers:
            self._add_band(number)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _add_band(self, number: int) -> None:
        bands = self.before.get("bands") or ()
        band = bands[number] if number < len(bands) else {"from": "", "label": ""}
        names = {"number": number + 1}
        self.fields[f"from_{number}"] = PlainCharField(
            label=_("Band %(number)d from") % names,
            required=False,
            limit=40,
            initial=band["from"],
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )
        self.fields[f"label_{number}"] = PlainCharField(
            label=_("Name of band %(number)d") % names, required=False, limit=200, initial=band["label"]
        )

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields above the bands."""
        return [field for field in self.visible_fields() if not field.name.startswith(("from_", "label_"))]

    @property
    def bands(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each band."""
        return [(self[f"from_{number}"], self[f"label_{number}"]) for number in self.numbers]

    def clean(self) -> dict[str, Any]:
        """Read the bands: each has a number it starts from, and a name."""
        cleaned = super().clean() or {}
        for number in self.numbers:
            start, label = cleaned.get(f"from_{number}", ""), cleaned.get(f"label_{number}", "")
            if start and number_of(start) is None:
                self.add_error(f"from_{number}", _("Write a number, such as 10 or 4.5."))
            elif label and not start:
                self.add_error(f"from_{number}", _("Write from which value the band goes."))
            elif start and not label:
                self.add_error(f"label_{number}", _("Give the band a name."))
        return cleaned

    def result(self, taken: frozenset[str]) -> Part:
        """Return the score; `taken` are the keys of the other facts."""
        cleaned = self.cleaned_data
        starts = [(cleaned[f"from_{number}"], cleaned[f"label_{number}"]) for number in self.numbers]
        bands = [{"from": number_of(start), "label": label} for start, label in starts if start]
        return filled(
            self.before,
            {
                "key": self.before["key"] if not self.is_new else self._key(taken),
                "title": cleaned["title"],
                "kind": cleaned["kind"],
                "of": in_order(cleaned["of"], self.before.get("of", [])),
                "dated_by": cleaned["dated_by"] or None,
                "max_age_days": cleaned["max_age_days"],
                "bands": bands or ([] if self.before.get("bands") == [] else None),
            },
        )

    def _key(self, taken: frozenset[str]) -> str:
        typed = str(self.cleaned_data["key"])
        if typed:
            check_key(typed, taken)
        return typed or key_from(self.cleaned_data["title"], taken, "score")
