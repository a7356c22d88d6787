"""What a prescriber organization may say of itself, and what the directory can be narrowed to."""

from dataclasses import fields
from typing import Any, cast

from django.forms import (
    BooleanField,
    CheckboxSelectMultiple,
    ChoiceField,
    Form,
    HiddenInput,
    IntegerField,
    ModelChoiceField,
    MultipleChoiceField,
    NumberInput,
    RadioSelect,
    SelectMultiple,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainCharField, PlainTextField
from accounts.models import User
from referrals.actions import ListingFacts
from referrals.models import Evaluates, Listing, Said, Telehealth
from referrals.models.listings import MOST_WEEKS
from referrals.models.listings import Form as TreatmentForm
from referrals.states import STATES
from screening.models.clients import PayerType

PAYERS = [choice for choice in PayerType.choices if choice[0] != PayerType.NOT_KNOWN]
ANY = [("", lazy("Any"))]


class ListingForm(Form):
    """The directory entry of one's own organization."""

    is_published = BooleanField(required=False, label=lazy("Show this entry in the directory"))
    takes_referrals = BooleanField(required=False, label=lazy("We take referrals now"))
    contact = ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        empty_label=lazy("The organization"),
        label=lazy("Whom referrals are addressed to"),
        help_text=lazy("Anybody of your organization can open and answer them."),
    )
    about = PlainTextField(
        limit=2000, required=False, label=lazy("What you do"), help_text=lazy("Two or three plain sentences.")
    )
    city = PlainCharField(limit=100, required=False, label=lazy("City"))
    state = ChoiceField(
        choices=[("", lazy("Not said")), *STATES.items()], required=False, label=lazy("State")
    )
    phone = PlainCharField(limit=40, required=False, label=lazy("Phone for therapists"))
    evaluates = MultipleChoiceField(
        choices=Evaluates.choices,
        widget=CheckboxSelectMultiple,
        required=False,
        label=lazy("What you evaluate"),
    )
    forms = MultipleChoiceField(
        choices=TreatmentForm.choices,
        widget=CheckboxSelectMultiple,
        required=False,
        label=lazy("Forms of treatment you offer"),
    )
    payers = MultipleChoiceField(
        choices=PAYERS,
        widget=CheckboxSelectMultiple,
        required=False,
        label=lazy("Who may pay"),
    )
    licensed_in = MultipleChoiceField(
        choices=STATES.items(),
        widget=SelectMultiple(attrs={"size": 8}),
        required=False,
        label=lazy("Licensed in"),
        help_text=lazy("Hold Ctrl, or Command on a Mac, to choose more than one."),
    )
    telehealth = ChoiceField(
        choices=Telehealth.choices, widget=RadioSelect, label=lazy("Visits at a distance")
    )
    languages = PlainCharField(
        limit=200, required=False, label=lazy("Languages"), help_text=lazy("For example: English, Spanish.")
    )
    works_with_therapist = ChoiceField(
        choices=Said.choices, widget=RadioSelect, label=lazy("You work with the client's own therapist")
    )
    says_what_to_work_on = ChoiceField(
        choices=Said.choices,
        widget=RadioSelect,
        label=lazy("When it is not now, you say what to work on and look again"),
    )
    step_free = ChoiceField(choices=Said.choices, widget=RadioSelect, label=lazy("Your place is step-free"))
    wait_weeks = IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_WEEKS,
        label=lazy("Weeks until a first appointment"),
        widget=NumberInput(attrs={"class": "w-num"}),
        help_text=lazy("Leave it empty where you can't say. The day you say it is shown beside it."),
    )
    revision = IntegerField(min_value=0, widget=HiddenInput)

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact = self.fields["contact"]
        if isinstance(contact, ModelChoiceField):
            contact.queryset = colleagues

    def facts(self) -> ListingFacts:
        """Return what was said."""
        return ListingFacts(**{each.name: self.cleaned_data[each.name] for each in fields(ListingFacts)})

    def differences_from(self, listing: Listing | None) -> list[dict[str, str]]:
        """Return what was typed beside what stands now, where the two differ."""
        stands = initial_of(listing)
        pairs = [(name, self.cleaned_data[name], stands[name]) for name in stands if name != "revision"]
        return [
            {"label": str(self.fields[name].label), "typed": _in_words(typed), "stands": _in_words(now)}
            for name, typed, now in pairs
            if _in_words(typed) != _in_words(now)
        ]


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return ", ".join(sorted(str(each) for each in value)) or _("Nothing")
    return str(value) if value not in {None, ""} else _("Nothing")


def initial_of(listing: Listing | None) -> dict[str, Any]:
    """Return the form's values for an entry, or for one that is not written yet."""
    shown = listing or ListingFacts()
    values = {each.name: getattr(shown, each.name) for each in fields(ListingFacts)}
    return {
        **values,
        "is_published": listing.is_published if listing else False,
        "revision": listing.revision if listing else 0,
    }


class DirectoryForm(Form):
    """What the directory is narrowed to. Every name and every value is from a fixed list."""

    evaluates = ChoiceField(choices=[*ANY, *Evaluates.choices], required=False, label=lazy("Evaluates"))
    licensed_in = ChoiceField(choices=[*ANY, *STATES.items()], required=False, label=lazy("Licensed in"))
    form = ChoiceField(
        choices=[*ANY, *TreatmentForm.choices], required=False, label=lazy("Form of treatment")
    )
    payer = ChoiceField(choices=[*ANY, *PAYERS], required=False, label=lazy("Who may pay"))
    telehealth = ChoiceField(
        choices=[*ANY, ("yes", lazy("Visits at a distance"))], required=False, label=lazy("Visits")
    )
    order = ChoiceField(
        choices=[("wait", lazy("Shortest wait")), ("name", lazy("Name"))],
        required=False,
        label=lazy("Order by"),
    )

    def chosen(self) -> dict[str, str]:
        """Return what was chosen; a value that isn't in its list counts as not chosen."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def in_words(self) -> list[str]:
        """Return what the list is narrowed to, for people."""
        chosen = self.chosen()
        labels = [
            (field.label, dict(cast("list[tuple[str, str]]", field.choices))[chosen[name]])
            for name, field in self.fields.items()
            if isinstance(field, ChoiceField) and name in chosen and name != "order"
        ]
        return [_("%(label)s: %(value)s") % {"label": label, "value": value} for label, value in labels]
