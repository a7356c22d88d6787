"""Small random questionnaires with every answer set there is to them: what can be seen by trying all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations_with_replacement, product
from random import Random
from typing import Any

from screening.verification.unknowns import SOME_DAY
from tests.engine.documents import consideration, criterion, document, indication, question, score, section

Json = dict[str, Any]

YES_NO = [None, {"value": True}, {"value": False}]
POINTS = [None, *({"value": str(n)} for n in range(4))]
DAYS = [None, *({"value": (SOME_DAY - timedelta(days)).isoformat()} for days in (0, 2))]
DRUGS = [None, *({"value": key} for key in ("a", "b", "other"))]
GATES = [{"fact": "q", "is": True}, {"fact": "q", "is": False}, {"not": {"fact": "q", "is": True}}]
UNKNOWN = {"when_hidden": {"unknown": "not_known"}}


class OfScores:
    """A yes, two items behind gates, a total that grows old, and rules over them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        gates = [random.choice([{}, {"shown_when": gate}, {"shown_when": gate, **UNKNOWN}]) for gate in GATES]
        random.shuffle(gates)
        self.hidden_unknown = {k for k, gate in zip("abd", gates, strict=True) if "when_hidden" in gate}
        day = {"dated_by": "d", "max_age_days": 1} if random.random() < 0.6 else {}
        self.written = document(
            section(
                question("q"),
                question("a", "one_choice", **gates[0]),
                question("b", **gates[1]),
                question("d", "date", **gates[2]),
            ),
            scores=[score("total", "a", "b", kind=random.choice(["sum", "mean"]), **day)],
            **_rules(random, self.leaf),
        )

    def leaf(self) -> Json:
        operator = self.random.choice(["is", "is_not", "at_least", "at_least", "at_most"])
        yes = {"fact": self.random.choice("qb"), "is": self.random.choice([True, False])}
        points = {"fact": "a", self.random.choice(["at_least", "at_most"]): self.random.randint(0, 4)}
        total = {"fact": "total", operator: self.random.choice([0, 1, 1.5, 2, 3, 4, 5])}
        return self.random.choice([yes, points, total, total])

    def answer_sets(self) -> Iterator[Json]:
        return _given({"q": YES_NO, "a": POINTS, "b": YES_NO, "d": DAYS})


class OfLists:
    """A yes, a list behind a gate, whether it is complete, and one count with a comparison beside it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        gate = random.choice([{}, *({"shown_when": gate} for gate in GATES)])
        inner_gate = random.choice([{}, {}, {"shown_when": {"fact": "helped", "is": True}}])
        inner = [question("helped"), question("drug", "one_choice", choices="drugs", **inner_gate)]
        rows = question("rows", "entries", entry=inner, **gate)
        distinct = random.choice([{}, {"distinct_by": "drug"}, {"distinct_by": "helped"}])
        helped = {"fact": "helped", random.choice(["is", "is_not"]): random.choice([True, False])}
        drug = {"fact": "drug", random.choice(["is", "is_not"]): random.choice(["a", "other"])}
        where = random.choice([helped, drug, {"any": [helped, drug]}, {"all": [helped, drug]}])
        count = {"of": "rows", "where": where, "at_least": random.randint(1, 2), "complete": "whole"}
        self.count = {"count": {**count, **distinct}}
        self.written = document(
            section(question("q"), rows, question("whole", **gate)), **_rules(random, self.leaf)
        )

    def leaf(self) -> Json:
        return self.random.choice([self.count, self.count, {"fact": "q", "is": self.random.random() < 0.5}])

    def answer_sets(self) -> Iterator[Json]:
        """With up to two entries: as many as one count of two can tell apart."""
        rows = list(_given({"helped": YES_NO, "drug": DRUGS}))
        lists = [list(made) for number in range(3) for made in combinations_with_replacement(rows, number)]
        return _given({"q": YES_NO, "rows": [None, *({"entries": made} for made in lists)], "whole": YES_NO})


def _given(choices: dict[str, list[Any]]) -> Iterator[Json]:
    for made in product(*choices.values()):
        yield {key: answer for key, answer in zip(choices, made, strict=True) if answer is not None}


def _rules(random: Random, leaf: Any) -> Json:
    judged = {"if_not_met": "provider_judges"} if random.random() < 0.3 else {}
    return {
        "indications": [
            indication(
                criterion(condition(random, leaf), "c0"), criterion(condition(random, leaf), "c1", **judged)
            )
        ],
        "considerations": [consideration(condition(random, leaf)), _urgent(random, leaf)],
    }


def _urgent(random: Random, leaf: Any) -> Json:
    unless = {"unless": condition(random, leaf, 1)} if random.random() < 0.5 else {}
    return consideration(condition(random, leaf), "urgent", level="urgent", **unless)


def condition(random: Random, leaf: Any, depth: int = 2) -> Json:
    """A random condition over these leaves."""
    if depth == 0 or random.random() < 0.3:
        return leaf()
    form = random.choice(["all", "any", "all", "any", "not", "some"])
    if form == "not":
        return {"not": condition(random, leaf, depth - 1)}
    parts = [condition(random, leaf, depth - 1) for _ in range(random.randint(1, 3))]
    return (
        {"some": {"at_least": random.randint(1, len(parts)), "of": parts}}
        if form == "some"
        else {form: parts}
    )
