"""What is accepted about requests for a record and requests to amend it."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainCharField, PlainTextField
from referrals.forms.fields import DayField, OnceForm
from screening.models.requests import Answered, Asker, RequestKind


class AskForm(OnceForm):
    """Somebody asked for a client's record."""

    kind = forms.ChoiceField(
        choices=RequestKind.choices, widget=forms.RadioSelect, label=lazy("What is asked for")
    )
    asker = forms.ChoiceField(choices=Asker.choices, widget=forms.RadioSelect, label=lazy("Who asked"))
    asked_by = PlainCharField(
        limit=200,
        required=False,
        label=lazy("Their name"),
        help_text=lazy("Where it isn’t the client: name, relation, and how you checked that they may ask."),
    )
    received_on = DayField(label=lazy("Day it came"))
    words = PlainTextField(
        limit=2000,
        required=False,
        label=lazy("What exactly, in which form, and where to send it"),
        help_text=lazy("For example: a paper copy of the screenings of this year, by mail."),
    )

    def clean_received_on(self) -> date | None:
        """Refuse a day to come."""
        return _no_day_to_come(self.cleaned_data["received_on"])

    def clean(self) -> dict[str, Any]:
        """Ask for the name of whoever isn't the client."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        asker = cleaned.get("asker")
        if asker and asker != Asker.CLIENT and not cleaned.get("asked_by") and "asked_by" not in self.errors:
            self.add_error("asked_by", _("Write who asked."))
        return cleaned


class ExtendForm(forms.Form):
    """Why more time is needed."""

    words = PlainTextField(
        limit=2000,
        label=lazy("Reason, and the day by which you will act"),
        help_text=lazy("Tell whoever asked the same in writing before the time runs out."),
    )


class AnswerForm(forms.Form):
    """How a request was answered."""

    answer = forms.ChoiceField(choices=Answered.choices, widget=forms.RadioSelect, label=lazy("Answer"))
    words = PlainTextField(
        limit=4000,
        label=lazy("What was given, in which form and how; or the reason"),
        help_text=lazy("A denial is told in writing, with how it can be reviewed and where to complain."),
    )


class AmendForm(OnceForm):
    """What a client says is wrong."""

    sections = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=lazy("Sections that the words speak of"),
        help_text=lazy(
            "Tick every one of them: a statement goes with a packet only where all of them are shared. "
            "Tick none if it concerns the record as a whole."
        ),
    )
    words = PlainTextField(
        limit=4000,
        rows=6,
        label=lazy("What the client says is wrong, and what they ask for"),
        help_text=lazy("In their words. No session notes: there is no place for them here."),
    )
    received_on = DayField(label=lazy("Day it came"))

    def __init__(self, *args: Any, titles: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["sections"]).choices = list(titles.items())

    def clean_received_on(self) -> date | None:
        """Refuse a day to come."""
        return _no_day_to_come(self.cleaned_data["received_on"])


class StepForm(forms.Form):
    """The words of a step: a reason, what was changed, a statement, a rebuttal."""

    words = PlainTextField(limit=4000, rows=6)

    def __init__(self, *args: Any, label: str, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label, self.fields["words"].help_text = label, hint


def _no_day_to_come(day: date | None) -> date | None:
    if day is not None and day > timezone.localdate():
        raise ValidationError(_("Choose a day that has begun."))
    return day
