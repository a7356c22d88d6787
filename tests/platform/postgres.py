"""Starts PostgreSQL in processes of its own, and looks at what became of it."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.local_postgres import OWNER, Problem, Server, programs
from tests.databases import ROOT

AS_ROOT = os.geteuid() == 0
SYSTEM = next(programs.system(), None)
EMBEDDED = next(programs.embedded(), None)
root_only = pytest.mark.skipif(
    not AS_ROOT, reason="Only root can try what PostgreSQL does when root starts it."
)
# Every way of starting is tried with the system's programs and with the wheel's, where both are here.
both = pytest.mark.parametrize(
    "found",
    [
        pytest.param(found, id=name)
        for name, found in (("system", SYSTEM), ("embedded", EMBEDDED))
        if found is not None
    ],
)


@dataclass(frozen=True)
class Started:
    """A starter in a process of its own, and what it said about its server."""

    process: subprocess.Popen[str]
    server: Server
    pid: int

    def interrupt(self) -> int:
        """Press Ctrl-C and return what the starter ends with."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """Kill the starter so that it can do nothing more."""
        self.process.kill()
        self.process.wait()


@dataclass(frozen=True)
class Starters:
    """Starts starters, and ends those that a test left running."""

    started: list[Started] = field(default_factory=list)

    def start(self, data: Path, *words: object, code: Path = ROOT, uid: int | None = None) -> Started:
        """Start PostgreSQL on the folder in another process, as another account if asked."""
        process = subprocess.Popen(
            [python_for(uid), str(code / "tests/platform/starter.py"), str(data), *map(str, words)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **as_account(uid),
        )
        assert process.stdout is not None
        said = process.stdout.readline().split()
        if not said:
            raise Problem(process.communicate()[1])
        started = Started(process, Server(Path(said[0])), int(said[1]))
        self.started.append(started)
        return started

    def end(self) -> None:
        """End what is still running."""
        for each in self.started:
            if each.process.poll() is None:
                each.process.send_signal(signal.SIGINT)
            each.process.communicate(timeout=30)


def as_account(uid: int | None) -> dict[str, Any]:
    """Return what makes subprocess run a program as that account; nothing for ourselves."""
    if uid is None or uid == os.geteuid():
        return {}
    return {"user": uid, "group": pwd.getpwuid(uid).pw_gid, "extra_groups": []}


def python_for(uid: int | None) -> str:
    """Return a Python that the account can run: the virtual environment may be out of its reach."""
    if uid is None:
        return sys.executable
    for python in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        try:
            new_enough = "import sys; sys.exit(sys.version_info < (3, 11))"
            if (
                subprocess.run([python, "-c", new_enough], cwd="/", check=False, **as_account(uid)).returncode
                == 0
            ):
                return python
        except OSError:
            continue
    pytest.skip("No Python 3.11 that another account than root could run.")


def ask(server: Server, statement: str, role: str = OWNER) -> object:
    """Return the first value that the statement answers with."""
    with psycopg.connect(server.address(role), autocommit=True) as connection:
        found = connection.execute(statement.encode())
        row = found.fetchone() if found.description else None
        return row[0] if row else None


def processes() -> dict[int, tuple[int, str]]:
    """Return every process's parent and state; `Z` is one that is dead and not fetched yet."""
    if not sys.platform.startswith("linux"):
        said = subprocess.run(
            ["/bin/ps", "-Ao", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
        )
        rows = [line.split() for line in said.stdout.splitlines()]
        return {int(pid): (int(parent), state[:1]) for pid, parent, state in rows}
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name in brackets may hold spaces and brackets itself.
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        found[int(folder.name)] = (int(parent), state)
    return found


def is_alive(pid: int) -> bool:
    """Return whether the process is there, and more than a dead one that nobody has fetched yet."""
    _parent, state = processes().get(pid, (0, "Z"))
    return state != "Z"


def parent_of(pid: int) -> int:
    """Return the process that started this one."""
    return processes()[pid][0]


def children_of(pid: int) -> list[int]:
    """Return the processes that this one started."""
    return [child for child, (parent, _state) in processes().items() if parent == pid]


def wait_until(happened: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for it; fail when it does not come."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def modes(*folders: Path) -> dict[Path, tuple[int, int, int]]:
    """Return the mode and owners of each folder and of all that it stands in."""
    found = {}
    for folder in folders:
        for path in (folder, *folder.parents):
            status = path.stat()
            found[path] = (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid)
    return found
