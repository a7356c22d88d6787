"""The databases that tests run on: the app's role, undone transactions, real commits where asked for."""

import psycopg
import pytest
from django.db import connection, connections, transaction

from tests import databases

ROLE = "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"


def ask(statement: str) -> tuple[object, ...]:
    """Return the first row that the app's connection answers with."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
        assert row is not None
        return tuple(row)


@pytest.mark.django_db
def test_tests_run_as_the_app_role_which_cannot_look_past_row_security(
    as_owner: databases.Connection,
) -> None:
    role, *mighty = ask(ROLE)
    assert mighty == [False, False, False]
    assert as_owner.execute("SELECT current_user").fetchone() != (role,)
    owned = as_owner.execute(
        "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", [role]
    ).fetchone()
    assert owned == (0,)


@pytest.mark.django_db
def test_the_app_role_may_not_empty_or_change_a_table() -> None:
    for forbidden in (
        "TRUNCATE accounts_attempts",
        "ALTER TABLE accounts_attempts ADD x int",
        "DROP TABLE accounts_attempts",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused, transaction.atomic():
            connection.ensure_connection()
            connection.connection.execute(forbidden.encode())
        assert refused.value.sqlstate == "42501"


@pytest.mark.django_db
def test_what_a_test_writes_is_undone_and_never_seen_elsewhere(as_owner: databases.Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO accounts_attempts VALUES ('undone', 1, now())")
    assert ask("SELECT count(*) FROM accounts_attempts") == (1,)
    assert as_owner.execute("SELECT count(*) FROM accounts_attempts").fetchone() == (0,)


@pytest.mark.parametrize("_twice", [1, 2])
@pytest.mark.django_db
def test_what_a_committed_test_writes_is_seen_elsewhere_and_starts_empty(
    _twice: int, committed: databases.Clone, as_owner: databases.Connection
) -> None:
    assert ask("SELECT count(*) FROM accounts_attempts") == (0,)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO accounts_attempts VALUES ('kept', 1, now())")
    assert not connection.in_atomic_block
    assert as_owner.execute("SELECT count(*) FROM accounts_attempts").fetchone() == (1,)


@pytest.mark.django_db
def test_only_one_database_is_known_and_it_is_this_runs_own() -> None:
    assert list(connections) == ["default"]
    (name,) = ask("SELECT current_database()")
    assert str(name).startswith("warm_handoff_test_run_")


def test_what_a_killed_run_left_is_dropped_and_what_is_in_use_is_kept(server: databases.Server) -> None:
    left, in_use = databases.clone(server), databases.clone(server)
    left.owner.close()
    databases.drop_leftovers(server)
    with server.connect("postgres") as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname IN (%s, %s)", [left.name, in_use.name]
        )
        assert [row[0] for row in found] == [in_use.name]
    in_use.drop()
