"""What a verification found, in words: what was asked of what, and an example where there is one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from screening.engine import Definition, Kind, Question
from screening.explanation.facts import Missing, missing_of, text_of
from screening.verification import Asked, Note, Report, Result, State

# What each question says where it holds, and where it doesn't.
WORDS: Mapping[Asked, tuple[Promise, Promise]] = {
    Asked.QUESTION_SHOWN: (
        lazy("There are answers for which it is shown."),
        lazy("No answers show it."),
    ),
    Asked.SCOPE_MET: (
        lazy("There are answers for which the scope is met."),
        lazy("No answers meet the scope."),
    ),
    Asked.SCOPE_NOT_MET: (
        lazy("There are answers for which the scope is not met."),
        lazy("No answers leave the scope unmet."),
    ),
    Asked.SCOPE_UNKNOWN: (
        lazy("There are answers for which the scope stays unknown."),
        lazy("No answers leave the scope unknown."),
    ),
    Asked.CRITERION_MET: (
        lazy("There are answers for which it is met."),
        lazy("No answers meet it."),
    ),
    Asked.CRITERION_NOT_MET: (
        lazy("There are answers for which it is not met."),
        lazy("There are no answers for which it is not met."),
    ),
    Asked.CRITERION_JUDGED: (
        lazy("There are answers for which it is left to the provider."),
        lazy("No answers leave it to the provider."),
    ),
    Asked.CRITERION_UNKNOWN: (
        lazy("There are answers for which it stays unknown."),
        lazy("No answers leave it unknown."),
    ),
    Asked.PRESENT: (
        lazy("There are answers for which indicators are present."),
        lazy("There are no answers for which indicators are present."),
    ),
    Asked.NOT_PRESENT: (
        lazy("There are answers for which indicators are not present."),
        lazy("There are no answers for which indicators are not present."),
    ),
    Asked.NOT_ENOUGH: (
        lazy("There are answers for which there is not enough information."),
        lazy("There are no answers for which there is not enough information."),
    ),
    Asked.RAISED: (
        lazy("There are answers that raise it."),
        lazy("No answers raise it."),
    ),
    Asked.NOT_RAISED: (
        lazy("There are answers that don’t raise it."),
        lazy("All answers raise it."),
    ),
    Asked.NOT_ASSESSED: (
        lazy("There are answers for which it is not assessed."),
        lazy("There are no answers for which it is not assessed."),
    ),
    Asked.BAND_NAMED: (
        lazy("There are answers for which the score lies in this band."),
        lazy("No whole score lies in this band."),
    ),
    Asked.BANDS_WHOLE: (
        lazy("Every complete score lies in one band."),
        lazy("There are answers for which the score lies in no band, such as these."),
    ),
    Asked.URGENT_KEPT: (
        lazy("While the answers that raise it are on the screen, only its “unless” silences it."),
        lazy("It can be silenced while the answers that raise it are on the screen, such as here."),
    ),
    Asked.INDICATION_SETTLED: (
        lazy("Once every question shown is answered it is settled, but for what may stay open."),
        lazy("Every question shown can be answered and it still isn’t settled, such as here."),
    ),
    Asked.CONSIDERATION_SETTLED: (
        lazy("Once every question shown is answered it is settled, but for what may stay open."),
        lazy("Every question shown can be answered and it still isn’t settled, such as here."),
    ),
    Asked.INDICATION_LASTS: (
        lazy("Once it is settled, no further answer changes it."),
        lazy("It can be settled, and one more answer changes it, such as here."),
    ),
    Asked.SAME_OUTCOME: (
        lazy("Both versions say the same for all answers that both can hold."),
        lazy("The two versions differ for these answers."),
    ),
    Asked.SAME_STATE: (
        lazy("Both versions say the same for all answers that both can hold."),
        lazy("The two versions differ for these answers."),
    ),
}
NOTES: Mapping[Note, Promise] = {
    Note.OUT_OF_TIME: lazy("The time ran out before this was decided."),
    Note.OUT_OF_MEMORY: lazy("The memory ran out before this was decided."),
    Note.STOPPED: lazy("The run ended before this was decided."),
    Note.NO_SOLVER: lazy("The solver isn’t installed here."),
    Note.UNDECIDED: lazy("The solver couldn’t decide this."),
    Note.TOO_MANY_ROWS: lazy("This counts more entries of a list than the solver looks at."),
    Note.NOT_REPLAYED: lazy(
        "The solver’s example didn’t hold when the engine read it, so it isn’t shown: please report this."
    ),
    Note.ADDED: lazy("This version adds it."),
    Note.REMOVED: lazy("This version no longer has it."),
    Note.SAME_RULES: lazy("Nothing that it rests on has changed."),
}


@dataclass(frozen=True, slots=True)
class Given:
    """One answer of an example, in the words of the questionnaire."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Line:
    """One result: of what, what was found, and an example that was replayed on the engine."""

    subject: str
    words: str
    note: str
    as_of: date | None
    example: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """How many results of one sort hold."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Proved:
    """A report in words: what does not hold, what nobody could prove, what holds, and what differs."""

    wrong: tuple[Line, ...]
    not_proved: tuple[Line, ...]
    holds: tuple[Group, ...]
    differs: tuple[Line, ...]
    same: tuple[Line, ...]


def proved(definition: Definition, report: Report) -> Proved:
    """Put a report into words, with the titles of the document."""

    def lines(results: Iterable[Result]) -> tuple[Line, ...]:
        return tuple(_line(definition, result) for result in results)

    differences = report.differences
    return Proved(
        wrong=lines(report.wrong),
        not_proved=lines([*report.not_proved, *_having(differences, State.NOT_PROVED)]),
        holds=tuple(_groups(report.having(State.HOLDS), lines)),
        differs=lines(_having(differences, State.DOES_NOT_HOLD)),
        same=lines(_having(differences, State.HOLDS)),
    )


def _having(results: Iterable[Result], state: State) -> list[Result]:
    return [result for result in results if result.state is state]


def _groups(
    results: tuple[Result, ...], lines: Callable[[Iterable[Result]], tuple[Line, ...]]
) -> Iterator[Group]:
    for title, sort in _SORTS:
        found = [result for result in results if result.about.asked.value.startswith(sort)]
        if found:
            yield Group(str(title), lines(found))


_SORTS = (
    (lazy("Questions that can be shown"), "question"),
    (lazy("The scope"), "scope"),
    (lazy("Criteria that can come out each way"), "criterion"),
    (lazy("Outcomes that can occur, settle and last"), "indication"),
    (lazy("Considerations that can occur and settle"), "consideration"),
    (lazy("Urgent considerations that nothing silences"), "urgent"),
    (lazy("Bands of scores"), "band"),
)


def _line(definition: Definition, result: Result) -> Line:
    witness = result.witness
    if result.state is State.NOT_PROVED:
        words = _("Not proved.")
    else:
        words = str(WORDS[result.about.asked][result.state is State.DOES_NOT_HOLD])
    if result.note in (Note.ADDED, Note.REMOVED, Note.SAME_RULES):
        words = ""
    return Line(
        subject=subject_of(definition, result.about.asked, result.about.keys),
        words=words,
        note=str(NOTES.get(result.note, "")),
        as_of=witness.as_of if witness else None,
        example=tuple(_given(definition, witness.answers)) if witness else (),
    )


def subject_of(definition: Definition, asked: Asked, keys: tuple[str, ...]) -> str:
    """Return the titles of what was asked about, from the outside in; a key of another version as it is."""
    if not keys:
        return _("The scope")
    first = _title(definition, keys[0])
    if len(keys) == 1:
        return first
    return f"{first}: {_inner(definition, asked, keys)}"


def _title(definition: Definition, key: str) -> str:
    titles = {each.key: each.text for each in _questions(definition)}
    titles |= {each.key: each.title for each in definition.indications}
    titles |= {each.key: each.title for each in definition.considerations}
    titles |= {each.key: each.title for each in definition.scores}
    return titles.get(key, key)


def _inner(definition: Definition, asked: Asked, keys: tuple[str, ...]) -> str:
    outer, inner = keys[0], keys[1]
    if asked is Asked.BAND_NAMED:
        return str((definition.score(outer).bands or ())[int(inner)].label)
    if asked is Asked.QUESTION_SHOWN:
        return _title(definition, inner)
    return str(definition.indication(outer).criterion(inner).statement)


def _questions(definition: Definition) -> Iterator[Question]:
    for question in definition.questions:
        yield question
        yield from question.entry


def _given(definition: Definition, answers: Mapping[str, Any]) -> Iterator[Given]:
    """Yield the answers in the order of the document; those to questions of another version by their key."""
    ours = list(definition.questions)
    known = {question.key for question in ours}
    for question in ours:
        answer = answers.get(question.key)
        if answer:
            yield Given(question.text, _answer(question, answer))
    for key in answers:
        if key not in known:
            yield Given(key, _("(not asked by this version)"))


def _answer(question: Question, answer: Mapping[str, Any]) -> str:
    missing = missing_of(answer)
    if missing is not Missing.NONE:
        return _("Declined to say") if missing is Missing.DECLINED else _("Not known")
    if question.kind is Kind.ENTRIES:
        return _entries(question, answer["entries"])
    try:
        return text_of(question, answer)
    except (KeyError, ValueError, TypeError):
        # Two versions share a key whose kind or choices differ: the example may be in the other's terms.
        return str(answer.get("value"))


def _entries(question: Question, entries: list[Mapping[str, Any]]) -> str:
    if not entries:
        return _("None")
    told = [
        ", ".join(
            f"{part.text} {_answer(part, entry[part.key])}" for part in question.entry if entry.get(part.key)
        )
        for entry in entries
    ]
    return "; ".join(each or _("an entry without answers") for each in told)
