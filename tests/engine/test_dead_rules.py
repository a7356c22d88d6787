"""Rules that can never occur are found one fact at a time, and nothing that can occur is called dead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.engine import ConsiderationState, CriterionState, evaluate, gates, parse
from screening.engine.dead_rules import dead_rules
from tests.engine.documents import (
    AS_OF,
    consideration,
    criterion,
    document,
    indication,
    question,
    score,
    section,
)
from tests.engine.random_documents import RandomDocument

SHIPPED = Path(__file__).resolve().parents[2] / "screening" / "questionnaires"
YES, NO = {"fact": "q", "is": True}, {"fact": "q", "is": False}
ASKED = section(
    question("q"),
    question("other"),
    question("age", "number", minimum=0, maximum=120),
    question("one", "one_choice"),
    question("two", "one_choice"),
    question("many", "many_choices"),
    question("day", "date"),
    question("list", "entries", entry=[question("drug", "one_choice", choices="drugs"), question("ok")]),
    question("complete"),
)
TOTAL = {"scores": [score("total", "one", "two")]}


def found(*sections: dict, **parts) -> list[tuple[str, str, bool]]:
    looked = dead_rules(parse(document(*(sections or (ASKED,)), **TOTAL, **parts)))
    return [(one.place, one.problem, one.warning) for one in looked]


def count(at_least: int, where: dict, **more) -> dict:
    return {"count": {"of": "list", "where": where, "at_least": at_least, "complete": "complete", **more}}


OK = {"fact": "ok", "is": True}
NEVER = [
    {"all": [YES, NO]},
    {"all": [YES, {"any": [NO, {"fact": "q", "is_not": True}]}]},
    {"all": [YES, {"not": YES}]},
    {"not": {"any": [YES, NO]}},
    {"some": {"at_least": 2, "of": [YES, NO]}},
    {"fact": "age", "at_least": 121},
    {"all": [{"fact": "age", "at_least": 65}, {"fact": "age", "at_most": 64}]},
    {"fact": "age", "is": 30.5},
    {"fact": "one", "at_least": 4},
    {"all": [{"fact": "one", "is": "1"}, {"fact": "one", "at_least": 2}]},
    {"all": [{"fact": "one", "one_of": ["0", "1"]}, {"fact": "one", "one_of": ["2", "3"]}]},
    {"fact": "total", "at_least": 7},
    {"all": [{"fact": "total", "at_least": 4}, {"fact": "total", "at_most": 3}]},
    {"fact": "total", "is": 2.5},
    {"all": [{"fact": "many", "includes": "1"}, {"not": {"fact": "many", "includes": "1"}}]},
    {"all": [{"fact": "day", "at_least": "2026-05-02"}, {"fact": "day", "at_most": "2026-05-01"}]},
    count(1, {"all": [OK, {"fact": "ok", "is": False}]}),
    count(4, OK, distinct_by="drug"),
    count(3, OK, distinct_by="ok"),
]
CAN = [
    YES,
    {"all": [YES, {"fact": "other", "is": False}]},
    {"all": [{"fact": "age", "at_least": 65}, {"fact": "age", "at_most": 65}]},
    {"all": [{"fact": "total", "at_least": 4}, {"fact": "total", "at_most": 4}]},
    {"all": [{"fact": "total", "is_not": 4}, {"fact": "total", "at_least": 3}]},
    {"all": [{"fact": "day", "at_least": "9999-12-31"}, {"fact": "day", "at_most": "9999-12-31"}]},
    {"fact": "day", "is_not": "9999-12-31"},
    {"fact": "day", "is_not": "0001-01-01"},
    count(3, OK, distinct_by="drug"),
    count(9, OK),
]


@pytest.mark.parametrize("when", NEVER)
def test_a_criterion_that_can_never_be_met(when):
    told = found(indications=[indication(criterion(when))])
    assert ("indications.0.criteria.0.when", "This can never be met, whatever is answered.", False) in told


@pytest.mark.parametrize("when", CAN)
def test_a_criterion_that_can_be_met_and_not_met_is_left_alone(when):
    assert found(indications=[indication(criterion(when))]) == []


@pytest.mark.parametrize(
    "when",
    [
        {"any": [YES, NO]},
        {"any": [YES, {"not": YES}]},
        {"fact": "age", "at_least": 0},
        {"fact": "total", "at_most": 6},
    ],
)
def test_a_criterion_that_is_met_whatever_is_answered(when):
    assert found(indications=[indication(criterion(when))]) == [
        ("indications.0.criteria.0.when", "This is met whatever is answered: it asks for nothing.", False)
    ]


def test_a_consideration_that_can_never_be_raised():
    assert found(considerations=[consideration({"all": [YES, NO]})]) == [
        ("considerations.0.when", "This can never be raised, whatever is answered.", False)
    ]


@pytest.mark.parametrize(
    ("when", "unless", "silenced"),
    [
        (YES, YES, True),
        (YES, {"any": [YES, {"fact": "other", "is": True}]}, True),
        ({"fact": "total", "at_least": 4}, {"fact": "total", "at_least": 3}, True),
        ({"fact": "total", "at_least": 3}, {"fact": "total", "at_least": 4}, False),
        (YES, {"fact": "other", "is": True}, False),
        (YES, {"all": [YES, {"fact": "other", "is": True}]}, False),
    ],
)
def test_an_unless_that_always_silences(when, unless, silenced):
    told = found(considerations=[consideration(when, unless=unless)])
    always = ("considerations.0.unless", "This always silences it: it can never be raised.", False)
    assert told == ([always] if silenced else [])


def test_what_changes_nothing_is_a_warning():
    told = found(
        considerations=[
            consideration({"any": [YES, NO]}, "always"),
            consideration(YES, "idle", unless={"fact": "age", "at_least": 121}),
            consideration(
                {"any": [YES, {"all": [{"fact": "other", "is": v} for v in (True, False)]}]}, "part"
            ),
        ]
    )
    assert told == [
        ("considerations.0.when", "This is raised whatever is answered.", True),
        ("considerations.1.unless", "This can never be true: it never silences anything.", True),
        ("considerations.2.when.any.1", "This part can never be true.", True),
    ]


def test_a_question_or_section_that_is_never_shown():
    gone = section(question("a"), key="gone", shown_when={"all": [YES, NO]})
    odd = section(
        question("b", shown_when=NO),
        question("c", shown_when={"fact": "b", "is": True}),
        question("d", shown_when={"any": [YES, NO]}),
        question("rows", "entries", entry=[question("x"), question("y", shown_when={"all": [
            {"fact": "x", "is": True}, {"fact": "x", "is": False}]})]),
        key="odd",
        shown_when=YES,
    )  # fmt: skip
    assert found(ASKED, gone, odd) == [
        ("sections.1.shown_when", "This can never be true: the section is never shown.", False),
        ("sections.2.questions.0.shown_when", "This can never be true: the question is never shown.", False),
        ("sections.2.questions.1.shown_when", "This can never be true: the question is never shown.", False),
        (
            "sections.2.questions.3.entry.1.shown_when",
            "This can never be true: the question is never shown.",
            False,
        ),
    ]


def test_a_scope_that_nobody_meets():
    assert found(scope={"statement": "Adult", "when": {"fact": "age", "at_least": 180}}) == [
        ("scope.when", "This can never be true: every outcome stays open.", False)
    ]


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.json")), ids=lambda path: path.stem)
def test_nothing_shipped_is_dead(path):
    assert list(dead_rules(parse(json.loads(path.read_text(encoding="utf-8"))))) == []


def test_a_document_at_the_limits_is_looked_at_in_time():
    """CHECKS 47: a thousand facts, each read many times."""
    asked = section(*(question(f"q{number}") for number in range(900)))
    wide = [{"any": [{"fact": f"q{n}", "is": n % 2 == 0} for n in range(900)]} for _ in range(8)]
    assert found(ASKED, {**asked, "key": "many"}, indications=[indication(criterion({"all": wide}))]) == []


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_nothing_that_occurs_is_called_dead(random):
    """Random answers to random documents: what was called dead is never seen."""
    made = RandomDocument(random)
    definition = parse(made.written)
    told = {(one.place, one.problem) for one in dead_rules(definition)}
    for _ in range(40):
        answers = made.answers()
        if not told:
            break
        findings = evaluate(definition, answers, AS_OF, with_deciding=False)
        shown = gates(definition, answers, AS_OF)
        assert told.isdisjoint(seen(definition, findings, shown))


def seen(definition, findings, shown) -> set[tuple[str, str]]:
    """What these findings show to be untrue, if it was said."""
    return {*seen_rules(definition, findings), *seen_gates(definition, shown)}


def seen_rules(definition, findings) -> Iterator[tuple[str, str]]:
    for i, one in enumerate(definition.indications):
        for j, each in enumerate(one.criteria):
            state = findings.indications[one.key].criteria[each.key]
            place = f"indications.{i}.criteria.{j}.when"
            if state is CriterionState.MET:
                yield place, "This can never be met, whatever is answered."
            elif state is not CriterionState.UNKNOWN:
                yield place, "This is met whatever is answered: it asks for nothing."
    for i, one in enumerate(definition.considerations):
        if findings.considerations[one.key] is ConsiderationState.RAISED:
            yield f"considerations.{i}.when", "This can never be raised, whatever is answered."
            yield f"considerations.{i}.unless", "This always silences it: it can never be raised."


def seen_gates(definition, shown) -> Iterator[tuple[str, str]]:
    for i, part in enumerate(definition.sections):
        if shown.sections[part.key]:
            yield f"sections.{i}.shown_when", "This can never be true: the section is never shown."
        for j, asked in enumerate(part.questions):
            place = f"sections.{i}.questions.{j}.shown_when"
            if shown[asked.key]:
                yield place, "This can never be true: the question is never shown."
            if shown[asked.key] is False and shown.sections[part.key]:
                yield place, "This can never be false: it never hides the question."
