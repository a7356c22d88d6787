"""What every form of the builder has: the page it was made from, and problems put beside their fields."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from screening.editing.documents import Refused
from screening.editing.merging import NOTHING, Collision
from screening.editing.uses import Use
from screening.engine import Problem
from screening.engine.json_text import storable

SEEN = "seen"
# More than a form of the builder holds; longer input is shown again but not kept.
MOST_KEPT = 200_000


class EditForm(forms.Form):
    """A form whose answers change a part of the document.

    `place` is where that part stands (`sections.1.questions.3`); a problem there is put beside the field of
    the same name, or the one that `places` names for it. What has no field is said above all.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    place = ""
    places: Mapping[str, str] = {}
    # How the names of its rows begin, where it has more than fields.
    row_names: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[SEEN].validators = []
        self.uses: tuple[Use, ...] = ()
        self.collisions: tuple[Collision, ...] = ()
        self.is_unfinished = False

    def knows(self, name: str) -> bool:
        """Whether the form asks for what is sent under this name."""
        return name in self.fields or name.startswith(self.row_names)

    def refuse(self, refusal: Refused) -> None:
        """Say why an edit can't be made, with the places that stand in its way."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal))
        self.uses = refusal.uses

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside its field."""
        for problem in problems:
            self.add_error(self._field_at(problem.place), problem.problem)

    def show_collisions(self, sentence: str, collisions: Sequence[Collision], seen: str) -> None:
        """Say that somebody changed the same thing; sending the form again puts this in its place."""
        self.add_error(None, sentence)
        self.collisions = tuple(collisions)
        data = QueryDict(mutable=True)
        data.update(self.data)
        data.setlist(SEEN, [seen])
        self.data = data

    @property
    def theirs(self) -> list[tuple[str, str]]:
        """What stands there now, by the label of the field."""
        shown = []
        for each in self.collisions:
            field = self._field_at(".".join(each.place[-2:])) or self._field_at(each.place[-1])
            label = str(self.fields[field].label) if field else ".".join(each.place)
            shown.append((label, _in_words(each.theirs)))
        return shown

    def _field_at(self, place: str) -> str | None:
        own = place.removeprefix(f"{self.place}.") if self.place else place
        for name in (own, own.split(".")[0], own.split(".")[-1]):
            found = self.places.get(name, name)
            if found in self.fields and found != SEEN:
                return found
        return None


def _in_words(value: object) -> str:
    match value:
        case _ if value is NOTHING:
            return ""
        case str() | int() | float():
            return str(value)
        case {"text": str(text)} | {"title": str(text)} | {"label": str(text)}:
            return text
        case list():
            return ", ".join(filter(None, (_in_words(each) for each in value)))
    return ""


def offer(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    """Let a field of the form offer these choices."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def data_of(fields: Mapping[str, Sequence[str]]) -> QueryDict:
    """Return kept input as a form reads it."""
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, list(values))
    return data


def keepable(form: EditForm, data: QueryDict) -> dict[str, list[str]] | None:
    """Return what was typed into the form; None for nothing, too much, or what the database can't hold."""
    typed = {name: [*map(str, values)] for name, values in data.lists() if form.knows(name)}
    texts = [*typed, *(value for values in typed.values() for value in values)]
    if sum(map(len, texts)) > MOST_KEPT or not all(map(storable, texts)):
        return None
    return typed if any(any(values) for name, values in typed.items() if name != SEEN) else None
