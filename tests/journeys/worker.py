"""Does what the pages of a journey deferred, as a worker would."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from tests.jobs import run_jobs


def works() -> list[str]:
    """Do every job that waits; in a thread of its own, because the browser's loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_work).result()


def _work() -> list[str]:
    try:
        return run_jobs()
    finally:
        connection.close()
