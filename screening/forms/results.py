"""What is accepted about a result: acknowledgements, judgments and reasons."""

from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainCharField, PlainTextField
from accounts.models import User
from screening.forms.questions import read_day
from screening.models import JudgmentView

NOBODY = "nobody"
OTHER = "other"


class MomentField(PlainCharField):
    """A moment written as month/day/year and a time of day, in the reader's zone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(limit=40, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> datetime | None:
        """Return the moment."""
        text = super().clean(value)
        return read_moment(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        """Show a moment the way it is typed."""
        if not isinstance(value, datetime):
            return value
        local = timezone.localtime(value)
        return f"{local.month:02}/{local.day:02}/{local.year} {local.strftime('%I:%M %p').lstrip('0')}"


def read_moment(text: str) -> datetime:
    """Return `11/23/2026 1:55 PM` (or 13:55) as a moment in the active zone; raise ValidationError."""
    day_text, _space, time_text = " ".join(text.split()).partition(" ")
    day, clock = read_day(day_text), _clock(time_text)
    if clock is None:
        raise ValidationError(_("Write day and time, for example 11/23/2026 1:55 PM."))
    return timezone.make_aware(datetime.combine(day, clock))


def _clock(text: str) -> time | None:
    """Return the time of day, written with AM or PM or by the 24-hour clock; None if it is neither."""
    written = text.upper().replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    half = written[-2:] if written.endswith(("AM", "PM")) else ""
    hour, colon, minute = written.removesuffix(half).partition(":")
    numbers = all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (hour, minute))
    if not colon or not numbers or int(minute) > 59:
        return None
    if half and not 1 <= int(hour) <= 12:
        return None
    hours = int(hour) % 12 + (12 if half == "PM" else 0) if half else int(hour)
    return time(hours, int(minute)) if hours < 24 else None


class AcknowledgeForm(forms.Form):
    """What was done about an urgent consideration, who was told, and when."""

    done = PlainTextField(
        limit=4000,
        rows=4,
        label=lazy("What was done"),
        help_text=lazy("A sentence or two. No session notes."),
        error_messages={"required": lazy("Say what was done.")},
    )
    told = forms.MultipleChoiceField(
        label=lazy("Who was told"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("Say who was told, or choose Nobody.")},
    )
    told_other = PlainCharField(limit=200, required=False, label=lazy("Somebody else: who"))
    happened_at = MomentField(
        label=lazy("When"), help_text=lazy("Your time, for example 11/23/2026 1:55 PM.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        supervisor = user.needs_signature_from
        first = _("Supervisor, %(name)s") % {"name": supervisor.name} if supervisor else _("Supervisor")
        self.labels = {
            "supervisor": first,
            "prescriber": _("Prescriber"),
            "emergency": _("988 or 911"),
            OTHER: _("Somebody else"),
            NOBODY: _("Nobody"),
        }
        field = cast("forms.MultipleChoiceField", self.fields["told"])
        field.choices = list(self.labels.items())

    def clean_happened_at(self) -> datetime | None:
        """Refuse a moment to come."""
        moment: datetime | None = self.cleaned_data["happened_at"]
        if moment and moment > timezone.now() + timedelta(minutes=5):
            raise ValidationError(_("This moment is still to come."))
        return moment

    def clean(self) -> None:
        """Refuse nobody beside somebody, and somebody else without a word who."""
        told = self.cleaned_data.get("told", [])
        if NOBODY in told and len(told) > 1:
            self.add_error("told", _("Choose Nobody alone, or who was told."))
        if OTHER in told and not self.cleaned_data.get("told_other"):
            self.add_error("told_other", _("Say who."))

    def told_words(self) -> list[str]:
        """Return who was told, in words."""
        told = self.cleaned_data["told"]
        return [self.cleaned_data["told_other"] if each == OTHER else self.labels[each] for each in told]


class JudgmentForm(forms.Form):
    """The therapist's own judgment of one outcome."""

    view = forms.ChoiceField(
        label=lazy("Your own judgment"),
        help_text=lazy("It stands beside the outcome, in the packet too, and may differ."),
        choices=JudgmentView.choices,
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose one.")},
    )
    words = PlainTextField(limit=2000, rows=2, required=False, label=lazy("Why"))

    def clean(self) -> None:
        """Ask for words where the judgment differs."""
        if self.cleaned_data.get("view") == JudgmentView.DIFFER and not self.cleaned_data.get("words"):
            self.add_error("words", _("Say in what your judgment differs."))


class ReasonForm(forms.Form):
    """Why a screening is amended or set aside."""

    reason = PlainTextField(
        limit=1000, rows=3, label=lazy("Reason"), error_messages={"required": lazy("Say why.")}
    )


class MoveForm(forms.Form):
    """Moving a screening to a newer version, with the print of what was looked at."""

    seen = forms.CharField(
        max_length=80,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Look at what would be carried before you move the screening."),
            "max_length": _("Look at what would be carried before you move the screening."),
        },
    )
