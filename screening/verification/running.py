"""Runs a verification in a process of its own, which can't take more time or memory than it was given.

The process reads what to verify from its standard input and writes a line for each result. Whatever it
hasn't said when it ends, in whatever way, is not proved.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import IO, Any

from screening.engine import parse
from screening.verification.asking import asked_of, compared
from screening.verification.report import About, Note, Report, Result, State
from screening.verification.rules import rules_digest

# In all, a question, and what the process may hold in memory, the program itself included.
SECONDS = 120.0
SECONDS_EACH = 10.0
MEGABYTES = 1500

COMMAND = (sys.executable, "-m", "screening.verification.process")
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: so many of so many questions, and which was answered last."""

    done: int
    of: int
    last: Result


def run(
    document: object,
    before: object | None = None,
    *,
    progress: Callable[[Progress], object] | None = None,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    seconds_each: float = SECONDS_EACH,
    command: Sequence[str] = COMMAND,
) -> Report:
    """Verify a document (a JSON value), and compare it with the one `before` it.

    Takes `seconds` at most; what isn't proved by then is `not_proved`. `progress` is called after each
    result, and ends the run by raising. Raises DocumentProblems where a document can't be read.
    """
    started = monotonic()
    now, then = parse(_bare(document)), None if before is None else parse(_bare(before))
    asked = asked_of(now)
    differences = compared(now, then) if then else ()
    work = _Work((*asked, *differences), progress)
    task = {
        "document": _bare(document),
        "before": before and _bare(before),
        "seconds": seconds,
        "seconds_each": seconds_each,
        "megabytes": megabytes,
    }
    work.listen(task, command, seconds)
    return Report(
        rules=rules_digest(now),
        before=rules_digest(then) if then else "",
        results=tuple(map(work.result, asked)),
        differences=tuple(map(work.result, differences)),
        seconds=monotonic() - started,
    )


def _bare(document: object) -> object:
    """The document without its vignettes: they are examples, and no proof rests on them."""
    return {**document, "vignettes": []} if isinstance(document, dict) else document


@dataclass(slots=True)
class _Work:
    """What was asked, what has come back, and why the rest didn't."""

    asked: tuple[About, ...]
    progress: Callable[[Progress], object] | None
    found: dict[About, Result] = field(default_factory=dict)
    left: Note = Note.STOPPED

    def result(self, about: About) -> Result:
        return self.found.get(about) or Result(about, State.NOT_PROVED, note=self.left)

    def listen(self, task: dict[str, Any], command: Sequence[str], seconds: float) -> None:
        """Start the process and take its results, until it ends or its time is over."""
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_ROOT)},
        ) as process:
            clock = Timer(seconds, self._out_of_time, [process])
            clock.start()
            try:
                for line in _lines(process, task):
                    self._take(line)
            finally:
                clock.cancel()
                process.kill()

    def _out_of_time(self, process: subprocess.Popen[bytes]) -> None:
        self.left = Note.OUT_OF_TIME
        process.kill()

    def _take(self, line: dict[str, Any]) -> None:
        if "left" in line:
            self.left = Note(line["left"])
            return
        result = Result.from_json(line)
        self.found[result.about] = result
        if self.progress:
            self.progress(Progress(len(self.found), len(self.asked), result))


def _lines(process: subprocess.Popen[bytes], task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the process says, line by line; its input stays open, so that it ends when this process does."""
    if process.stdin is None or process.stdout is None:
        return
    try:
        process.stdin.write(json.dumps(task).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        return
    yield from _whole(process.stdout)


def _whole(output: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The lines that were written to their end: a process can be killed in the middle of one."""
    for line in output:
        if line.endswith(b"\n"):
            yield json.loads(line)
