"""A verification runs in a process of its own; whatever that one doesn't say is not proved."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from screening.engine import DocumentProblems
from screening.engine.json_text import load
from screening.verification import Note, Report, State, rules_digest, run
from screening.verification.proofs import QUESTIONNAIRES
from tests.engine.documents import consideration, defined, document, question, section

SMALL = document(section(question("q")), considerations=[consideration({"fact": "q", "is": True})])
SHIPPED = load((QUESTIONNAIRES / "ketamine_referral.json").read_bytes())
# Python without the packages that are installed beside it: there is no z3.
WITHOUT_Z3 = (sys.executable, "-S", "-m", "screening.verification.process")


def notes(report):
    return {(result.state, result.note) for result in (*report.results, *report.differences)}


def test_a_small_questionnaire_is_proved_with_progress():
    seen = []
    report = run(SMALL, SMALL, progress=seen.append)
    assert notes(report) == {(State.HOLDS, Note.NONE), (State.HOLDS, Note.SAME_RULES)}
    assert [(one.done, one.of) for one in seen] == [(done, 6) for done in range(1, 7)]
    assert tuple(one.last for one in seen) == (*report.results, *report.differences)
    assert report.rules == report.before == rules_digest(defined(*SMALL["sections"], **_parts()))


def _parts():
    return {key: value for key, value in SMALL.items() if key != "sections"}


def test_a_report_is_the_same_after_it_was_kept():
    report = run(SMALL)
    kept = report.to_json()
    assert Report.from_json(kept).to_json() == kept
    assert Report.from_json(kept).results[0].about == report.results[0].about


def test_without_z3_nothing_is_proved_and_nothing_is_held_against_it():
    report = run(SMALL, SMALL, command=WITHOUT_Z3)
    assert notes(report) == {(State.NOT_PROVED, Note.NO_SOLVER)}
    assert report.wrong == ()
    assert report.not_proved == report.results


def test_a_report_can_be_read_without_z3():
    read = "import sys; from screening.verification import Report, run; sys.exit('z3' in sys.modules)"
    assert subprocess.run([sys.executable, "-S", "-c", read], cwd=QUESTIONNAIRES.parents[1]).returncode == 0


def test_out_of_time_leaves_the_rest_not_proved():
    report = run(SHIPPED, seconds=0.05)
    assert notes(report) == {(State.NOT_PROVED, Note.OUT_OF_TIME)}
    assert report.seconds < 5


def test_out_of_memory_leaves_the_rest_not_proved():
    report = run(SHIPPED, megabytes=60)
    assert {state for state, _ in notes(report)} == {State.NOT_PROVED}
    assert {note for _, note in notes(report)} <= {Note.OUT_OF_MEMORY, Note.STOPPED, Note.NO_SOLVER}


def test_a_process_that_ends_early_leaves_the_rest_not_proved():
    report = run(SMALL, command=(sys.executable, "-c", "import sys; sys.stdin.readline()"))
    assert notes(report) == {(State.NOT_PROVED, Note.STOPPED)}


def test_a_line_cut_off_in_the_middle_is_no_result():
    cut = "import sys; sys.stdin.readline(); sys.stdout.write('{\"about\"')"
    assert notes(run(SMALL, command=(sys.executable, "-c", cut))) == {(State.NOT_PROVED, Note.STOPPED)}


def test_progress_that_raises_ends_the_run():
    def stop(progress):
        raise KeyError("Enough.")

    with pytest.raises(KeyError):
        run(SMALL, progress=stop)


def test_a_document_that_cannot_be_read_is_refused_before_anything_runs():
    with pytest.raises(DocumentProblems):
        run({"schema": 1}, command=("no such program",))


def test_the_process_ends_with_the_one_that_started_it(tmp_path):
    """It is started by a process that is killed while it waits for its task."""
    starter = (
        "import subprocess, sys, time\n"
        "command = [sys.executable, '-m', 'screening.verification.process']\n"
        "p = subprocess.Popen(command, stdin=subprocess.PIPE)\n"
        "print(p.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", starter], stdout=subprocess.PIPE, cwd=QUESTIONNAIRES.parents[1]
    )
    child = int(parent.stdout.readline())
    assert _is_running(child)
    parent.kill()
    parent.communicate()
    waited = time.monotonic() + 20
    while _is_running(child) and time.monotonic() < waited:
        time.sleep(0.05)
    assert not _is_running(child)


def _is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_the_process_gets_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("MASTER_KEYS", "secret")
    tell = (
        "import json, os, sys; sys.stdin.readline(); "
        "told = 'out_of_memory' if 'MASTER_KEYS' in os.environ else 'out_of_time'; "
        "print(json.dumps({'left': told}))"
    )
    assert notes(run(SMALL, command=(sys.executable, "-c", tell))) == {(State.NOT_PROVED, Note.OUT_OF_TIME)}
