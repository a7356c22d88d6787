"""`make clean`: stops what still runs, removes what was made, and nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import ROOT
from tests.platform.postgres import Starters, is_alive


@pytest.fixture
def checkout(folder: Path) -> Path:
    """A folder with what `make clean` needs of a checkout."""
    made = folder / "checkout"
    shutil.copytree(ROOT / "config/local_postgres", made / "config/local_postgres")
    shutil.copytree(ROOT / "requirements", made / "requirements")
    shutil.copy(ROOT / "Makefile", made)
    return made


def clean(checkout: Path, *words: str) -> None:
    """Run `make clean` there."""
    subprocess.run(
        ["/usr/bin/env", "make", "clean", f"PYTHON={sys.executable}", *words], cwd=checkout, check=True
    )


def names_in(checkout: Path) -> set[str]:
    """Return what the checkout holds."""
    return {path.name for path in checkout.iterdir()}


def test_it_stops_the_server_and_removes_what_was_made(checkout: Path, starters: Starters) -> None:
    before = names_in(checkout)
    started = starters.start(checkout / "build/demo")
    (checkout / ".venv").mkdir()
    (checkout / ".venv/pyvenv.cfg").touch()
    (checkout / ".mypy_cache").mkdir()
    clean(checkout)
    assert not is_alive(started.pid)
    assert not started.server.socket_folder.exists()
    assert names_in(checkout) == before
    assert not list(checkout.rglob("__pycache__"))


def test_it_removes_data_that_was_kept_elsewhere(checkout: Path, folder: Path, starters: Starters) -> None:
    started = starters.start(folder / "elsewhere")
    clean(checkout, f"DATA={folder / 'elsewhere'}")
    assert not is_alive(started.pid)
    assert not (folder / "elsewhere").exists()


def test_a_slip_in_data_or_venv_removes_nothing(checkout: Path, folder: Path) -> None:
    (folder / "letters").mkdir()
    (folder / "letters/dear.txt").write_text("Dear")
    clean(checkout, f"DATA={folder / 'letters'}", f"VENV={folder / 'letters'}")
    assert (folder / "letters/dear.txt").read_text() == "Dear"


def test_it_is_content_where_there_is_nothing(checkout: Path) -> None:
    before = names_in(checkout)
    clean(checkout)
    clean(checkout)
    assert names_in(checkout) == before
