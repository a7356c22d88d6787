"""PostgreSQL's own log holds no value that somebody sent: CHECKS 37."""

from pathlib import Path

import psycopg
import pytest

from config import database_log, logs
from config.local_postgres import APP, programs, running
from config.local_postgres.server import SETTINGS
from tests.platform.postgres import both

NAME = "Marisol Vega"
REFUSED = (
    "INSERT INTO held (name) VALUES (%(name)s)",
    "SELECT %(name)s::text::uuid",
    "SELECT * FROM held WHERE name = %(name)s AND nothing_of_the_kind",
    "DO $$ BEGIN RAISE WARNING '%%', 'Marisol Vega'; END $$",
    "SELECT pg_sleep(0.3), %(name)s::text",
)


@both
def test_what_it_refuses_is_not_in_its_log(found: programs.Programs, folder: Path) -> None:
    """CHECKS 37: neither statement nor parameter, row, warning or slow query."""
    data = folder / "data"
    with running(data, found=found) as server, psycopg.connect(server.address(APP), autocommit=True) as app:
        app.execute("CREATE TEMPORARY TABLE held (name text CHECK (name = ''))")
        told = []
        for statement in REFUSED:
            try:
                app.execute(statement, {"name": NAME} if "%(name)s" in statement else None)
            except psycopg.Error as refused:
                told.append(str(refused))
        # The client is told, values and all: that is what the log must not hold.
        assert sum(NAME in each for each in told) >= 2
    log = (data / "postgresql.log").read_text()
    assert NAME not in log
    assert "INSERT INTO" not in log
    assert "database system is ready" in log


def test_our_own_server_is_set_as_we_ask_others_to() -> None:
    assert [f"{name}={value}" for name, value in database_log.QUIET.items()] == list(
        SETTINGS[-len(database_log.QUIET) :]
    )


@pytest.mark.django_db
def test_a_start_says_which_settings_tell_too_much(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """CHECKS 37: on a server that somebody else set up."""
    monkeypatch.setattr(
        database_log, "connection", Answers([("log_statement", "all"), ("log_min_messages", "fatal")])
    )
    database_log.warn_where_it_tells()
    said = [logs.Line().format(each) for each in caplog.records]
    assert len(said) == 1
    assert said[0].endswith("Set there: log_statement=none")


class Answers:
    """A connection to a server with these settings."""

    def __init__(self, rows: list[tuple[str, str]]) -> None:
        self.rows = rows

    def cursor(self) -> "Answers":
        return self

    def __enter__(self) -> "Answers":
        return self

    def __exit__(self, *raised: object) -> None:
        return None

    def execute(self, statement: str, values: list[object]) -> None:
        assert statement.startswith("SELECT name, setting")

    def fetchall(self) -> list[tuple[str, str]]:
        return self.rows

    def close(self) -> None:
        return None
