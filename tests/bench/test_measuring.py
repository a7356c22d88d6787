"""The arithmetic of the figures, and that a limit which is passed is said."""

import json
from pathlib import Path

import pytest

from bench import report
from bench.measuring import Case, Measured, Plan, in_turns
from bench.report import Line

FAST = Line("a page", milliseconds=6.0, ratio=3.0, limit=7, aim=3.5)
SLOW = Line("a save", milliseconds=30.0, ratio=15.004, limit=15, aim=10)
MEASURED = {"a page": Measured((0.004, 0.006, 0.008))}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(report, "RATIOS", tmp_path / "bench.json")
    monkeypatch.setattr(report, "DETAILS", tmp_path / "details.json")
    return tmp_path


def test_cases_take_turns_and_only_the_rounds_after_the_warm_up_count():
    calls: list[str] = []
    cases = [
        Case("first", lambda: lambda: calls.append("first")),
        Case("second", lambda: lambda: calls.append("second"), repeats=2),
    ]
    measured = in_turns(cases, Plan(warm_up=1, rounds=2, budget=60))
    assert calls == ["first", "second", "second"] * 3
    assert {name: len(each.seconds) for name, each in measured.items()} == {"first": 2, "second": 2}


def test_preparing_is_no_part_of_what_is_timed():
    prepared: list[int] = []

    def prepare():
        prepared.append(sum(range(2_000_000)))
        return lambda: None

    measured = in_turns([Case("idle", prepare)], Plan(warm_up=0, rounds=3, budget=60))
    assert len(prepared) == 3
    # A call of nothing is a thousand times shorter than the sum before it, on whatever machine.
    assert min(measured["idle"].seconds) < 0.001


def test_no_round_begins_once_the_time_is_used_up():
    measured = in_turns([Case("any", lambda: lambda: None)], Plan(warm_up=0, rounds=50, budget=0))
    assert len(measured["any"].seconds) == 1


def test_the_median_and_the_middle_half_of_the_rounds():
    measured = Measured((5.0, 1.0, 2.0, 4.0, 3.0))
    assert (measured.median, measured.quartiles) == (3.0, (2.0, 4.0))


def test_the_file_holds_case_ratio_and_limit_and_nothing_else(files: Path):
    assert report.write([FAST], MEASURED, {}) == 0
    written = json.loads((files / "bench.json").read_text())
    assert written == [{"case": "a page", "ratio": 3.0, "limit": 7}]


def test_a_limit_that_is_passed_ends_with_one_and_is_said(files: Path, capsys: pytest.CaptureFixture[str]):
    assert report.write([FAST, SLOW], MEASURED, {}) == 1
    rows = capsys.readouterr().out.splitlines()
    assert [row.endswith("TOO SLOW") for row in rows] == [False, False, True]


def test_a_figure_between_aim_and_limit_is_said_too():
    between = Line("a list", milliseconds=8.0, ratio=5.0, limit=7, aim=3.5)
    assert [line.verdict for line in (FAST, between, SLOW)] == ["", "over its aim", "TOO SLOW"]
