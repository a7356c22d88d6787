"""One form for each move: what has to be said when it is taken."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms import CheckboxSelectMultiple, ChoiceField, MultipleChoiceField, RadioSelect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainTextField
from accounts.models import User
from referrals import actions
from referrals.actions.provider import FURTHEST
from referrals.forms.fields import DayField, OnceForm
from referrals.models import (
    DeclineCode,
    Listing,
    OutcomeKind,
    RecallReason,
    Referral,
    WithdrawReason,
)
from screening.forms.results import MomentField

NOTES_HINT = lazy("No session notes: there is no place for them here.")
MOST_QUESTIONS = 5
UNKNOWN = [("not_known", lazy("Not known")), ("declined", lazy("Declined"))]


class MoveForm(OnceForm):
    """A move that needs no words. `referral` and `user` are those of the page."""

    def __init__(self, *args: Any, referral: Referral, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.referral = referral
        self.user = user

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return dict(self.cleaned_data)


class NoteForm(MoveForm):
    """A move with a few optional words to the other side."""

    note = PlainTextField(label=lazy("Note"), required=False, rows=3, help_text=NOTES_HINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user.is_therapist and self.referral.consent_ended(_today(self.referral)):
            # Consent has ended: no words go over any more, so none are asked for.
            del self.fields["note"]


class AskForm(MoveForm):
    """Up to five questions, each in a field of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_QUESTIONS + 1):
            self.fields[f"question_{number}"] = PlainTextField(
                label=_("Question %(number)d") % {"number": number},
                required=number == 1,
                limit=1000,
                rows=2,
                help_text=_("One thing at a time; the therapist answers each by itself.")
                if number == 1
                else "",
            )
        self.fields["note"] = PlainTextField(label=_("Note"), required=False, rows=3)

    def values(self) -> dict[str, Any]:
        """Return the questions that were written."""
        data = self.cleaned_data
        asked = [data[f"question_{number}"] for number in range(1, MOST_QUESTIONS + 1)]
        return {"form_key": data["form_key"], "questions": list(filter(None, asked)), "note": data["note"]}


class ReplyForm(MoveForm):
    """An answer to each question, or that it isn't known or was declined."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = actions.open_questions(self.referral)
        for number, question in enumerate(self.questions):
            self.fields[f"answer_{number}"] = PlainTextField(
                label=question, required=False, rows=3, help_text=NOTES_HINT
            )
            self.fields[f"unknown_{number}"] = ChoiceField(
                label=_("If there is no answer to “%(question)s”") % {"question": question},
                choices=UNKNOWN,
                widget=RadioSelect,
                required=False,
            )
        self.fields["note"] = PlainTextField(label=_("Note"), required=False, rows=3, help_text=NOTES_HINT)

    def clean(self) -> dict[str, Any]:
        """Want exactly one of words and unknown for each question."""
        data = cast("dict[str, Any]", super().clean())
        for number in range(len(self.questions)):
            text, unknown = data.get(f"answer_{number}"), data.get(f"unknown_{number}")
            if text and unknown:
                self.add_error(
                    f"answer_{number}", _("Write an answer or choose why there is none, not both.")
                )
            elif not text and not unknown and f"answer_{number}" not in self.errors:
                self.add_error(f"answer_{number}", _("Write an answer, or choose why there is none."))
        return data

    def values(self) -> dict[str, Any]:
        """Return the answers in the order of the questions."""
        data = self.cleaned_data
        answers = [
            {"text": data[f"answer_{number}"]}
            if data[f"answer_{number}"]
            else {"unknown": data[f"unknown_{number}"]}
            for number in range(len(self.questions))
        ]
        return {"form_key": data["form_key"], "answers": answers, "note": data["note"]}


class DeclineForm(MoveForm):
    """A code, and what two of them need."""

    code = ChoiceField(label=lazy("Reason"), choices=DeclineCode.choices, widget=RadioSelect)
    work_on = MultipleChoiceField(
        label=lazy("Not now: what to work on"),
        widget=CheckboxSelectMultiple,
        required=False,
        help_text=lazy("Considerations of this packet that were raised or not assessed."),
    )
    look_again_on = DayField(label=lazy("Not now: look again on"), required=False)
    listing = forms.ModelChoiceField(
        label=lazy("Another provider: which"),
        queryset=Listing.objects.none(),
        required=False,
        empty_label=lazy("Choose a provider"),
    )
    note = PlainTextField(label=lazy("Note to the therapist"), required=False, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        work_on = cast("MultipleChoiceField", self.fields["work_on"])
        work_on.choices = actions.considerations_to_work_on(self.referral, self.user)
        others = Listing.objects.published().exclude(organization=self.referral.prescriber)
        listing = cast("forms.ModelChoiceField[Listing]", self.fields["listing"])
        listing.queryset = others.select_related("organization").order_by("organization__name")

    def clean(self) -> dict[str, Any]:
        """Want what the chosen code needs, beside the field that lacks it."""
        data = cast("dict[str, Any]", super().clean())
        match data.get("code"):
            case DeclineCode.NOT_NOW:
                self._want("work_on", _("Choose at least one thing to work on."))
                self._want("look_again_on", _("Give a day on which to look again."))
                day = data.get("look_again_on")
                today = timezone.localdate()
                if day and not today < day <= today + FURTHEST:
                    self.add_error("look_again_on", _("Give a day ahead, within two years."))
            case DeclineCode.REFER_TO:
                self._want("listing", _("Choose the other provider."))
            case DeclineCode.OTHER:
                self._want("note", _("Write the reason in a few words."))
        return data

    def _want(self, name: str, sentence: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)


class ScheduleForm(MoveForm):
    """The appointment, in the reader's own time zone."""

    appointment_at = MomentField(
        label=lazy("Day and time"), help_text=lazy("In your own time zone, for example 12/8/2026 9:30 AM")
    )
    note = PlainTextField(
        label=lazy("Note"),
        required=False,
        rows=3,
        help_text=lazy("Where to come, what to bring, whether it is at a distance."),
    )

    def clean_appointment_at(self) -> Any:
        """Want a moment ahead."""
        moment = self.cleaned_data["appointment_at"]
        if not timezone.now() < moment <= timezone.now() + FURTHEST:
            raise ValidationError(_("Give a day and time ahead, within two years."))
        return moment


class NewTimeForm(NoteForm):
    """When the client can come."""

    note = PlainTextField(
        label=lazy("When the client can come"), rows=3, help_text=lazy("Days and times, and who brings them.")
    )


class OutcomeForm(MoveForm):
    """What was decided after the evaluation."""

    kind = ChoiceField(label=lazy("Outcome"), choices=OutcomeKind.choices, widget=RadioSelect)
    note = PlainTextField(
        label=lazy("Note to the therapist"),
        required=False,
        rows=4,
        help_text=lazy("What was found, what comes next, and what the therapist can do."),
    )


class WordsForm(MoveForm):
    """Words that are needed; each move says in its label which."""

    note = PlainTextField(label=lazy("Words"), rows=3, help_text=NOTES_HINT)


class QuestionOutcomeForm(WordsForm):
    """What isn't clear about the outcome."""

    note = PlainTextField(label=lazy("What is not clear"), rows=3, help_text=NOTES_HINT)


class ReopenForm(WordsForm):
    """Why a closed referral is opened again."""

    note = PlainTextField(label=lazy("Why it is opened again"), rows=3, help_text=NOTES_HINT)


class ReportForm(WordsForm):
    """What has changed."""

    note = PlainTextField(
        label=lazy("What has changed"),
        rows=4,
        help_text=lazy("The other side has to acknowledge this. Nobody watches it for emergencies."),
    )


class AcknowledgeForm(MoveForm):
    """Which report is acknowledged, and what was done."""

    report = ChoiceField(label=lazy("Report"), widget=RadioSelect)
    note = PlainTextField(label=lazy("What was done"), rows=3, help_text=NOTES_HINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        side = self.referral.side_of(self.user)
        reports = [event for event in actions.open_reports(self.referral) if event.party != side]
        field = cast("ChoiceField", self.fields["report"])
        field.choices = [(str(event.pk), event.note or "") for event in reports]
        if len(reports) == 1:
            field.initial = str(reports[0].pk)

    def values(self) -> dict[str, Any]:
        """Return the report's id as one."""
        return dict(self.cleaned_data) | {"report": UUID(self.cleaned_data["report"])}


class WithdrawForm(NoteForm):
    """Why it is withdrawn; the end of consent has a page of its own."""

    reason = ChoiceField(
        label=lazy("Reason"),
        choices=[
            (WithdrawReason.CLIENT_WISH.value, WithdrawReason.CLIENT_WISH.label),
            (WithdrawReason.SCREENING_IN_ERROR.value, WithdrawReason.SCREENING_IN_ERROR.label),
        ],
        widget=RadioSelect,
    )
    field_order = ("form_key", "reason", "note")


class RecallForm(NoteForm):
    """What was wrong."""

    reason = ChoiceField(label=lazy("Reason"), choices=RecallReason.choices, widget=RadioSelect)
    field_order = ("form_key", "reason", "note")


class AssignForm(MoveForm):
    """Who answers for it on one's own side."""

    to = forms.ModelChoiceField(
        label=lazy("Colleague"), queryset=User.objects.none(), empty_label=lazy("Choose a colleague")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[User]", self.fields["to"])
        field.queryset = User.objects.visible_to(self.user).active()


def _today(referral: Referral) -> date:
    return timezone.localdate(timezone=referral.organization.zone)
