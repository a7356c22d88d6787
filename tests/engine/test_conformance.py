"""The cases that others can check us by: they agree with us, and a wrong one is told with its place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from screening.engine.__main__ import main
from tests.engine.interpreter import Interpreter

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "conformance" / "cases"


@pytest.fixture
def conform(capfdbinary):
    """Run the command; returns its exit code and what it printed, problems too."""

    def run(*arguments: object) -> tuple[int, dict]:
        code = main(["conform", *map(str, arguments)])
        out, err = capfdbinary.readouterr()
        return code, json.loads(err if code == 2 else out)

    return run


def test_every_case_agrees(conform):
    names = sorted(path.stem for path in CASES.glob("*.json"))
    assert conform(CASES) == (0, {"agree": names, "differ": []})
    assert len(names) >= 15


@pytest.mark.parametrize("path", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_the_second_engine_agrees_with_every_case(path):
    """It shares no code with the first, and says nothing of what decides."""
    case = json.loads(path.read_text(encoding="utf-8"))
    written = case["definition"]
    if isinstance(written, str):
        written = json.loads((path.parent / written).read_text(encoding="utf-8"))
    for one in case["sets"]:
        found = Interpreter(written).findings(one["answers"], date.fromisoformat(one["as_of"]))
        assert named(one["expect"], found) == compared(one["expect"])


def compared(expected):
    """What is expected, without what the second engine doesn't say."""
    if "problems" in expected:
        return {"problems": [problem["place"] for problem in expected["problems"]]}
    return {key: leave_out(value) for key, value in expected.items()}


def leave_out(value):
    if not isinstance(value, dict):
        return value
    return {key: leave_out(inner) for key, inner in value.items() if key not in ("deciding", "rests_on")}


def named(expected, found):
    """What was found, as far as it is expected."""
    if not isinstance(expected, dict) or not isinstance(found, dict):
        return found
    asked = [key for key in expected if key not in ("deciding", "rests_on")]
    return {key: named(expected[key], found.get(key)) for key in asked}


ONE = {
    "shows": "One question.",
    "definition": json.loads((CASES / "some.json").read_text(encoding="utf-8"))["definition"],
    "sets": [
        {
            "title": "Two of three",
            "as_of": "2026-11-23",
            "answers": {"a": {"value": True}, "b": {"value": True}},
            "expect": {"scope": "met", "considerations": {"two": "raised"}},
        }
    ],
}


def write(folder: Path, name: str, value: object) -> Path:
    (folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    return folder


def test_a_wrong_expectation_is_told_with_its_place(conform, tmp_path):
    wrong = json.loads(json.dumps(ONE))
    wrong["sets"][0]["expect"] = {"scope": "unknown", "considerations": {"two": "raised", "gone": "raised"}}
    write(tmp_path, "right", ONE)
    differences = [
        {"place": "sets.0.scope", "expected": "unknown", "found": "met"},
        {"place": "sets.0.considerations.gone", "expected": "raised", "found": None},
    ]
    assert conform(write(tmp_path, "wrong", wrong)) == (
        1,
        {"agree": ["right"], "differ": [{"case": "wrong", "differences": differences}]},
    )


def test_another_engines_findings_are_compared_in_the_same_way(conform, tmp_path):
    cases, found = tmp_path / "cases", tmp_path / "found"
    cases.mkdir(), found.mkdir()
    write(cases, "one", ONE)
    write(found, "one", [{"scope": "met", "considerations": {"two": "raised", "more": "raised"}}])
    assert conform(cases, "--found", found) == (0, {"agree": ["one"], "differ": []})
    write(found, "one", [{"scope": True, "considerations": {"two": "not_raised"}}])
    assert [one["place"] for one in conform(cases, "--found", found)[1]["differ"][0]["differences"]] == [
        "sets.0.scope",
        "sets.0.considerations.two",
    ]
    write(found, "one", [])
    assert conform(cases, "--found", found)[0] == 1


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"definition": {**ONE["definition"], "title": ""}}, ["one.json.definition.title"]),
        ({"definition": 7}, ["one.json.definition"]),
        ({"definition": "none.json"}, [""]),
        ({"sets": []}, ["one.json.sets"]),
        ({"sets": [{"answers": {}}]}, ["one.json.sets.0.expect"]),
        ({"shows": ""}, ["one.json.shows"]),
        ({"more": 1}, ["one.json.more"]),
    ],
)
def test_a_case_that_cannot_be_read_is_exit_2_with_its_place(conform, tmp_path, changed, places):
    code, printed = conform(write(tmp_path, "one", {**ONE, **changed}))
    assert (code, [problem["place"] for problem in printed["problems"]]) == (2, places)


def test_a_folder_without_cases_is_exit_2(conform, tmp_path):
    assert conform(tmp_path)[0] == 2
