"""What a condition may read at each place of a questionnaire, as its editor offers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from screening.engine import Choice, Definition, Kind, Operator, Question, Score

EQUALITY = (Operator.IS, Operator.IS_NOT)
ORDER = (Operator.AT_LEAST, Operator.AT_MOST)


@dataclass(frozen=True, slots=True)
class Readable:
    """A fact that may be read: a question, or a score (`kind` is None), under the heading it stands in."""

    key: str
    text: str
    heading: str
    kind: Kind | None
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    limits: str = ""
    has_points: bool = False
    entry: tuple[Question, ...] = ()

    @property
    def operators(self) -> tuple[Operator, ...]:
        """How it can be compared, the likeliest first; a list can only be counted, a text not at all."""
        match self.kind:
            case None | Kind.NUMBER:
                return (*ORDER, *EQUALITY)
            case Kind.DATE:
                return (*ORDER, *EQUALITY)
            case Kind.YES_NO:
                return EQUALITY
            case Kind.ONE_CHOICE:
                more = ORDER if self.has_points else ()
                return (*EQUALITY, Operator.ONE_OF, *more)
            case Kind.MANY_CHOICES:
                return (Operator.INCLUDES,)
        return ()

    @property
    def tells_apart(self) -> bool:
        """Whether entries can be told apart by it."""
        return self.kind in (Kind.YES_NO, Kind.ONE_CHOICE, Kind.NUMBER, Kind.DATE)


Facts = Mapping[str, Readable]


def for_rules(definition: Definition) -> Facts:
    """Return what scope, criteria and considerations may read: every question and every score."""
    scores = [_score(score) for score in definition.scores]
    return _by_key([*scores, *_questions(definition, None)])


def for_section(definition: Definition, key: str) -> Facts:
    """Return what a section's gate may read: the questions of the sections before it."""
    questions = []
    for section in definition.sections:
        if section.key == key:
            break
        questions += [_question(question, section.title) for question in section.questions]
    return _by_key(questions)


def for_question(definition: Definition, key: str) -> Facts:
    """Return what a question's gate may read: the questions before it, inside an entry only its own."""
    for section in definition.sections:
        for question in section.questions:
            inner = [each.key for each in question.entry]
            if key in inner:
                return of_entry(question.entry[: inner.index(key)], question.text)
    return _by_key(_questions(definition, key))


def of_entry(questions: Iterable[Question], heading: str) -> Facts:
    """Return what may be read inside a list's entries."""
    return _by_key(_question(question, heading) for question in questions)


def _questions(definition: Definition, until: str | None) -> list[Readable]:
    found: list[Readable] = []
    for section in definition.sections:
        for question in section.questions:
            if question.key == until:
                return found
            found.append(_question(question, section.title))
    return found


def _by_key(readable: Iterable[Readable]) -> Facts:
    return {each.key: each for each in readable}


def _score(score: Score) -> Readable:
    return Readable(score.key, score.title, _("Scores"), None)


def _question(question: Question, heading: str) -> Readable:
    return Readable(
        question.key,
        question.text,
        heading,
        question.kind,
        choices=question.choices,
        unit=question.unit or "",
        limits=_limits(question),
        has_points=question.has_points,
        entry=question.entry,
    )


def _limits(question: Question) -> str:
    low, high = question.minimum, question.maximum
    if low is None or high is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": low, "high": high}
