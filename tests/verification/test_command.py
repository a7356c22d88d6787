"""The verifier as a command: a report as canonical JSON, and exit codes that a script can read."""

import json

import pytest

from screening.engine import canonical
from screening.verification import Report, State
from screening.verification.__main__ import main
from tests.engine.documents import consideration, document, question, section

YES, NO = ({"fact": "q", "is": value} for value in (True, False))


@pytest.fixture
def write(tmp_path):
    def written(value, name="definition.json"):
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return str(path)

    return written


def rule(when):
    return document(section(question("q")), considerations=[consideration(when)])


def test_all_holds(write, capfdbinary):
    assert main([write(rule(YES))]) == 0
    printed = capfdbinary.readouterr().out.decode()
    report = Report.from_json(json.loads(printed))
    assert {result.state for result in report.results} == {State.HOLDS}
    assert printed == canonical(json.loads(printed)) + "\n"


def test_something_does_not_hold(write, capfdbinary):
    assert main([write(rule({"all": [YES, NO]}))]) == 1
    report = Report.from_json(json.loads(capfdbinary.readouterr().out))
    assert [result.about.keys for result in report.wrong] == [("rule",)]


def test_something_is_not_proved(write, capfdbinary):
    assert main([write(rule(YES)), "--seconds", "0.001"]) == 1
    assert Report.from_json(json.loads(capfdbinary.readouterr().out)).not_proved


def test_a_difference_changes_no_exit_code(write, capfdbinary):
    assert main([write(rule(YES)), "--before", write(rule(NO), "before.json")]) == 0
    (difference,) = Report.from_json(json.loads(capfdbinary.readouterr().out)).differences
    assert difference.state is State.DOES_NOT_HOLD


@pytest.mark.parametrize("bad", ["not JSON", {"schema": 1}], ids=["no JSON", "no questionnaire"])
def test_a_bad_file(write, capfdbinary, bad):
    assert main([write(bad)]) == 2
    out, err = capfdbinary.readouterr()
    assert (out, bool(json.loads(err)["problems"])) == (b"", True)


def test_no_file(tmp_path, capfdbinary):
    assert main([str(tmp_path / "none.json")]) == 2
    assert b"none.json: No such file or directory." in capfdbinary.readouterr().err
