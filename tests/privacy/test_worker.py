"""Workers with real commits: each job once, none lost with a worker that is killed, an end when asked."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from privacy import jobs, worker
from tests import databases

# A worker of the tests: it knows one more job, which writes a row for each time it was begun and ended.
PROGRAM = """
import asyncio
import django
django.setup()
from privacy import worker
from tests.privacy.test_worker import note
worker.SECONDS_BETWEEN_HEARTBEATS = worker.SECONDS_BETWEEN_LOOKS = 0.2
worker.SECONDS_UNTIL_GIVEN_UP = 1.5
worker.SECONDS_TO_END = 2
asyncio.run(worker.run(stalled_worker_timeout=1.5))
"""


def _say(kind: str, record: UUID) -> None:
    """Keep a line of what happened to a job, at once."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO said VALUES (%s, %s)", [kind, record])


@jobs.job("tests.note", in_pieces=True)
def note(*, by: jobs.Person | None, record: UUID, tenths: int) -> None:
    """Say that it began, take that long, say that it ended."""
    _say("began", record)
    for _ in range(tenths):
        time.sleep(0.1)
        jobs.stop_if_asked()
    _say("ended", record)


@contextmanager
def running(committed, how_many=1):
    address = databases.with_database(committed.server.app, committed.name)
    env = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "ERROR",
    }
    workers = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=databases.ROOT, env=env)
        for _ in range(how_many)
    ]
    try:
        yield workers
    finally:
        for each in workers:
            each.kill()
            each.wait()


@pytest.fixture(autouse=True)
def said_by_jobs(committed):
    """A table of the test's own: what the product has, the worker's clock would tidy."""
    committed.owner.execute("CREATE TABLE said (kind text, record uuid)")
    committed.owner.execute("GRANT SELECT, INSERT ON said TO PUBLIC")


def said(committed, kind):
    rows = committed.owner.execute("SELECT record FROM said WHERE kind = %s", [kind])
    return [row[0] for row in rows.fetchall()]


def workers_alive(committed):
    return committed.owner.execute("SELECT count(*) FROM procrastinate_workers").fetchone()[0]


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def test_two_workers_do_every_job_once(committed):
    records = [uuid4() for _ in range(30)]
    for record in records:
        note.defer(by=None, record=record, tenths=0)
    with running(committed, how_many=2):
        wait_for(lambda: len(said(committed, "ended")) >= len(records))
        time.sleep(1)
    assert sorted(said(committed, "began")) == sorted(said(committed, "ended")) == sorted(records)


def test_a_job_of_a_worker_that_was_killed_is_done_by_another(committed):
    record = uuid4()
    note.defer(by=None, record=record, tenths=20)
    with running(committed) as [first]:
        wait_for(lambda: said(committed, "began") == [record])
        first.kill()
        first.wait()
    assert said(committed, "ended") == []
    with running(committed):
        wait_for(lambda: said(committed, "ended") == [record])
    assert said(committed, "began") == [record, record]


def test_a_worker_that_is_asked_to_end_gives_a_long_job_back_and_ends(committed):
    note.defer(by=None, record=uuid4(), tenths=600)
    with running(committed) as [first]:
        wait_for(lambda: len(said(committed, "began")) == 1)
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=15) == 0
    rows = committed.owner.execute(
        "SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = %s", ["tests.note"]
    )
    assert rows.fetchall() == [("todo", 1)]


def test_a_worker_whose_connections_are_cut_begins_again(committed):
    record = uuid4()
    with running(committed) as [first]:
        wait_for(lambda: workers_alive(committed) == 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND usename = current_user AND pid <> pg_backend_pid()"
            )
            assert len(cursor.fetchall()) >= 1
        note.defer(by=None, record=record, tenths=0)
        wait_for(lambda: said(committed, "ended") == [record])
        assert first.poll() is None


def test_jobs_are_taken_by_asking_alone_and_without_prepared_statements():
    """A transaction pooler loses LISTEN and prepared statements."""
    assert worker.options()["listen_notify"] is False
    assert worker.connector()._pool_args["kwargs"]["prepare_threshold"] is None
    assert connection.get_connection_params()["prepare_threshold"] is None


def test_the_apps_role_may_not_change_what_a_job_is_or_look_past_its_rights(committed):
    """The library's functions run with the rights of whoever calls them."""
    rows = committed.owner.execute(
        "SELECT proname, prosecdef, pg_get_userbyid(proowner) <> current_user FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate%'"
    ).fetchall()
    assert len(rows) > 10
    assert {(definer, foreign) for _, definer, foreign in rows} == {(False, False)}
    with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.cursor() as cursor:
        connection.ensure_connection()
        connection.connection.execute("ALTER TABLE procrastinate_jobs ADD COLUMN note text")
        cursor.close()


def test_the_clock_is_told_what_to_ask_for():
    assert {name for name, _ in app.periodic_registry.periodic_tasks} >= {
        "accounts.send_notices",
        "accounts.clear_expired",
    }
