"""Organizations, people, invitations, and one's own details."""

from functools import cache
from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts import passwords
from accounts.fields import PlainCharField, PlainTextField
from accounts.forms.sign_in import PASSWORD_LIMIT
from accounts.models import Duty, Kind, Organization, User, known_time_zones
from accounts.text import check_text

DUTY_WORDS = {
    Duty.LEAD: _("Lead: settings, crisis plan, handing over a caseload"),
    Duty.SUPERVISOR: _("Supervisor: signs the screenings of named associates"),
    Duty.CLINICAL_OWNER: _("Clinical owner: approves a version’s content before it is published"),
}

AMERICAN_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)


@cache
def _zones() -> list[Any]:
    """Return the zones of the United States first, then every other place."""
    common = [(name, name.split("/")[1].replace("_", " ")) for name in AMERICAN_ZONES]
    others = sorted(name for name in known_time_zones() if "/" in name and name not in AMERICAN_ZONES)
    everywhere = [(name, name.replace("_", " ")) for name in others if not name.startswith("Etc/")]
    return [(_("United States"), common), (_("Everywhere"), [*everywhere, ("UTC", "UTC")])]


class TimeZoneField(forms.ChoiceField):
    """A time zone by its place."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Time zone"),
            choices=_zones,
            help_text=_("Days begin and end here, and due times count in it."),
        )


class PhoneField(PlainCharField):
    """A phone number as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            limit=40, widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}), **kwargs
        )


class NewOrganization(forms.Form):
    """What a new practice or prescriber organization needs."""

    name = PlainCharField(label=_("Name"), limit=200)
    kind = forms.ChoiceField(
        label=_("What it is"),
        widget=forms.RadioSelect,
        choices=[(kind.value, kind.label) for kind in (Kind.PRACTICE, Kind.PRESCRIBER)],
    )
    phone = PhoneField(label=_("Phone"), required=False)
    time_zone = TimeZoneField()


class Duties(forms.Form):
    """Which duties somebody has, of those that exist in their kind of organization."""

    duties = forms.MultipleChoiceField(
        label=_("Duties"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none for somebody who only does the work of the organization."),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(duty.value, DUTY_WORDS[duty]) for duty in organization.allowed_duties]
        cast("forms.MultipleChoiceField", self.fields["duties"]).choices = choices


class NewInvitation(Duties):
    """Who is invited, and with which duties."""

    name = PlainCharField(label=_("Name"), limit=150)
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("They will sign in with it."))

    field_order = ("name", "email", "duties")

    def clean_email(self) -> str:
        """Return the e-mail in lower case; say when somebody has it already."""
        email: str = self.cleaned_data["email"].casefold()
        check_text(email)
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody with this e-mail is here already."), code="taken")
        return email


class OwnDetails(forms.Form):
    """What others read about oneself."""

    name = PlainCharField(label=_("Name"), limit=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    credentials = PlainCharField(
        label=_("Credentials"), limit=60, required=False, help_text=_("As they follow your name: LMFT, MD.")
    )
    licence = PlainCharField(
        label=_("License"), limit=60, required=False, help_text=_("Number and state, as providers read it.")
    )
    phone = PhoneField(label=_("Phone"), required=False)


class Joining(OwnDetails):
    """One's details and a first password."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=passwords.Input(attrs={"autocomplete": "new-password"}),
        help_text=passwords.ADVICE,
    )
    password_again = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=passwords.Input(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email, self.organization = email, organization

    def clean_password(self) -> str:
        """Return the password, if it is a good one for this person."""
        password: str = self.cleaned_data["password"]
        check_text(password, PASSWORD_LIMIT)
        name = self.cleaned_data.get("name", "")
        validate_password(password, User(email=self.email, name=name, organization=self.organization))
        return password

    def clean(self) -> dict[str, Any]:
        """Compare the two passwords."""
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password is not None and cleaned.get("password_again") not in {None, password}:
            self.add_error("password_again", _("The two passwords differ: type the same one twice."))
        return cleaned

    def details(self) -> dict[str, str]:
        """Return what the invited person is made of."""
        return {name: value for name, value in self.cleaned_data.items() if name != "password_again"}


class PracticeSettings(forms.Form):
    """What a lead decides for their own organization."""

    phone = PhoneField(label=_("Phone"), required=False, help_text=_("Shown to those who work with you."))
    time_zone = TimeZoneField()
    crisis_plan = PlainTextField(
        label=_("Crisis plan"),
        limit=4000,
        rows=6,
        required=False,
        help_text=_(
            "Shown beside 988 and 911 when an urgent consideration is raised: whom to call here, and what is "
            "done. Write nothing about a client."
        ),
    )
    requires_signature = forms.BooleanField(
        label=_("A supervisor’s signature is needed before a referral of an associate is sent"),
        required=False,
    )
    part2_program = forms.BooleanField(
        label=_("This is a substance use disorder program under 42 CFR Part 2"), required=False
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organization.kind != Kind.PRACTICE:
            del self.fields["requires_signature"]


class Supervision(forms.Form):
    """Whose signature somebody's screenings need."""

    supervisor = forms.ModelChoiceField(
        label=_("Supervisor"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: signs alone"),
        help_text=_("Only people with the duty of supervisor in the same practice can sign."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["supervisor"]).queryset = (
            User.objects.active()
            .filter(organization_id=person.organization_id, duties__contains=[Duty.SUPERVISOR.value])
            .exclude(pk=person.pk)
        )
