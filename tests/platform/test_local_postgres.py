"""The PostgreSQL without set-up, really started in each of the ways that people will start it."""

import os
import pwd
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.local_postgres import APP, OWNER, Problem, borrowed, programs, running, shared
from config.local_postgres.account import account_for
from tests.databases import ROOT
from tests.platform.postgres import AS_ROOT, Starters, as_account, ask, both, is_alive, parent_of, wait_until


@both
def test_it_starts_twice_in_a_row_and_keeps_the_data(found: programs.Programs, folder: Path) -> None:
    with running(folder / "data", found=found) as server:
        ask(server, "CREATE TABLE kept AS SELECT 7 AS number")
        assert ask(server, "SELECT current_setting('server_version_num')::int / 10000") == found.version
    with running(folder / "data", found=found) as server:
        assert ask(server, "SELECT number FROM kept") == 7
        assert server.process is not None
        pid = server.process.pid
    assert not is_alive(pid)


@both
def test_the_app_role_can_neither_look_past_row_security_nor_make_databases(
    found: programs.Programs, folder: Path
) -> None:
    with running(folder / "data", found=found) as server:
        rights = (
            "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = "
        )
        assert ask(server, f"{rights} '{APP}'") is False
        owner_of_all = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        assert ask(server, owner_of_all, APP) == OWNER


@both
def test_text_folds_as_unicode_says(found: programs.Programs, folder: Path) -> None:
    with running(folder / "data", found=found) as server:
        assert ask(server, "SELECT lower('ÉLODIE ŁUCJA')") == "élodie łucja"


@both
def test_ctrl_c_stops_what_it_started(found: programs.Programs, folder: Path, starters: Starters) -> None:
    started = starters.start(folder / "data", found.folder)
    assert started.interrupt() == 0
    assert not is_alive(started.pid)
    assert not started.server.socket_folder.exists()


@both
def test_after_kill_9_of_the_starter_it_starts_again_with_the_data(
    found: programs.Programs, folder: Path, starters: Starters
) -> None:
    started = starters.start(folder / "data", found.folder)
    ask(started.server, "CREATE TABLE kept AS SELECT 7 AS number")
    started.kill()
    again = starters.start(folder / "data", found.folder)
    assert ask(again.server, "SELECT number FROM kept") == 7
    assert not is_alive(started.pid)


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="Only Linux tells a process of its parent's death."
)
def test_kill_9_of_the_starter_stops_the_server_by_itself(folder: Path, starters: Starters) -> None:
    started = starters.start(folder / "data")
    started.process.kill()
    wait_until(lambda: not is_alive(started.pid))


def test_after_kill_9_of_the_server_it_starts_again_with_the_data(folder: Path) -> None:
    with running(folder / "data") as server:
        ask(server, "CREATE TABLE kept AS SELECT 7 AS number")
        assert server.process is not None
        server.process.kill()
        server.process.wait()
    assert (folder / "data/cluster/postmaster.pid").exists()
    with running(folder / "data") as server:
        assert ask(server, "SELECT number FROM kept") == 7


def test_a_note_of_an_old_server_whose_number_another_process_has_now_is_ignored(folder: Path) -> None:
    with running(folder / "data"):
        lines = (folder / "data/cluster/postmaster.pid").read_text().splitlines()
    # As after a restart of the machine, when something else of the same account got the number.
    uid = account_for(folder / "data/cluster").uid
    with subprocess.Popen(["/bin/sleep", "60"], cwd="/", **as_account(uid)) as other:
        (folder / "data/cluster/postmaster.pid").write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        with running(folder / "data") as server:
            assert ask(server, "SELECT 1") == 1
        assert other.poll() is None
        other.kill()


def test_a_making_that_was_cut_short_is_begun_again(folder: Path) -> None:
    half_made = folder / "data/cluster.unfinished"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("15\n")
    with running(folder / "data") as server:
        assert ask(server, "SELECT 1") == 1
    assert not half_made.exists()


def test_a_second_starter_is_refused_and_the_first_serves_on(folder: Path, starters: Starters) -> None:
    with running(folder / "data") as server:
        with pytest.raises(Problem, match="being served already"):
            starters.start(folder / "data")
        assert ask(server, "SELECT 1") == 1


def test_a_socket_folder_that_somebody_else_prepared_is_not_used(folder: Path) -> None:
    with running(folder / "data") as server:
        usual = server.socket_folder
    usual.symlink_to(folder, target_is_directory=True)
    try:
        with running(folder / "data") as server:
            assert server.socket_folder != usual
            assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
            assert ask(server, "SELECT 1") == 1
    finally:
        usual.unlink()


def test_data_of_a_version_that_is_not_here_any_more_is_said_in_a_sentence(folder: Path) -> None:
    (folder / "data/cluster").mkdir(parents=True)
    (folder / "data/cluster/PG_VERSION").write_text("99\n")
    if AS_ROOT:
        os.chown(folder / "data/cluster", pwd.getpwnam("nobody").pw_uid, -1)
    with pytest.raises(Problem, match="made by PostgreSQL 99"), running(folder / "data"):
        pytest.fail("It started.")


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(folder: Path) -> None:
    (folder / "data").write_text("a file")
    with pytest.raises(Problem, match="can't be written"), running(folder / "data"):
        pytest.fail("It started.")


def test_borrowers_share_one_server_that_outlives_each_of_them(folder: Path) -> None:
    data = folder / "data"
    with borrowed(data) as first, borrowed(data) as second:
        assert first.socket_folder == second.socket_folder
        pid = _pid_of(data)
    with borrowed(data) as third:
        assert ask(third, "SELECT 1") == 1
        assert _pid_of(data) == pid


def test_a_server_that_nobody_borrows_stops(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    command = "from pathlib import Path; from config.local_postgres import shared; shared.keep(Path(%r), 0.5)"
    with subprocess.Popen(
        [sys.executable, "-c", command % str(data)], cwd=ROOT, stdout=subprocess.PIPE
    ) as keeper:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == shared.READY
        pid = _pid_of(data)
        assert keeper.wait(timeout=30) == 0
    assert not is_alive(pid)


def test_killing_the_keeper_lets_the_next_borrower_start_another(folder: Path) -> None:
    data = folder / "data"
    with borrowed(data):
        old = _pid_of(data)
        keeper = parent_of(old)
        os.kill(keeper, signal.SIGKILL)
        wait_until(lambda: not is_alive(keeper))
    with borrowed(data) as server:
        assert ask(server, "SELECT 1") == 1
        assert _pid_of(data) != old


def _pid_of(data: Path) -> int:
    return int((data / "cluster/postmaster.pid").read_text().splitlines()[0])
