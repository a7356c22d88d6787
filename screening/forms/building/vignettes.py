"""A vignette: its title and day, and what the rules must find in its answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import PlainCharField
from screening.editing.documents import Part
from screening.engine import ConsiderationState, Definition, Outcome
from screening.forms.building.edits import EditForm


def outcome_words() -> list[tuple[str, str]]:
    """Return the outcomes with their words."""
    return [
        (Outcome.INDICATORS_PRESENT.value, _("Indicators present")),
        (Outcome.INDICATORS_NOT_PRESENT.value, _("Indicators not present")),
        (Outcome.NOT_ENOUGH_INFORMATION.value, _("Not enough information")),
    ]


def state_words() -> list[tuple[str, str]]:
    """Return the states of a consideration with their words."""
    return [
        (ConsiderationState.RAISED.value, _("Raised")),
        (ConsiderationState.NOT_RAISED.value, _("Not raised")),
        (ConsiderationState.NOT_ASSESSED.value, _("Not assessed")),
    ]


class VignetteForm(EditForm):
    """One vignette; what nothing is chosen for isn't expected at all."""

    title = PlainCharField(label=gettext_lazy("Title"), limit=300)
    as_of = forms.DateField(
        label=gettext_lazy("As of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%m/%d/%Y"],
    )

    def __init__(self, data: Any = None, *, definition: Definition, part: Part, **kwargs: Any) -> None:
        super().__init__(data, initial={"title": part["title"], "as_of": part["as_of"]}, **kwargs)
        expected = part["expect"]
        self.asked = {
            "indications": [each.key for each in definition.indications],
            "considerations": [each.key for each in definition.considerations],
        }
        for each in definition.indications:
            self._add("indications", each.key, each.title, outcome_words(), expected)
        for consideration in definition.considerations:
            self._add("considerations", consideration.key, consideration.title, state_words(), expected)

    def _add(
        self, name: str, key: str, label: str, words: list[tuple[str, str]], expected: dict[str, Any]
    ) -> None:
        self.fields[f"{name}.{key}"] = forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", _("Nothing is expected")), *words],
            initial=expected.get(name, {}).get(key, ""),
        )

    @property
    def indications(self) -> list[forms.BoundField]:
        """The fields of what is expected of indications."""
        return [self[f"indications.{key}"] for key in self.asked["indications"]]

    @property
    def considerations(self) -> list[forms.BoundField]:
        """The fields of what is expected of considerations."""
        return [self[f"considerations.{key}"] for key in self.asked["considerations"]]

    def result(self, part: Part) -> Part:
        """Return the vignette with what is expected now; its answers stay."""
        cleaned = self.cleaned_data
        expect = {
            name: {key: cleaned[f"{name}.{key}"] for key in keys if cleaned[f"{name}.{key}"]}
            for name, keys in self.asked.items()
        }
        return {
            **part,
            "title": cleaned["title"],
            "as_of": cleaned["as_of"].isoformat(),
            "expect": expect,
        }
