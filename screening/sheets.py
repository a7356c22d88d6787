"""The transparency sheet of a version: what goes in, every rule in words, its sources and its limits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from screening.catalog import definition_of_version, verified_sources
from screening.engine import Consideration, Definition, Kind, Level, Question, Score, Section
from screening.explanation import SourceRead, adverse_notes, read_source
from screening.explanation.rule_words import RuleWords, rule_words
from screening.models import QuestionnaireVersion, VersionState

READABLE = (VersionState.PUBLISHED, VersionState.RETIRED)
# How many sheets are kept as they were rendered: one a version, its verified sources and the day.
MOST_KEPT = 16
_kept: dict[tuple[object, ...], SafeString] = {}


@dataclass(frozen=True, slots=True)
class InputLine:
    """One question: what it asks, of what kind, and when it is asked."""

    key: str
    text: str
    kind: str
    choices: tuple[str, ...]
    asked_when: RuleWords | None
    instrument: str
    optional: bool
    parts: tuple["InputLine", ...] = ()


@dataclass(frozen=True, slots=True)
class InputSection:
    """The questions of a section."""

    title: str
    sensitive: bool
    lines: tuple[InputLine, ...]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A score: what it adds up, its bands, and when it grows too old."""

    key: str
    title: str
    is_mean: bool
    items: int
    bands: tuple[tuple[str, str], ...]
    max_age_days: int | None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule in words, with its basis and sources; `unless` is what silences it."""

    key: str
    statement: str
    rule: RuleWords
    sources: tuple[SourceRead, ...]
    basis: str = ""
    provider_judges: bool = False
    unless: RuleWords | None = None
    blocks_sending: bool = False

    @property
    def cited(self) -> tuple[SourceRead, ...]:
        """Its published sources."""
        return tuple(source for source in self.sources if not source.is_product_default)


@dataclass(frozen=True, slots=True)
class IndicationSheet:
    """An indication with its criteria and what is known."""

    key: str
    title: str
    criteria: tuple[RuleLine, ...]
    notes: tuple[tuple[str, tuple[SourceRead, ...], bool], ...]


@dataclass(frozen=True, slots=True)
class VignetteLine:
    """An example, and what has to be found in it; the states are the engine's words."""

    title: str
    expected: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the sheet says of a definition on one day."""

    definition: Definition
    scope: RuleWords | None
    inputs: tuple[InputSection, ...]
    scores: tuple[ScoreLine, ...]
    indications: tuple[IndicationSheet, ...]
    considerations: tuple[tuple[str, tuple[RuleLine, ...]], ...]
    sources: tuple[SourceRead, ...]
    vignettes: tuple[VignetteLine, ...]

    @property
    def asked(self) -> int:
        """How many questions there are, those inside lists too."""
        return sum(1 + len(line.parts) for section in self.inputs for line in section.lines)

    @property
    def product_defaults(self) -> tuple[RuleLine, ...]:
        """The criteria that no published source gives, or not in whole."""
        rules = (rule for indication in self.indications for rule in indication.criteria)
        return tuple(rule for rule in rules if rule.basis == "product_default")

    @property
    def to_be_verified(self) -> tuple[SourceRead, ...]:
        """The sources that nobody has read yet."""
        return tuple(
            source for source in self.sources if source.to_be_verified and not source.is_product_default
        )

    @property
    def out_of_date(self) -> tuple[SourceRead, ...]:
        """The sources past the day to look at them again."""
        return tuple(source for source in self.sources if source.out_of_date_since)

    @property
    def ageing(self) -> tuple[ScoreLine, ...]:
        """The scores that grow too old to be used."""
        return tuple(score for score in self.scores if score.max_age_days is not None)


def readable_by(user: User) -> QuerySet[QuestionnaireVersion]:
    """Return the versions whose sheet a person may read: whoever relies on findings sees how they are made.

    Admins read every version's; therapists and providers those that are, or were, in use.
    """
    rows = QuestionnaireVersion.objects.select_related("questionnaire", "approved_by", "edited_by")
    return rows if user.is_admin else rows.filter(state__in=READABLE)


def history_of(version: QuestionnaireVersion) -> QuerySet[QuestionnaireVersion]:
    """Return the versions of the questionnaire that are or were in use, and this one, newest first."""
    rows = QuestionnaireVersion.objects.filter(questionnaire_id=version.questionnaire_id)
    rows = rows.filter(Q(state__in=READABLE) | Q(pk=version.pk)).defer("document")
    return rows.select_related("approved_by").order_by("-number")


def sheet_html(version: QuestionnaireVersion, today: date) -> SafeString:
    """Return the part of the sheet that the document gives; rendered once a version and day."""
    verified = verified_sources(version)
    look = (version.hash, verified, today, get_language())
    if look not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        sheet = sheet_of(definition_of_version(version), today=today, verified=verified)
        _kept[look] = render_to_string("questionnaires/_sheet.html", {"sheet": sheet})
    return _kept[look]


def sheet_of(definition: Definition, *, today: date, verified: frozenset[str] = frozenset()) -> Sheet:
    """Read a definition as its transparency sheet prints it."""
    read = {each.key: read_source(each, today=today, verified=verified) for each in definition.sources}
    return Sheet(
        definition=definition,
        scope=rule_words(definition, definition.scope.when) if definition.scope else None,
        inputs=tuple(_inputs(definition, section) for section in definition.sections),
        scores=tuple(_score(score) for score in definition.scores),
        indications=tuple(_indications(definition, read)),
        considerations=tuple(_considerations(definition, read)),
        sources=tuple(read.values()),
        vignettes=tuple(_vignettes(definition)),
    )


def _inputs(definition: Definition, section: Section) -> InputSection:
    lines = tuple(_input(definition, question) for question in section.questions)
    return InputSection(section.title, section.sensitive, lines)


def _input(definition: Definition, question: Question) -> InputLine:
    gate = question.shown_when
    instrument = definition.instrument(question.instrument).title if question.instrument else ""
    return InputLine(
        key=question.key,
        text=question.text,
        kind=_kind(question),
        choices=tuple(choice.label for choice in question.choices),
        asked_when=rule_words(definition, gate) if gate is not None else None,
        instrument=instrument,
        optional=question.optional,
        parts=tuple(_input(definition, part) for part in question.entry),
    )


def _kind(question: Question) -> str:
    match question.kind:
        case Kind.YES_NO:
            return _("Yes or no")
        case Kind.ONE_CHOICE:
            return _("One of these")
        case Kind.MANY_CHOICES:
            return _("Any of these")
        case Kind.NUMBER:
            return _("Number, %(unit)s") % {"unit": question.unit} if question.unit else _("Number")
        case Kind.DATE:
            return _("Date")
        case Kind.TEXT:
            return _("Text")
        case Kind.ENTRIES:
            return _("List, of which each row asks")


def _score(score: Score) -> ScoreLine:
    return ScoreLine(
        key=score.key,
        title=score.title,
        is_mean=score.kind == "mean",
        items=len(score.of),
        bands=tuple((str(band.start), band.label) for band in score.bands or ()),
        max_age_days=score.max_age_days,
    )


def _cited(read: dict[str, SourceRead], keys: Iterable[str]) -> tuple[SourceRead, ...]:
    return tuple(read[key] for key in keys)


def _indications(definition: Definition, read: dict[str, SourceRead]) -> Iterator[IndicationSheet]:
    for indication in definition.indications:
        adverse = adverse_notes(definition, indication)
        yield IndicationSheet(
            indication.key,
            indication.title,
            tuple(
                RuleLine(
                    criterion.key,
                    criterion.statement,
                    rule_words(definition, criterion.when),
                    _cited(read, criterion.sources),
                    basis=criterion.basis.value,
                    provider_judges=criterion.provider_judges,
                )
                for criterion in indication.criteria
            ),
            tuple((note.text, _cited(read, note.sources), note in adverse) for note in indication.notes),
        )


def _considerations(
    definition: Definition, read: dict[str, SourceRead]
) -> Iterator[tuple[str, tuple[RuleLine, ...]]]:
    for level in Level:
        rules = [each for each in definition.considerations if each.level is level]
        if rules:
            yield level.value, tuple(_consideration(definition, each, read) for each in rules)


def _vignettes(definition: Definition) -> Iterator[VignetteLine]:
    titles = {indication.key: indication.title for indication in definition.indications}
    raised = {consideration.key: consideration.title for consideration in definition.considerations}
    for vignette in definition.vignettes:
        expected = [(titles[key], outcome.value) for key, outcome in vignette.indications.items()]
        expected += [(raised[key], state.value) for key, state in vignette.considerations.items()]
        yield VignetteLine(vignette.title, tuple(expected))


def _consideration(definition: Definition, rule: Consideration, read: dict[str, SourceRead]) -> RuleLine:
    return RuleLine(
        rule.key,
        rule.title,
        rule_words(definition, rule.when),
        _cited(read, rule.sources),
        unless=rule_words(definition, rule.unless) if rule.unless is not None else None,
        blocks_sending=rule.blocks_sending,
    )
