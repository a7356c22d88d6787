"""What every form of a referral shares: the key that makes a form count once, and days as they are typed."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainCharField
from screening.forms.questions import read_day


class OnceForm(forms.Form):
    """A form that counts once, however often it is sent: its key was made when the page was shown."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"invalid": lazy("This page is out of date. Open it again and repeat what you did.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = uuid4
        self.fields["form_key"].error_messages["required"] = self.fields["form_key"].error_messages["invalid"]


class DayField(PlainCharField):
    """A day written as month/day/year."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "inputmode": "numeric", "class": "w-date"}
        kwargs.setdefault("help_text", lazy("Month, day, year, for example 11/23/2026"))
        super().__init__(limit=40, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the day, or None where nothing was typed."""
        text = super().clean(value)
        return read_day(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        """Show a day the way it is typed."""
        return f"{value.month:02}/{value.day:02}/{value.year}" if isinstance(value, date) else value


def no_session_notes() -> str:
    """Return what every field for free text says."""
    return _("No session notes: there is no place for them here.")
