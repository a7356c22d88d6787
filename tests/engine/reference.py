"""A second, slow engine for tests: two values only, over one complete world at a time.

A world gives every question a value and every list all its rows. The real engine says true or false of
answers only if every world that the answers leave open says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

Json = dict[str, Any]

VALUES: dict[str, list[Any]] = {
    "yes_no": [True, False],
    "one_choice": ["0", "1", "2", "3"],
    "number": [0, 1, 2],
    "many_choices": [[], ["0"], ["0", "1"]],
}
# A drug that is "other" may be any of these, or the same as another "other".
OTHERS = ("other 1", "other 2", "other 3")
IDENTITIES = ("a", "b", *OTHERS)


class NotApplicable:
    """A hidden question without a default."""


def questions_of(document: Json) -> dict[str, Json]:
    return {question["key"]: question for part in document["sections"] for question in part["questions"]}


def reads(document: Json, condition: Json) -> list[str]:
    """Every fact that a condition reads, through scores and gates too, as often as it is read."""
    questions = questions_of(document)
    scores = {score["key"]: score for score in document["scores"]}

    def of_fact(key: str) -> list[str]:
        if key in scores:
            return [read for item in scores[key]["of"] for read in of_fact(item)]
        gate = questions[key].get("shown_when")
        return [key, *(reads(document, gate) if gate else [])]

    match condition:
        case {"fact": key}:
            return of_fact(key)
        case {"not": inner}:
            return reads(document, inner)
        case {"count": count}:
            return [*of_fact(count["of"]), count["complete"]]
        case {"all": of} | {"any": of} | {"some": {"of": of}}:
            return [read for inner in of for read in reads(document, inner)]
    raise AssertionError(condition)


class World:
    """One way that everything could be."""

    def __init__(self, document: Json, values: Json) -> None:
        self.questions = questions_of(document)
        self.scores = {score["key"]: score for score in document["scores"]}
        self.points = {choice["key"]: choice.get("points") for choice in document["choice_sets"]["points"]}
        self.values = values

    def shown(self, key: str) -> bool:
        gate = self.questions[key].get("shown_when")
        return gate is None or self.true(gate)

    def fact(self, key: str) -> Any:
        question = self.questions[key]
        if self.shown(key) or "when_hidden" in question:
            return self.values[key]
        return {"yes_no": False, "many_choices": []}.get(question["kind"], NotApplicable)

    def total(self, key: str) -> int | None:
        """The score, or None if it was not administered."""
        items = self.scores[key]["of"]
        if not any(self.shown(item) or "when_hidden" in self.questions[item] for item in items):
            return None
        return sum(self._points(item) for item in items)

    def _points(self, key: str) -> int:
        value = self.fact(key)
        return 0 if value is NotApplicable else self.points[value] if isinstance(value, str) else int(value)

    def true(self, condition: Json) -> bool:
        match condition:
            case {"all": of}:
                return all(self.true(inner) for inner in of)
            case {"any": of}:
                return any(self.true(inner) for inner in of)
            case {"not": inner}:
                return not self.true(inner)
            case {"some": {"at_least": at_least, "of": of}}:
                return sum(self.true(inner) for inner in of) >= at_least
            case {"count": count}:
                return self._counted(count) >= count["at_least"]
            case {"fact": key, **comparison}:
                ((operator, value),) = comparison.items()
                return self._compare(key, operator, value)
        raise AssertionError(condition)

    def _counted(self, count: Json) -> int:
        if not self.shown(count["of"]) and "when_hidden" not in self.questions[count["of"]]:
            return 0
        matching = [identity for identity, ok in self.values[count["of"]] if ok]
        return len(set(matching)) if "distinct_by" in count else len(matching)

    def _compare(self, key: str, operator: str, value: Any) -> bool:
        fact = self.total(key) if key in self.scores else self.fact(key)
        if fact is None or fact is NotApplicable:
            return False
        match operator:
            case "is":
                return bool(fact == value)
            case "is_not":
                return bool(fact != value)
            case "one_of":
                return fact in value
            case "includes":
                return value in fact
        number = self.points[fact] if isinstance(fact, str) else fact
        return bool(number >= value) if operator == "at_least" else bool(number <= value)


def worlds(document: Json, answers: Json, shown: dict[str, bool | None], facts: set[str]) -> Iterator[World]:
    """Every world that the answers leave open, as far as these facts go.

    An answer behind a gate that isn't open was never read, and says nothing.
    """
    keys = sorted(facts)
    options = [list(_options(document, answers, shown, key)) for key in keys]
    for values in product(*options):
        yield World(document, dict(zip(keys, values, strict=True)))


def _options(document: Json, answers: Json, shown: dict[str, bool | None], key: str) -> Iterator[Any]:
    question = questions_of(document)[key]
    answer = answers.get(key, {}) if shown[key] else {}
    if question["kind"] == "entries":
        complete = answers.get("complete", {}) if shown["complete"] else {}
        yield from _lists(answer.get("entries"), closed=complete.get("value") is True)
    elif "value" in answer:
        yield answer["value"]
    else:
        yield from VALUES[question["kind"]]


def _lists(rows: list[Json] | None, *, closed: bool) -> Iterator[list[tuple[str, bool]]]:
    """Every list of (identity, ok) that recorded rows may stand for, with more rows if it isn't closed."""
    known = [list(_row(row)) for row in rows or []]
    more = (0,) if closed and rows is not None else (0, 1, 2)
    for extra in more:
        yield from map(list, product(*known, *[[(name, True) for name in IDENTITIES[:4]]] * extra))


def _row(row: Json) -> Iterator[tuple[str, bool]]:
    drug = row.get("drug", {}).get("value")
    names = OTHERS if drug == "other" else IDENTITIES if drug is None else (drug,)
    ok = row.get("ok", {}).get("value")
    yield from product(names, (True, False) if ok is None else (ok,))
