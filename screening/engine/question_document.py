"""Reading choice sets, sections and questions from JSON, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from screening.engine.condition_document import ConditionReader, Facts
from screening.engine.conditions import AllOf, Condition
from screening.engine.definition import Choice, Question, Section
from screening.engine.fields import Fields, Unique, is_key
from screening.engine.problems import Problem, under
from screening.engine.words import Kind

MOST_QUESTIONS = 1_000
MOST_DECIMALS = 6

CHOICE_KEYS = ("key", "label", "points", "identifies", "loinc")
SECTION_KEYS = ("key", "title", "help", "shown_when", "sensitive", "always_shared", "questions")
TEXTS = ("stem", "help", "low_label", "high_label", "unit", "loinc", "instrument")
QUESTION_KEYS = (
    "key", "kind", "text", *TEXTS, "choices", "minimum", "maximum", "decimals", "shown_when", "when_hidden",
    "optional", "self_report", "grid", "entry",
)  # fmt: skip
_ONLY_FOR: Mapping[str, tuple[Kind, ...]] = {
    "choices": (Kind.ONE_CHOICE, Kind.MANY_CHOICES),
    "minimum": (Kind.NUMBER,),
    "maximum": (Kind.NUMBER,),
    "decimals": (Kind.NUMBER,),
    "unit": (Kind.NUMBER,),
    "entry": (Kind.ENTRIES,),
}
NOT_KNOWN = {"unknown": "not_known"}
_CHOICE_FLAGS: dict[str, object] = {"identifies": True}
_SECTION_FLAGS: dict[str, object] = {"sensitive": False, "always_shared": False}
_QUESTION_FLAGS: dict[str, object] = {"optional": False, "self_report": False, "decimals": 0}

LATER = "A question may look only at earlier questions."
INSIDE = "This is asked inside a list, and can only be read by a count of that list."
A_SCORE = "A question may look only at questions, not at scores."
OUTSIDE = "Inside an entry a question may look only at earlier questions of the same entry."

ChoiceSets = Mapping[str, tuple[Choice, ...]]


def read_choice_sets(fields: Fields) -> dict[str, tuple[Choice, ...]]:
    """The named lists of choices."""
    sets: dict[str, tuple[Choice, ...]] = {}
    for name, value in fields.mapping("choice_sets").items():
        place = under(fields.at("choice_sets"), name)
        if not is_key(name):
            fields.problems.append(Problem(place, "The name of a choice set is made like a key."))
        sets[name] = tuple(_read_choices(value, place, fields.problems))
    return sets


def _read_choices(value: object, place: str, problems: list[Problem]) -> Iterator[Choice]:
    if not isinstance(value, list) or not value:
        problems.append(Problem(place, "This must be a list of at least one choice."))
        return
    unique = Unique(problems)
    for index, inner in enumerate(value):
        fields = Fields(inner, under(place, index), problems, CHOICE_KEYS)
        key = fields.key()
        unique.add(key, fields.at("key"))
        yield Choice(
            key=key,
            label=fields.text("label"),
            points=fields.number("points"),
            identifies=fields.flag("identifies") if fields.has("identifies") else True,
            loinc=fields.maybe_text("loinc"),
            stated=fields.stated(_CHOICE_FLAGS),
        )


def fact_keys(document: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Every key of a fact, with why a gate that comes before it can't read it.

    Looks at the raw document, and passes over what is in disorder.
    """
    for section in _objects(document.get("sections")):
        for question in _objects(section.get("questions")):
            yield from _key_of(question, LATER)
            for inner in _objects(question.get("entry")):
                yield from _key_of(inner, INSIDE)
    for score in _objects(document.get("scores")):
        yield from _key_of(score, A_SCORE)


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    return (inner for inner in value if isinstance(inner, dict)) if isinstance(value, list) else iter(())


def _key_of(thing: Mapping[str, object], why: str) -> Iterator[tuple[str, str]]:
    key = thing.get("key")
    if isinstance(key, str):
        yield key, why


class QuestionReader:
    """Reads sections in order, so that a gate finds only the questions before it.

    `facts` grows with every question read; `unique` holds the keys of all facts met so far.
    """

    def __init__(
        self, sets: ChoiceSets, instruments: frozenset[str], every: Mapping[str, str], problems: list[Problem]
    ) -> None:
        self.sets = sets
        self.instruments = instruments
        self.every = every
        self.problems = problems
        self.facts = Facts(elsewhere=every)
        self.unique = Unique(problems)
        self.asked = 0

    def sections(self, fields: Fields) -> tuple[Section, ...]:
        """All sections of a document."""
        unique = Unique(self.problems)
        found = []
        for index, value in enumerate(fields.items("sections", empty=False)):
            inner = Fields(value, fields.at(f"sections.{index}"), self.problems, SECTION_KEYS)
            found.append(self._section(inner, unique))
        if self.asked > MOST_QUESTIONS:
            fields.complain("sections", f"There are more than {MOST_QUESTIONS:,} questions.")
        return tuple(found)

    def _section(self, fields: Fields, unique: Unique) -> Section:
        key = fields.key()
        unique.add(key, fields.at("key"))
        gate = self._gate(fields, self.facts)
        questions = []
        for index, value in enumerate(fields.items("questions", empty=False)):
            inner = Fields(value, fields.at(f"questions.{index}"), self.problems, QUESTION_KEYS)
            questions.append(self._question(inner, self.facts, gate))
        return Section(
            key=key,
            title=fields.text("title"),
            questions=tuple(questions),
            help=fields.maybe_text("help"),
            shown_when=gate,
            sensitive=fields.flag("sensitive"),
            always_shared=fields.flag("always_shared"),
            stated=fields.stated(_SECTION_FLAGS),
        )

    def _gate(self, fields: Fields, facts: Facts) -> Condition | None:
        if not fields.has("shown_when"):
            return None
        return ConditionReader(facts, self.problems).read(
            fields.values["shown_when"], fields.at("shown_when")
        )

    def _question(
        self, fields: Fields, facts: Facts, section_gate: Condition | None, *, inside: bool = False
    ) -> Question:
        self.asked += 1
        key = fields.key()
        self.unique.add(key, fields.at("key"))
        kind = self._kind(fields, inside=inside)
        own_gate = self._gate(fields, facts)
        choice_set = self._choice_set(fields, kind)
        question = Question(
            key=key,
            kind=kind or Kind.TEXT,
            text=fields.text("text"),
            stem=fields.maybe_text("stem"),
            help=fields.maybe_text("help"),
            choices=self.sets.get(choice_set or "", ()),
            choice_set=choice_set,
            minimum=fields.number("minimum"),
            maximum=fields.number("maximum"),
            decimals=fields.whole("decimals", 0, MOST_DECIMALS) or 0,
            low_label=fields.maybe_text("low_label"),
            high_label=fields.maybe_text("high_label"),
            unit=fields.maybe_text("unit"),
            shown_when=_both(section_gate, own_gate),
            own_shown_when=own_gate,
            hidden_is_unknown=_hidden_is_unknown(fields),
            optional=fields.flag("optional"),
            self_report=fields.flag("self_report"),
            grid=_grid(fields),
            loinc=fields.maybe_text("loinc"),
            instrument=self._instrument(fields),
            entry=self._entry(fields) if kind is Kind.ENTRIES else (),
            stated=fields.stated(_QUESTION_FLAGS),
        )
        _check_limits(fields, question)
        self._keep(question, facts, broken=kind is None or (choice_set is not None and not question.choices))
        return question

    def _keep(self, question: Question, facts: Facts, *, broken: bool) -> None:
        if question.key:
            facts.questions.setdefault(question.key, question)
        if broken:
            self.facts.broken.add(question.key)

    def _kind(self, fields: Fields, *, inside: bool) -> Kind | None:
        kind = fields.one_of("kind", Kind)
        if inside and kind is Kind.ENTRIES:
            fields.complain("kind", "An entry can't hold another list.")
            return None
        for name, kinds in _ONLY_FOR.items():
            if kind and fields.has(name) and kind not in kinds:
                fields.complain(name, f"A question of kind {kind} doesn't have this.")
        return kind

    def _choice_set(self, fields: Fields, kind: Kind | None) -> str | None:
        if kind not in _ONLY_FOR["choices"]:
            return None
        name = fields.text("choices")
        if name and name not in self.sets:
            fields.complain("choices", "There is no choice set with this name.")
        return name

    def _instrument(self, fields: Fields) -> str | None:
        key = fields.maybe_text("instrument")
        if key and key not in self.instruments:
            fields.complain("instrument", "There is no instrument with this key.")
        return key

    def _entry(self, fields: Fields) -> tuple[Question, ...]:
        facts = Facts(elsewhere={**dict.fromkeys(self.every, OUTSIDE)}, broken=self.facts.broken)
        found = []
        for index, value in enumerate(fields.items("entry", empty=False)):
            inner = Fields(value, fields.at(f"entry.{index}"), self.problems, QUESTION_KEYS)
            found.append(self._question(inner, facts, None, inside=True))
        return tuple(found)


def _both(section_gate: Condition | None, own_gate: Condition | None) -> Condition | None:
    if section_gate and own_gate:
        return AllOf((section_gate, own_gate))
    return section_gate or own_gate


def _hidden_is_unknown(fields: Fields) -> bool:
    if not fields.has("when_hidden"):
        return False
    if fields.values["when_hidden"] != NOT_KNOWN:
        fields.complain("when_hidden", 'This can only be {"unknown": "not_known"}.')
    return True


def _grid(fields: Fields) -> str | bool | None:
    value = fields.values.get("grid")
    return value if isinstance(value, bool) else fields.maybe_text("grid")


def _check_limits(fields: Fields, question: Question) -> None:
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        fields.complain("maximum", "The maximum is less than the minimum.")
