"""What every test stands on: a database of its own, reached as the app's role."""

import logging
import os
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from psycopg.pq import TransactionStatus
from pytest_django.plugin import DjangoDbBlocker

from config import local_postgres
from tests import databases, log_watch, signing_in

signing_in.install()


@pytest.fixture(scope="session", autouse=True)
def nothing_of_a_client_in_the_log() -> Iterator[None]:
    """Fail the run if a line of its log holds a text that was sealed in it: CHECKS 37."""
    with log_watch.listening(logging.getLogger()) as heard:
        yield
    assert heard.leaks() == []


@pytest.fixture(scope="session")
def server() -> Iterator[databases.Server]:
    """The PostgreSQL server that this run uses: the one of the environment, else one in build/."""
    app, owner = os.environ.get("DATABASE_URL"), os.environ.get("OWNER_DATABASE_URL")
    if app and owner:
        yield databases.Server(app=app, owner=owner)
    elif app or owner:
        pytest.exit("Set both DATABASE_URL and OWNER_DATABASE_URL, or neither.", returncode=2)
    else:
        with local_postgres.borrowed(databases.ROOT / "build" / "test-postgres") as started:
            yield databases.Server(
                app=started.address(local_postgres.APP), owner=started.address(local_postgres.OWNER)
            )


@pytest.fixture(scope="session")
def django_db_setup(
    server: databases.Server, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[databases.Clone]:
    """Clone the migrated template for this process, and drop the clone at the end."""
    databases.drop_leftovers(server)
    own = databases.clone(server)
    with django_db_blocker.unblock():
        use(own)
        _refuse_a_mighty_role()
    yield own
    with django_db_blocker.unblock():
        connection.close()
    own.drop()


@pytest.fixture
def _django_db_helper(
    request: pytest.FixtureRequest, django_db_setup: databases.Clone, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Run the test in a transaction that is undone, or, where it asks for `committed`, without one.

    This stands in for pytest-django's own: its `transaction=True` truncates tables, and the app may not.
    """
    if "committed" in request.fixturenames:
        request.getfixturevalue("committed")
        yield
        return
    with django_db_blocker.unblock():
        undone = transaction.atomic()
        # Django's own mark for "a test's transaction": `atomic(durable=True)` is allowed inside it.
        vars(undone)["_from_testcase"] = True
        undone.__enter__()
        try:
            yield
            raw = connection.connection
            if raw is not None and raw.info.transaction_status is TransactionStatus.INTRANS:
                connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            undone.__exit__(None, None, None)


@pytest.fixture
def committed(
    server: databases.Server, django_db_setup: databases.Clone, django_db_blocker: DjangoDbBlocker
) -> Iterator[databases.Clone]:
    """Give the test a database of its own in which commits are real; other threads and processes see them."""
    own = databases.clone(server)
    with django_db_blocker.unblock():
        use(own)
        yield own
        use(django_db_setup)
    own.drop()


@pytest.fixture
def as_owner(request: pytest.FixtureRequest, django_db_setup: databases.Clone) -> databases.Connection:
    """The owner's own connection to the test's database: it sees only what was committed."""
    clone = request.getfixturevalue("committed") if "committed" in request.fixturenames else django_db_setup
    return clone.owner


def use(clone: databases.Clone) -> None:
    """Point Django's connection, and those that other threads will open, at the clone."""
    connection.close()
    connection.settings_dict.update(clone.server.app_settings(clone.name) | {"CONN_MAX_AGE": 0})


def _refuse_a_mighty_role() -> None:
    """Stop the run if the app's role could look past row security: the tests would prove nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (False,):
            pytest.exit("DATABASE_URL must name a role without SUPERUSER and BYPASSRLS.", returncode=2)
