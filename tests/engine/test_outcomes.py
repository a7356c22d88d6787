"""Outcomes, criteria for the provider to judge, scope, considerations, and what an outcome rests on."""

from __future__ import annotations

from itertools import product

import pytest

from screening.engine import (
    ConsiderationState,
    CriterionState,
    Deciding,
    Findings,
    IndicationFinding,
    Outcome,
    ScopeState,
    evaluate,
)
from tests.engine.documents import (
    AS_OF,
    answers,
    consideration,
    criterion,
    defined,
    entries,
    indication,
    question,
    score,
    section,
)

PRESENT, NOT_PRESENT, UNSETTLED = Outcome
MET, NOT_MET, UNKNOWN, JUDGES = CriterionState
THREE = (True, False, None)
CAST = section(question("x"), question("y"), question("adult"))


def yes(key: str) -> dict:
    return {"fact": key, "is": True}


def given(**values) -> dict:
    return answers(**{key: value for key, value in values.items() if value is not None})


def found(*criteria: dict, answered: dict, sections=(CAST,), **parts) -> IndicationFinding:
    """What is found of an indication with these criteria."""
    definition = defined(*sections, indications=[indication(*criteria)], **parts)
    return evaluate(definition, answered, AS_OF).indications["indication"]


@pytest.mark.parametrize(("x", "y"), list(product(THREE, THREE)))
def test_one_false_settles_not_present_and_all_true_present(x, y):
    finding = found(criterion(yes("x"), "one"), criterion(yes("y"), "two"), answered=given(x=x, y=y))
    if False in (x, y):
        assert finding.outcome is NOT_PRESENT
    else:
        assert finding.outcome is (UNSETTLED if None in (x, y) else PRESENT)
    states = {True: MET, False: NOT_MET, None: UNKNOWN}
    assert finding.criteria == {"one": states[x], "two": states[y]}


@pytest.mark.parametrize(
    ("x", "y", "outcome", "state"),
    [
        (True, True, PRESENT, MET),
        (True, False, UNSETTLED, JUDGES),
        (True, None, UNSETTLED, UNKNOWN),
        (False, False, NOT_PRESENT, JUDGES),
        (False, True, NOT_PRESENT, MET),
        (None, False, UNSETTLED, JUDGES),
    ],
)
def test_a_criterion_for_the_provider_never_settles_not_present(x, y, outcome, state):
    judged = criterion(yes("y"), "judged", if_not_met="provider_judges")
    finding = found(criterion(yes("x"), "plain"), judged, answered=given(x=x, y=y))
    assert (finding.outcome, finding.criteria["judged"]) == (outcome, state)


SCOPE = {"scope": {"statement": "Adult.", "when": yes("adult")}}


@pytest.mark.parametrize(
    ("adult", "scope"), [(True, ScopeState.MET), (False, ScopeState.NOT_MET), (None, ScopeState.UNKNOWN)]
)
@pytest.mark.parametrize("x", THREE)
def test_outside_the_scope_nothing_is_settled_and_all_is_reported(x, adult, scope):
    definition = defined(
        CAST, indications=[indication(criterion(yes("x")))], considerations=[consideration(yes("x"))], **SCOPE
    )
    findings = evaluate(definition, given(x=x, adult=adult), AS_OF)
    finding = findings.indications["indication"]
    assert findings.scope is scope
    states = {True: (PRESENT, MET), False: (NOT_PRESENT, NOT_MET), None: (UNSETTLED, UNKNOWN)}
    outcome, state = states[x]
    assert finding.outcome is (outcome if adult else UNSETTLED)
    assert finding.criteria == {"criterion": state}
    assert findings.considerations["rule"] == {True: "raised", False: "not_raised", None: "not_assessed"}[x]
    if not adult:
        assert (finding.rests_on, finding.deciding) == ((), Deciding())


def test_without_a_scope_it_is_met():
    assert evaluate(defined(CAST), {}, AS_OF).scope is ScopeState.MET


RAISED, NOT_RAISED, NOT_ASSESSED = ConsiderationState
UNLESS = {
    (True, True): NOT_RAISED, (True, False): RAISED, (True, None): RAISED,
    (False, True): NOT_RAISED, (False, False): NOT_RAISED, (False, None): NOT_RAISED,
    (None, True): NOT_RAISED, (None, False): NOT_ASSESSED, (None, None): NOT_ASSESSED,
}  # fmt: skip


@pytest.mark.parametrize(("x", "y"), list(product(THREE, THREE)))
def test_an_unknown_never_silences_a_consideration(x, y):
    definition = defined(CAST, considerations=[consideration(yes("x"), unless=yes("y"))])
    assert evaluate(definition, given(x=x, y=y), AS_OF).considerations == {"rule": UNLESS[x, y]}


def rests_on(when: dict, answered: dict, *sections: dict, **parts) -> tuple[str, ...]:
    return found(criterion(when), answered=answered, sections=sections or (CAST,), **parts).rests_on


@pytest.mark.parametrize(
    ("when", "answered", "expected"),
    [
        ({"all": [yes("y"), yes("x")]}, {"x": True, "y": True}, ("x", "y")),
        ({"all": [yes("x"), yes("y")]}, {"x": True, "y": False}, ("y",)),
        ({"all": [yes("x"), yes("y")]}, {"y": False}, ("y",)),
        ({"all": [yes("x"), yes("y")]}, {"x": False, "y": False}, ("x", "y")),
        ({"any": [yes("x"), yes("y")]}, {"x": True, "y": False}, ("x",)),
        ({"any": [yes("x"), yes("y")]}, {"x": True}, ("x",)),
        ({"any": [yes("x"), yes("y")]}, {"x": False, "y": False}, ("x", "y")),
        ({"not": {"all": [yes("x"), yes("y")]}}, {"y": False}, ("y",)),
        ({"some": {"at_least": 1, "of": [yes("x"), yes("y")]}}, {"y": True}, ("y",)),
        ({"some": {"at_least": 2, "of": [yes("x"), yes("y")]}}, {"x": False}, ("x",)),
        ({"all": [yes("x"), yes("y")]}, {"x": True}, ()),
    ],
)
def test_an_outcome_rests_on_the_facts_that_settled_it(when, answered, expected):
    assert rests_on(when, given(**answered)) == expected


def test_not_present_rests_on_the_unmet_criteria_alone():
    finding = found(
        criterion(yes("x"), "one"),
        criterion(yes("y"), "two"),
        criterion(yes("adult"), "judged", if_not_met="provider_judges"),
        answered=given(x=True, y=False, adult=False),
    )
    assert finding.rests_on == ("y",)


def test_an_outcome_rests_on_a_score_and_not_on_its_items():
    asked = section(question("one", "one_choice"), question("two", "one_choice"), question("x"))
    when = {"all": [{"fact": "total", "at_least": 2}, yes("x")]}
    scores = [score("total", "one", "two")]
    assert rests_on(when, answers(one="2", x=True), asked, scores=scores) == ("x", "total")


@pytest.mark.parametrize(
    ("gate", "ok", "complete", "expected"),
    [
        (True, True, None, ("list",)),
        (True, False, True, ("list", "complete")),
        (False, None, None, ("list",)),
    ],
)
def test_an_outcome_rests_on_a_list_and_where_it_matters_on_its_being_complete(gate, ok, complete, expected):
    gated = {"shown_when": yes("gate")}
    asked = section(
        question("gate"),
        question("list", "entries", entry=[question("ok")], **gated),
        question("complete", **gated),
    )
    count = {"of": "list", "where": yes("ok"), "at_least": 1, "complete": "complete"}
    answered = {**given(gate=gate, complete=complete), "list": entries({"ok": ok} if ok is not None else {})}
    assert rests_on({"count": count}, answered, asked) == expected


def test_findings_are_the_same_after_being_written_and_read():
    definition = defined(
        CAST,
        section(question("one", "number", minimum=0, maximum=10), key="more"),
        indications=[indication(criterion(yes("x")))],
        considerations=[consideration(yes("y"))],
        scores=[score("mean", "one", kind="mean", bands=[{"from": 0, "label": "some"}])],
        **SCOPE,
    )
    for answered in ({}, given(x=True, y=False, adult=True, one=7)):
        findings = evaluate(definition, answered, AS_OF)
        assert Findings.from_document(findings.as_document()) == findings
