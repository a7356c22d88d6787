"""Scores as intervals, with their date, age and band."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.engine import Definition, Findings, Score, ScoreFinding, ScoreKind
from screening.explanation.facts import FactRead, FactReader, Missing, day_text


@dataclass(frozen=True, slots=True)
class ScoreRead:
    """A score: `text` such as "16 to 19 of 27"; `stale` is None where its age can't be told."""

    key: str
    title: str
    section: str
    text: str
    band: str
    date: date | None
    age_days: int | None
    max_age_days: int | None
    stale: bool | None
    administered: bool | None
    missing_items: tuple[FactRead, ...]
    items: int

    @property
    def is_given(self) -> bool:
        """Whether at least one of its items was answered."""
        return bool(self.text) and len(self.missing_items) < self.items

    @property
    def detail(self) -> str:
        """Band, day, age and what is missing, in one line."""
        parts = [self.band, day_text(self.date) if self.date else "", self.age_text, self.missing_text]
        return ", ".join(part for part in parts if part)

    @property
    def age_text(self) -> str:
        """How old it is, where that matters to the rules."""
        if self.max_age_days is None or not self.is_given:
            return ""
        if self.age_days is None:
            return _("its date is missing, so no rule uses it")
        days = ngettext("%(days)d day old", "%(days)d days old", self.age_days) % {"days": self.age_days}
        if self.stale:
            return _("%(age)s: older than %(limit)d days, so no rule uses it") % {
                "age": days,
                "limit": self.max_age_days,
            }
        return days if self.age_days > 0 else ""

    @property
    def missing_text(self) -> str:
        """How many items are missing, by kind."""
        counted = [
            (kind, sum(fact.missing is kind for fact in self.missing_items))
            for kind in (Missing.NOT_ANSWERED, Missing.NOT_KNOWN, Missing.DECLINED)
        ]
        return ", ".join(_missing_words(kind, count) for kind, count in counted if count)

    def as_fact(self) -> FactRead:
        """Return the score as one of the facts that a rule reads."""
        if self.administered is False:
            return FactRead(self.key, self.section, self.title, missing=Missing.NOT_APPLICABLE)
        if not self.is_given:
            return FactRead(self.key, self.section, self.title, missing=Missing.NOT_ANSWERED)
        unused = self.stale is not False
        return FactRead(self.key, self.section, self.title, self.text, detail=self.detail, stale=unused)


def read_scores(
    definition: Definition, findings: Findings, reader: FactReader, today: date
) -> tuple[ScoreRead, ...]:
    """Return every score of the findings; ages are counted to `today`."""
    return tuple(
        _read(definition, score, findings.scores[score.key], reader, today) for score in definition.scores
    )


def _read(
    definition: Definition, score: Score, found: ScoreFinding, reader: FactReader, today: date
) -> ScoreRead:
    items = [reader.question(key) for key in score.of]
    asked = [fact for fact in items if fact.missing is not Missing.NOT_APPLICABLE]
    dated = _date_of(score, reader)
    return ScoreRead(
        key=score.key,
        title=score.title,
        section=definition.section_of(score.of[0]).key,
        text=_interval(definition, score, found),
        band=found.band or "",
        date=dated,
        age_days=(today - dated).days if dated else None,
        max_age_days=score.max_age_days,
        stale=found.stale,
        administered=found.administered,
        missing_items=tuple(fact for fact in asked if fact.missing),
        items=len(asked),
    )


def _date_of(score: Score, reader: FactReader) -> date | None:
    if score.dated_by is None or reader.question(score.dated_by).missing:
        return None
    return date.fromisoformat(str(reader.answers[score.dated_by]["value"]))


def _interval(definition: Definition, score: Score, found: ScoreFinding) -> str:
    if found.low is None or found.high is None:
        return ""
    most = _most(definition, score)
    if found.low == found.high:
        return _("%(total)s of %(most)s") % {"total": _figure(found.low), "most": _figure(most)}
    return _("%(low)s to %(high)s of %(most)s") % {
        "low": _figure(found.low),
        "high": _figure(found.high),
        "most": _figure(most),
    }


def _most(definition: Definition, score: Score) -> Fraction:
    ranges = [definition.question(key).points_range for key in score.of]
    most = sum((Fraction(bounds[1]) for bounds in ranges if bounds is not None), Fraction(0))
    return most / len(ranges) if score.kind is ScoreKind.MEAN else most


def _figure(number: Fraction | float) -> str:
    value = Fraction(str(number)) if isinstance(number, float) else Fraction(number)
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.2f}".rstrip("0")


def _missing_words(kind: Missing, count: int) -> str:
    match kind:
        case Missing.NOT_KNOWN:
            return ngettext("%(n)d item not known", "%(n)d items not known", count) % {"n": count}
        case Missing.DECLINED:
            return ngettext("%(n)d item declined", "%(n)d items declined", count) % {"n": count}
    return ngettext("%(n)d item not answered", "%(n)d items not answered", count) % {"n": count}
