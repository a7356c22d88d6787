"""What is accepted about a client, and how one is found."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainCharField, PlainTextField
from accounts.models import User
from screening.forms.questions import read_day
from screening.models import Client, Contacts, Knows, PayerType

OLDEST = 120
NOT_SAID = [("", lazy("Not recorded"))]


class DayField(PlainCharField):
    """A day written as month/day/year."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"class": "w-date", "inputmode": "numeric", "autocomplete": "off"})
        super().__init__(limit=20, widget=widget, **kwargs)

    def clean(self, value: Any) -> date | None:
        """Return the day."""
        text = super().clean(value)
        return read_day(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        """Show a day the way it is typed."""
        return f"{value.month:02}/{value.day:02}/{value.year}" if isinstance(value, date) else value


class ClientForm(forms.Form):
    """A client's record: who they are, how to reach them, who else looks after them."""

    first_name = PlainCharField(limit=100, label=lazy("First name, as in their papers"))
    last_name = PlainCharField(limit=100, label=lazy("Last name, as in their papers"))
    used_name = PlainCharField(
        limit=100,
        required=False,
        label=lazy("Name they use"),
        help_text=lazy("The first name to speak to them with, if it is another one."),
    )
    birth_date = DayField(
        label=lazy("Birth date"), help_text=lazy("Month, day, year, for example 02/27/1991.")
    )
    record_number = PlainCharField(
        limit=40, label=lazy("Record number"), help_text=lazy("Your practice’s own number for this client.")
    )
    phone = PlainCharField(limit=60, required=False, label=lazy("Phone"))
    message_is_safe = forms.ChoiceField(
        choices=[*NOT_SAID, *Knows.choices],
        required=False,
        label=lazy("Is it safe to leave a message there?"),
    )
    email = PlainCharField(limit=254, required=False, label=lazy("E-mail"))
    language = PlainCharField(limit=60, required=False, label=lazy("Language they prefer"))
    emergency_contact = PlainTextField(
        limit=400,
        rows=2,
        required=False,
        label=lazy("Emergency contact"),
        help_text=lazy("Name, relation and phone."),
    )
    prescriber = PlainTextField(
        limit=400,
        rows=2,
        required=False,
        label=lazy("Current prescriber"),
        help_text=lazy("Name and phone, if there is one."),
    )
    prescriber_knows = forms.ChoiceField(
        choices=[*NOT_SAID, *Knows.choices],
        required=False,
        label=lazy("Does the prescriber know of this referral?"),
    )
    primary_care = PlainTextField(limit=400, rows=2, required=False, label=lazy("Primary care"))
    primary_care_knows = forms.ChoiceField(
        choices=[*NOT_SAID, *Knows.choices],
        required=False,
        label=lazy("Does primary care know of this referral?"),
    )
    payer_type = forms.ChoiceField(
        choices=[*NOT_SAID, *PayerType.choices], required=False, label=lazy("Who may pay")
    )
    part2_program = forms.TypedChoiceField(
        choices=[
            ("", lazy("As the practice’s settings say")),
            ("yes", lazy("Yes, for this client")),
            ("no", lazy("No, not for this client")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        label=lazy("Are these records of a substance-use program (42 CFR Part 2)?"),
    )

    def clean_birth_date(self) -> date | None:
        """Refuse a day to come, and one no living person was born on."""
        day: date | None = self.cleaned_data["birth_date"]
        today = timezone.localdate()
        if day and day > today:
            raise ValidationError(_("This day is still to come. Check the digits."))
        if day and today.year - day.year > OLDEST:
            raise ValidationError(_("This is more than %(n)d years ago. Check the digits.") % {"n": OLDEST})
        return day

    def clean_email(self) -> str:
        """Refuse what can't be an address."""
        email: str = self.cleaned_data["email"]
        if email:
            forms.EmailField().clean(email)
        return email

    def record(self) -> dict[str, Any]:
        """Return what add_client and change_client take."""
        data = self.cleaned_data
        own = ("first_name", "last_name", "used_name", "birth_date", "record_number", "part2_program")
        contacts = Contacts.from_document(data)
        return {name: data[name] for name in own} | {"contacts": contacts}


class ChangeClientForm(ClientForm):
    """The same for a client that is there; it carries the revision that was shown."""

    revision = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)


def initial_of(client: Client) -> dict[str, Any]:
    """Return a client's record as the form shows it."""
    part2 = {None: "", True: "yes", False: "no"}[client.part2_program]
    return {
        "first_name": client.first_name,
        "last_name": client.last_name,
        "used_name": client.used_name,
        "birth_date": client.birth_date,
        "record_number": client.record_number,
        "part2_program": part2,
        "revision": client.revision,
        **client.contacts.as_document(),
    }


class FindClientForm(forms.Form):
    """The exact name or record number to look for."""

    exact = PlainCharField(
        limit=200,
        label=lazy("Exact last name, full name or record number"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )


class CareTeamForm(forms.Form):
    """A colleague to add to a care team, out of those who may be added."""

    colleague = forms.ModelChoiceField(
        User.objects.none(), label=lazy("Colleague"), empty_label=lazy("Choose a colleague")
    )

    def __init__(self, *args: Any, client: Client, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.visible_to(user).active().exclude(pk=client.therapist_id)
        field = cast("forms.ModelChoiceField[User]", self.fields["colleague"])
        for_good = client.care_team.filter(until__isnull=True)
        field.queryset = colleagues.exclude(pk__in=for_good.values("user_id"))
