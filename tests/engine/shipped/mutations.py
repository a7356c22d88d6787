"""Every small change of a document's rules: one threshold, operator, answer or operand at a time."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from screening.engine import canonical
from tests.engine.shipped.documents import Document

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mutant:
    """One change: where (a readable name), what, and the place and the new value (None takes it away).

    A gate that several questions share also changes for all of them at once: `others` are the further places.
    """

    where: str
    change: str
    path: Path
    value: Any
    others: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.where}: {self.change}"

    def of(self, document: Document) -> Document:
        """The document with this change; only what lies on the way to it is copied."""
        for path in (self.path, *self.others):
            document = _changed(document, path, self.value)
        return document


def _changed(node: Any, path: Path, value: Any) -> Any:
    step, rest = path[0], path[1:]
    copy = dict(node) if isinstance(node, dict) else list(node)
    if rest:
        copy[step] = _changed(node[step], rest, value)
    elif value is None:
        del copy[step]
    else:
        copy[step] = value
    return copy


def mutants(document: Document) -> Iterator[Mutant]:
    """Every mutant of a document's scope, gates, scores, criteria and considerations."""
    facts = _facts(document)
    if "scope" in document:
        yield Mutant("scope", "taken away", ("scope",), None)
        yield from _of_condition(document["scope"]["when"], ("scope", "when"), "scope", facts)
    yield from _of_gates(document, facts)
    yield from _of_scores(document)
    yield from _of_criteria(document, facts)
    yield from _of_considerations(document, facts)


def _facts(document: Document) -> Document:
    """What can be compared with what: the questions with their choices, and the scores."""
    tops = [question for section in document["sections"] for question in section["questions"]]
    found = {q["key"]: q for top in tops for q in (top, *top.get("entry", ()))}
    choices = document["choice_sets"]
    return {
        key: {**question, "answers": [c["key"] for c in choices.get(question.get("choices"), ())]}
        for key, question in found.items()
    } | {score["key"]: {**score, "answers": []} for score in document["scores"]}


# --- gates, scores, criteria, considerations


def _of_gates(document: Document, facts: Document) -> Iterator[Mutant]:
    shared: dict[str, list[tuple[str, Path]]] = {}
    for i, section in enumerate(document["sections"]):
        for j, question in enumerate(section["questions"]):
            path: Path = ("sections", i, "questions", j)
            if "when_hidden" in question:
                yield Mutant(question["key"], "when_hidden taken away", (*path, "when_hidden"), None)
            if "shown_when" in question:
                key, gate = question["key"], (*path, "shown_when")
                shared.setdefault(canonical(question["shown_when"]), []).append((key, gate))
                yield from _of_condition(question["shown_when"], gate, f"gate of {key}", facts)
    for condition, gates in shared.items():
        yield from _of_shared_gate(json.loads(condition), gates, facts)


def _of_shared_gate(gate: Document, gates: list[tuple[str, Path]], facts: Document) -> Iterator[Mutant]:
    (first_key, first), *rest = gates
    where = f"gate of {first_key}" + (f" and {len(rest)} more" if rest else "")
    yield Mutant(where, "taken away", first, None, tuple(path for _, path in rest))
    for mutant in _of_condition(gate, (), where, facts) if rest else ():
        others = tuple((*path, *mutant.path) for _, path in rest)
        yield replace(mutant, path=(*first, *mutant.path), others=others)


def _of_scores(document: Document) -> Iterator[Mutant]:
    dates = [q["key"] for s in document["sections"] for q in s["questions"] if q["kind"] == "date"]
    for i, score in enumerate(document["scores"]):
        path, key = ("scores", i), score["key"]
        other = "mean" if score["kind"] == "sum" else "sum"
        yield Mutant(key, f"kind {other}", (*path, "kind"), other)
        if len(score["of"]) > 1:
            for j, item in enumerate(score["of"]):
                yield Mutant(key, f"without {item}", (*path, "of", j), None)
        if "max_age_days" in score:
            yield from _of_age(score, path, dates)
        for j, band in enumerate(score.get("bands", ())):
            for start in (band["from"] - 1, band["from"] + 1):
                yield Mutant(key, f"band {band['label']} from {start}", (*path, "bands", j, "from"), start)


def _of_age(score: Document, path: Path, dates: Iterable[str]) -> Iterator[Mutant]:
    key, days = score["key"], score["max_age_days"]
    ageless = {k: v for k, v in score.items() if k not in ("max_age_days", "dated_by")}
    yield Mutant(key, "never too old", path, ageless)
    for other in (days - 1, days + 1):
        yield Mutant(key, f"max_age_days {other}", (*path, "max_age_days"), other)
    for date in dates:
        if date != score["dated_by"]:
            yield Mutant(key, f"dated_by {date}", (*path, "dated_by"), date)


def _of_criteria(document: Document, facts: Document) -> Iterator[Mutant]:
    for i, indication in enumerate(document["indications"]):
        for j, criterion in enumerate(indication["criteria"]):
            path: Path = ("indications", i, "criteria", j)
            key = criterion["key"]
            judged = None if "if_not_met" in criterion else "provider_judges"
            change = "never for the provider to judge" if judged is None else "for the provider to judge"
            yield Mutant(key, change, (*path, "if_not_met"), judged)
            if len(indication["criteria"]) > 1:
                yield Mutant(key, "criterion taken away", path, None)
            yield from _of_condition(criterion["when"], (*path, "when"), key, facts)


def _of_considerations(document: Document, facts: Document) -> Iterator[Mutant]:
    for i, consideration in enumerate(document["considerations"]):
        path, key = ("considerations", i), f"consideration {consideration['key']}"
        yield from _of_condition(consideration["when"], (*path, "when"), key, facts)
        if "unless" in consideration:
            yield Mutant(key, "unless taken away", (*path, "unless"), None)
            yield from _of_condition(consideration["unless"], (*path, "unless"), f"{key}, unless", facts)


# --- conditions


def _of_condition(condition: Document, path: Path, where: str, facts: Document) -> Iterator[Mutant]:
    for kind in ("all", "any"):
        if kind in condition:
            other = {"all": "any", "any": "all"}[kind]
            if len(condition[kind]) > 1:
                yield Mutant(where, f"{kind} becomes {other}", path, {other: condition[kind]})
            yield from _of_parts(condition[kind], (*path, kind), f"{where} / {kind}", facts)
    if "not" in condition:
        yield Mutant(where, "not taken away", path, condition["not"])
        yield from _of_condition(condition["not"], (*path, "not"), f"{where} / not", facts)
    if "some" in condition:
        yield from _of_some(condition["some"], (*path, "some"), f"{where} / some", facts)
    if "count" in condition:
        yield from _of_count(condition["count"], (*path, "count"), f"{where} / count", facts)
    if "fact" in condition:
        yield from _of_comparison(condition, path, where, facts[condition["fact"]])


def _of_parts(parts: list[Document], path: Path, where: str, facts: Document) -> Iterator[Mutant]:
    for i, part in enumerate(parts):
        name = f"{where} {i} ({part['fact']})" if "fact" in part else f"{where} {i}"
        if len(parts) > 1:
            yield Mutant(name, "operand taken away", (*path, i), None)
        yield from _of_condition(part, (*path, i), name, facts)


def _of_some(some: Document, path: Path, where: str, facts: Document) -> Iterator[Mutant]:
    for least in (some["at_least"] - 1, some["at_least"] + 1):
        if 1 <= least <= len(some["of"]):
            yield Mutant(where, f"at_least {least}", (*path, "at_least"), least)
    yield from _of_parts(some["of"], (*path, "of"), where, facts)


def _of_count(count: Document, path: Path, where: str, facts: Document) -> Iterator[Mutant]:
    for least in (count["at_least"] - 1, count["at_least"] + 1):
        yield Mutant(where, f"at_least {least}", (*path, "at_least"), least)
    for question in facts[count["of"]]["entry"]:
        if question["key"] != count.get("distinct_by") and question["kind"] in ("one_choice", "yes_no"):
            yield Mutant(where, f"distinct by {question['key']}", (*path, "distinct_by"), question["key"])
    if "distinct_by" in count:
        yield Mutant(where, "entries counted, not values", (*path, "distinct_by"), None)
    gate = facts[count["of"]].get("shown_when")
    for key, question in facts.items():
        if question["kind"] == "yes_no" and question.get("shown_when") == gate and key != count["complete"]:
            yield Mutant(where, f"complete by {key}", (*path, "complete"), key)
    yield from _of_condition(count["where"], (*path, "where"), f"{where} / where", facts)


def _of_comparison(comparison: Document, path: Path, where: str, fact: Document) -> Iterator[Mutant]:
    key = comparison["fact"]

    def changed(operator: str, value: Any) -> Mutant:
        return Mutant(where, f"{key} {operator} {value}", path, {"fact": key, operator: value})

    for operator, value in comparison.items():
        match operator:
            case "is" | "is_not":
                yield changed("is_not" if operator == "is" else "is", value)
                others = [not value] if isinstance(value, bool) else fact["answers"]
                yield from (changed(operator, other) for other in others if other != value)
            case "at_least" | "at_most":
                yield changed("at_most" if operator == "at_least" else "at_least", value)
                yield changed("is", _answer(fact, value))
                yield from (changed(operator, value + step) for step in _steps(fact))
            case "one_of":
                yield from _of_choices(value, fact["answers"], changed)


def _of_choices(chosen: list[str], answers: list[str], changed: Any) -> Iterator[Mutant]:
    for answer in answers:
        fewer = [choice for choice in chosen if choice != answer]
        if answer not in chosen:
            yield changed("one_of", [*chosen, answer])
        elif fewer:
            yield changed("one_of", fewer)


def _answer(fact: Document, value: Any) -> Any:
    """What `is` compares: the points of a choice are no answer, its key is."""
    return str(value) if fact["kind"] == "one_choice" else value


def _steps(fact: Document) -> tuple[float, ...]:
    """One up and one down; a mean of three also moves by a third and a bit, its smallest step."""
    return (-1, 1, -0.34, 0.34) if fact["kind"] == "mean" else (-1, 1)


def only(document: Document, mutant: Mutant) -> Document:
    """The mutant with only what can tell: an indication or a consideration depends on no other."""
    changed = mutant.of(document)
    section, index = mutant.path[0], mutant.path[1] if len(mutant.path) > 1 else 0
    if section == "indications":
        return {**changed, "indications": [changed["indications"][index]], "considerations": []}
    if section == "considerations":
        return {**changed, "indications": [], "considerations": [changed["considerations"][index]]}
    return changed
