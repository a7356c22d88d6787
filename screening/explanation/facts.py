"""Answers as a reader sees them: what was asked, what was answered, or which kind of answer is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from screening.engine import Definition, Kind, Question

Answers = Mapping[str, Mapping[str, Any]]


class Missing(StrEnum):
    """Why there is no answer. Three different things, and a question that wasn't asked."""

    NONE = ""
    NOT_ANSWERED = "not_answered"
    NOT_KNOWN = "not_known"
    DECLINED = "declined"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class EntryRead:
    """One row of a list, named by its first answer."""

    title: str
    facts: tuple["FactRead", ...]


@dataclass(frozen=True, slots=True)
class FactRead:
    """One fact: `text` is what was answered, or else `missing` says why there is none."""

    key: str
    section: str
    label: str
    text: str = ""
    missing: Missing = Missing.NONE
    detail: str = ""
    rows: tuple[EntryRead, ...] = ()
    stale: bool = False
    optional: bool = False
    # The answer says by itself what was asked ("8 weeks or more"), so an entry is told without the question.
    speaks_for_itself: bool = False


def day_text(day: date) -> str:
    """Return a day as it is printed, with its year and without a break."""
    return date_format(day, "M j, Y").replace(" ", "\N{NO-BREAK SPACE}")


@dataclass(frozen=True, slots=True)
class FactReader:
    """Reads answers for people. `gates` are the engine's: shown, hidden, or behind an unknown gate."""

    definition: Definition
    answers: Answers
    gates: Mapping[str, bool | None]

    def question(self, key: str, only: frozenset[str] | None = None) -> FactRead:
        """Return the answer to a question; `only` names the parts of an entry worth telling."""
        question = self.definition.question(key)
        section = self.definition.section_of(key).key
        gate = self.gates.get(key, True)
        if gate is False:
            return self._fact(question, section, {}, Missing.NOT_APPLICABLE)
        answer = self.answers.get(key, {}) if gate else {}
        missing = missing_of(answer)
        rows: tuple[EntryRead, ...] = ()
        if question.kind is Kind.ENTRIES and not missing:
            rows = tuple(
                self._entry(question, section, entry, number, only)
                for number, entry in enumerate(answer["entries"], start=1)
            )
        return self._fact(question, section, answer, missing, rows)

    def _fact(
        self,
        question: Question,
        section: str,
        answer: Mapping[str, Any],
        missing: Missing,
        rows: tuple[EntryRead, ...] = (),
    ) -> FactRead:
        return FactRead(
            key=question.key,
            section=section,
            label=question.text,
            text="" if missing else text_of(question, answer),
            missing=missing,
            rows=rows,
            optional=question.optional,
            speaks_for_itself=not missing and question.kind in (Kind.ONE_CHOICE, Kind.MANY_CHOICES),
        )

    def _entry(
        self,
        question: Question,
        section: str,
        entry: Mapping[str, Any],
        number: int,
        only: frozenset[str] | None,
    ) -> EntryRead:
        facts = [
            self._fact(part, section, entry.get(part.key, {}), missing_of(entry.get(part.key, {})))
            for part in question.entry
        ]
        title = facts[0].text or _("Entry %(number)d") % {"number": number}
        told = [fact for fact in facts[1:] if only is None or fact.key in only]
        if facts[0].missing:
            told.insert(0, facts[0])
        return EntryRead(title, tuple(told))


def missing_of(answer: Mapping[str, Any]) -> Missing:
    """Return why there is no answer, or that there is one."""
    if not answer:
        return Missing.NOT_ANSWERED
    if "unknown" in answer:
        return Missing(answer["unknown"])
    return Missing.NONE


def text_of(question: Question, answer: Mapping[str, Any]) -> str:
    """Return what was answered, in the words of the questionnaire."""
    value = answer.get("value")
    match question.kind:
        case Kind.YES_NO:
            return _("Yes") if value else _("No")
        case Kind.ONE_CHOICE:
            return question.choice(str(value)).label
        case Kind.MANY_CHOICES:
            return "; ".join(question.choice(key).label for key in value or ()) or _("None of them")
        case Kind.DATE:
            return day_text(date.fromisoformat(str(value)))
        case Kind.NUMBER:
            return f"{_number(value)} {question.unit}" if question.unit else _number(value)
        case Kind.ENTRIES:
            return _("None") if not answer["entries"] else ""
        case Kind.TEXT:
            return str(value)


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
