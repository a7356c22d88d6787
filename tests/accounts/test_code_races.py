"""One code, two requests at one moment: in threads of one process, and in two processes."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from tests import databases
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

# Another process: it waits for the agreed moment, spends the code, and prints what came of it.
WORKER = """
import sys, time
import django
django.setup()
from accounts import actions
from accounts.models import User
from privacy import context
person = User.objects.get(pk=sys.argv[1])
time.sleep(max(float(sys.argv[3]) - time.time(), 0))
with context.enter(person.organization_id):
    proof = actions.spend_code(person=person, code=sys.argv[2])
print(proof)
"""


def give(browser: Client, field: str, code: str, start: threading.Barrier) -> int:
    start.wait()
    try:
        return int(browser.post(factors.CODE, {field: code}).status_code)
    finally:
        connection.close()


def given_at_once(person: User, field: str, code: str) -> list[int]:
    browsers = [factors.with_password(person) for _ in range(3)]
    start = threading.Barrier(len(browsers))
    with ThreadPoolExecutor(len(browsers)) as pool:
        return sorted(pool.map(lambda browser: give(browser, field, code, start), browsers))


def test_a_code_of_the_app_given_three_times_at_once_lets_one_in(committed: databases.Clone) -> None:
    """CHECKS 13."""
    person = people.therapist()
    seed, _ = factors.app_of(person)
    assert given_at_once(person, "code", factors.shown(seed)) == [302, 422, 422]


def test_a_recovery_code_given_three_times_at_once_lets_one_in(committed: databases.Clone) -> None:
    """CHECKS 13."""
    person = people.therapist()
    _, made = factors.app_of(person)
    assert given_at_once(person, "recovery_code", made[0]) == [302, 422, 422]


@pytest.mark.parametrize("kind", ["app", "recovery_code"])
def test_two_processes_take_a_code_once(committed: databases.Clone, kind: str) -> None:
    """CHECKS 13, with two worker processes."""
    person = people.therapist()
    seed, made = factors.app_of(person)
    code = factors.shown(seed) if kind == "app" else made[0]
    address = databases.with_database(committed.server.app, committed.name)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": address}
    words = [sys.executable, "-c", WORKER, str(person.pk), code, str(time.time() + 5)]
    running = [
        subprocess.Popen(words, cwd=databases.ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    printed = [process.communicate(timeout=60)[0].strip() for process in running]
    assert sorted(printed) == ["None", kind]
