"""What tests of the local PostgreSQL need."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.local_postgres import server
from tests.platform.postgres import Starters


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for data that any account may enter; pytest's own is closed to all but us."""
    made = Path(tempfile.mkdtemp(prefix="wh-test-"))
    made.chmod(0o755)
    yield made
    server.stop_leftover(made / "data")
    shutil.rmtree(made)


@pytest.fixture
def starters(folder: Path) -> Iterator[Starters]:
    """Starters in processes of their own, ended with the test."""
    starters = Starters()
    yield starters
    starters.end()
