"""How the log is narrowed: by kind, person, time and client, each from a fixed list or a checked day."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from accounts.templatetags.dates import full_day
from desk.log.words import ABOUT_CLIENTS, Kind, actions_of
from privacy.entries import Choice, Place
from referrals.forms.fields import DayField
from screening.models import Client

DAYS = 30
MOST_DAYS = 366
ANYBODY = ("", lazy("Anybody"))
ELSEWHERE = "elsewhere"
PERIODS = (("7", lazy("Last 7 days")), ("30", lazy("Last 30 days")), ("365", lazy("Last 365 days")))


class AboutClientForm(forms.Form):
    """Narrows who looked at one client."""

    kind = forms.ChoiceField(
        required=False,
        label=lazy("What"),
        choices=[("", lazy("Everything")), *((kind.value, kind.label) for kind in ABOUT_CLIENTS)],
    )
    person = forms.ChoiceField(required=False, label=lazy("Who"))
    period = forms.ChoiceField(
        required=False, label=lazy("When"), choices=[("", lazy("At any time")), *PERIODS]
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = ((str(person.pk), f"{person.name}, {person.organization.name}") for person in people)
        self.fields["person"] = _choices(lazy("Who"), [ANYBODY, *named])

    def choice(self, before: Place | None) -> Choice:
        """Return what was chosen; a value that isn't on its list chooses nothing."""
        self.full_clean()
        chosen = self.cleaned_data
        period = chosen.get("period")
        return Choice(
            by=UUID(chosen["person"]) if chosen.get("person") else None,
            actions=actions_of(Kind(chosen["kind"])) if chosen.get("kind") else None,
            since=timezone.now() - timedelta(days=int(period)) if period else None,
            before=before,
        )


class LogForm(forms.Form):
    """Narrows an organization's log; it always has a first and a last day."""

    kind = forms.ChoiceField(required=False, label=lazy("What"))
    person = forms.ChoiceField(required=False, label=lazy("Who"))
    first = DayField(label=lazy("From"))
    last = DayField(label=lazy("Until"))
    client = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, user: User, people: Iterable[User]) -> None:
        self.today = timezone.localdate()
        super().__init__({**self._usual(), **{name: data[name] for name in data if data[name]}})
        kinds = [kind for kind in Kind if not (user.is_admin and kind is Kind.SENT)]
        everything = [("", lazy("Everything")), *((kind.value, kind.label) for kind in kinds)]
        self.fields["kind"] = _choices(lazy("What"), everything)
        named = [(str(person.pk), person.name) for person in people]
        elsewhere = [] if user.is_admin else [(ELSEWHERE, lazy("People of other organizations"))]
        self.fields["person"] = _choices(lazy("Who"), [ANYBODY, *named, *elsewhere])
        if user.is_admin:
            del self.fields["client"]

    def _usual(self) -> dict[str, str]:
        first = self.today - timedelta(days=DAYS - 1)
        return {"first": _typed(first), "last": _typed(self.today)}

    def clean(self) -> dict[str, Any]:
        """Check that the days are in order and not too far apart."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("Choose a day that isn't before the first one."))
        elif last and last > self.today:
            self.add_error("last", _("Choose a day that has begun."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last", _("Choose at most %(days)d days.") % {"days": MOST_DAYS})
        return cleaned

    @property
    def from_elsewhere(self) -> bool:
        """Whether only people of other organizations are asked for."""
        return bool(self.cleaned_data["person"] == ELSEWHERE)

    def choice(self, before: Place | None = None) -> Choice:
        """Return what a valid form chooses."""
        chosen = self.cleaned_data
        person = chosen["person"]
        return Choice(
            by=UUID(person) if person and person != ELSEWHERE else None,
            actions=actions_of(Kind(chosen["kind"])) if chosen["kind"] else None,
            client=chosen.get("client"),
            since=_begin(chosen["first"]),
            until=_begin(chosen["last"] + timedelta(days=1)),
            before=before,
        )

    def in_words(self, client: Client | None) -> list[tuple[str, str]]:
        """Return what was chosen as labels and words; a client by their record number."""
        chosen = self.cleaned_data
        listed = {name: cast("forms.ChoiceField", self.fields[name]) for name in ("kind", "person")}
        said = [
            (str(field.label), str(dict(cast("Any", field.choices))[chosen[name]]))
            for name, field in listed.items()
        ]
        days = [(_("From"), full_day(chosen["first"])), (_("Until"), full_day(chosen["last"]))]
        return [*said, *days, *([(_("Client’s record number"), client.record_number)] if client else [])]

    def address(self) -> dict[str, str]:
        """Return what an address carries on to the next page: keys and days, never a name."""
        chosen = self.cleaned_data
        days = {"first": _typed(chosen["first"]), "last": _typed(chosen["last"])}
        given = {name: str(chosen.get(name) or "") for name in ("kind", "person", "client")}
        return {**{name: value for name, value in given.items() if value}, **days}


def _choices(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, label=label, choices=choices)


def _typed(day: date) -> str:
    return f"{day.month:02}/{day.day:02}/{day.year}"


def _begin(day: date) -> datetime:
    """Return when a day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time.min))
