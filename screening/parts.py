"""A questionnaire in reading order: each part with its lines in words, for whoever reviews or compares it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.engine import (
    Basis,
    Condition,
    Consideration,
    Criterion,
    Definition,
    Indication,
    Kind,
    Level,
    Outcome,
    Question,
    Read,
    Score,
    ScoreKind,
    Section,
    Vignette,
)
from screening.engine.values import plain
from screening.explanation.facts import day_text, missing_of, text_of
from screening.explanation.rule_words import RuleWords, fact_name, rule_words
from screening.models import Place

INSTRUMENT = "instrument"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a part says; `value` is what is compared, so that a rule isn't changed by a new name."""

    label: str
    text: str
    value: object
    rule: RuleWords | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a questionnaire: `place` and `key` name it, `chapter` is what it stands under."""

    place: str
    key: str
    chapter: str
    name: str
    lines: tuple[Line, ...]

    @property
    def anchor(self) -> str:
        """Where a page shows it."""
        return f"{self.place}-{self.key.replace('.', '-')}".rstrip("-")

    @property
    def takes_comments(self) -> bool:
        """Whether something can be said about it in its place."""
        return self.place in Place.values

    @property
    def said(self) -> tuple[Line, ...]:
        """The lines that say something."""
        return tuple(line for line in self.lines if line.text)


def parts_of(definition: Definition) -> tuple[Part, ...]:
    """Return every part of a questionnaire in the order in which people read it."""
    return tuple(_Parts(definition).all())


def _line(label: str, text: object) -> Line:
    shown = "" if text is None or text is False else _("Yes") if text is True else str(text)
    return Line(label, shown, text)


@dataclass(frozen=True, slots=True)
class _Parts:
    of: Definition

    def all(self) -> Iterator[Part]:
        yield self._whole()
        yield from self._instruments()
        for section in self.of.sections:
            yield self._section(section)
            for question in section.questions:
                yield self._question(question, section)
                yield from (self._question(inner, section, question) for inner in question.entry)
        yield from map(self._score, self.of.scores)
        for indication in self.of.indications:
            yield self._indication(indication)
            yield from (self._criterion(criterion, indication) for criterion in indication.criteria)
        yield from map(self._consideration, self.of.considerations)
        yield from self._sources()
        yield from map(self._vignette, self.of.vignettes)

    def _rule(self, label: str, condition: Condition | None) -> Line:
        if condition is None:
            return Line(label, "", None)
        rule = rule_words(self.of, condition)
        return Line(label, rule.flat, condition, rule)

    def _cited(self, keys: tuple[str, ...]) -> Line:
        cited = "; ".join(self.of.source(key).citation for key in keys)
        return Line(_("Sources"), cited, keys)

    def _whole(self) -> Part:
        scope = self.of.scope
        lines = (
            _line(_("Title"), self.of.title),
            _line(_("Intended use"), self.of.intended_use),
            _line(_("Scope"), scope.statement if scope else None),
            self._rule(_("In scope when"), scope.when if scope else None),
        )
        return Part(Place.VERSION, "", _("The questionnaire"), self.of.title, lines)

    def _instruments(self) -> Iterator[Part]:
        for each in self.of.instruments:
            lines = (
                _line(_("Version"), each.version),
                _line(_("Recall period"), each.recall),
                _line(_("Instruction"), each.instruction),
                _line(_("Notice"), each.notice),
                _line(_("License"), each.licence),
                Line(_("Permission"), _("found") if each.permission else _("not found"), each.permission),
            )
            yield Part(INSTRUMENT, each.key, _("Instruments"), each.title, lines)

    def _section(self, section: Section) -> Part:
        lines = (
            _line(_("Title"), section.title),
            _line(_("Help"), section.help),
            self._rule(_("Shown when"), section.shown_when),
            _line(_("Sensitive"), section.sensitive),
            _line(_("Always shared"), section.always_shared),
        )
        return Part(Place.SECTION, section.key, self._chapter(section), section.title, lines)

    def _chapter(self, section: Section) -> str:
        return _("Section: %(title)s") % {"title": section.title}

    def _question(self, question: Question, section: Section, within: Question | None = None) -> Part:
        hidden = question.hidden_is_unknown
        lines = (
            Line(_("Section"), "", section.key),
            _line(_("In the list"), within.text if within else None),
            _line(_("Asks"), question.text),
            _line(_("Stem"), question.stem),
            _line(_("Help"), question.help),
            Line(_("Kind"), _kind(question.kind), question.kind),
            _line(_("Choices"), _choices(question)),
            _line(_("Limits"), _limits(question)),
            self._rule(_("Shown when"), question.own_shown_when),
            Line(_("While hidden"), _("counts as not known") if hidden else "", hidden),
            _line(_("Optional"), question.optional),
            _line(_("A client may fill it in"), question.self_report),
            _line(_("Grid"), question.grid),
            _line(_("Instrument"), question.instrument),
            _line("LOINC", question.loinc),
        )
        return Part(Place.QUESTION, question.key, self._chapter(section), question.text, lines)

    def _score(self, score: Score) -> Part:
        bands = [f"{plain(band.start)}: {band.label}" for band in score.bands or ()]
        age = score.max_age_days
        kept = ngettext("%(n)d day", "%(n)d days", age or 0) % {"n": age or 0} if age else None
        dated = fact_name(self.of, score.dated_by) if score.dated_by else ""
        names = "; ".join(fact_name(self.of, key) for key in score.of)
        lines = (
            _line(_("Title"), score.title),
            Line(_("Kind"), _("Mean") if score.kind is ScoreKind.MEAN else _("Sum"), score.kind),
            Line(_("Of"), names, score.of),
            _line(_("Counts for"), kept),
            Line(_("Dated by"), dated, score.dated_by),
            _line(_("Bands from"), "; ".join(bands)),
        )
        return Part(Place.SCORE, score.key, _("Scores"), score.title, lines)

    def _indication(self, indication: Indication) -> Part:
        notes = " ".join(note.text for note in indication.notes)
        lines = (_line(_("Title"), indication.title), _line(_("Evidence"), notes))
        return Part(Place.INDICATION, indication.key, self._found(indication), indication.title, lines)

    def _found(self, indication: Indication) -> str:
        return _("Indication: %(title)s") % {"title": indication.title}

    def _criterion(self, criterion: Criterion, indication: Indication) -> Part:
        published = criterion.basis is Basis.PUBLISHED
        basis = _("published") if published else _("product default, editable; no field consensus")
        judged = _("left to the provider to judge") if criterion.provider_judges else ""
        lines = (
            _line(_("Statement"), criterion.statement),
            self._rule(_("Met when"), criterion.when),
            Line(_("Basis"), basis, criterion.basis),
            Line(_("If not met"), judged, criterion.provider_judges),
            self._cited(criterion.sources),
        )
        key = f"{indication.key}.{criterion.key}"
        return Part(Place.CRITERION, key, self._found(indication), criterion.statement, lines)

    def _consideration(self, each: Consideration) -> Part:
        lines = (
            _line(_("Title"), each.title),
            Line(_("Level"), _level(each.level), each.level),
            self._rule(_("Raised when"), each.when),
            self._rule(_("Unless"), each.unless),
            _line(_("Can be worked on"), each.modifiable),
            _line(_("Blocks sending"), each.blocks_sending),
            _line(_("Guidance"), each.guidance),
            self._cited(each.sources),
        )
        return Part(Place.CONSIDERATION, each.key, _("Considerations"), each.title, lines)

    def _sources(self) -> Iterator[Part]:
        read = {Read.YES: _("yes"), Read.SECONDARY: _("in another source"), Read.NO: _("no")}
        for each in self.of.sources:
            lines = (
                _line(_("Citation"), each.citation),
                _line(_("Supports"), each.supports),
                _line(_("Strength"), each.strength),
                Line(_("Read"), read[each.read], each.read),
                Line(_("Look again by"), day_text(each.review_by), each.review_by),
            )
            yield Part(Place.SOURCE, each.key, _("Sources"), each.citation, lines)

    def _vignette(self, each: Vignette) -> Part:
        titles = {found.key: found.title for found in self.of.indications}
        titles |= {raised.key: raised.title for raised in self.of.considerations}
        expected = {**each.indications, **each.considerations}
        lines = (
            _line(_("Title"), each.title),
            Line(_("As of"), day_text(each.as_of), each.as_of),
            Line(_("Answers"), _answers(self.of, each.answers), each.answers),
            Line(
                _("Expects"),
                "; ".join(f"{titles[key]}: {_expected(state)}" for key, state in expected.items()),
                expected,
            ),
        )
        return Part(Place.VIGNETTE, each.key, _("Vignettes"), each.title, lines)


def _kind(kind: Kind) -> str:
    match kind:
        case Kind.YES_NO:
            return _("Yes or no")
        case Kind.ONE_CHOICE:
            return _("One choice")
        case Kind.MANY_CHOICES:
            return _("Several choices")
        case Kind.NUMBER:
            return _("Number")
        case Kind.DATE:
            return _("Date")
        case Kind.TEXT:
            return _("Text")
        case Kind.ENTRIES:
            return _("List of entries")


def _level(level: Level) -> str:
    match level:
        case Level.URGENT:
            return _("Urgent")
        case Level.DISCUSS:
            return _("Discuss with the provider before sending")
        case Level.INFORM:
            return _("For information")


def _choices(question: Question) -> str:
    return "; ".join(
        each.label if each.points is None else f"{each.label} ({plain(each.points)})"
        for each in question.choices
    )


def _limits(question: Question) -> str:
    limits = []
    if question.minimum is not None:
        limits.append(_("from %(n)s") % {"n": plain(question.minimum)})
    if question.maximum is not None:
        limits.append(_("to %(n)s") % {"n": plain(question.maximum)})
    if question.unit:
        limits.append(question.unit)
    if question.decimals:
        limits.append(
            ngettext("%(n)d decimal", "%(n)d decimals", question.decimals) % {"n": question.decimals}
        )
    ends = [text for text in (question.low_label, question.high_label) if text]
    return ", ".join([*limits, *ends])


def _answers(definition: Definition, answers: Mapping[str, Any]) -> str:
    """Return a vignette's answers in words, in the order of the questionnaire."""
    asked = [each for each in definition.questions if each.key in answers]
    return "; ".join(f"{each.text} {_answer(each, answers[each.key])}" for each in asked)


def _answer(question: Question, answer: Mapping[str, Any]) -> str:
    if missing_of(answer):
        return _("not known") if answer["unknown"] == "not_known" else _("declined")
    if question.kind is not Kind.ENTRIES:
        return text_of(question, answer)
    rows = [
        ", ".join(_answer(inner, row[inner.key]) for inner in question.entry if inner.key in row)
        for row in answer["entries"]
    ]
    return " / ".join(rows) or _("none")


def _expected(state: str) -> str:
    words = {
        Outcome.INDICATORS_PRESENT.value: _("indicators present"),
        Outcome.INDICATORS_NOT_PRESENT.value: _("indicators not present"),
        Outcome.NOT_ENOUGH_INFORMATION.value: _("not enough information"),
        "raised": _("raised"),
        "not_raised": _("not raised"),
        "not_assessed": _("not assessed"),
    }
    return words[str(state)]
