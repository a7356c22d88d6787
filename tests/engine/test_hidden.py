"""Gates: what is shown, what a hidden question counts as, and what is kept behind a closed gate."""

from __future__ import annotations

import pytest

from screening.engine import evaluate, gates, problems
from tests.engine.documents import AS_OF, answers, consideration, defined, entries, question, section, truth

GATE = {"shown_when": {"fact": "gate", "is": True}}
UNKNOWN = {"when_hidden": {"unknown": "not_known"}}


def hidden(kind: str, when: dict, **more) -> bool | None:
    """What a rule says of a question whose gate is definitely closed."""
    asked = section(question("gate"), question("q", kind, **GATE, **more))
    return truth({"fact": "q", **when}, asked, given=answers(gate=False))


@pytest.mark.parametrize(
    ("kind", "when", "expected"),
    [
        ("yes_no", {"is": True}, False),
        ("yes_no", {"is": False}, True),
        ("yes_no", {"is_not": True}, True),
        ("many_choices", {"includes": "0"}, False),
        ("one_choice", {"is": "0"}, False),
        ("one_choice", {"is_not": "0"}, False),
        ("one_choice", {"one_of": ["0", "1"]}, False),
        ("one_choice", {"at_least": 0}, False),
        ("one_choice", {"at_most": 3}, False),
        ("number", {"is": 1}, False),
        ("number", {"is_not": 1}, False),
        ("number", {"at_least": 0}, False),
        ("number", {"at_most": 9}, False),
        ("date", {"is": "2026-01-01"}, False),
        ("date", {"is_not": "2026-01-01"}, False),
        ("date", {"at_least": "2026-01-01"}, False),
        ("date", {"at_most": "2026-01-01"}, False),
    ],
)
def test_a_hidden_question_counts_as_the_default_of_its_kind(kind, when, expected):
    assert hidden(kind, when) is expected
    assert hidden(kind, when, **UNKNOWN) is None


def test_not_over_a_question_that_is_not_applicable_is_true():
    asked = section(question("gate"), question("q", "number", **GATE))
    assert truth({"not": {"fact": "q", "is": 1}}, asked, given=answers(gate=False)) is True


@pytest.mark.parametrize("kept", [{}, answers(q=True), answers(q=...), {"q": "nonsense"}])
@pytest.mark.parametrize(("gate", "expected"), [(answers(gate=False), True), ({}, None)])
def test_an_answer_behind_a_gate_that_is_not_open_is_never_read(gate, expected, kept):
    asked = section(question("gate"), question("q", **GATE))
    assert truth({"fact": "q", "is": False}, asked, given={**gate, **kept}) is expected


def test_a_sections_gate_applies_to_each_of_its_questions():
    first = section(question("gate"), key="first")
    second = section(question("a"), question("b", shown_when={"fact": "a", "is": True}), key="second", **GATE)
    definition = defined(first, second)
    opened = gates(definition, answers(gate=True, a=True), AS_OF)
    assert dict(opened) == {"gate": True, "a": True, "b": True}
    assert dict(opened.sections) == {"first": True, "second": True}
    closed = gates(definition, answers(gate=False, a=True), AS_OF)
    assert dict(closed) == {"gate": True, "a": False, "b": False}
    assert dict(closed.sections) == {"first": True, "second": False}
    unknown = gates(definition, answers(a=True), AS_OF)
    assert dict(unknown) == {"gate": True, "a": None, "b": None}
    assert dict(unknown.sections) == {"first": True, "second": None}


def test_a_question_is_hidden_if_either_gate_is_closed():
    first = section(question("gate"), question("own"), key="first")
    second = section(question("b", shown_when={"fact": "own", "is": True}), key="second", **GATE)
    definition = defined(first, second)
    for section_gate, own_gate, expected in [
        (True, True, True), (True, False, False), (True, None, None),
        (False, True, False), (False, False, False), (False, None, False),
        (None, True, None), (None, False, False), (None, None, None),
    ]:  # fmt: skip
        given = {k: {"value": v} for k, v in {"gate": section_gate, "own": own_gate}.items() if v is not None}
        assert gates(definition, given, AS_OF)["b"] is expected


def test_a_gate_that_reads_a_hidden_question_reads_its_default():
    asked = section(
        question("gate"),
        question("middle", **GATE),
        question("q", shown_when={"fact": "middle", "is": True}),
    )
    definition = defined(asked)
    assert dict(gates(definition, answers(gate=False, middle=True), AS_OF)) == {
        "gate": True,
        "middle": False,
        "q": False,
    }


def test_gates_inside_entries_are_told_for_each_entry():
    entry = [
        question("drug", "one_choice", choices="drugs"),
        question("ok", shown_when={"fact": "drug", "is": "a"}),
    ]
    definition = defined(section(question("trials", "entries", entry=entry), question("complete")))
    given = {"trials": entries({"drug": "a"}, {"drug": "b"}, {})}
    assert gates(definition, given, AS_OF).entries == {
        "trials": (
            {"drug": True, "ok": True},
            {"drug": True, "ok": False},
            {"drug": True, "ok": None},
        )
    }


def test_a_bad_answer_counts_as_unknown_for_gates():
    definition = defined(section(question("gate"), question("q", **GATE)))
    given = {"gate": {"value": "yes"}, "q": {"value": 7}}
    assert dict(gates(definition, given, AS_OF)) == {"gate": True, "q": None}
    assert [problem.place for problem in problems(definition, given, AS_OF)] == ["answers.gate"]


def test_an_answer_to_a_hidden_question_changes_nothing():
    definition = defined(
        section(question("gate"), question("q", "one_choice", **GATE), question("d", "date", **GATE)),
        considerations=[consideration({"fact": "q", "at_least": 1})],
    )
    closed = answers(gate=False)
    assert evaluate(definition, closed, AS_OF) == evaluate(
        definition, {**closed, **answers(q="3", d="2099-99-99")}, AS_OF
    )
