"""One PostgreSQL for several processes: the first starts a keeper, the last one's end lets it stop."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.local_postgres.problem import Problem
from config.local_postgres.server import SECONDS_TO_START, Server, attached, running

# A developer's next run comes soon, and then finds the server warm.
IDLE_SECONDS = 30
READY = b"ready\n"
ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def borrowed(data: Path) -> Iterator[Server]:
    """Yield a server on the data folder, started if need be; it outlives us for others who borrow it."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "borrowers").open("a") as borrowers, (data / "starting").open("a") as starting:
        # Waits for a keeper that has decided to stop; from here on no keeper will.
        fcntl.flock(borrowers, fcntl.LOCK_SH)
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not _is_kept(data):
            _start_keeper(data)
        server = _attach(data)
        fcntl.flock(starting, fcntl.LOCK_UN)
        yield server


def keep(data: Path, idle_seconds: float = IDLE_SECONDS) -> None:
    """Run the server until nobody has borrowed it for a while."""
    with (data / "borrowers").open("a") as borrowers, running(data, careless=True) as server:
        os.write(sys.stdout.fileno(), READY)
        last_borrowed = time.monotonic()
        while server.process and server.process.poll() is None:
            time.sleep(0.5)
            try:
                fcntl.flock(borrowers, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                last_borrowed = time.monotonic()
                continue
            if time.monotonic() - last_borrowed > idle_seconds:
                # The lock is kept while the server stops: a new borrower waits, then starts another.
                return
            fcntl.flock(borrowers, fcntl.LOCK_UN)


def _is_kept(data: Path) -> bool:
    """Return whether a keeper holds the data folder and its server is ready."""
    with (data / "held").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _start_keeper(data: Path) -> None:
    """Start a keeper and wait until it says that its server is ready."""
    ready, says_ready = os.pipe()
    with (data / "keeper.log").open("ab") as log, os.fdopen(says_ready, "wb") as says:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "config.local_postgres", "keep", str(data.absolute())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=says,
            stderr=log,
            start_new_session=True,
        )
    with os.fdopen(ready, "rb") as said:
        if said.readline() != READY:
            tail = (data / "keeper.log").read_text(errors="replace").splitlines()[-6:]
            raise Problem("The PostgreSQL for tests did not start:\n  " + "\n  ".join(tail))
    # It outlives us; without this Python would warn that we never waited for it.
    keeper.returncode = 0


def _attach(data: Path) -> Server:
    """Return the kept server; whoever started its keeper may have died before it was ready."""
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            return attached(data)
        except Problem:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
