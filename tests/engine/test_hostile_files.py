"""Files that nobody should send: the command says what is wrong, and never breaks (CHECKS 30, 47)."""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.engine.__main__ import main
from tests.engine.documents import document, question, section
from tests.engine.random_documents import RandomDocument

JUNK: list[Any] = [
    None, True, 0, -1, 1.5, 1e300, 10**30, float("nan"), float("inf"), "", "a", "\x00", "\ud800", "é" * 50,
    [], {}, [[]], [{}], [None], {"a": 1}, {"": ""}, {"\ud800": 1}, {"\x00": {"value": 1}}, {"fact": "x"},
    {"all": []}, {"not": {}}, {"some": []}, {"some": {"at_least": 0, "of": [{}]}}, {"count": {}},
    {"count": []}, {"unknown": "not_known"}, {"unknown": []}, {"unknown": {}}, {"value": None},
    {"value": [[]]}, {"value": {}}, {"entries": [1]}, {"entries": {}}, "9999-12-31", "0000-01-01", "yes_no",
    "entries", "provider_judges",
]  # fmt: skip
AS_OF = "2026-11-23"
ONE_NUMBER = document(section(question("first", "number")))


def places(value: Any, place: tuple = ()) -> list[tuple]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for key, one in inner for found in places(one, (*place, key)))]


def at(value: Any, place: tuple) -> Any:
    for key in place:
        value = value[key]
    return value


def spoil(value: Any, random: Random) -> Any:
    """The value with a few things replaced by junk or by each other, taken out, or added."""
    value, untouched = deepcopy(value), deepcopy(value)
    everywhere = places(value)[1:]
    for _ in range(random.choice([1, 1, 2, 4])):
        *outer, key = random.choice(everywhere)
        try:
            inside = at(value, outer)
            match random.choice(["junk", "junk", "swap", "remove", "add"]):
                case "junk":
                    inside[key] = deepcopy(random.choice(JUNK))
                case "swap":
                    inside[key] = deepcopy(at(untouched, random.choice(everywhere)))
                case "remove":
                    del inside[key]
                case "add" if isinstance(inside, list):
                    inside.append(deepcopy(random.choice(JUNK)))
                case "add":
                    inside[random.choice(["value", "fact", "entries", "shown_when", "\ud800"])] = None
        except (KeyError, IndexError, TypeError):
            continue  # An earlier change has taken this place away.
    return value


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture
def command(folder, capfdbinary):
    """Run the command over two JSON values or texts; returns its exit code and what it printed."""

    def run(name: str, written: Any, answers: Any = None) -> tuple[int, Any]:
        files = []
        for stem, value in (("document", written), ("answers", answers)):
            files.append(folder / f"{stem}.json")
            files[-1].write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
        code = main([name, *map(str, files[: 2 if name == "evaluate" else 1])])
        out, err = capfdbinary.readouterr()
        assert (err if code != 2 else out) == b""
        return code, json.loads(err if code == 2 else out)

    return run


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.randoms(use_true_random=True))
def test_spoiled_files_are_answered_with_findings_or_problems(command, random):
    made = RandomDocument(random)
    written, answers = made.written, {"as_of": AS_OF, "answers": made.answers()}
    written["vignettes"] = [vignette(answers)]
    if random.random() < 0.6:
        written = spoil(written, random)
    if random.random() < 0.6:
        answers = spoil(answers, random)
    for name in ("check", "evaluate"):
        code, printed = command(name, written, answers)
        assert code in (0, 1, 2)
        if code:
            assert all(problem.keys() == {"place", "problem"} for problem in printed["problems"])
            assert printed["problems"]


def vignette(answers: dict) -> dict:
    nothing = {"indications": {}, "considerations": {}}
    return {"key": "v", "title": "V", "as_of": AS_OF, "answers": answers["answers"], "expect": nothing}


def test_a_huge_number_spoils_one_answer_set_of_a_list_and_not_the_others(command):
    good = {"as_of": AS_OF, "answers": {}}
    huge = json.dumps({"as_of": AS_OF, "answers": {"first": {"value": 1}}}).replace(
        '"value": 1', '"value": 1' + "0" * 5_000
    )
    code, printed = command("evaluate", ONE_NUMBER, f"[{json.dumps(good)}, {huge}]".encode())
    assert code == 0
    assert "problems" not in printed[0]
    assert [problem["place"] for problem in printed[1]["problems"]] == ["answers.first"]


def test_doubled_keys_are_found_in_a_large_object(command):
    """Looking for them key by key took more than a minute here."""
    many = ",".join(f'"k{number}":1' for number in range(50_000))
    text = f'{{"as_of":"{AS_OF}","answers":{{{many},"k7":2}}}}'
    code, printed = command("evaluate", ONE_NUMBER, text.encode())
    assert code == 2
    assert {"place": "answers.k7", "problem": "This key is given twice."} in printed["problems"]
