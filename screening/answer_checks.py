"""What is wrong with one answer, shown or not: nothing that can't be read is ever stored."""

from datetime import date
from typing import Any

from screening.engine import Kind, Problem, Question
from screening.engine.answers import WrongAnswerError, reader_of, shape_of
from screening.records import Answer

TEXT_LIMIT = 4000
ENTRIES_LIMIT = 60


def wrong_with(question: Question, answer: Answer, as_of: date, place: str) -> list[Problem]:
    """Return the problems of an answer, each with its place; an answer without any can be stored."""
    if question.kind is Kind.ENTRIES:
        return _wrong_with_entries(question, answer, as_of, place)
    try:
        reader_of(question)(answer, as_of)
    except WrongAnswerError as wrong:
        return [Problem(place, str(wrong))]
    if question.kind is Kind.TEXT and len(answer.get("value", "")) > TEXT_LIMIT:
        return [Problem(place, f"This text has more than {TEXT_LIMIT} characters.")]
    return []


def _wrong_with_entries(question: Question, answer: Answer, as_of: date, place: str) -> list[Problem]:
    try:
        if shape_of(answer, "entries") == "unknown":
            return []
    except WrongAnswerError as wrong:
        return [Problem(place, str(wrong))]
    entries = answer["entries"]
    if not isinstance(entries, list | tuple) or not all(isinstance(entry, dict) for entry in entries):
        return [Problem(place, "A list of entries is a list of objects.")]
    if len(entries) > ENTRIES_LIMIT:
        return [Problem(place, f"This list has more than {ENTRIES_LIMIT} entries.")]
    found: list[Problem] = []
    for number, entry in enumerate(entries):
        found.extend(_wrong_with_entry(question, entry, as_of, f"{place}.entries.{number}"))
    return found


def _wrong_with_entry(question: Question, entry: dict[str, Any], as_of: date, place: str) -> list[Problem]:
    parts = {part.key: part for part in question.entry}
    found: list[Problem] = []
    for key, answer in entry.items():
        if key in parts:
            found.extend(wrong_with(parts[key], answer, as_of, f"{place}.{key}"))
        else:
            found.append(Problem(f"{place}.{key}", "There is no such question in this list."))
    return found
