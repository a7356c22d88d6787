"""What is accepted about a safety correction."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import PlainTextField
from screening.differences import changed_questions, changed_rules, question_text
from screening.engine import Definition
from screening.engine.wording import read_words
from screening.models import QuestionnaireVersion


class CorrectionForm(forms.Form):
    """The first version that was unsafe, what therapists are told, and what it concerns."""

    since = forms.TypedChoiceField(label=_("It corrects the versions from"), coerce=int)
    words = PlainTextField(
        label=_("What therapists are told"),
        limit=2000,
        help_text=_("What was wrong, and what to look at. It stands above each therapist’s list."),
    )
    questions = forms.MultipleChoiceField(
        label=_("Questions it concerns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever answered one of them is on the list, whatever the rules find."),
    )
    rules = forms.MultipleChoiceField(
        label=_("Rules it concerns"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        earlier: list[QuestionnaireVersion],
        before: Definition,
        after: Definition,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        questions, rules = changed_questions(before, after), changed_rules(before, after)
        self._choose("since", [(str(each.number), str(each.number)) for each in earlier], None)
        self._choose("questions", [(key, question_text(before, key)) for key in questions], questions)
        self._choose("rules", [(key, rule_title(before, after, key)) for key in rules], rules)

    def _choose(self, name: str, choices: list[tuple[str, str]], initial: list[str] | None) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices, field.initial = choices, initial

    def clean_words(self) -> str:
        """Refuse words that promise or decide."""
        words: str = self.cleaned_data["words"]
        found = read_words().found_in(words)
        if found:
            raise forms.ValidationError(_("Never used here: %(words)s.") % {"words": ", ".join(found)})
        return words


def rule_title(before: Definition, after: Definition, rule: str) -> str:
    """Return the title of "indication:trd" or "consideration:psychosis", in either version."""
    kind, _colon, key = rule.partition(":")
    for definition in (after, before):
        rules = definition.indications if kind == "indication" else definition.considerations
        for each in rules:
            if each.key == key:
                return each.title
    return key
