"""A transaction around a request that is undone, and what the request wrote in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

# What may change although nothing was done: that somebody was there, and what counts their tries.
MAY_CHANGE = ("privacy_entry", "privacy_chainhead", "accounts_session", "accounts_attempts")


@contextmanager
def undone() -> Iterator[list[str]]:
    """Run a block whose writes are taken back; yield the statements by which it wrote, filled at its end."""
    wrote: list[str] = []
    outer = transaction.atomic()
    # Django's own mark for "a test's transaction": `atomic(durable=True)` is allowed inside it.
    vars(outer)["_from_testcase"] = True
    outer.__enter__()
    # Django keeps the last 9,000 statements, and complains beyond.
    connection.queries_log.clear()
    try:
        with CaptureQueriesContext(connection) as captured:
            yield wrote
        wrote += [each["sql"] for each in captured.captured_queries if writes(each["sql"])]
    finally:
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


def writes(sql: str) -> bool:
    """Return whether a statement changes more than the traces of having been there."""
    words = " ".join(sql.upper().split())
    changes = words.startswith(("INSERT", "UPDATE", "DELETE", "WITH")) and any(
        each in words for each in ("INSERT INTO", "UPDATE ", "DELETE FROM")
    )
    return changes and not any(table in sql for table in MAY_CHANGE)
