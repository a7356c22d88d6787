"""Cases as files that show what the rules mean, and how what was found differs from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from screening.engine.answer_sets import evaluate_set
from screening.engine.definition import Definition
from screening.engine.document import MOST_BYTES, parse, parse_text
from screening.engine.fields import Fields
from screening.engine.json_text import load
from screening.engine.problems import AnswerProblems, DocumentProblems, Problem, under

MISSING = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where what was found isn't what a case expects; None where there is nothing at all."""

    place: str
    expected: object
    found: object

    def as_document(self) -> dict[str, object]:
        """As the command prints it."""
        return {"place": self.place, "expected": self.expected, "found": self.found}


@dataclass(frozen=True, slots=True)
class Case:
    """A definition, and answer sets each with what is expected of it."""

    name: str
    definition: Definition
    sets: tuple[Mapping[str, object], ...]


def cases_in(folder: Path) -> Iterator[Case]:
    """Yield every case of a folder, by name; raises DocumentProblems for one that can't be read."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise DocumentProblems([Problem(str(folder), "There is no case in this folder.")])
    for path in paths:
        yield _read(path)


def _read(path: Path) -> Case:
    problems: list[Problem] = []
    fields = Fields(load(path.read_bytes()), path.name, problems, ("shows", "definition", "sets"))
    sets = tuple(
        Fields(one, fields.at(f"sets.{index}"), problems, ("title", "as_of", "answers", "expect")).values
        for index, one in enumerate(fields.items("sets", empty=False))
    )
    fields.text("shows")
    for index, one in enumerate(sets):
        if "expect" not in one:
            problems.append(Problem(fields.at(f"sets.{index}.expect"), "This is missing."))
    if problems:
        raise DocumentProblems(problems)
    return Case(path.stem, _definition(path, fields), sets)


def _definition(path: Path, fields: Fields) -> Definition:
    """The definition that stands in the case, or in the file that the case names."""
    written = fields.values.get("definition")
    try:
        if isinstance(written, str):
            with (path.parent / written).open("rb") as file:
                return parse_text(file.read(MOST_BYTES + 1))
        return parse(written)
    except DocumentProblems as error:
        place = fields.at("definition")
        raise DocumentProblems(
            Problem(f"{place}.{one.place}" if one.place else place, one.problem) for one in error.problems
        ) from error


def found_by_us(case: Case) -> list[object]:
    """What this engine finds for each answer set of a case, as the command `evaluate` prints it."""
    return [_found(case.definition, one) for one in case.sets]


def _found(definition: Definition, one: Mapping[str, object]) -> object:
    try:
        answer_set = {key: one[key] for key in ("as_of", "answers") if key in one}
        return evaluate_set(definition, answer_set).as_document()
    except AnswerProblems as error:
        return {"problems": [problem.as_document() for problem in error.problems]}


def differences_of(case: Case, found: object) -> list[Difference]:
    """Where the findings of all answer sets of a case, in a list, aren't what it expects."""
    results = found if isinstance(found, list) else []
    return [
        difference
        for index, one in enumerate(case.sets)
        for difference in _differences(
            one["expect"], results[index] if index < len(results) else MISSING, f"sets.{index}"
        )
    ]


def _differences(expected: object, found: object, place: str) -> Iterator[Difference]:
    """An object is compared by the keys that are expected of it, all else as a whole."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            yield from _differences(value, found.get(key, MISSING), under(place, key))
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from _differences(one, other, under(place, index))
    elif expected != found or isinstance(expected, bool) is not isinstance(found, bool):
        yield Difference(place, expected, None if found is MISSING else found)
