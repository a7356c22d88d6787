"""The command refuses twelve planted defects, each with its place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.planted import DEFECTS, PLANTED, SOUND

ROOT = Path(__file__).resolve().parents[2]


def checked(path: Path) -> tuple[int, list[dict]]:
    command = [sys.executable, "-m", "screening.engine", "check", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    return done.returncode, json.loads(done.stdout or done.stderr)["problems"]


def test_the_document_that_they_were_made_from_has_nothing_wrong():
    assert checked(SOUND) == (0, [])


def test_there_are_twelve_and_each_has_its_place():
    assert {path.stem for path in DEFECTS.glob("*.json")} == {"sound", *PLANTED}
    assert len(PLANTED) == 12


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_defect_is_named_where_it_stands(name):
    code, problems = checked(DEFECTS / f"{name}.json")
    assert code == PLANTED[name].code
    assert PLANTED[name].place in [problem["place"] for problem in problems]
    assert all(problem["problem"] for problem in problems)
