"""What a question asks, apart from where and when it is asked: which answers another version may keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from screening.engine.definition import Definition, Question
from screening.engine.json_text import digest
from screening.engine.values import Number, plain
from screening.engine.words import Kind

ENTRIES = "entries"


class Part(StrEnum):
    """One part of what a question asks. Help, gate, order and section are none: they move freely."""

    KIND = "kind"
    TEXT = "text"
    STEM = "stem"
    CHOICES = "choices"
    LIMITS = "limits"
    UNIT = "unit"
    ANCHORS = "anchors"
    RECALL = "recall"
    INSTRUCTION = "instruction"
    # Whether it is asked once or in each entry of a list, and of which.
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of answers under another version.

    `answers` are those that stand, in the shape the engine reads. `asked_again` names the questions
    that ask something else now, with the parts that differ; a question inside a list is named itself,
    and the rest of its entries stands. `no_longer_asked` were answered and have no place any more.
    """

    answers: Mapping[str, Mapping[str, object]]
    asked_again: Mapping[str, tuple[Part, ...]]
    no_longer_asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Meanings:
    """What every question of a definition asks, by key; made once and kept with it."""

    parts: Mapping[str, Mapping[Part, object]]
    stamps: Mapping[str, str]


def meaning_of(definition: Definition, key: str) -> str:
    """The stamp of what the question with that key asks, entries' questions included.

    An answer keeps its sense where key and stamp are the same. KeyError if there is no such question.
    """
    return _meanings(definition).stamps[key]


def parts_of(definition: Definition, key: str) -> Mapping[Part, object]:
    """What the question asks, part by part, as JSON; a part it doesn't have is None."""
    return _meanings(definition).parts[key]


def differing(old: Definition, new: Definition, key: str) -> tuple[Part, ...]:
    """The parts in which both versions' question with that key differ, its entries' questions aside."""
    before, after = parts_of(old, key), parts_of(new, key)
    return tuple(part for part in Part if before[part] != after[part])


def carry(old: Definition, new: Definition, answers: Mapping[str, Mapping[str, object]]) -> Carried:
    """Which of these answers, given to `old`, keep their sense under `new`.

    Shown or hidden makes no difference: what is kept behind a closed gate is carried like the rest.
    """
    carrying = _Carrying(old, new)
    for key, answer in answers.items():
        if answer:
            carrying.take(key, answer)
    return Carried(carrying.answers, carrying.asked_again, tuple(carrying.gone))


def _meanings(definition: Definition) -> _Meanings:
    kept = definition.derived.get("meanings")
    if isinstance(kept, _Meanings):
        return kept
    meanings = _read(definition)
    definition.derived["meanings"] = meanings
    return meanings


def _read(definition: Definition) -> _Meanings:
    parts: dict[str, Mapping[Part, object]] = {}
    stamps: dict[str, str] = {}
    for question in definition.questions:
        parts[question.key] = _parts(definition, question, None)
        for each in question.entry:
            parts[each.key] = _parts(definition, each, question.key)
            stamps[each.key] = digest(parts[each.key])
        inner = {each.key: parts[each.key] for each in question.entry}
        stamps[question.key] = digest({"asks": parts[question.key], ENTRIES: inner})
    return _Meanings(parts, stamps)


def _parts(definition: Definition, question: Question, of: str | None) -> dict[Part, object]:
    instrument = definition.instrument(question.instrument) if question.instrument else None
    return {
        Part.KIND: question.kind.value,
        Part.TEXT: question.text,
        Part.STEM: question.stem,
        Part.CHOICES: _choices(question),
        Part.LIMITS: [_plain(question.minimum), _plain(question.maximum), question.decimals],
        Part.UNIT: question.unit,
        Part.ANCHORS: [question.low_label, question.high_label],
        Part.RECALL: instrument and instrument.recall,
        Part.INSTRUCTION: instrument and instrument.instruction,
        Part.LIST: of,
    }


def _choices(question: Question) -> dict[str, object]:
    """By key, because the order in which choices are listed changes none of them."""
    return {choice.key: [choice.label, _plain(choice.points)] for choice in question.choices}


def _plain(number: Number | None) -> int | float | None:
    return None if number is None else plain(number)


class _Carrying:
    """Sorts answers one by one into those that stand, those to be asked again and those without a place."""

    def __init__(self, old: Definition, new: Definition) -> None:
        self.old, self.new = old, new
        self.answers: dict[str, Mapping[str, object]] = {}
        self.asked_again: dict[str, tuple[Part, ...]] = {}
        self.gone: list[str] = []

    def take(self, key: str, answer: Mapping[str, object]) -> None:
        """Sort one answer."""
        if not self._keeps(key):
            return
        if self.old.question(key).kind is Kind.ENTRIES and ENTRIES in answer:
            self.answers[key] = {ENTRIES: self._entries(answer[ENTRIES])}
        else:
            self.answers[key] = answer

    def _keeps(self, key: str) -> bool:
        """Whether the question asks the same, its entries' questions aside; else say what became of it."""
        if key not in _meanings(self.new).parts:
            if key not in self.gone:
                self.gone.append(key)
            return False
        differs = differing(self.old, self.new, key)
        if differs:
            self.asked_again[key] = differs
        return not differs

    def _entries(self, entries: object) -> list[Mapping[str, object]]:
        """Each entry without what has to be asked again. An entry stays, even if nothing of it stands."""
        rows = entries if isinstance(entries, list) else []
        return [{key: value for key, value in row.items() if self._keeps(key)} for row in rows]
