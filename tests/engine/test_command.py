"""The engine as a command: exact output, exit codes, and nothing but the standard library."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.documents import (
    answers,
    consideration,
    criterion,
    document,
    entries,
    indication,
    question,
    score,
    section,
)

ROOT = Path(__file__).parents[2]

TRIAL = [question("drug", "one_choice", choices="drugs"), question("weeks", "number", minimum=0, maximum=99)]
COUNT = {
    "count": {
        "of": "trials",
        "where": {"fact": "weeks", "at_least": 6},
        "at_least": 2,
        "distinct_by": "drug",
        "complete": "complete",
    }
}
DOCUMENT = document(
    section(
        question("age", "number", minimum=0, maximum=120),
        question("one", "one_choice"),
        question("two", "one_choice"),
        question("day", "date"),
        question("trials", "entries", entry=TRIAL),
        question("complete"),
    ),
    scope={"statement": "Adult, 18 or over", "when": {"fact": "age", "at_least": 18}},
    scores=[
        score("total", "one", "two", max_age_days=30, dated_by="day", bands=[{"from": 0, "label": "Größe"}]),
        score("mean", "one", "two", kind="mean"),
    ],
    indications=[
        indication(
            criterion({"fact": "total", "at_least": 3}, "symptoms"),
            criterion(COUNT, "trials"),
            criterion({"fact": "age", "at_most": 64}, "younger", if_not_met="provider_judges"),
        )
    ],
    considerations=[
        consideration(
            {"fact": "one", "at_least": 3}, "high", level="urgent", unless={"fact": "two", "is": "3"}
        )
    ],
)
NOTHING = {"indications": {}, "considerations": {}}


def seen_with(key: str, given: dict) -> dict:
    return {"key": key, "title": key, "as_of": "2026-11-23", "answers": given, "expect": NOTHING}


TWO_TRIALS = entries({"drug": "a", "weeks": 8}, {"drug": "b", "weeks": 6})
FULL = {**answers(age=34.0, one="3", two="0", day="2026-11-01", complete=False), "trials": TWO_TRIALS}
NONE = {**answers(age=70, one="0", two="0", day="2026-11-01", complete=True), "trials": entries()}
DOCUMENT["vignettes"] = [
    seen_with("blank", {}),
    seen_with("full", FULL | answers(age=34)),
    seen_with("none", NONE),
]
GOOD = {"as_of": "2026-11-23", "answers": FULL}
BAD = {
    "as_of": "2026-11-23",
    "answers": {"age": {"value": 34.5}, "trials": {"entries": [{}, {"weeks": {"value": 100}}]}},
}

FOUND = (
    '{"as_of":"2026-11-23","considerations":{"high":"raised"},"definition":"%s",'
    '"indications":{"indication":{"criteria":{"symptoms":"met","trials":"met","younger":"met"},'
    '"deciding":{"not_present":[],"present":[]},"outcome":"indicators_present",'
    '"rests_on":["age","trials","total"]}},"scope":"met","scores":{'
    '"mean":{"administered":true,"band":null,"complete":true,"high":1.5,"low":1.5,"stale":false},'
    '"total":{"administered":true,"band":"Größe","complete":true,"high":3,"low":3,"stale":false}}}'
)
PROBLEMS = (
    '{"problems":[{"place":"answers.age","problem":"This must be a whole number."},'
    '{"place":"answers.trials.entries.1.weeks","problem":"This must be from 0 to 99."}]}'
)


def run(*arguments: object, flags: tuple[str, ...] = ()) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, *flags, "-m", "screening.engine", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)


def outcome(*arguments: object) -> tuple[int, str, str]:
    done = run(*arguments)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def write(tmp_path):
    """Write a JSON value, or bytes as they are, to a file and give its path."""

    def written(name: str, value: object) -> Path:
        path = tmp_path / name
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
        return path

    return written


@pytest.fixture
def definition(write):
    return write("definition.json", DOCUMENT)


@pytest.fixture
def printed():
    """What is printed for GOOD, with the hash worked out from the document alone."""
    text = json.dumps(DOCUMENT, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return FOUND % f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def test_findings_are_printed_as_canonical_json(definition, write, printed):
    assert outcome("evaluate", definition, write("answers.json", GOOD)) == (0, printed + "\n", "")


def test_it_needs_the_standard_library_alone(definition, write, printed):
    done = run("evaluate", definition, write("answers.json", GOOD), flags=("-S", "-E"))
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, printed + "\n", b"")


def test_the_order_of_keys_and_spaces_changes_no_byte(definition, write, printed):
    shuffled = {"answers": dict(reversed(FULL.items())), "as_of": "2026-11-23"}
    path = write("answers.json", json.dumps(shuffled, indent=4).encode("utf-8-sig"))
    assert outcome("evaluate", definition, path) == (0, printed + "\n", "")


def test_a_single_bad_answer_set_is_refused(definition, write):
    assert outcome("evaluate", definition, write("answers.json", BAD)) == (2, "", PROBLEMS + "\n")


def test_a_list_gives_a_list_with_problems_in_their_place(definition, write, printed):
    path = write("answers.json", [GOOD, BAD, 7, GOOD])
    no_object = '{"problems":[{"place":"","problem":"This must be an object."}]}'
    expected = f"[{printed},{PROBLEMS},{no_object},{printed}]\n"
    assert outcome("evaluate", definition, path) == (0, expected, "")


def test_an_empty_list_gives_an_empty_list(definition, write):
    assert outcome("evaluate", definition, write("answers.json", [])) == (0, "[]\n", "")


def test_as_of_overrides_the_files(definition, write, printed):
    path = write("answers.json", {**GOOD, "as_of": "2020-01-01"})
    assert outcome("evaluate", definition, path, "--as-of", "2026-11-23") == (0, printed + "\n", "")
    code, text, _ = outcome("evaluate", definition, path, "--as-of=2026-12-02")
    found = json.loads(text)
    assert (code, found["as_of"], found["scores"]["total"]["stale"]) == (0, "2026-12-02", True)


def test_answers_without_a_day_are_bad_unless_one_is_given(definition, write):
    path = write("answers.json", {"answers": {}})
    missing = '{"problems":[{"place":"as_of","problem":"This is missing."}]}\n'
    assert outcome("evaluate", definition, path) == (2, "", missing)
    assert outcome("evaluate", definition, path, "--as-of", "2026-11-23")[0] == 0
    assert outcome("evaluate", definition, path, "--as-of", "2026-11-31")[0] == 2


@pytest.mark.parametrize(
    ("content", "place", "problem"),
    [
        (
            b"{",
            "",
            "This is not JSON: Expecting property name enclosed in double quotes at line 1, column 2.",
        ),
        (b"\xff", "", "This is not UTF-8 text."),
        (b"", "", "This is not JSON: Expecting value at line 1, column 1."),
        (b"[" * 5_000 + b"]" * 5_000, "", "This is nested too deeply."),
        (b'"text"', "", "This must be an object."),
        (
            b'{"as_of":"2026-11-23","answers":{"age":{"value":NaN}}}',
            "answers.age",
            "This must be a number that is not too large.",
        ),
        (
            b'{"as_of":"2026-11-23","answers":{"age":{"value":1e999}}}',
            "answers.age",
            "This must be a number that is not too large.",
        ),
        (
            b'{"as_of":"2026-11-23","answers":{"age":{"value":1},"age":{"value":2}}}',
            "answers.age",
            "This key is given twice.",
        ),
        (
            b'{"as_of":"2026-11-23","answers":{"\\ud800":{"value":1}}}',
            "answers.\\ud800",
            "There is no question with this key.",
        ),
    ],
)
def test_a_bad_answers_file_is_exit_2_with_its_problem(definition, write, content, place, problem):
    """CHECKS 30."""
    code, text, errors = outcome("evaluate", definition, write("answers.json", content))
    assert (code, text, json.loads(errors)) == (2, "", {"problems": [{"place": place, "problem": problem}]})


@pytest.mark.parametrize("command", ["evaluate", "check"])
def test_a_bad_definition_is_exit_2_with_every_problem(write, command):
    bad = {**DOCUMENT, "title": "", "scope": {"statement": "x", "when": {"fact": "none", "is": 1}}}
    arguments = [write("d.json", bad), *([write("a.json", GOOD)] if command == "evaluate" else [])]
    code, text, errors = outcome(command, *arguments)
    assert (code, text) == (2, "")
    assert json.loads(errors) == {
        "problems": [
            {"place": "title", "problem": "This text is empty."},
            {"place": "scope.when.fact", "problem": "There is no question or score with this key."},
        ]
    }


def test_a_definition_over_a_megabyte_is_refused(write):
    path = write("d.json", b'{"title": "' + b"x" * 2_000_000 + b'"}')
    problem = {"place": "", "problem": "The document is larger than 1 MB."}
    code, _, errors = outcome("check", path)
    assert (code, json.loads(errors)) == (2, {"problems": [problem]})


def test_a_file_that_is_not_there_is_exit_2(definition, tmp_path):
    for arguments in (("evaluate", definition, tmp_path / "none.json"), ("check", tmp_path)):
        code, text, errors = outcome(*arguments)
        assert (code, text, len(json.loads(errors)["problems"])) == (2, "", 1)


def test_check_finds_nothing(definition):
    assert outcome("check", definition) == (0, '{"problems":[],"warnings":[]}\n', "")


def test_check_finds_problems(write):
    published = {**criterion({"fact": "q", "is": True}), "basis": "published"}
    seen = [seen_with("blank", {}), seen_with("yes", answers(q=True)), seen_with("no", answers(q=False))]
    path = write("d.json", document(indications=[indication(published)], vignettes=seen))
    expected = (
        '{"problems":[{"place":"indications.0.criteria.0.sources",'
        '"problem":"A published criterion needs its source."}],"warnings":[]}\n'
    )
    assert outcome("check", path) == (1, expected, "")


def test_a_warning_changes_no_exit_code(write):
    asked = section(question("gate"), question("q", shown_when={"fact": "gate", "is": True}))
    path = write("d.json", document(asked, considerations=[consideration({"fact": "q", "is": False})]))
    code, text, _ = outcome("check", path)
    assert (code, len(json.loads(text)["warnings"]), json.loads(text)["problems"]) == (0, 1, [])


@pytest.mark.parametrize("arguments", [[], ["evaluate"], ["check"], ["publish", "d.json"]])
def test_a_wrong_call_is_exit_2(arguments):
    assert outcome(*arguments)[0] == 2
