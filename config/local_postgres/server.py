"""Starts the local PostgreSQL as our child, and stops it."""

import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config.local_postgres import cluster, programs
from config.local_postgres.account import Account, account_for, reachable, start
from config.local_postgres.problem import Problem

OWNER = "warm_handoff_owner"
APP = "warm_handoff_app"
DATABASE = "warm_handoff"
PORT = 5432
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30
# What a new cluster holds: the two roles, and a database that the owner's role owns.
STATEMENTS = (
    f"CREATE ROLE {OWNER} LOGIN CREATEDB",
    f"CREATE ROLE {APP} LOGIN",
    f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
)
SETTINGS = (
    "listen_addresses=",
    f"port={PORT}",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "jit=off",
    # No value that somebody sent: config/database_log.py says why, and asks the same of other servers.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_statement=none",
    "log_min_duration_statement=-1",
    "log_min_duration_sample=-1",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
)
# For data that nobody would miss: several times faster.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, reached through a socket in a folder that only we can enter."""

    socket_folder: Path
    process: subprocess.Popen[bytes] | None = None

    def address(self, role: str, database: str = DATABASE) -> str:
        """Return the address of the database for the role, as DATABASE_URL takes it."""
        return f"postgresql://{role}@{quote(str(self.socket_folder), safe='')}:{PORT}/{database}"


@contextmanager
def running(
    data: Path,
    *,
    found: programs.Programs | None = None,
    careless: bool = False,
) -> Iterator[Server]:
    """Keep a PostgreSQL running on the data folder; it stops when the block ends or when we die.

    The first time, the cluster is made. `found` are the programs to use; `careless` data may be lost.
    """
    data = data.absolute()
    with _held(data):
        home, log = data / "cluster", data / "postgresql.log"
        account = account_for(home)
        _stop_a_leftover(home)
        with _socket_folder(data, account) as folder:
            chosen = reachable(found or programs.found(cluster.version_of(home)), account, folder)
            if not home.exists():
                cluster.make(home, chosen, account, STATEMENTS, log)
            settings = (*SETTINGS, f"unix_socket_directories={folder}", *(CARELESS if careless else ()))
            with cluster.opened(home, account) as (path, descriptors), log.open("ab") as said:
                options = [word for setting in settings for word in ("-c", setting)]
                process = start(
                    [chosen.folder / "postgres", "-D", path, *options],
                    account,
                    descriptors=descriptors,
                    stdin=subprocess.DEVNULL,
                    stdout=said.fileno(),
                    stderr=said.fileno(),
                )
            try:
                _wait_until_ready(home, process, log)
                yield Server(folder, process)
            finally:
                _stop(process)


def attached(data: Path) -> Server:
    """Return the server that somebody else keeps running on this data folder."""
    lines = _pid_file(data.absolute() / "cluster")
    if len(lines) < 8 or lines[7].strip() != "ready":
        raise Problem(f"No PostgreSQL is running on {data}.")
    return Server(Path(lines[4]))


def stop_leftover(data: Path) -> None:
    """Stop a server that still runs on this data folder."""
    _stop_a_leftover(data.absolute() / "cluster")
    shutil.rmtree(_usual_socket_folder(data.absolute()), ignore_errors=True)


@contextmanager
def _held(data: Path) -> Iterator[None]:
    """Hold the data folder: a second starter would corrupt it."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        file = (data / "held").open("a")
    except OSError as error:
        raise Problem(f"{data} can't be written: {error.strerror}. Take another folder (DATA=...).") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(
                f"{data} is being served already. Stop that first, or take another folder (DATA=...)."
            ) from None
        yield


def _usual_socket_folder(data: Path) -> Path:
    """Return a short path that depends on the data folder alone: a socket's path may have 100 bytes."""
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:10]
    return Path("/", "tmp", f"warm-handoff-{os.geteuid()}-{digest}")


@contextmanager
def _socket_folder(data: Path, account: Account) -> Iterator[Path]:
    """Yield a folder for the socket that only the account (and root) can enter; remove it at the end."""
    folder = _usual_socket_folder(data)
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid or status.st_mode & 0o077:
            # Somebody else was there first, and could put a server of theirs into it.
            folder = Path(tempfile.mkdtemp(prefix="warm-handoff-", dir=folder.parent))
            os.chown(folder, account.uid, account.gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pid_file(home: Path) -> list[str]:
    """Return the lines of the server's own note about itself; none where there is no server."""
    try:
        return (home / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _wait_until_ready(home: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server takes connections."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            tail = log.read_text(errors="replace").splitlines()[-5:]
            raise Problem("PostgreSQL did not start:\n  " + "\n  ".join(tail))
        lines = _pid_file(home)
        if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
            return
        time.sleep(0.02)
    raise Problem(f"PostgreSQL did not start within {SECONDS_TO_START} seconds: see {log}.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the server: at once for its clients, in order for its data."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait(SECONDS_TO_STOP)


def _stop_a_leftover(home: Path) -> None:
    """Stop a server whose starter is gone, or remove the note of one that is gone itself."""
    lines = _pid_file(home)
    if not lines:
        return
    pid = int(lines[0])
    for attempt in range(SECONDS_TO_STOP * 10):
        if not _serves(pid, home):
            (home / "postmaster.pid").unlink(missing_ok=True)
            return
        if attempt == 0:
            os.kill(pid, signal.SIGINT)
        time.sleep(0.1)
    raise Problem(f"An older PostgreSQL (process {pid}) still holds {home} and does not stop.")


def _serves(pid: int, home: Path) -> bool:
    """Return whether the process is a server on this data, and not one that took over an old number."""
    if sys.platform.startswith("linux"):
        try:
            return Path(f"/proc/{pid}/cwd").samefile(home)
        except (FileNotFoundError, ProcessLookupError):
            return False
        except PermissionError:
            return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    said = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "postgres" in said.stdout and str(home) in said.stdout
