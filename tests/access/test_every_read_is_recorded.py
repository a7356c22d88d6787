"""CHECKS 35 over every address: a page that shows a client, to whomever, leaves an entry about them."""

import re
from collections.abc import Callable
from functools import cache
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Organization
from privacy import context
from privacy.models import ChainHead, Entry
from screening.models import Client as Person
from tests.access.table import TABLE, Row
from tests.access.test_every_address import address
from tests.access.world import PERSONAS, World

# The world's clients are all called Vega, with a number.
NAME = re.compile(rb"Vega\d+")


@cache
def clients(world: World) -> dict[bytes, UUID]:
    """Return every client of the world by last name."""
    found: dict[bytes, UUID] = {}
    for organization in Organization.objects.all():
        with context.enter(organization.pk):
            for person in Person.objects.filter(organization=organization):
                found[person.last_name.encode()] = person.pk
    return found


def heads() -> dict[UUID, int]:
    """Return where every chain ends."""
    return dict(ChainHead.objects.values_list("chain", "number"))


def since(before: dict[UUID, int]) -> list[Entry]:
    """Return the entries that came after these ends."""
    found: list[Entry] = []
    for chain, number in heads().items():
        if number > before[chain]:
            with context.enter(chain):
                found += Entry.objects.filter(chain=chain, number__gt=before[chain])
    return found


def told_of(entry: Entry) -> set[UUID]:
    """Return the clients that an entry speaks of: the one it is about, or those of a list."""
    listed = {UUID(each) for each in entry.codes.get("clients", ())}
    return listed | ({entry.client} if entry.client is not None else set())


def shown_on(answer: HttpResponse) -> set[bytes]:
    """Return the names on a page, or in a file of text; a PDF's are compressed and can't be looked for."""
    return set(NAME.findall(answer.content)) if answer.status_code < 300 else set()


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_page_that_shows_a_client_leaves_an_entry_about_them(
    row: Row, standing_world: World, browse: Callable[..., Client]
) -> None:
    """CHECKS 35."""
    known = clients(standing_world)
    for persona, status in zip(PERSONAS, row.get, strict=True):
        if status >= 300:
            continue
        before = heads()
        shown = {known[name] for name in shown_on(browse(persona).get(address(row, standing_world)))}
        new = since(before)
        told = set().union(*(told_of(entry) for entry in new))
        assert shown <= told, (persona, sorted(entry.action for entry in new))
        if shown:
            assert {entry.by for entry in new} == {getattr(standing_world, persona)}


def test_there_are_pages_that_show_clients(standing_world: World, browse: Callable[..., Client]) -> None:
    """The check above would see what it looks for."""
    shown = {
        row.name
        for row in TABLE
        for persona in ("therapist", "provider")
        if shown_on(browse(persona).get(address(row, standing_world)))
    }
    assert len(shown) > 15, sorted(shown)
