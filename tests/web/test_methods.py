"""Which methods an address takes: HEAD as GET, odd ones nowhere, and a refusal that says what would do."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.table import NO_METHOD, OK, TABLE, Row
from tests.access.test_every_address import address
from tests.access.world import PERSONAS, World

ODD = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "")
ALL = "GET, HEAD, POST"
# Pages that show who has read: the first reading stands on the second one's.
GROWS = {"desk:log", "desk:who_looked"}
SAYS = "This address works another way"


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_an_odd_method_is_refused_with_a_page_and_what_would_do(
    row: Row, standing_world: World, browse: Callable[..., Client]
) -> None:
    """CHECKS 32: before the form's token, the session or the person is looked at."""
    to = address(row, standing_world)
    for persona in ("signed out", "therapist"):
        client = browse(persona, enforce_csrf_checks=True)
        for method in ODD:
            answer = client.generic(method, to)
            assert (answer.status_code, answer["Allow"]) == (NO_METHOD, ALL), method
            assert (SAYS in answer.content.decode(), answer.cookies) == (method != "HEAD", {})


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_the_wrong_one_of_the_two_is_refused_with_a_page(
    row: Row, standing_world: World, browse: Callable[..., Client]
) -> None:
    """CHECKS 32: a form's address that is opened, a page that is sent a form."""
    to = address(row, standing_world)
    for persona, read, sent in zip(PERSONAS, row.get, row.post, strict=True):
        client = browse(persona)
        for method, expected, would_do in (
            (client.get, read, {"POST"}),
            (client.post, sent, {"GET", "HEAD"}),
        ):
            if expected != NO_METHOD:
                continue
            answer = method(to)
            assert answer.status_code == NO_METHOD
            assert set(answer["Allow"].split(", ")) - {"OPTIONS"} == would_do
            assert answer["Content-Length"] == str(len(answer.content))
            assert SAYS in answer.content.decode()


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_head_answers_like_get_without_a_body(
    row: Row, standing_world: World, browse: Callable[..., Client]
) -> None:
    """CHECKS 32."""
    to = address(row, standing_world)
    readers = [persona for persona, code in zip(PERSONAS, row.get, strict=True) if code == OK]
    for persona in {"signed out", *readers[-1:]}:
        if row.name == "account_logout":
            continue
        read, head = browse(persona).get(to), browse(persona).head(to)
        assert head.status_code == read.status_code
        assert head.content == b""
        differ = {"Expires", "Set-Cookie", "Date"} | ({"Content-Length"} if row.name in GROWS else set())
        told = [{k: v for k, v in answer.items() if k not in differ} for answer in (read, head)]
        assert told[0] == told[1]


def test_static_files_and_health_take_no_form(db: None) -> None:
    """CHECKS 32."""
    answer = Client().post("/static/app.css")
    assert (answer.status_code, answer["Allow"]) == (NO_METHOD, "GET, HEAD")
    assert Client().delete(reverse("robots_txt")).status_code == NO_METHOD
    assert Client().delete("/healthz/live").status_code == NO_METHOD
