"""What is accepted when a lead hands a caseload over: who takes what, for how long, and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainTextField
from accounts.models import Duty, User
from referrals.actions import Assigned
from referrals.caseloads import Unit
from referrals.forms.fields import DayField, OnceForm
from referrals.models import HandOverKind, Role

ABOVE, STAYS = "above", "stays"
PREFIX = "to-"


def field_of(unit: Unit) -> str:
    """Return a unit's field; it names the role, so that another role by now is another unit."""
    return f"{PREFIX}{unit.role.value}-{unit.key}"


class HandOverForm(OnceForm):
    """Kind, last day and reason; who takes all; and a choice for each unit of the caseload."""

    kind = forms.ChoiceField(
        label=lazy("Why it is handed over"), choices=HandOverKind.choices, widget=forms.RadioSelect
    )
    last_day = DayField(
        label=lazy("Last day away"),
        required=False,
        help_text=lazy("Only for somebody who comes back. Month, day, year, for example 12/04/2026"),
    )
    reason = PlainTextField(
        label=lazy("Reason"),
        limit=1000,
        help_text=lazy("Read by leads, by the colleague and by those who take over. Name no client."),
    )
    everyone = forms.ChoiceField(
        label=lazy("Who takes everything"),
        required=False,
        help_text=lazy("Each line below can name somebody else, or stay where it is."),
    )

    def __init__(
        self, *args: Any, person: User, units: Sequence[Unit], colleagues: Iterable[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.units = person, units
        self.colleagues = {str(each.pk): each for each in colleagues if each.pk != person.pk}
        named = [(key, each.name_with_credentials) for key, each in self.colleagues.items()]
        everyone = self.fields["everyone"]
        if isinstance(everyone, forms.ChoiceField):
            everyone.choices = [("", _("Choose for each line below")), *named]
        for unit in units:
            self.fields[field_of(unit)] = forms.ChoiceField(
                label=_("Who takes %(name)s") % {"name": unit.name},
                choices=self._choices(unit, named),
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
                initial=STAYS if unit.role is Role.SUPERVISOR else ABOVE,
            )

    def _choices(self, unit: Unit, named: list[tuple[str, str]]) -> list[tuple[str, str]]:
        stays = (STAYS, _("Stays with %(name)s") % {"name": self.person.name})
        if unit.role is Role.SUPERVISOR:
            signs = [key for key, each in self.colleagues.items() if each.has_duty(Duty.SUPERVISOR)]
            return [stays, *((key, name) for key, name in named if key in signs)]
        return [(ABOVE, _("As chosen above")), stays, *named]

    def rows(self) -> list[tuple[Unit, forms.BoundField]]:
        """Return each unit with its field, for the page."""
        return [(unit, self[field_of(unit)]) for unit in self.units]

    def head(self) -> list[forms.BoundField]:
        """Return the fields above the caseload."""
        return [self[name] for name in ("kind", "last_day", "reason", "everyone")]

    def clean(self) -> dict[str, Any]:
        """Refuse a caseload that isn't the one that was shown, and a choice of nothing."""
        cleaned = super().clean() or {}
        if self._lost():
            words = _(
                "This caseload has changed since you opened it. Nothing was handed over: look at it again."
            )
            raise forms.ValidationError(words, code="changed")
        is_away, day = cleaned.get("kind") == HandOverKind.AWAY, cleaned.get("last_day")
        if is_away and day is None and "last_day" not in self.errors:
            self.add_error("last_day", _("Say which is the last day away."))
        if cleaned.get("kind") == HandOverKind.LEAVING and day is not None:
            self.add_error("last_day", _("Somebody who leaves does not come back: give no last day."))
        if not self.errors and not self.assigned():
            self.add_error("everyone", _("Choose who takes everything, or somebody in a line below."))
        return cleaned

    def _lost(self) -> bool:
        """Return whether a line was shown, and given to somebody, that is in the caseload no more."""
        known = {field_of(unit) for unit in self.units}
        data: Mapping[str, Any] = self.data
        given = {name for name in data if name.startswith(PREFIX) and data[name] not in {"", STAYS}}
        return bool(given - known)

    def assigned(self) -> list[Assigned]:
        """Return what goes to whom."""
        cleaned, found = self.cleaned_data, []
        for unit in self.units:
            chosen = cleaned.get(field_of(unit))
            key = cleaned.get("everyone") if chosen == ABOVE else chosen
            if key in self.colleagues:
                found.append(Assigned(unit.role, unit.record, self.colleagues[key]))
        return found

    def until(self) -> datetime | None:
        """Return when somebody who is away is back: as their last day away ends, where they work."""
        day = self.cleaned_data["last_day"]
        if day is None:
            return None
        return timezone.make_aware(
            datetime.combine(day + timedelta(days=1), time.min), self.person.organization.zone
        )

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        form_key: UUID = self.cleaned_data["form_key"]
        return {
            "kind": self.cleaned_data["kind"],
            "reason": self.cleaned_data["reason"],
            "until": self.until(),
            "assigned": self.assigned(),
            "form_key": form_key,
        }
