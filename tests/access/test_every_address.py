"""Every address for everybody, as the table says; an address that the table lacks is a failure."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse

from tests.access.table import MISSING, NO_METHOD, OK, TABLE, Row
from tests.access.world import PENDING, PERSONAS, SIGNED_OUT, World

# What may change while somebody only reads: that they read it, and the session's own stamp.
MAY_CHANGE = ("privacy_entry", "privacy_chainhead", "accounts_session")
BY_NAME = pytest.mark.parametrize("row", TABLE, ids=str)


def names_of(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every address by its full name, with the converters of its values."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names_of(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern.pattern.converters


def address(row: Row, world: World) -> str:
    """Return the address of a row with the world's own records."""
    return reverse(row.name, kwargs=world.named(dict(row.names)))


def test_the_table_holds_every_address() -> None:
    """CHECKS 1."""
    assert sorted(row.name for row in TABLE) == sorted(name for name, _ in names_of(get_resolver()))


@BY_NAME
def test_everybody_gets_what_the_table_says(row: Row, world: World, browse: Callable[..., Client]) -> None:
    """CHECKS 1, 4, 5 and 10."""
    to = address(row, world)
    got = tuple(browse(persona).get(to).status_code for persona in PERSONAS)
    posted = tuple(browse(persona).post(to).status_code for persona in PERSONAS)
    assert (got, posted) == (row.get, row.post)


@BY_NAME
def test_another_organizations_id_says_as_little_as_an_unknown_one(
    row: Row, standing_world: World, browse: Callable[..., Client]
) -> None:
    """CHECKS 2: the same answer, word for word."""
    values = standing_world.named(dict(row.names))
    if not any(isinstance(value, UUID) for value in values.values()):
        return
    unknown = {key: uuid4() if isinstance(value, UUID) else value for key, value in values.items()}
    for method, expected in (("get", row.get), ("post", row.post)):
        strangers = [persona for persona, code in zip(PERSONAS, expected, strict=True) if code == MISSING]
        for persona in strangers:
            client = browse(persona)
            answers = [
                getattr(client, method)(reverse(row.name, kwargs=kwargs)) for kwargs in (values, unknown)
            ]
            assert [answer.status_code for answer in answers] == [MISSING, MISSING]
            assert _without_token(answers[0]) == _without_token(answers[1])


def _without_token(answer: HttpResponse) -> bytes:
    """Return the page without the form token, which is another one in every answer."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", answer.content)


@BY_NAME
def test_nothing_is_done_without_the_pages_token(
    row: Row, standing_world: World, browse: Callable[..., Client]
) -> None:
    """CHECKS 7: every address that takes a form refuses one that doesn't come from its own page."""
    for persona, expected in zip(PERSONAS, row.post, strict=True):
        client = browse(persona, enforce_csrf_checks=True)
        code = client.post(address(row, standing_world)).status_code
        assert code == (NO_METHOD if expected == NO_METHOD and code == NO_METHOD else 403)


@BY_NAME
def test_reading_changes_nothing(row: Row, standing_world: World, browse: Callable[..., Client]) -> None:
    """CHECKS 8: GET and HEAD write to the audit and the session only."""
    for persona, expected in zip(PERSONAS, row.get, strict=True):
        if expected != OK or row.name == "account_logout":
            continue
        client = browse(persona)
        for method in (client.get, client.head):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                method(address(row, standing_world))
            assert [sql for sql in map(_statement, captured) if _writes(sql)] == []


def _statement(query: dict[str, str]) -> str:
    return " ".join(query["sql"].split())


def _writes(sql: str) -> bool:
    words = sql.upper()
    changes = any(word in words for word in ("INSERT INTO", "UPDATE ", "DELETE FROM")) and (
        "FOR UPDATE" not in words or "INSERT INTO" in words
    )
    return changes and not any(table in sql for table in MAY_CHANGE)


def test_ids_are_uuids() -> None:
    """CHECKS 9: whatever names a row is a UUID; keys of a document and one-time tokens aren't rows."""
    not_rows = {
        *("section", "question", "choice", "score", "indication", "criterion", "consideration", "source"),
        *("digest", "name", "token", "vignette"),
    }
    plain = {
        f"{name} {value}"
        for name, converters in names_of(get_resolver())
        for value, converter in converters.items()
        if value not in not_rows and type(converter).__name__ != "UUIDConverter"
    }
    assert plain == set()


def test_a_disabled_person_loses_the_session_at_once(world: World, browse: Callable[..., Client]) -> None:
    """CHECKS 10."""
    therapist, admin = browse("therapist"), browse("admin")
    home = reverse("desk:home")
    assert therapist.get(home).status_code == OK
    admin.post(reverse("people:disable_user", args=[world.therapist]))
    assert therapist.get(home).status_code != OK


def test_a_disabled_organization_loses_its_sessions_at_once(
    world: World, browse: Callable[..., Client]
) -> None:
    """CHECKS 10."""
    therapist, provider, admin = browse("therapist"), browse("provider"), browse("admin")
    admin.post(reverse("people:disable_organization", args=[world.practice]))
    assert therapist.get(reverse("desk:home")).status_code != OK
    assert provider.get(reverse("inbox:list")).status_code == OK


def test_fields_that_a_form_does_not_have_do_nothing(world: World, browse: Callable[..., Client]) -> None:
    """CHECKS 6: whose a record is, and where it stands, can't be posted."""
    posted = {
        "first_name": "Ada",
        "last_name": "Lind",
        "birth_date": "02/27/1991",
        "record_number": "X-1",
        "organization": str(world.practice),
        "organization_id": str(world.practice),
        "therapist": str(world.colleague),
        "therapist_id": str(world.colleague),
        "id": str(world.client),
    }
    answer = browse("stranger").post(reverse("clients:add"), posted)
    added = answer.url.rstrip("/").rsplit("/", 1)[-1]
    assert added != str(world.client)
    reachable = {
        persona: browse(persona).get(reverse("clients:show", args=[added])).status_code
        for persona in ("stranger", "therapist", "colleague")
    }
    assert reachable == {"stranger": OK, "therapist": MISSING, "colleague": MISSING}


def test_nobody_signed_in_is_somebody_else(standing_world: World, browse: Callable[..., Client]) -> None:
    """The cast is what it says: a test that signs in nobody would prove nothing."""
    home = reverse("desk:home")
    signed_in = [
        persona for persona in PERSONAS if browse(persona).get(home).wsgi_request.user.is_authenticated
    ]
    assert signed_in == [persona for persona in PERSONAS if persona not in {SIGNED_OUT, "disabled", *PENDING}]
