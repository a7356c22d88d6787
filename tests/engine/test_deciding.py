"""What could settle an outcome: the smallest sets each way, by example and against brute force."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.engine import Deciding, Definition, Outcome, evaluate, gates, parse
from screening.engine.evaluation import outcome_of
from screening.engine.facts import read_facts
from screening.engine.program import program_of
from screening.engine.words import CriterionState
from tests.engine.documents import (
    AS_OF,
    answers,
    criterion,
    document,
    entries,
    indication,
    question,
    score,
    section,
)
from tests.engine.random_documents import RandomDocument
from tests.engine.reference import reads
from tests.engine.test_properties import ANSWERS, FACTS, UNKNOWN, documents

Json = dict[str, Any]
CAST = section(question("a"), question("b"), question("c"), question("d"))


def yes(key: str) -> Json:
    return {"fact": key, "is": True}


def deciding(
    *criteria: Json, answered: Json | None = None, sections: tuple[Json, ...] = (CAST,), **parts: Any
) -> Deciding:
    written = document(*sections, indications=[indication(*criteria)], **parts)
    return evaluate(parse(written), answered or {}, AS_OF).indications["indication"].deciding


def sets(*units: str) -> tuple[tuple[str, ...], ...]:
    """Sets of units in short: "a b" is a set of two."""
    return tuple(tuple(one.split()) for one in units)


def test_one_open_question_can_settle_it_either_way():
    assert deciding(criterion(yes("a"))) == Deciding(present=sets("a"), not_present=sets("a"))


@pytest.mark.parametrize("reason", UNKNOWN)
def test_not_answered_not_known_and_declined_are_all_open(reason):
    answered = {"a": reason} if reason else {}
    assert deciding(criterion(yes("a")), answered=answered).present == sets("a")


def test_a_settled_outcome_has_nothing_to_decide():
    assert deciding(criterion(yes("a")), answered=answers(a=True)) == Deciding()
    assert deciding(criterion(yes("a")), answered=answers(a=False)) == Deciding()


def test_it_can_be_left_out():
    written = document(CAST, indications=[indication(criterion(yes("a")))])
    found = evaluate(parse(written), {}, AS_OF, with_deciding=False)
    assert found.indications["indication"].deciding == Deciding()
    assert found.indications["indication"].outcome is Outcome.NOT_ENOUGH_INFORMATION


def test_outside_the_scope_nothing_decides():
    scope = {"scope": {"statement": "Adult.", "when": yes("b")}}
    assert deciding(criterion(yes("a")), **scope) == Deciding()
    assert deciding(criterion(yes("a")), answered=answers(b=False), **scope) == Deciding()
    assert deciding(criterion(yes("a")), answered=answers(b=True), **scope).present == sets("a")


def test_all_criteria_are_needed_for_present_and_one_for_not_present():
    found = deciding(criterion(yes("b"), "one"), criterion(yes("a"), "two"))
    assert found == Deciding(present=sets("a b"), not_present=sets("a", "b"))


def test_alternatives_are_listed_by_size_and_then_in_document_order():
    either = {"any": [{"all": [yes("a"), yes("b")]}, yes("d"), yes("c")]}
    assert deciding(criterion(either)) == Deciding(
        present=sets("c", "d", "a b"), not_present=sets("a c d", "b c d")
    )


def test_sets_of_more_than_three_are_not_listed():
    assert deciding(criterion({"all": [yes(key) for key in "abcd"]})).present == ()


def test_at_most_ten_are_listed():
    many = section(*(question(f"q{number:02}") for number in range(12)))
    found = deciding(criterion({"any": [yes(f"q{n:02}") for n in range(12)]}), sections=(many,))
    assert found.present == tuple((f"q{number:02}",) for number in range(10))


def test_what_the_provider_judges_never_makes_it_not_present():
    judged = criterion(yes("b"), "judged", if_not_met="provider_judges")
    found = deciding(criterion(yes("a"), "plain"), judged)
    assert found == Deciding(present=sets("a b"), not_present=sets("a"))
    unmet = deciding(criterion(yes("a"), "plain"), judged, answered=answers(b=False))
    assert unmet == Deciding(present=(), not_present=sets("a"))


def test_one_answer_must_serve_every_criterion():
    """The same question can't be both at once."""
    impossible = {"all": [{"fact": "n", "at_least": 5}, {"fact": "n", "at_most": 3}]}
    asked = section(question("n", "number", minimum=0, maximum=9))
    assert deciding(criterion(impossible), sections=(asked,)) == Deciding(not_present=sets("n"))


GATE = {"shown_when": yes("gate")}
GATED = section(question("gate"), question("x", **GATE), question("y", **GATE))


def test_a_question_behind_an_unknown_gate_comes_with_its_gate_which_is_not_named():
    both = criterion({"all": [yes("x"), yes("y")]})
    assert deciding(both, sections=(GATED,)).present == sets("x y")
    assert deciding(criterion({"all": [yes("gate"), yes("x")]}), sections=(GATED,)).present == sets("x")


def test_the_gate_alone_settles_it_if_no_is_enough():
    assert deciding(criterion(yes("x")), sections=(GATED,)).not_present == sets("gate")


def test_a_question_behind_a_gate_that_was_answered_is_not_open():
    assert deciding(
        criterion(yes("x"), "one"), criterion(yes("y"), "two"), sections=(GATED,), answered=answers(gate=True)
    ) == Deciding(present=sets("x y"), not_present=sets("x", "y"))
    closed = criterion({"not": yes("x")}, "one")
    free = section(*GATED["questions"], question("free"))
    found = deciding(closed, criterion(yes("free"), "two"), sections=(free,), answered=answers(gate=False))
    assert found == Deciding(present=sets("free"), not_present=sets("free"))


ITEMS = section(
    question("one", "one_choice"), question("two", "one_choice"), question("day", "date"), question("a")
)
AGED = {"scores": [score("total", "one", "two", max_age_days=30, dated_by="day")]}
HIGH = criterion({"fact": "total", "at_least": 4})


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ({}, Deciding(sets("total"), sets("total"))),
        (answers(one="3", day="2026-11-20"), Deciding(sets("total"), sets("total"))),
        (answers(one="3", two="3"), Deciding(sets("total"), ())),
        (answers(one="0", two="3"), Deciding((), sets("total"))),
        # too old, and the date was answered
        (answers(one="3", day="2026-01-01"), Deciding()),
    ],
)
def test_a_score_is_one_unit_with_its_items_and_its_date(answered, expected):
    assert deciding(HIGH, sections=(ITEMS,), answered=answered, **AGED) == expected


def test_a_total_must_be_reachable():
    """One open item of 0 to 3 points can't bring 0 to 4 or more."""
    plain = {"scores": [score("total", "one", "two")]}
    between = criterion({"all": [{"fact": "total", "at_least": 2}, {"fact": "total", "at_most": 2}]})
    even = {"choice_sets": {"points": [{"key": k, "label": k, "points": int(k)} for k in "03"]}}
    assert deciding(between, sections=(ITEMS,), **plain).present == sets("total")
    assert deciding(between, sections=(ITEMS,), **plain, **even) == Deciding(not_present=sets("total"))


def test_a_score_behind_an_unknown_gate():
    asked = section(question("gate"), question("one", "one_choice", **GATE), question("day", "date", **GATE))
    aged = {"scores": [score("total", "one", max_age_days=30, dated_by="day")]}
    found = deciding(criterion({"fact": "total", "at_least": 2}), sections=(asked,), **aged)
    assert found == Deciding(present=sets("total"), not_present=sets("gate"))


LISTED = section(
    question("list", "entries", entry=[question("drug", "one_choice", choices="drugs"), question("ok")]),
    question("complete"),
    question("a"),
)


def count(at_least: int = 2, **more: Any) -> Json:
    return {"count": {"of": "list", "where": yes("ok"), "at_least": at_least, "complete": "complete", **more}}


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ({}, Deciding(sets("list"), sets("list"))),
        ({"list": entries({"drug": "a", "ok": True})}, Deciding(sets("list"), sets("list"))),
        # marked complete: only what is open inside can still change
        ({"list": entries({"ok": True}, {}), **answers(complete=True)}, Deciding(sets("list"), sets("list"))),
        # marked not complete: more entries may come, none of them makes it fewer
        ({"list": entries({"ok": True}), **answers(complete=False)}, Deciding(sets("list"), ())),
    ],
)
def test_a_list_is_one_unit_with_its_being_complete(answered, expected):
    assert deciding(criterion(count()), sections=(LISTED,), answered=answered) == expected


def test_two_counts_over_one_list_are_settled_together():
    plain, distinct = criterion(count(), "plain"), criterion(count(distinct_by="drug"), "distinct")
    twice = {"list": entries({"drug": "a", "ok": True}, {"drug": "a", "ok": True})}
    assert deciding(plain, distinct, sections=(LISTED,)).present == sets("list")
    closed = {**twice, **answers(complete=True)}
    assert deciding(plain, criterion(yes("a"), "a"), sections=(LISTED,), answered=closed).present == sets("a")
    assert deciding(distinct, sections=(LISTED,), answered=twice) == Deciding(sets("list"), sets("list"))
    contradiction = {"all": [count(), {"not": count(1)}]}
    assert deciding(criterion(contradiction), sections=(LISTED,)).present == ()


def test_counts_over_one_list_may_ask_different_questions_whether_it_is_complete():
    asked = section(*LISTED["questions"], question("also_complete"))
    other = {"count": {**count()["count"], "complete": "also_complete"}}
    found = deciding(criterion(count(), "one"), criterion(other, "two"), sections=(asked,))
    assert found == Deciding(sets("list"), sets("list"))
    one_mark = {"list": entries({"ok": True}), **answers(complete=False, also_complete=True)}
    assert deciding(criterion(count()), sections=(asked,), answered=one_mark).not_present == ()


def test_of_a_thousand_alternatives_the_first_in_the_document_are_named():
    """CHECKS 47: whatever the order in which the rule reads them."""
    asked = section(*(question(f"q{n}") for n in range(1_000)))
    backwards = [yes(f"q{n}") for n in reversed(range(1_000))]
    found = deciding(criterion({"any": backwards}), sections=(asked,))
    assert found == Deciding(sets(*(f"q{n}" for n in range(10))), ())


def test_a_chain_of_a_thousand_gates_is_thought_through_without_a_traceback():
    """CHECKS 47."""
    chain = [question("q0")]
    chain += [question(f"q{n}", shown_when=yes(f"q{n - 1}")) for n in range(1, 1_000)]
    found = deciding(criterion(yes("q999")), sections=(section(*chain),))
    assert found == Deciding(present=(), not_present=sets("q0"))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_what_was_looked_for_before_changes_nothing(random):
    """What is kept from other answers is what a search would find; and twice the same is found twice."""
    made = RandomDocument(random)
    kept = parse(made.written)
    for answered in [made.answers() for _ in range(6)]:
        fresh = evaluate(parse(made.written), answered, AS_OF)
        assert evaluate(kept, answered, AS_OF) == fresh
        assert evaluate(kept, answered, AS_OF) == fresh


# Against brute force: every set of at most three units, every real answer to what they stand for.

ADDED = [[], ["a"], ["b"], ["other"], ["a", "a"], ["a", "b"], ["other", "other"]]
POINTS = [{"value": str(points)} for points in range(4)]
OPTIONS = {
    "a": [{"value": True}, {"value": False}],
    "b": [{"value": True}, {"value": False}],
    "c": POINTS,
    "d": POINTS,
    "m": [{"value": value} for value in ([], ["0"], ["1"], ["0", "1"])],
    "n": [{"value": value} for value in (0, 1, 2)],
    "complete": [{"value": True}, {"value": False}],
}


class BruteForce:
    """All sets of units that can settle one answer set, found by trying."""

    def __init__(self, written: Json, answered: Json) -> None:
        self.definition = parse(written)
        self.questions = {q["key"]: q for q in written["sections"][0]["questions"]}
        self.written = written
        self.shown = dict(gates(self.definition, answered, AS_OF))
        self.answered = {key: answer for key, answer in answered.items() if self.shown[key]}

    def open(self, key: str) -> bool:
        if self.shown[key] is False:
            return False
        answer = self.answered.get(key, {"unknown": ""})
        return "unknown" in answer or (key == "list" and self._list_is_open())

    def _list_is_open(self) -> bool:
        rows = self.answered["list"]["entries"]
        whole = all(set(row) == {"drug", "ok"} and all("value" in a for a in row.values()) for row in rows)
        return not whole or self.answered.get("complete") != {"value": True}

    def stands_for(self, unit: str) -> frozenset[str]:
        parts = {"total": ["c", "d"], "list": ["list", "complete"]}.get(unit, [unit])
        found = {part for part in parts if self.open(part)}
        for part in [part for part in found if self.shown[part] is None]:
            gate = self.questions[part]["shown_when"]
            found |= {fact for key in reads(self.written, gate) for fact in self.stands_for(key)}
        return frozenset(found)

    def deciding(self) -> Deciding:
        units = [unit for unit in ("a", "b", "m", "n", "list", "total") if self.stands_for(unit)]
        found = {Outcome.INDICATORS_PRESENT: [], Outcome.INDICATORS_NOT_PRESENT: []}
        for size in (1, 2, 3):
            for chosen in combinations(units, size):
                for outcome in self.outcomes(chosen) & found.keys():
                    found[outcome].append(chosen)
        return Deciding(*(tuple(self._smallest(chosen)[:10]) for chosen in found.values()))

    def _smallest(self, chosen: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        whole = {units: frozenset().union(*map(self.stands_for, units)) for units in chosen}
        return [
            units
            for units in chosen
            if not any(set(other) < set(units) or whole[other] < whole[units] for other in chosen)
        ]

    def outcomes(self, units: tuple[str, ...]) -> set[Outcome]:
        """What real answers to these units, and to all that they stand for, can come to."""
        keys = sorted(frozenset().union(*map(self.stands_for, units)))
        found = set()
        for values in product(*map(self._options, keys)):
            found.add(outcome(self.definition, {**self.answered, **dict(zip(keys, values, strict=True))}))
            if len(found) == 3:
                break
        return found

    def _options(self, key: str) -> list[Json]:
        return list(self._lists()) if key == "list" else OPTIONS[key]

    def _lists(self) -> Iterator[Json]:
        answer = self.answered.get("list", {})
        rows = answer.get("entries", [])
        grows = "entries" not in answer or self.answered.get("complete") != {"value": True}
        for known in product(*map(_filled, rows)):
            for added in ADDED if grows else [[]]:
                yield {"entries": [*known, *(answers(drug=drug, ok=True) for drug in added)]}


def _filled(row: Json) -> list[Json]:
    drugs = [row["drug"]] if "value" in row.get("drug", {}) else [{"value": d} for d in ("a", "b", "other")]
    oks = [row["ok"]] if "value" in row.get("ok", {}) else [{"value": True}, {"value": False}]
    return [{"drug": drug, "ok": ok} for drug, ok in product(drugs, oks)]


def outcome(definition: Definition, answered: Json) -> Outcome:
    """The outcome alone, which is quicker than all findings."""
    program = program_of(definition)
    facts = read_facts(program, answered, AS_OF).facts
    states = []
    for compiled in program.indications["indication"]:
        truth = compiled.rule.truth(facts)
        unmet = (
            CriterionState.PROVIDER_JUDGES if compiled.criterion.provider_judges else CriterionState.NOT_MET
        )
        states.append({True: CriterionState.MET, False: unmet, None: CriterionState.UNKNOWN}[truth])
    return outcome_of(states)


SMALL = st.recursive(
    FACTS,
    lambda inner: st.one_of(
        st.builds(lambda of: {"all": of}, st.lists(inner, min_size=2, max_size=2)),
        st.builds(lambda of: {"any": of}, st.lists(inner, min_size=2, max_size=2)),
        st.builds(lambda one: {"not": one}, inner),
        st.builds(lambda of: {"some": {"at_least": 2, "of": of}}, st.lists(inner, min_size=3, max_size=3)),
    ),
    max_leaves=4,
)


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(documents(SMALL), ANSWERS)
def test_6_the_sets_are_those_that_trying_everything_finds(written, answered):
    """Each really can settle it that way, no part of it can, and none is missing."""
    finding = evaluate(parse(written), answered, AS_OF).indications["indication"]
    if finding.outcome is Outcome.NOT_ENOUGH_INFORMATION:
        assert finding.deciding == BruteForce(written, answered).deciding()
