"""Every problem of an answer set, with its exact place."""

from __future__ import annotations

from datetime import date

import pytest

from screening.engine import AnswerProblems, evaluate, evaluate_set, problems
from tests.engine.documents import AS_OF, answers, defined, question, section

GATE = {"shown_when": {"fact": "gate", "is": True}}
DEFINITION = defined(
    section(
        question("gate"),
        question("choice", "one_choice"),
        question("many", "many_choices"),
        question("whole", "number", minimum=0, maximum=120),
        question("tenths", "number", decimals=1, minimum=0.5),
        question("most", "number", maximum=9),
        question("any", "number", decimals=2),
        question("day", "date"),
        question("words", "text"),
        question(
            "trials",
            "entries",
            entry=[
                question("drug", "one_choice", choices="drugs"),
                question("weeks", "number", shown_when={"fact": "drug", "is": "a"}),
                question("since", "date"),
            ],
        ),
        question("hidden", "number", **GATE),
        question("hidden_list", "entries", entry=[question("ok")], **GATE),
    ),
    scores=[{"key": "total", "title": "Total", "kind": "sum", "of": ["choice"]}],
)


def found(**given) -> list[tuple[str, str]]:
    """The problems of answers as pairs of place and sentence."""
    return [(problem.place, problem.problem) for problem in problems(DEFINITION, given, AS_OF)]


SHAPE = "An answer has exactly one of value, unknown and entries."
NO_CHOICE = "There is no choice with this key."
NO_DAY = "This must be a day that exists, written YYYY-MM-DD."
NO_NUMBER = "This must be a number that is not too large."


@pytest.mark.parametrize(
    ("key", "answer", "problem"),
    [
        ("gate", True, "An answer must be an object."),
        ("gate", None, "An answer must be an object."),
        ("gate", [], "An answer must be an object."),
        ("gate", {}, SHAPE),
        ("gate", {"value": True, "unknown": "declined"}, SHAPE),
        ("gate", {"value": True, "note": "x"}, SHAPE),
        ("gate", {"note": "x"}, SHAPE),
        ("gate", {"entries": []}, "This question is answered with a value."),
        ("gate", {"unknown": "forgotten"}, "The reason must be not_known or declined."),
        ("gate", {"unknown": None}, "The reason must be not_known or declined."),
        ("gate", {"unknown": ["declined"]}, "The reason must be not_known or declined."),
        ("gate", {"value": None}, "This must be true or false."),
        ("gate", {"value": 1}, "This must be true or false."),
        ("gate", {"value": "yes"}, "This must be true or false."),
        ("choice", {"value": "4"}, NO_CHOICE),
        ("choice", {"value": 2}, NO_CHOICE),
        ("choice", {"value": None}, NO_CHOICE),
        ("choice", {"value": ["2"]}, NO_CHOICE),
        ("many", {"value": "0"}, "This must be a list of choices."),
        ("many", {"value": None}, "This must be a list of choices."),
        ("many", {"value": ["0", "9"]}, NO_CHOICE),
        ("many", {"value": [["0"]]}, NO_CHOICE),
        ("whole", {"value": "34"}, NO_NUMBER),
        ("whole", {"value": True}, NO_NUMBER),
        ("whole", {"value": None}, NO_NUMBER),
        ("whole", {"value": float("nan")}, NO_NUMBER),
        ("whole", {"value": float("inf")}, NO_NUMBER),
        ("any", {"value": 10**400}, NO_NUMBER),
        ("whole", {"value": 34.5}, "This must be a whole number."),
        ("whole", {"value": -1}, "This must be from 0 to 120."),
        ("whole", {"value": 121}, "This must be from 0 to 120."),
        ("tenths", {"value": 0.75}, "This can have one decimal at most."),
        ("tenths", {"value": 0.4}, "This must be at least 0.5."),
        ("most", {"value": 10}, "This must be at most 9."),
        ("any", {"value": 0.125}, "This can have 2 decimals at most."),
        ("day", {"value": "2026-02-29"}, NO_DAY),
        ("day", {"value": "2026-13-01"}, NO_DAY),
        ("day", {"value": "20260101"}, NO_DAY),
        ("day", {"value": "2026-W01-1"}, NO_DAY),
        ("day", {"value": "2026-1-1"}, NO_DAY),
        ("day", {"value": "２０２６-01-01"}, NO_DAY),
        ("day", {"value": 20260101}, NO_DAY),
        ("day", {"value": "2026-11-24"}, "This day is after 2026-11-23, the day of the answers."),
        ("words", {"value": 7}, "This must be a text."),
        ("words", {"value": "a\0b"}, "This text has characters that can't be stored."),
        ("words", {"value": "\ud800"}, "This text has characters that can't be stored."),
        ("trials", {"value": []}, "This question is answered with a list of entries."),
        ("trials", {"entries": {}}, "This must be a list of entries."),
        ("trials", {"entries": None}, "This must be a list of entries."),
        ("trials", {"unknown": "none"}, "The reason must be not_known or declined."),
        ("nonsense", {"value": 1}, "There is no question with this key."),
        ("total", {"value": 1}, "There is no question with this key."),
        ("drug", {"value": "a"}, "There is no question with this key."),
    ],
)
def test_a_bad_answer_is_a_problem_at_its_question(key, answer, problem):
    assert found(**{key: answer}) == [(f"answers.{key}", problem)]


@pytest.mark.parametrize(
    ("entry", "place", "problem"),
    [
        (None, "", "An entry must be an object."),
        ("a", "", "An entry must be an object."),
        ({"drug": {"value": "c"}}, ".drug", NO_CHOICE),
        ({"drug": {"value": "a"}, "weeks": {"value": "6"}}, ".weeks", NO_NUMBER),
        (
            {"since": {"value": "2027-01-01"}},
            ".since",
            "This day is after 2026-11-23, the day of the answers.",
        ),
        ({"gate": {"value": True}}, ".gate", "There is no question with this key."),
        ({"drug": {"value": "a", "unknown": "declined"}}, ".drug", SHAPE),
    ],
)
def test_a_bad_answer_in_an_entry_has_the_entrys_place(entry, place, problem):
    given = {"entries": [{"drug": {"value": "b"}}, entry]}
    assert found(trials=given) == [(f"answers.trials.entries.1{place}", problem)]


@pytest.mark.parametrize(
    "good",
    [
        {"gate": {"unknown": "declined"}},
        {"trials": {"entries": []}},
        {"trials": {"entries": [{}]}},
        {"trials": {"unknown": "not_known"}},
        {"whole": {"value": 34.0}},
        {"tenths": {"value": 0.5}},
        {"any": {"value": 0.12}},
        {"day": {"value": "2026-11-23"}},
        {"many": {"value": []}},
        {"words": {"value": ""}},
    ],
)
def test_a_good_answer_is_no_problem(good):
    assert found(**good) == []


@pytest.mark.parametrize("gate", [{}, answers(gate=False)])
@pytest.mark.parametrize(
    "kept",
    [
        {"hidden": {"value": "nonsense"}},
        {"hidden": None},
        {"hidden_list": {"entries": [{"nonsense": 1}, 2]}},
    ],
)
def test_what_is_kept_behind_a_closed_gate_is_not_looked_at(gate, kept):
    assert found(**gate, **kept) == []
    assert len(found(gate={"value": True}, **kept)) >= 1


def test_what_is_kept_behind_a_closed_gate_inside_an_entry_is_not_looked_at():
    assert found(trials={"entries": [{"drug": {"value": "b"}, "weeks": {"value": "?"}}]}) == []


def test_every_problem_is_told_at_once():
    given = {"gate": {"value": 1}, "day": {"value": "x"}, "zz": 1, "aa": 1}
    places = ["answers.gate", "answers.day", "answers.aa", "answers.zz"]
    assert [place for place, _ in found(**given)] == places
    with pytest.raises(AnswerProblems) as caught:
        evaluate(DEFINITION, given, AS_OF)
    assert [problem.place for problem in caught.value.problems] == places


@pytest.mark.parametrize(
    ("answer_set", "places"),
    [
        (None, [""]),
        ("text", [""]),
        ({}, ["as_of", "answers"]),
        ({"as_of": "2026-11-23"}, ["answers"]),
        ({"answers": {}}, ["as_of"]),
        ({"as_of": None, "answers": {}}, ["as_of"]),
        ({"as_of": "2026-11-31", "answers": {}}, ["as_of"]),
        ({"as_of": "2026-11-23", "answers": []}, ["answers"]),
        ({"as_of": "2026-11-23", "answers": {}, "more": 1}, ["more"]),
        ({"answers": {"gate": {"value": 1}}}, ["as_of", "answers.gate"]),
    ],
)
def test_a_bad_answer_set(answer_set, places):
    with pytest.raises(AnswerProblems) as caught:
        evaluate_set(DEFINITION, answer_set)
    assert [problem.place for problem in caught.value.problems] == places


def test_a_day_that_is_given_overrides_the_files():
    given = {"as_of": "2020-01-01", "answers": answers(day="2026-11-01")}
    with pytest.raises(AnswerProblems):
        evaluate_set(DEFINITION, given)
    assert evaluate_set(DEFINITION, given, AS_OF).as_of == AS_OF
    assert evaluate_set(DEFINITION, {"answers": {}}, date(2021, 5, 6)).as_of == date(2021, 5, 6)


def test_answers_that_are_no_object_are_a_problem():
    assert [problem.place for problem in problems(DEFINITION, [], AS_OF)] == ["answers"]
