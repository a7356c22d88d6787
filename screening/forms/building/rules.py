"""The forms of what looks at the facts: gates, scope, criteria and considerations, with their conditions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import PlainCharField, PlainTextField
from screening.editing.conditions import NodeProblem, node_of, path_at
from screening.editing.documents import Document, Part, filled
from screening.editing.facts import Facts
from screening.editing.keys import check_key, key_from
from screening.editing.rules import in_order
from screening.engine import Basis, Definition, Level, Problem
from screening.forms.building.conditions import Editor, fields_of
from screening.forms.building.edits import EditForm

KEY_HELP = gettext_lazy("Left empty, it is made from the text. It never changes afterwards.")
NONE: Part = {}


@dataclass(frozen=True, slots=True)
class Linked:
    """A problem as the error summary shows it."""

    target: str
    label: str
    text: str


class RuleForm(EditForm):
    """A form with one condition or several; `asks` are their names, headings, and whether they must be there.

    `top` names the fields above the conditions. `part` is what the draft holds now, None for a new one.
    """

    asks: tuple[tuple[str, Any, bool], ...] = ()
    top: tuple[str, ...] = ()

    def __init__(
        self, data: Any = None, *, definition: Definition, facts: Facts, part: Part | None, **kwargs: Any
    ) -> None:
        super().__init__(data, **{"initial": self.initial_of(part), **kwargs})
        self.definition = definition
        self.before = part or NONE
        self.is_new = part is None
        self.editors = {}
        for name, label, required in self.asks:
            condition = self.before.get(name)
            node = node_of(condition) if condition is not None else None
            editor = Editor(name, label, definition, facts, node, required)
            self.editors[name] = editor if data is None else Editor.sent(data, editor)
        self.prepare()

    def prepare(self) -> None:
        """Fill what is chosen from, and drop the key's field where there is a key already."""
        field = self.fields.get("sources")
        if isinstance(field, forms.ChoiceField):
            sources = self.definition.sources
            field.choices = [(each.key, f"{each.citation[:160]} ({each.key})") for each in sources]
        if not self.is_new:
            self.fields.pop("key", None)

    def initial_of(self, part: Part | None) -> dict[str, Any]:
        """Return what the fields show of a part."""
        return dict(part or {})

    @property
    def top_fields(self) -> list[forms.BoundField]:
        """The fields above the conditions."""
        return [self[name] for name in self.top if name in self.fields]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """The fields below the conditions."""
        return [field for field in self.visible_fields() if field.name not in self.top]

    def press(self, pressed: str) -> None:
        """Do what a button of a condition says; nothing is judged yet."""
        name, _colon, rest = pressed.partition(":")
        step, _colon, place = rest.partition(":")
        if name in self.editors:
            self.editors[name].press(step, place)
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def knows(self, name: str) -> bool:
        """Whether it asks for this name, in a sentence of its conditions too."""
        return super().knows(name) or name.startswith(tuple(f"{each}-" for each in self.editors))

    def typed(self, sent: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """Return what was sent, the conditions as they are after a button."""
        prefixes = tuple(f"{name}-r" for name in self.editors)
        found = {name: values for name, values in sent.items() if not name.startswith(prefixes)}
        for name, editor in self.editors.items():
            found |= fields_of(name, editor.node)
        return found

    def clean(self) -> dict[str, Any]:
        """Read the conditions; what is wrong with one stands beside its rows."""
        cleaned = super().clean() or {}
        self.conditions = {name: editor.written().condition for name, editor in self.editors.items()}
        if any(editor.problems for editor in self.editors.values()):
            self.add_error(None, _("A condition isn’t finished."))
        return cleaned

    @property
    def linked_problems(self) -> list[Linked]:
        """What is wrong with the conditions, with where it stands."""
        return [
            Linked(target, str(editor.label), words)
            for editor in self.editors.values()
            for target, words in editor.error_targets
        ]

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside its field, or beside the row of a condition."""
        left = [problem for problem in problems if not self._shown_in_editor(problem)]
        if any(editor.problems for editor in self.editors.values()):
            self.add_error(None, _("A condition can’t be stored like this."))
        super().show_problems(left)

    def show_checks(self, problems: Iterable[Problem]) -> list[str]:
        """Put what the checks say about the stored part beside its rows; return what stands elsewhere."""
        return [problem.problem for problem in problems if not self._shown_in_editor(problem)]

    def _shown_in_editor(self, problem: Problem) -> bool:
        own = problem.place.removeprefix(f"{self.place}.")
        name, _dot, rest = own.partition(".")
        if name not in self.editors or own == problem.place:
            return False
        editor = self.editors[name]
        path = path_at(editor.node, rest.split("."))
        editor.problems = (*editor.problems, NodeProblem(path, "check", problem.problem))
        return True

    def key_for(self, text: str, taken: Iterable[str], otherwise: str) -> str:
        """Return the key that stays, the one that was typed, or one made from the text."""
        if not self.is_new:
            return str(self.before["key"])
        among = frozenset(taken)
        typed = str(self.cleaned_data.get("key", ""))
        if typed:
            check_key(typed, among)
        return typed or key_from(text, among, otherwise)

    def sources_in_order(self) -> list[str]:
        """Return the chosen sources, those that were there before in their old order."""
        return in_order(self.cleaned_data["sources"], self.before.get("sources", []))


class GateForm(RuleForm):
    """When a question or a section is shown."""

    asks = (("shown_when", gettext_lazy("Shown when"), False),)


class ScopeForm(RuleForm):
    """Whom the questionnaire is for."""

    asks = (("when", gettext_lazy("True when"), True),)
    top = ("statement",)

    statement = PlainTextField(label=gettext_lazy("Statement, as therapists read it"), limit=2_000, rows=2)

    def result(self) -> Part:
        """Return the scope."""
        return {"statement": self.cleaned_data["statement"], "when": self.conditions["when"]}


class CriterionForm(RuleForm):
    """One thing that an indication asks for."""

    asks = (("when", gettext_lazy("True when"), True),)
    top: tuple[str, ...] = ("statement",)

    statement = PlainTextField(label=gettext_lazy("Statement, as therapists read it"), limit=2_000, rows=2)
    basis = forms.ChoiceField(
        label=gettext_lazy("Basis"),
        choices=[
            (Basis.PUBLISHED.value, gettext_lazy("Published")),
            (Basis.PRODUCT_DEFAULT.value, gettext_lazy("Product default")),
        ],
    )
    if_not_met = forms.BooleanField(
        label=gettext_lazy("Where it is not met, the provider judges"),
        required=False,
        help_text=gettext_lazy("Then not meeting it leaves the outcome at “not enough information”."),
    )
    sources = forms.MultipleChoiceField(
        label=gettext_lazy("Sources"), required=False, widget=forms.CheckboxSelectMultiple
    )
    key = PlainCharField(label=gettext_lazy("Key"), required=False, limit=100, help_text=KEY_HELP)

    def result(self, taken: Iterable[str]) -> Part:
        """Return the criterion."""
        cleaned = self.cleaned_data
        return filled(
            self.before,
            {
                "key": self.key_for(cleaned["statement"], taken, "criterion"),
                "statement": cleaned["statement"],
                "when": self.conditions["when"],
                "basis": cleaned["basis"],
                "sources": self.sources_in_order(),
                "if_not_met": "provider_judges" if cleaned["if_not_met"] else None,
            },
        )


class NewIndicationForm(CriterionForm):
    """A new indication with the first thing that it asks for."""

    top = ("title", "statement")

    title = PlainCharField(label=gettext_lazy("Title of the indication"), limit=300)
    field_order = ("title", "statement")

    def indication(self, taken: Iterable[str]) -> Part:
        """Return the indication."""
        title = self.cleaned_data["title"]
        typed, self.cleaned_data["key"] = self.cleaned_data.get("key", ""), ""
        criterion = self.result(())
        self.cleaned_data["key"] = typed
        key = self.key_for(title, taken, "indication")
        return {"key": key, "title": title, "notes": [], "criteria": [criterion]}


class ConsiderationForm(RuleForm):
    """Something to attend to."""

    asks = (
        ("when", gettext_lazy("Raised when"), True),
        ("unless", gettext_lazy("Unless"), False),
    )
    top = ("title", "level")

    title = PlainCharField(label=gettext_lazy("Title"), limit=300)
    level = forms.ChoiceField(
        label=gettext_lazy("Level"),
        choices=[
            (Level.URGENT.value, gettext_lazy("Urgent")),
            (Level.DISCUSS.value, gettext_lazy("Discuss with the provider before sending")),
            (Level.INFORM.value, gettext_lazy("For information")),
        ],
    )
    guidance = PlainTextField(
        label=gettext_lazy("What the therapist reads below it"), required=False, limit=4_000, rows=3
    )
    modifiable = forms.BooleanField(
        label=gettext_lazy("It can be worked on, with a date to look again"), required=False
    )
    blocks_sending = forms.BooleanField(
        label=gettext_lazy("Nothing is sent while it is raised"), required=False
    )
    sources = forms.MultipleChoiceField(
        label=gettext_lazy("Sources"), required=False, widget=forms.CheckboxSelectMultiple
    )
    key = PlainCharField(label=gettext_lazy("Key"), required=False, limit=100, help_text=KEY_HELP)

    def result(self, taken: Iterable[str]) -> Part:
        """Return the consideration."""
        cleaned = self.cleaned_data
        return filled(
            self.before,
            {
                "key": self.key_for(cleaned["title"], taken, "consideration"),
                "title": cleaned["title"],
                "level": cleaned["level"],
                "when": self.conditions["when"],
                "unless": self.conditions["unless"],
                "guidance": cleaned["guidance"] or None,
                "modifiable": cleaned["modifiable"],
                "blocks_sending": cleaned["blocks_sending"],
                "sources": self.sources_in_order(),
            },
        )


def keys_in(document: Document, name: str) -> list[str]:
    """Return the keys of a list of the document."""
    return [item["key"] for item in document[name]]
