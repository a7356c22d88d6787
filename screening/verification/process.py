"""The process that proves: reads one task, writes a line a result, and ends with the one that started it."""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from screening.engine import parse
from screening.verification.report import Note, Result

# Other work on the machine goes first.
NICENESS = 10
# What z3 may take of the process's memory: it can give up by itself, which the process as a whole can't.
SHARE_OF_MEMORY = 0.6


def main() -> None:
    """Read the task from standard input, prove, and say why if something is left."""
    task = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(NICENESS)
    _limit_memory(task["megabytes"])
    try:
        for result in _results(task):
            _say(result.to_json())
    except ImportError:
        _say({"left": Note.NO_SOLVER.value})
    except MemoryError:
        _say({"left": Note.OUT_OF_MEMORY.value})


def _results(task: dict[str, Any]) -> Iterator[Result]:
    from screening.verification.proving import prove

    before = task["before"]
    yield from prove(
        parse(task["document"]),
        before and parse(before),
        seconds_each=task["seconds_each"],
        megabytes=int(task["megabytes"] * SHARE_OF_MEMORY),
    )


def _limit_memory(megabytes: int) -> None:
    """Where the system has no such limit, z3 still keeps its own."""
    most = megabytes * 1024 * 1024
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _end_with_parent() -> None:
    """The standard input ends when the process at its other end does."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
