"""The second wall: what the database itself keeps apart, with real commits."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from psycopg import sql

from accounts.models import User
from privacy import context
from screening import actions
from screening.models import Client, Screening
from tests.factories import accounts
from tests.factories import screening as screenings
from tests.screening.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed")]

TABLES = [
    "screening_client",
    "screening_careteammember",
    "screening_screening",
    "screening_sectionanswers",
    "screening_finding",
    "screening_judgment",
    "screening_acknowledgement",
    "screening_signature",
]


@pytest.fixture
def two_practices(committed: Any) -> Iterator[tuple[User, User, dict[str, Screening]]]:
    """Two practices, each with a row in every table."""
    people, done = [], {}
    for name in ("a", "b"):
        practice = accounts.practice(name=f"Practice {name}")
        nadia = accounts.therapist(organization=practice, duties=["supervisor"])
        person = accounts.therapist(organization=practice, needs_signature_from=nadia)
        screening = screenings.completed(person, violence_risk={"value": True})
        with context.enter(practice.pk):
            client = Client.objects.get()
            actions.add_to_care_team(by=person, client=client, user=nadia)
            actions.record_judgment(by=person, screening=screening, indication="trd", view="agree")
            actions.sign_screening(by=nadia, screening=screening)
        people.append(person)
        done[name] = screening
    yield people[0], people[1], done


def on(statement: str, *names: str) -> sql.Composed:
    """Return a statement about tables and columns that are named safely."""
    return sql.SQL(statement).format(*map(sql.Identifier, names))


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(on("SELECT count(*) FROM {}", table))
        return int(cursor.fetchone()[0])


def test_without_a_context_no_row_is_seen_and_in_one_only_its_own(
    two_practices: tuple[User, User, dict[str, Screening]],
) -> None:
    """CHECKS 3."""
    here, there, _done = two_practices
    assert {table: count(table) for table in TABLES} == dict.fromkeys(TABLES, 0)
    with context.enter(here.organization_id):
        seen_here = {table: count(table) for table in TABLES}
        assert all(seen_here.values())
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(
                    on("SELECT count(*) FROM {} WHERE organization_id = %s", table),
                    [there.organization_id],
                )
                assert cursor.fetchone() == (0,)
    with context.enter(there.organization_id):
        assert {table: count(table) for table in TABLES} == seen_here


def test_a_row_of_another_organization_is_not_written_changed_or_deleted(
    two_practices: tuple[User, User, dict[str, Screening]],
) -> None:
    """CHECKS 3."""
    here, there, done = two_practices
    with context.enter(here.organization_id), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(on("UPDATE {} SET organization_id = organization_id", table))
        cursor.execute("UPDATE screening_screening SET state = state WHERE id = %s", [done["b"].pk])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM screening_judgment WHERE screening_id = %s", [done["b"].pk])
        assert cursor.rowcount == 0
    with context.enter(here.organization_id), pytest.raises(ProgrammingError, match="row-level security"):
        actions.add_client(by=there, **screenings.record())


@pytest.mark.parametrize("table", TABLES[1:])
def test_no_row_points_across_organizations(
    two_practices: tuple[User, User, dict[str, Screening]], table: str
) -> None:
    """CHECKS 2: a plain foreign key would look past row security."""
    here, _there, done = two_practices
    column = "client_id" if table in TABLES[1:3] else "screening_id"
    target = done["b"].client_id if column == "client_id" else done["b"].pk
    with (
        context.enter(here.organization_id),
        pytest.raises(IntegrityError, match=r"same_organization|never change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(on("UPDATE {} SET {} = %s", table, column), [target])
        connection.check_constraints()


def test_the_same_connection_sees_only_its_next_persons_rows_after_an_exception(
    two_practices: tuple[User, User, dict[str, Screening]],
) -> None:
    """CHECKS 51."""
    here, there, done = two_practices
    mine, theirs = (reverse("screenings:result", args=[done[name].pk]) for name in ("a", "b"))
    first, second = signed_in(here), signed_in(there)
    assert first.get(mine).status_code == 200
    with pytest.raises(RuntimeError), context.enter(here.organization_id):
        raise RuntimeError
    assert [second.get(url).status_code for url in (mine, theirs)] == [404, 200]
    assert [first.get(url).status_code for url in (mine, theirs)] == [200, 404]
    assert count("screening_client") == 0


def test_a_get_changes_no_row_but_the_log(two_practices: tuple[User, User, dict[str, Screening]]) -> None:
    """CHECKS 8."""
    here, _there, done = two_practices
    opened = screenings.started(here)
    browser = signed_in(here)
    pages = [
        reverse("clients:list"),
        reverse("clients:add"),
        reverse("clients:show", args=[opened.client_id]),
        reverse("clients:change", args=[opened.client_id]),
        reverse("screenings:show", args=[opened.pk]),
        reverse("screenings:section", args=[opened.pk, "depression"]),
        reverse("screenings:check", args=[opened.pk]),
        reverse("screenings:result", args=[done["a"].pk]),
        reverse("screenings:print", args=[done["a"].pk]),
        reverse("screenings:answers", args=[done["a"].pk]),
        reverse("screenings:urgent", args=[done["a"].pk, "violence_risk"]),
    ]
    before = _rows(here)
    assert [browser.get(page).status_code for page in pages] == [200] * len(pages)
    assert _rows(here) == before


def test_every_read_leaves_an_entry(two_practices: tuple[User, User, dict[str, Screening]]) -> None:
    """CHECKS 35."""
    here, _there, done = two_practices
    browser: Browser = signed_in(here)
    before = _entries(here)
    client = done["a"].client_id
    for page in (
        reverse("clients:show", args=[client]),
        reverse("screenings:result", args=[done["a"].pk]),
        reverse("screenings:print", args=[done["a"].pk]),
        reverse("screenings:answers", args=[done["a"].pk]),
    ):
        browser.get(page)
    browser.get(reverse("clients:list"))
    read = _entries(here)[len(before) :]
    assert read == [
        ("client.read", client),
        ("screening.read", client),
        ("screening.printed", client),
        ("screening.read", client),
        ("client.listed", None),
    ]


def _rows(person: User) -> dict[str, list[Any]]:
    with context.enter(person.organization_id), connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(on("SELECT t::text FROM {} t ORDER BY 1", table))
            found[table] = cursor.fetchall()
        return found


def _entries(person: User) -> list[tuple[str, Any]]:
    with context.enter(person.organization_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, client FROM privacy_entry WHERE chain = %s ORDER BY number",
            [person.organization_id],
        )
        return cursor.fetchall()
