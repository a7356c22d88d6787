"""The data folder of the local PostgreSQL: how it is made, and who holds it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.local_postgres.account import Account, start
from config.local_postgres.problem import Problem
from config.local_postgres.programs import Programs


@contextmanager
def opened(cluster: Path, account: Account) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the path by which the account reaches the folder, and the descriptors that it needs for that.

    A folder below one that only root can enter is out of another account's reach by its name; an open
    descriptor of it is not. So nobody has to open folders outside the data to the account.
    """
    if account.is_ours or not sys.platform.startswith("linux"):
        yield str(cluster), ()
        return
    descriptor = os.open(cluster, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


def version_of(cluster: Path) -> int | None:
    """Return the PostgreSQL version that made the data, None where there is no data yet."""
    try:
        return int((cluster / "PG_VERSION").read_text().strip())
    except FileNotFoundError:
        return None


def make(cluster: Path, programs: Programs, account: Account, statements: Sequence[str], log: Path) -> None:
    """Make the data folder and run the statements in it; it gets its name only once it is whole."""
    unfinished = cluster.with_name(cluster.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if not account.is_ours:
        os.chown(unfinished, account.uid, account.gid)
    with opened(unfinished, account) as (path, descriptors), log.open("ab") as said:
        _run(_initdb(programs, path), account, descriptors, said.fileno(), b"")
        alone: list[str | Path] = [
            programs.folder / "postgres",
            "--single",
            "-D",
            path,
            "-c",
            "exit_on_error=on",
            "postgres",
        ]
        _run(alone, account, descriptors, said.fileno(), "".join(f"{line}\n" for line in statements).encode())
    unfinished.rename(cluster)


def _initdb(programs: Programs, path: str) -> list[str | Path]:
    """Return the command that makes a cluster whose text sorts and folds as Unicode says."""
    if programs.version >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        locale = ["--locale=en_US.UTF-8" if sys.platform == "darwin" else "--locale=C.UTF-8"]
    common = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"]
    return [programs.folder / "initdb", "-D", path, *common, *locale]


def _run(
    command: Sequence[str | Path], account: Account, descriptors: Sequence[int], log: int, given: bytes
) -> None:
    """Run the command to its end; whatever it says goes into the log."""
    process = start(command, account, descriptors=descriptors, stdin=subprocess.PIPE, stdout=log, stderr=log)
    process.communicate(given)
    if process.returncode:
        raise Problem(f"PostgreSQL could not be set up: {Path(command[0]).name} did not succeed.")
