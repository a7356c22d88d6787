"""Questionnaires at their limits: proved, or not proved with the reason, and never anything else."""

import pytest

from screening.engine import parse
from screening.verification.proving import prove
from screening.verification.report import Asked, Note, State
from tests.engine.documents import consideration, document, entries, question, section
from tests.verification.proved import HOLDS, against, example, result

ENTRY = [question("helped")]


def counting(number):
    count = {"of": "rows", "where": {"fact": "helped", "is": False}, "at_least": number, "complete": "whole"}
    return document(
        section(question("rows", "entries", entry=ENTRY), question("whole")),
        considerations=[consideration({"count": count})],
    )


def test_as_many_entries_as_a_list_is_given_are_proved():
    assert against(counting(24)) == set()
    assert example(counting(24), Asked.RAISED, "rule") == {"rows": entries(*[{"helped": False}] * 24)}


def test_more_entries_than_a_list_is_given_are_not_proved():
    found = result(counting(25), Asked.RAISED, "rule")
    assert (found.state, found.note, found.witness) == (State.NOT_PROVED, Note.TOO_MANY_ROWS, None)


def test_conditions_fifty_deep_and_many_wide_are_proved():
    deep = {"fact": "q0", "is": True}
    for level in range(48):
        deep = {"not": deep} if level % 2 else {"all": [deep]}
    wide = {"some": {"at_least": 40, "of": [{"fact": f"q{n}", "is": True} for n in range(80)]}}
    rules = [consideration(deep, "deep"), consideration(wide, "wide")]
    written = document(section(*(question(f"q{n}") for n in range(80))), considerations=rules)
    assert against(written) == set()


def test_numbers_without_limits_go_as_far_as_an_answer_can():
    far = consideration({"fact": "n", "at_least": 10**15}, "far")
    written = document(section(question("n", "number", decimals=3)), considerations=[far])
    assert example(written, Asked.RAISED, "far") == {"n": {"value": 10**15}}


def test_when_z3_runs_out_of_memory_it_says_so():
    with pytest.raises(MemoryError):
        list(prove(parse(counting(24)), None, seconds_each=5, megabytes=1))


def test_the_example_of_a_gate_behind_a_gate_opens_both():
    gates = [question("p"), question("q", shown_when={"fact": "p", "is": True})]
    written = document(section(*gates, question("asked", shown_when={"fact": "q", "is": True})))
    found = result(written, Asked.QUESTION_SHOWN, "asked")
    assert (found.state, set(found.witness.answers)) == (HOLDS, {"p", "q"})
