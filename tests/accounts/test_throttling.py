"""Counts in rows: the same for every thread and process, and nothing readable in them."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts import throttling
from accounts.models import Attempts
from accounts.throttling import Limit
from tests import databases

pytestmark = pytest.mark.django_db

FIVE = Limit("tests", 5, timedelta(minutes=15))
ROOT = Path(__file__).resolve().parents[2]

# Another process: it counts as often as it is told, and prints what came of it.
WORKER = """
import sys
import django
django.setup()
from datetime import timedelta
from accounts import throttling
for _ in range(int(sys.argv[1])):
    print(throttling.count(throttling.Limit("tests", 5, timedelta(minutes=15)), "rowan").is_too_many)
"""


def at_once(number: int, call: Callable[[], Any]) -> list[Any]:
    """Run one call in so many threads at the same moment, each with a commit of its own."""
    start = threading.Barrier(number)

    def run(_: int) -> Any:
        start.wait()
        try:
            with transaction.atomic():
                return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def in_two_processes(clone: databases.Clone, times: str) -> list[str]:
    """Run the worker twice at the same time over the test's database; return all that both print."""
    address = databases.with_database(clone.server.app, clone.name)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": address}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, times],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    return [line for process in running for line in process.communicate(timeout=60)[0].split()]


def test_the_sixth_is_too_many_until_the_window_is_over() -> None:
    """CHECKS 12."""
    counted = [throttling.count(FIVE, "rowan") for _ in range(7)]
    assert [count.number for count in counted] == [1, 2, 3, 4, 5, 6, 7]
    assert [count.is_too_many for count in counted] == [False] * 5 + [True] * 2
    assert throttling.count(FIVE, "willa").number == 1
    Attempts.objects.update(expires_at=timezone.now())
    assert throttling.count(FIVE, "rowan").number == 1


def test_the_wait_is_a_whole_window_from_the_last_that_was_let_through() -> None:
    for _ in range(4):
        throttling.count(FIVE, "rowan")
    soon = timezone.now() + timedelta(minutes=1)
    Attempts.objects.update(expires_at=soon)
    assert throttling.look(FIVE, "rowan").until == soon
    fifth = throttling.count(FIVE, "rowan")
    assert fifth.until > timezone.now() + timedelta(minutes=14)
    assert throttling.count(FIVE, "rowan").until == fifth.until


def test_what_was_right_is_taken_back_and_nothing_else() -> None:
    for _ in range(3):
        throttling.count(FIVE, "rowan")
    throttling.take_back(FIVE, "rowan")
    assert throttling.look(FIVE, "rowan").number == 2
    for _ in range(4):
        throttling.take_back(FIVE, "rowan")
    assert throttling.look(FIVE, "rowan").number == 0
    throttling.take_back(FIVE, "nobody")


def test_of_six_at_once_exactly_five_are_let_through(committed: object) -> None:
    """CHECKS 12, with real commits."""
    counted = at_once(6, lambda: throttling.count(FIVE, "rowan"))
    assert sorted(count.number for count in counted) == [1, 2, 3, 4, 5, 6]
    assert [count.is_too_many for count in counted].count(True) == 1


def test_two_processes_count_together(committed: databases.Clone) -> None:
    """CHECKS 12: not five for each worker."""
    assert sorted(in_two_processes(committed, "4")) == ["False"] * 5 + ["True"] * 3


def test_rows_say_nothing_of_whom_or_what_they_count() -> None:
    throttling.count(FIVE, "rowan@example.org")
    key = Attempts.objects.get().key
    assert len(key) == 64
    assert int(key, 16)
    assert "rowan" not in key


def test_what_is_over_is_cleared_and_the_rest_stays() -> None:
    throttling.count(FIVE, "old")
    now = timezone.now()
    Attempts.objects.update(expires_at=now)
    throttling.count(FIVE, "new")
    assert throttling.clear_expired(timezone.now()) == 1
    assert Attempts.objects.count() == 1
