"""What is accepted about a reported question: choices from lists, and an admin's answer."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import PlainTextField
from screening.engine import Section
from screening.models import QuestionnaireVersion, QuestionReport, ReportReason, VersionState


class ReportForm(forms.Form):
    """Which question, and what is wrong with it. No free text: something about a client could get in."""

    question = forms.ChoiceField(label=_("Which question"))
    reason = forms.ChoiceField(
        label=_("What is wrong"), choices=ReportReason.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [each for top in section.questions for each in (top, *top.entry)]
        field = cast(forms.ChoiceField, self.fields["question"])
        field.choices = [("", _("Choose a question")), *((each.key, each.text) for each in asked)]


class SettleForm(forms.Form):
    """An admin's answer: words, or the draft in which the question was changed, or both."""

    reports = forms.ModelMultipleChoiceField(
        queryset=QuestionReport.objects.none(),
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": _("Nothing waits here any more."),
            "invalid_choice": _("Somebody settled some of these reports meanwhile. Look again."),
            "invalid_pk_value": _("Somebody settled some of these reports meanwhile. Look again."),
        },
    )
    draft = forms.ModelChoiceField(
        label=_("Taken up in a draft"),
        queryset=QuestionnaireVersion.objects.none(),
        required=False,
        empty_label=_("In no draft"),
    )
    words = PlainTextField(
        label=_("In a word"),
        limit=500,
        required=False,
        help_text=_("Whoever reported it reads this. Nothing about a client belongs here."),
    )

    def __init__(
        self, *args: Any, version: QuestionnaireVersion, waiting: list[QuestionReport], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        keys = [report.pk for report in waiting]
        reports = cast("forms.ModelMultipleChoiceField[QuestionReport]", self.fields["reports"])
        draft = cast("forms.ModelChoiceField[QuestionnaireVersion]", self.fields["draft"])
        reports.queryset, reports.initial = QuestionReport.objects.filter(pk__in=keys), keys
        drafts = QuestionnaireVersion.objects.filter(questionnaire_id=version.questionnaire_id)
        draft.queryset = drafts.filter(state=VersionState.DRAFT).defer("document")

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        given = super().clean() or {}
        if not self.errors and not given.get("words") and not given.get("draft"):
            self.add_error("words", _("Say a word, or name the draft in which it is taken up."))
        return given
