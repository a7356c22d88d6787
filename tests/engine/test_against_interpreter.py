"""The engine against a second one, written apart from it, on random questionnaires and answers."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.engine import AnswerProblems, evaluate, parse
from tests.engine.documents import AS_OF
from tests.engine.interpreter import Interpreter
from tests.engine.random_documents import RandomDocument

SETTINGS = settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
SEEDED = st.randoms(use_true_random=True)
SETS_EACH = 5
BAD = [
    None, [], 3, "yes", {}, {"value": None}, {"value": "zzz"}, {"value": 1}, {"value": 1.25},
    {"value": 10**9}, {"value": "2026-02-30"}, {"value": "2026-11-24"}, {"value": "20261101"},
    {"value": ["zz"]}, {"value": [1]}, {"value": {}}, {"unknown": "maybe"}, {"unknown": None},
    {"value": True, "unknown": "declined"}, {"entries": []}, {"entries": None}, {"entries": [1]},
    {"value": True, "note": 1},
]  # fmt: skip


def found(definition, answers):
    """The findings without what the interpreter doesn't know, or where the problems are."""
    try:
        findings = evaluate(definition, answers, AS_OF).as_document()
    except AnswerProblems as error:
        return {"problems": sorted({problem.place for problem in error.problems})}
    for indication in findings["indications"].values():
        del indication["deciding"], indication["rests_on"]
    return findings


@SETTINGS
@given(SEEDED)
def test_both_engines_find_the_same(random):
    made = RandomDocument(random)
    definition, interpreter = parse(made.written), Interpreter(made.written)
    for _ in range(SETS_EACH):
        answers = made.answers()
        assert found(definition, answers) == interpreter.findings(answers, AS_OF)


def spoiled(answers, random):
    """The answers with a bad one, perhaps inside an entry or behind a closed gate, or with a key too many."""
    answers = deepcopy(answers)
    inner = [row for answer in answers.values() for row in answer.get("entries", []) if row]
    target = random.choice([answers, *inner])
    target[random.choice([*target, "nothing"])] = random.choice(BAD)
    return answers


@SETTINGS
@given(SEEDED)
def test_both_engines_refuse_the_same_answers_in_the_same_places(random):
    made = RandomDocument(random)
    definition, interpreter = parse(made.written), Interpreter(made.written)
    for _ in range(SETS_EACH):
        answers = spoiled(made.answers(), random)
        assert found(definition, answers) == interpreter.findings(answers, AS_OF)
