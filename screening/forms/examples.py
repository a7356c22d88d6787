"""An example kept as a vignette: its name, and what has to be found in it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainCharField
from screening.editing.keys import key_from
from screening.engine import ConsiderationState, Definition, Findings, Outcome
from screening.forms.previews import Example

INDICATION, CONSIDERATION = "indication-", "consideration-"
UNSAID = ("", lazy("Not said"))
OUTCOMES = (
    (Outcome.INDICATORS_PRESENT.value, lazy("indicators present")),
    (Outcome.INDICATORS_NOT_PRESENT.value, lazy("indicators not present")),
    (Outcome.NOT_ENOUGH_INFORMATION.value, lazy("not enough information")),
)
STATES = (
    (ConsiderationState.RAISED.value, lazy("raised")),
    (ConsiderationState.NOT_RAISED.value, lazy("not raised")),
    (ConsiderationState.NOT_ASSESSED.value, lazy("not assessed")),
)


class VignetteForm(forms.Form):
    """A vignette's title, and each expectation, beginning with what is found now."""

    title = PlainCharField(label=lazy("Title"), help_text=lazy("What the example shows, in a few words."))

    def __init__(self, *args: Any, definition: Definition, findings: Findings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.found: dict[str, str] = {}
        for indication in definition.indications:
            outcome = findings.indications[indication.key].outcome
            self._expect(INDICATION + indication.key, indication.title, OUTCOMES, outcome, outcome)
        for consideration in definition.considerations:
            state = findings.considerations[consideration.key]
            # All that stay silent would be a long list: those raised are said, others can be.
            start = state if state is ConsiderationState.RAISED else ""
            self._expect(CONSIDERATION + consideration.key, consideration.title, STATES, state, start)
        self.fields["differs"] = forms.BooleanField(
            required=False,
            label=lazy("I know that what is found now differs: it holds once the rules are changed"),
        )

    def _expect(self, name: str, title: str, choices: Any, found: str, start: str) -> None:
        self.found[name] = str(found)
        self.fields[name] = forms.ChoiceField(
            label=title, choices=[UNSAID, *choices], required=False, initial=str(start)
        )

    @property
    def outcomes(self) -> list[forms.BoundField]:
        """The expected outcome of each indication."""
        return [self[name] for name in self.fields if name.startswith(INDICATION)]

    @property
    def said(self) -> list[forms.BoundField]:
        """The considerations of which something is expected."""
        return [field for field in self._states() if field.value()]

    @property
    def unsaid(self) -> list[forms.BoundField]:
        """The considerations of which nothing is expected yet."""
        return [field for field in self._states() if not field.value()]

    def _states(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(CONSIDERATION)]

    def clean(self) -> dict[str, Any]:
        """Refuse a vignette that expects nothing, and one that expects otherwise unless that is meant."""
        given = super().clean() or {}
        expected = {name: given[name] for name in self.found if given.get(name)}
        if not expected:
            raise ValidationError(_("Expect at least one outcome or consideration."))
        other = [name for name, value in expected.items() if value != self.found[name]]
        for name in other if not given.get("differs") else ():
            now = dict((*OUTCOMES, *STATES))[self.found[name]]
            words = _("Found now: %(state)s. Choose that, or say below that you know it differs.")
            self.add_error(name, words % {"state": now})
        return given

    def vignette(self, example: Example) -> dict[str, Any]:
        """Return the vignette as the document holds it, with a key made from its title."""
        given = self.cleaned_data
        taken = {each.key for each in self.definition.vignettes}

        def expected(prefix: str) -> Mapping[str, str]:
            names = [name for name in self.found if name.startswith(prefix) and given[name]]
            return {name.removeprefix(prefix): given[name] for name in names}

        return {
            "key": key_from(given["title"], taken, "vignette"),
            "title": given["title"],
            "as_of": example.as_of.isoformat(),
            "answers": example.answers,
            "expect": {
                "indications": expected(INDICATION),
                "considerations": expected(CONSIDERATION),
            },
        }
