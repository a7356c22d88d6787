"""The PostgreSQL without set-up as root and as a plain user: who runs it, and what it may not touch."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from config.local_postgres import programs, running
from tests.databases import ROOT
from tests.platform.postgres import (
    EMBEDDED,
    Starters,
    as_account,
    ask,
    both,
    is_alive,
    modes,
    python_for,
    root_only,
)

NOBODY = pwd.getpwnam("nobody").pw_uid


@root_only
@both
def test_root_can_start_it_below_a_folder_that_only_root_can_enter(
    found: programs.Programs, folder: Path, starters: Starters
) -> None:
    inner = _locked(folder) / "inner"
    inner.mkdir(mode=0o700)
    before = modes(inner, ROOT, found.folder)
    started = starters.start(inner / "data", found.folder)
    ask(started.server, "CREATE TABLE kept AS SELECT 7 AS number")
    started.kill()
    again = starters.start(inner / "data", found.folder)
    assert ask(again.server, "SELECT number FROM kept") == 7
    assert Path(f"/proc/{again.pid}").stat().st_uid != 0
    assert again.interrupt() == 0
    assert modes(inner, ROOT, found.folder) == before


@root_only
def test_root_can_start_programs_that_only_root_can_reach(folder: Path, starters: Starters) -> None:
    assert EMBEDDED is not None
    locked = _locked(folder)
    own = _copy(EMBEDDED, locked)
    before = modes(own)
    started = starters.start(folder / "data", own)
    assert ask(started.server, "SELECT 1") == 1
    assert started.interrupt() == 0
    assert modes(own) == before
    assert not started.server.socket_folder.exists()


@root_only
@both
def test_a_plain_user_can_start_it(found: programs.Programs, folder: Path, starters: Starters) -> None:
    home, code = folder / "home", folder / "code"
    home.mkdir(mode=0o700)
    # Of the product only what needs nothing installed: the account may be unable to reach this checkout.
    shutil.copytree(ROOT / "config/local_postgres", code / "config/local_postgres")
    (code / "tests/platform").mkdir(parents=True)
    shutil.copy(ROOT / "tests/platform/starter.py", code / "tests/platform/starter.py")
    own = _copy(found, home) if found == EMBEDDED else found.folder
    for path in (home, *home.rglob("*")):
        os.chown(path, NOBODY, -1, follow_symlinks=False)
    for _ in range(2):
        started = starters.start(home / "data", own, code=code, uid=NOBODY)
        assert ask(started.server, "SELECT 1") == 1
        assert Path(f"/proc/{started.pid}").stat().st_uid == NOBODY
        assert started.interrupt() == 0
        assert not is_alive(started.pid)


@root_only
def test_a_plain_user_is_told_that_the_data_is_another_accounts(folder: Path) -> None:
    (folder / "data/cluster").mkdir(parents=True)
    ask_whose = "import sys, pathlib; from config.local_postgres import account; account.account_for"
    code = folder / "code"
    shutil.copytree(ROOT / "config/local_postgres", code / "config/local_postgres")
    said = subprocess.run(
        [python_for(NOBODY), "-c", f"{ask_whose}(pathlib.Path(sys.argv[1]))", str(folder / "data/cluster")],
        env={"PYTHONPATH": str(code)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **as_account(NOBODY),
    )
    assert "belongs to another account. Take another folder (DATA=...)." in said.stderr


@root_only
def test_root_goes_on_with_the_account_that_owns_the_data(folder: Path) -> None:
    with running(folder / "data"):
        pass
    for path in (folder / "data/cluster", *(folder / "data/cluster").rglob("*")):
        os.chown(path, NOBODY, -1, follow_symlinks=False)
    with running(folder / "data") as server:
        assert server.process is not None
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == NOBODY


def _locked(folder: Path) -> Path:
    locked = folder / "locked"
    locked.mkdir(mode=0o700)
    return locked


def _copy(found: programs.Programs, to: Path) -> Path:
    """Copy the wheel's programs with the libraries beside them; return the folder of the programs."""
    package = found.root.parent
    for source in (package, package.with_name(package.name + ".libs")):
        if source.is_dir():
            shutil.copytree(source, to / source.name, symlinks=True)
    return to / package.name / found.root.name / "bin"
