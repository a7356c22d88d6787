"""Who PostgreSQL runs as, and how a program is started as that account and dies with us."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.local_postgres.problem import Problem
from config.local_postgres.programs import Programs

PR_SET_PDEATHSIG = 1
# What initdb and postgres need, and nothing of ours: PGDATA or PGPORT of a developer must not steer them.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """The account that owns the data and runs the server."""

    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether no change of account is needed."""
        return self.uid == os.geteuid()


def account_for(cluster: Path) -> Account:
    """Return the account for this data folder: ourselves, but never root, which PostgreSQL refuses."""
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner not in {None, os.geteuid()}:
            raise Problem(f"{cluster} belongs to another account. Take another folder (DATA=...).")
        return Account(os.geteuid(), os.getegid())
    if owner:
        return Account(owner, cluster.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Problem("PostgreSQL refuses to run as root, and there is neither a postgres nor a nobody account.")


def start(
    command: Sequence[str | Path], account: Account, *, descriptors: Sequence[int] = (), **options: Any
) -> subprocess.Popen[bytes]:
    """Start the command as the account, in a session of its own, to be interrupted when we die."""
    as_account: dict[str, Any] = {}
    if not account.is_ours:
        as_account = {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.Popen(
        [str(word) for word in command],
        cwd="/",
        env=ENVIRONMENT,
        pass_fds=tuple(descriptors),
        start_new_session=True,
        preexec_fn=dies_with(os.getpid()),
        **as_account,
        **options,
    )


def dies_with(parent: int) -> Callable[[], None] | None:
    """Return what a new process calls so that it is interrupted when its starter dies (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    # Looked up before the fork: a new process should do as little as possible before it becomes the program.
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def die_with_parent() -> None:
        # Called after the account has changed, which would clear it.
        prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return die_with_parent


def reachable(programs: Programs, account: Account, folder: Path) -> Programs:
    """Return programs that the account can run: the found ones, or a copy of them in `folder`."""
    if account.is_ours or _can_run(programs, account):
        return programs
    copy = folder / "programs"
    shutil.rmtree(copy, ignore_errors=True)
    home = copy / programs.root.parent.name / programs.root.name
    shutil.copytree(programs.root, home, symlinks=True, ignore=shutil.ignore_patterns("include", "doc"))
    # The wheel keeps the libraries that it was built with beside its package.
    libraries = programs.root.parent.with_name(programs.root.parent.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    for path in [copy, *copy.rglob("*")]:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    copied = Programs(home / programs.folder.name, programs.version)
    if not _can_run(copied, account):
        raise Problem(f"The account that runs PostgreSQL can't run its programs, copied to {copy}.")
    return copied


def _can_run(programs: Programs, account: Account) -> bool:
    """Return whether the account can run both programs from where they lie."""
    try:
        return all(
            start(
                [programs.folder / name, "--version"],
                account,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ).wait()
            == 0
            for name in ("initdb", "postgres")
        )
    except OSError:
        return False
