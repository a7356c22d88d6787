"""What is accepted as a message, and as an entry of a course."""

from typing import Any, cast

from django import forms
from django.forms import ChoiceField, RadioSelect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainCharField, PlainTextField
from accounts.models import User
from referrals.actions.courses import CHANGES, ENTERED_BY
from referrals.forms.fields import DayField, OnceForm
from referrals.models import CourseEntryKind, Form, Referral


class MessageForm(OnceForm):
    """Words to the other side."""

    text = PlainTextField(
        label=lazy("Write a message"),
        rows=2,
        help_text=lazy(
            "The other side reads it here; the e-mail it gets carries a link only. No session notes."
        ),
    )


class CourseForm(OnceForm):
    """A session, a measure, or a change of the course; a side is offered its own kinds only."""

    kind = ChoiceField(label=lazy("What to enter"), widget=RadioSelect)
    day = DayField(label=lazy("Day"))
    form = ChoiceField(
        label=lazy("Form of the session"),
        choices=[("", lazy("Not a dosing session")), *Form.choices],
        required=False,
    )
    measure = PlainCharField(label=lazy("Measure"), required=False, help_text=lazy("For example PHQ-9"))
    result = PlainCharField(label=lazy("Result"), required=False, help_text=lazy("For example 9 of 27"))
    notes = PlainTextField(
        label=lazy("Notes"),
        required=False,
        rows=4,
        help_text=lazy("Both sides read this. No session notes of therapy: there is no place for them here."),
    )

    def __init__(self, *args: Any, referral: Referral, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        side = referral.side_of(user)
        field = cast("forms.ChoiceField", self.fields["kind"])
        field.choices = [
            (kind.value, kind.label)
            for kind in CourseEntryKind
            if ENTERED_BY[kind] is side and (kind not in CHANGES or referral.course in CHANGES[kind][0])
        ]
        for name in ("measure", "result") if user.is_provider else ("form",):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Want a form for a dosing session, and name and result for a measure."""
        data = cast("dict[str, Any]", super().clean())
        kind = data.get("kind")
        if kind == CourseEntryKind.DOSING and not data.get("form"):
            self.add_error("form", _("Choose the form of the session."))
        if kind == CourseEntryKind.MEASURE:
            for name in ("measure", "result"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A measure has a name and a result."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what the action takes; what belongs to another kind is left out."""
        data = dict(self.cleaned_data)
        if data["kind"] != CourseEntryKind.DOSING:
            data.pop("form", None)
        if data["kind"] != CourseEntryKind.MEASURE:
            data.pop("measure", None)
            data.pop("result", None)
        return data
