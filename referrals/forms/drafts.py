"""What is accepted on the way to sending: whom to refer to, why, and the consent."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.forms import CheckboxSelectMultiple, ChoiceField, HiddenInput, MultipleChoiceField, RadioSelect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainCharField, PlainTextField
from referrals.actions.consents import LONGEST
from referrals.forms.fields import DayField, OnceForm
from referrals.models import Consent, HowGiven, Listing, Referral
from referrals.packet import TherapistRole
from referrals.reading import always_shared, is_part2_program, part2_of
from screening.engine import Section
from screening.models.screenings import Part2
from screening.reading import Reading

NOTES_HINT = lazy("No session notes: there is no place for them here.")


class ChooseForm(OnceForm):
    """Which provider."""

    listing = forms.ModelChoiceField(
        queryset=Listing.objects.none(),
        label=lazy("Provider"),
        widget=RadioSelect,
        empty_label=None,
        error_messages={"required": lazy("Choose a provider.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Listing]", self.fields["listing"])
        field.queryset = Listing.objects.published().filter(takes_referrals=True)


class ConsentForm(OnceForm):
    """Why the client is referred, and what they let this recipient see."""

    reason = PlainTextField(label=lazy("Reason for referral"), rows=3, help_text=NOTES_HINT)
    question = PlainTextField(
        label=lazy("Question to the provider"), required=False, rows=2, limit=2000, help_text=NOTES_HINT
    )
    meets = PlainCharField(
        label=lazy("How often you meet"), required=False, help_text=lazy("For example every week")
    )
    role = ChoiceField(
        label=lazy("Your part in what may follow"), choices=TherapistRole.choices, widget=RadioSelect
    )
    sections = MultipleChoiceField(
        label=lazy("Sections that the client agrees to share"),
        widget=CheckboxSelectMultiple,
        required=False,
        help_text=lazy("For this purpose only: evaluation of this referral."),
    )
    how = ChoiceField(label=lazy("How it was given"), choices=HowGiven.choices, widget=RadioSelect)
    witness = PlainCharField(
        label=lazy("Witness"), required=False, help_text=lazy("For a consent given verbally")
    )
    expires_on = DayField(label=lazy("Ends on"))

    def __init__(
        self, *args: Any, referral: Referral, reading: Reading, consent: Consent | None, **kwargs: Any
    ) -> None:
        self.today, self.client_part2 = reading.today, part2_of(reading)
        self.is_program = is_part2_program(reading)
        self.sections_known = reading.definition.sections
        self.always = always_shared(self.sections_known)
        self.sensitive = [
            each for each in self.sections_known if each.sensitive and each.key not in self.always
        ]
        kwargs.setdefault("initial", self._initial(referral, reading, consent))
        super().__init__(*args, **kwargs)
        sections = cast("MultipleChoiceField", self.fields["sections"])
        sections.choices = [(each.key, each.title) for each in self.sections_known if self._is_asked(each)]
        for section in self.sensitive:
            self._ask_about(section)

    def _is_asked(self, section: Section) -> bool:
        return section.key not in self.always and not section.sensitive

    def _ask_about(self, section: Section) -> None:
        """A sensitive section has a consent of its own, and a question where its answers come from."""
        title = {"title": section.title}
        self.fields[f"part2_{section.key}"] = ChoiceField(
            label=_("%(title)s: does any of it come from a substance use program under 42 CFR Part 2?")
            % title,
            choices=[(Part2.YES, _("Yes")), (Part2.NO, _("No")), (Part2.NOT_KNOWN, _("Not known"))],
            widget=RadioSelect,
            initial=self.client_part2.get(section.key, Part2.NOT_KNOWN),
        )
        self.fields[f"share_{section.key}"] = ChoiceField(
            label=_("%(title)s: may it go with the packet?") % title,
            choices=[
                ("no", _("No, it stays out")),
                ("yes", _("Yes, the client agrees")),
                ("part2", _("Yes, with a Part 2 consent")),
            ],
            widget=RadioSelect,
            initial=self.initial.get(f"share_{section.key}", "no"),
            help_text=_("If it comes from such a program, or that is not known, it needs a Part 2 consent."),
        )

    def _initial(self, referral: Referral, reading: Reading, consent: Consent | None) -> dict[str, Any]:
        """What was recorded before; else, after a decline, what the earlier referral shared."""
        request = referral.request
        shared = set(consent.sections) if consent else {each.key for each in reading.definition.sections}
        part2 = set(consent.part2_sections) if consent else set()
        sensitive = {
            f"share_{each.key}": "part2" if each.key in part2 else "yes"
            for each in reading.definition.sections
            if each.sensitive and consent and each.key in shared
        }
        return {
            "reason": request.reason,
            "question": request.question,
            "meets": request.meets,
            "role": request.role,
            "sections": sorted(shared),
            "how": consent.how if consent else "",
            "witness": consent.witness if consent else "",
            "expires_on": consent.expires_on if consent else reading.today + timedelta(days=365),
        } | sensitive

    def clean_expires_on(self) -> date:
        """Want a day ahead, within two years."""
        day: date = self.cleaned_data["expires_on"]
        if not self.today < day <= self.today + LONGEST:
            raise forms.ValidationError(_("Give a day after today, within two years."))
        return day

    def clean(self) -> dict[str, Any]:
        """Want a witness where one is needed, and a Part 2 consent where one is needed."""
        data = cast("dict[str, Any]", super().clean())
        if data.get("how") == HowGiven.VERBAL and not data.get("witness") and "witness" not in self.errors:
            self.add_error("witness", _("A consent given verbally needs the name of a witness."))
        for section in self.sensitive:
            if data.get(f"share_{section.key}") == "yes" and self._said(section) != Part2.NO:
                self.add_error(
                    f"share_{section.key}",
                    _("It may be a Part 2 program’s record: record a Part 2 consent, or leave it out."),
                )
        return data

    def _said(self, section: Section) -> str:
        """A practice that is a Part 2 programme can't say no."""
        if self.is_program:
            return Part2.YES
        return str(self.cleaned_data.get(f"part2_{section.key}", Part2.NOT_KNOWN))

    @property
    def always_in_words(self) -> str:
        """The titles of the sections that go with every referral."""
        return ", ".join(each.title for each in self.sections_known if each.key in self.always)

    @property
    def sensitive_fields(self) -> list[dict[str, Any]]:
        """The two questions about each sensitive section."""
        return [
            {"title": each.title, "part2": self[f"part2_{each.key}"], "share": self[f"share_{each.key}"]}
            for each in self.sensitive
        ]

    def request(self) -> dict[str, Any]:
        """Return what `write_request` takes."""
        return {name: self.cleaned_data[name] for name in ("reason", "question", "meets", "role")}

    def consent(self) -> dict[str, Any]:
        """Return what `record_consent` takes."""
        data = self.cleaned_data
        shared = {each.key: data[f"share_{each.key}"] for each in self.sensitive}
        return {
            "sections": [*data["sections"], *(key for key, may in shared.items() if may != "no")],
            "part2": {each.key: data[f"part2_{each.key}"] for each in self.sensitive},
            "part2_sections": [key for key, may in shared.items() if may == "part2"],
            "how": data["how"],
            "witness": data["witness"],
            "expires_on": data["expires_on"],
        }


class SendForm(OnceForm):
    """Which packet was read, and a note to go with it."""

    previewed = forms.CharField(widget=HiddenInput, max_length=80)
    note = PlainTextField(label=lazy("Note"), required=False, rows=3, help_text=NOTES_HINT)


class RevokeForm(OnceForm):
    """Nothing to say but to do it."""
