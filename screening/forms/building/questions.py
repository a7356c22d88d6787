"""What can be typed about a question: what it asks, how it is answered, and its choices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainCharField, PlainTextField
from accounts.text import clean_text
from screening.editing.choices import ChoiceRow, shared_by
from screening.editing.documents import Document, Part
from screening.editing.published import Published
from screening.editing.questions import CHOOSING, Begun
from screening.engine.fields import is_key
from screening.forms.building.edits import EditForm, offer

KINDS = (
    ("yes_no", lazy("Yes or no")),
    ("one_choice", lazy("One choice")),
    ("many_choices", lazy("Many choices")),
    ("number", lazy("Number")),
    ("date", lazy("Date")),
    ("text", lazy("Text")),
    ("entries", lazy("Repeating group")),
)
LONGEST = 2_000
MOST_ROWS = 200
NEW_ROWS = 1


def number_of(typed: str) -> int | float | None:
    """Return the number that was typed, None for none; ValidationError where it is no number."""
    text = typed.strip().replace(",", ".")
    if not text:
        return None
    try:
        return int(text) if len(text) <= 15 else float("nan")
    except ValueError:
        pass
    try:
        number = float(text) if len(text) <= 15 and "n" not in text.lower() else float("nan")
    except ValueError:
        number = float("nan")
    if number != number or abs(number) > 1e15:
        raise ValidationError(_("Write a number, such as 3 or 2.5."))
    return number


class NumberField(PlainCharField):
    """A number as people write it; left empty it is none."""

    def clean(self, value: Any) -> int | float | None:
        """Return the number, whole where it was written so."""
        return number_of(super().clean(value))


class BeginForm(EditForm):
    """A question to be added: what it asks, and what its kind can't be without."""

    text = PlainTextField(label=lazy("What it asks"), limit=LONGEST, rows=2)
    kind = forms.ChoiceField(label=lazy("Kind of answer"), choices=KINDS, initial="yes_no")
    choices = PlainTextField(
        label=lazy("Choices, one a line"),
        required=False,
        rows=4,
        help_text=lazy("For one choice or many choices. Points and keys come next."),
    )
    choice_set = forms.ChoiceField(label=lazy("Or the choices of another question"), required=False)
    first_inner = PlainCharField(
        label=lazy("First question of each entry"),
        required=False,
        limit=LONGEST,
        help_text=lazy("For a repeating group, such as one row a medicine tried."),
    )

    def __init__(self, *args: Any, document: Document, inside: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "choice_set", set_choices(document, _("None")))
        if inside:
            del self.fields["first_inner"]
            offer(self, "kind", [each for each in KINDS if each[0] != "entries"])

    def begun(self) -> Begun:
        """Return what was typed, as the edit takes it."""
        cleaned = self.cleaned_data
        lines = tuple(filter(None, (line.strip() for line in cleaned["choices"].split("\n"))))
        return Begun(
            text=cleaned["text"],
            kind=cleaned["kind"],
            choices=lines,
            choice_set=cleaned.get("choice_set", ""),
            first_inner=cleaned.get("first_inner", ""),
        )


def set_choices(document: Document, none: str) -> list[tuple[str, str]]:
    """Return the sets of choices for a select: their labels, and how many questions share them."""
    found = [("", none)]
    for name, choices in document["choice_sets"].items():
        labels = ", ".join(choice["label"] for choice in choices[:4])
        found.append((name, f"{labels}, … ({name})" if len(choices) > 4 else f"{labels} ({name})"))
    return found


@dataclass
class Row:
    """One choice in the form, as typed; `error` is what is wrong with it."""

    index: int
    was: str
    key: str
    label: str
    points: str
    identifies: bool
    key_is_fixed: bool = False
    error: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it isn't in the document yet."""
        return not self.was


class QuestionForm(EditForm):
    """A question's own fields; which of them are shown depends on its kind."""

    row_names = ("choice-",)
    text = PlainTextField(label=lazy("Text"), limit=LONGEST, rows=2)
    kind = forms.ChoiceField(label=lazy("Kind"), choices=KINDS)
    key = PlainCharField(
        label=lazy("Key"),
        required=False,
        limit=100,
        help_text=lazy("Rules know the question by it. Renaming it here renames it everywhere."),
    )
    stem = PlainTextField(label=lazy("Stem, read before the text"), required=False, limit=LONGEST, rows=2)
    help = PlainTextField(label=lazy("Help for the therapist"), required=False, limit=LONGEST, rows=2)
    minimum = NumberField(label=lazy("Lowest"), required=False)
    maximum = NumberField(label=lazy("Highest"), required=False)
    decimals = NumberField(label=lazy("Decimals"), required=False, help_text=lazy("Empty: whole numbers."))
    unit = PlainCharField(label=lazy("Unit"), required=False, limit=100)
    low_label = PlainCharField(label=lazy("What the lowest means"), required=False, limit=300)
    high_label = PlainCharField(label=lazy("What the highest means"), required=False, limit=300)
    choices = forms.ChoiceField(
        label=lazy("Takes its choices from"),
        required=False,
        help_text=lazy("Questions may share a set of choices: changing it changes all of them."),
    )
    new_choices = PlainTextField(label=lazy("Or write new ones, one a line"), required=False, rows=4)
    first_inner = PlainCharField(label=lazy("First question of each entry"), required=False, limit=LONGEST)
    grid = PlainCharField(
        label=lazy("Grid"),
        required=False,
        limit=200,
        help_text=lazy("Neighbors with the same name here and the same choices are shown as one grid."),
    )
    instrument = forms.ChoiceField(label=lazy("Instrument"), required=False)
    loinc = PlainCharField(label=lazy("LOINC code"), required=False, limit=50)
    optional = forms.BooleanField(label=lazy("May be left unanswered"), required=False)
    self_report = forms.BooleanField(label=lazy("Answered in the client’s own words"), required=False)
    hidden_is_unknown = forms.BooleanField(
        label=lazy("While it is hidden, count it as not known"), required=False
    )
    is_correction = forms.BooleanField(
        label=lazy("I correct a transcription: the instrument itself says it so"), required=False
    )

    places = {"when_hidden": "hidden_is_unknown"}
    texts = ("stem", "help", "unit", "low_label", "high_label", "instrument", "loinc")

    def __init__(
        self,
        *args: Any,
        document: Document,
        question: Part,
        published: Published,
        inside: bool,
        **kwargs: Any,
    ) -> None:
        self.document, self.question, self.published = document, question, published
        kwargs["initial"] = {**question, "hidden_is_unknown": "when_hidden" in question}
        if isinstance(question.get("grid"), bool):
            kwargs["initial"]["grid"] = ""
        super().__init__(*args, **kwargs)
        offer(self, "choices", set_choices(document, _("New choices of its own")))
        titles = [(each["key"], each["title"]) for each in document["instruments"]]
        offer(self, "instrument", [("", _("None")), *titles])
        self.is_published = question["key"] in published.kinds
        if self.is_published:
            del self.fields["key"]
            offer(self, "kind", [each for each in KINDS if each[0] == question["kind"]])
        elif inside:
            offer(self, "kind", [each for each in KINDS if each[0] != "entries"])
        self.row_error = ""

    @property
    def shown_kind(self) -> str:
        """The kind as it is chosen now: its fields are shown."""
        sent = self.data.get("kind") if self.is_bound else None
        known = {str(value) for value, _label in KINDS}
        return sent if sent in known else str(self.question["kind"])

    @property
    def fields_of_kind(self) -> list[Any]:
        """The fields that only this kind has."""
        names: Sequence[str] = ()
        match self.shown_kind:
            case "number":
                names = ("minimum", "maximum", "decimals", "unit", "low_label", "high_label")
            case "one_choice" | "many_choices" if "choices" not in self.question:
                names = ("choices", "new_choices")
            case "one_choice" | "many_choices":
                names = ("choices",)
            case "entries" if "entry" not in self.question:
                names = ("first_inner",)
        return [self[name] for name in names]

    @property
    def has_choices(self) -> bool:
        """Whether its rows of choices are shown."""
        return self.shown_kind in CHOOSING and "choices" in self.question

    @property
    def sharing(self) -> list[Part]:
        """The other questions that share its choices."""
        name: str = self.question.get("choices", "")
        return [each for each in shared_by(self.document, name) if each["key"] != self.question["key"]]

    def rows(self) -> list[Row]:
        """The rows of choices, as typed or as they stand, with an empty one at the end."""
        if not self.has_choices:
            return []
        rows = list(self._typed() if "choice-rows" in self.data else self._standing())
        index = max((row.index for row in rows), default=-1) + 1
        if not any(row.is_new and not row.label for row in rows):
            rows.append(Row(index, "", "", "", "", True))
        return rows

    def _standing(self) -> Iterator[Row]:
        sharing = [each["key"] for each in shared_by(self.document, self.question["choices"])]
        for index, choice in enumerate(self.document["choice_sets"][self.question["choices"]]):
            fixed = self.published.has_choice(sharing, choice["key"])
            points = "" if choice.get("points") is None else str(choice["points"])
            identifies = choice.get("identifies", True)
            yield Row(index, choice["key"], choice["key"], choice["label"], points, identifies, fixed)

    def _typed(self) -> Iterator[Row]:
        standing = {row.was: row for row in self._standing()}
        for place in cast(QueryDict, self.data).getlist("choice-rows")[:MOST_ROWS]:
            if not place.isdecimal() or len(place) > 4:
                continue
            was = self.data.get(f"choice-{place}-was", "")
            known = standing.get(was)
            row = Row(
                index=int(place),
                was=was if known else "",
                key=self.data.get(f"choice-{place}-key", was),
                label=self.data.get(f"choice-{place}-label", ""),
                points=self.data.get(f"choice-{place}-points", ""),
                identifies=f"choice-{place}-other" not in self.data,
                key_is_fixed=known.key_is_fixed if known else False,
            )
            row.error = self._wrong(row)
            yield row

    def _wrong(self, row: Row) -> str:
        if row.is_new and not row.label.strip():
            return ""
        try:
            label = clean_text(row.label, 300)
            clean_text(row.key, 100)
            number_of(row.points)
        except ValidationError as wrong:
            return " ".join(wrong.messages)
        if not label:
            return _("Write its label, or delete it.")
        if row.key and not is_key(row.key):
            return _("A key is made of up to 100 letters a to z, digits, _ and -.")
        return ""

    def clean(self) -> dict[str, Any]:
        """Hold that every row of choices can be read."""
        cleaned = super().clean() or {}
        if self.has_choices and "choice-rows" in self.data:
            wrong = [row for row in self.rows() if row.error]
            if wrong:
                self.row_error = wrong[0].error
                self.add_error("choices", f"{wrong[0].label or wrong[0].was}: {wrong[0].error}")
        return cleaned

    def choice_rows(self) -> list[ChoiceRow] | None:
        """Return the choices as typed; None where the form had no rows of them."""
        if not self.has_choices or "choice-rows" not in self.data:
            return None
        return [
            ChoiceRow(
                was=row.was,
                key=row.was if row.key_is_fixed else row.key.strip(),
                label=clean_text(row.label, 300),
                points=number_of(row.points),
                identifies=row.identifies,
            )
            for row in self.rows()
            if row.was or row.label.strip()
        ]

    def changes(self) -> Part:
        """Return the question's fields as typed; None for what is to be left out."""
        cleaned = self.cleaned_data
        found: Part = {name: cleaned[name] or None for name in self.texts}
        found |= {name: cleaned[name] for name in ("minimum", "maximum")}
        found |= {"text": cleaned["text"], "kind": cleaned["kind"]}
        found |= {"optional": cleaned["optional"], "self_report": cleaned["self_report"]}
        found["decimals"] = cleaned["decimals"] or (self.question.get("decimals") and 0)
        found["when_hidden"] = {"unknown": "not_known"} if cleaned["hidden_is_unknown"] else None
        if not isinstance(self.question.get("grid"), bool) or cleaned["grid"]:
            found["grid"] = cleaned["grid"] or None
        if cleaned["choices"]:
            found["choices"] = cleaned["choices"]
        if cleaned.get("key"):
            found["key"] = cleaned["key"]
        kinds = {"minimum", "maximum", "decimals", "unit", "low_label", "high_label"}
        hidden = kinds if cleaned["kind"] != "number" else set()
        return {name: value for name, value in found.items() if name not in hidden}

    def new_labels(self) -> list[str]:
        """Return the labels of choices that were written for a question that had none."""
        return [line.strip() for line in self.cleaned_data["new_choices"].split("\n") if line.strip()]
