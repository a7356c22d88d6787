"""What an admin sends about a version: a comment in its place, a reply, an approval with its day."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import PlainCharField, PlainTextField

NOW, ON_A_DAY, LATER = "now", "on_a_day", "later"


class CommentForm(forms.Form):
    """Something said about a version, in its place."""

    place = PlainCharField(limit=20, widget=forms.HiddenInput)
    key = PlainCharField(limit=201, required=False, widget=forms.HiddenInput)
    text = PlainTextField(
        label=gettext_lazy("Your comment"),
        limit=2_000,
        rows=3,
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )
    must_be_settled = forms.BooleanField(
        label=gettext_lazy("Must be settled before it is approved"), required=False
    )


class ReplyForm(forms.Form):
    """An answer to a comment."""

    text = PlainTextField(
        label=gettext_lazy("Your reply"),
        limit=2_000,
        rows=3,
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )


class ApprovalForm(forms.Form):
    """An approval, and when the version is published: now, on a day, or later."""

    seen = PlainCharField(limit=80, widget=forms.HiddenInput)
    when = forms.ChoiceField()
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("For “on a day”."),
    )
    hour = forms.TimeField(
        label=gettext_lazy("Hour"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )

    saw_unproved = forms.BooleanField(
        label=gettext_lazy("I saw what is not proved of its rules"),
        error_messages={"required": gettext_lazy("Say that you saw what is not proved.")},
    )

    def __init__(
        self,
        *args: Any,
        zone: ZoneInfo,
        now: datetime,
        is_approved: bool,
        has_unproved: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now
        if is_approved or not has_unproved:
            del self.fields["saw_unproved"]
        choices = [(NOW, _("Now")), (ON_A_DAY, _("On a day, by itself"))]
        if not is_approved:
            choices.append((LATER, _("Not yet: approve it only")))
        self.fields["when"] = forms.ChoiceField(
            label=_("When is it published?"),
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose when it is published.")},
        )
        self.fields["hour"].help_text = _("In the network’s time zone, %(zone)s.") % {"zone": zone.key}

    def show_as_current(self, seen: str) -> None:
        """Let the next sending be about this document."""
        self.data = {**self.data.dict(), "seen": seen} if isinstance(self.data, QueryDict) else self.data

    def clean(self) -> dict[str, Any]:
        """Put day and hour together, in the network's zone."""
        cleaned = super().clean() or {}
        if cleaned.get("when") == ON_A_DAY and not self.errors:
            cleaned["publish_at"] = self._moment(cleaned)
        return cleaned

    def _moment(self, cleaned: dict[str, Any]) -> datetime | None:
        for name, words in (("day", _("Choose the day.")), ("hour", _("Choose the hour."))):
            if cleaned.get(name) is None:
                self.add_error(name, words)
        if self.errors:
            return None
        moment = datetime.combine(cleaned["day"], cleaned["hour"], self.zone)
        if moment.astimezone(UTC).astimezone(self.zone).time() != cleaned["hour"]:
            self.add_error("hour", _("That hour doesn’t exist on that day: clocks go forward."))
        elif moment <= self.now:
            self.add_error("day", _("That day and hour are over. Choose one that is still to come."))
        return moment
