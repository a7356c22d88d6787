"""The audit log in pages: nothing is left out or shown twice, and each page comes from an index."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy import audit, context, entries
from privacy.entries import Choice, Place
from privacy.models import Entry
from tests import databases
from tests.factories import accounts

pytestmark = pytest.mark.django_db

PAGE = 4


@pytest.fixture
def practice(committed: databases.Clone) -> Any:
    return accounts.therapist()


@pytest.fixture
def clinic(practice: Any) -> Any:
    return accounts.provider()


def act(person: Any, action: str, times: int = 1, **values: Any) -> None:
    for _ in range(times):
        with context.enter(person.organization_id):
            audit.record(action, by=person, **values)


def pages(organization: UUID, **choice: Any) -> Iterator[list[Entry]]:
    """Read the whole log page by page, as its links lead."""
    before = None
    while True:
        with context.enter(organization):
            found = entries.concerning(organization, Choice(before=before, **choice), PAGE + 1)
        yield found[:PAGE]
        if len(found) <= PAGE:
            return
        before = Place.parse(str(Place.of(found[PAGE - 1])))
        assert before is not None


def test_pages_hold_every_entry_once_the_latest_first(practice, clinic):
    client = uuid4()
    for _ in range(5):
        act(practice, "client.read", owner=practice.organization_id, client=client)
        act(clinic, "packet.read", owner=practice.organization_id, client=client)
        act(clinic, "inbox.listed")
    with context.enter(practice.organization_id):
        # What made the practice and its people stands in the network's chain, with the practice as owner.
        known = set(Entry.objects.values_list("id", flat=True))
    found = [entry for page in pages(practice.organization_id) for entry in page]
    assert {entry.id for entry in found} == known
    assert len(found) == len(known) > 10
    assert found == sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)


def test_entries_of_one_moment_are_split_between_pages_by_their_ids(practice, as_owner):
    fill(as_owner, practice, [Filling(practice.organization_id, rows=2 * PAGE + 1, seconds=0)])
    found = [entry.id for page in pages(practice.organization_id, by=practice.pk) for entry in page]
    with context.enter(practice.organization_id):
        ids = Entry.objects.filter(by=practice.pk, action="client.read").values_list("id", flat=True)
        assert found == sorted(ids, reverse=True)
    assert len(found) == 2 * PAGE + 1


def test_a_choice_narrows_by_person_action_client_and_time(practice, clinic):
    client = uuid4()
    act(practice, "client.read", owner=practice.organization_id, client=client)
    act(clinic, "packet.read", owner=practice.organization_id, client=client)

    def chosen(**choice: Any) -> list[str]:
        with context.enter(practice.organization_id):
            found = entries.concerning(practice.organization_id, Choice(client=client, **choice), 99)
        return [entry.action for entry in found]

    assert chosen() == ["packet.read", "client.read"]
    assert chosen(by=clinic.pk) == ["packet.read"]
    assert chosen(actions=["client.read"]) == ["client.read"]
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert chosen(since=tomorrow) == []
    assert chosen(until=tomorrow) == ["packet.read", "client.read"]
    with context.enter(practice.organization_id):
        others = entries.concerning(practice.organization_id, Choice(client=client), 99, only_by_others=True)
        assert [entry.action for entry in others] == ["packet.read"]
        assert entries.how_many(practice.organization_id, Choice(client=client), 99) == 2


def test_a_refusal_is_found_by_the_ids_that_it_names(practice):
    client, screening, another = uuid4(), uuid4(), uuid4()
    for ids in ([client], [screening], [another]):
        act(practice, "access.refused", ids=ids)
    act(practice, "client.read", client=client)
    with context.enter(practice.organization_id):
        found = entries.about_client(practice.organization_id, client, [screening], Choice(), 99)
        assert [(entry.action, entry.codes.get("ids")) for entry in found] == [
            ("client.read", None),
            ("access.refused", [str(screening)]),
            ("access.refused", [str(client)]),
        ]
        read = Choice(actions=["client.read"])
        alone = entries.about_client(practice.organization_id, client, [screening], read, 99)
        assert [entry.action for entry in alone] == ["client.read"]
        assert entries.people_about(client) == {practice.pk}


def test_another_organizations_entries_are_not_found(practice, clinic):
    """CHECKS 3."""
    client = uuid4()
    act(practice, "client.read", owner=practice.organization_id, client=client)
    with context.enter(clinic.organization_id):
        assert entries.about_client(clinic.organization_id, client, [], Choice(), 99) == []
        assert entries.people_about(client) == set()
        theirs = entries.concerning(practice.organization_id, Choice(), 99)
    assert {entry.chain for entry in theirs} <= {clinic.organization_id}


@pytest.mark.parametrize(
    "text", ["", "x", "1.2", "1764", f"99999999999999999999.{'a' * 32}", f"x.{'a' * 32}"]
)
def test_a_place_that_is_none_is_no_place(text):
    """CHECKS 30, 31."""
    assert Place.parse(text) is None


def test_a_place_survives_its_address():
    place = Place(datetime(2026, 11, 24, 18, 30, 0, 123456, tzinfo=UTC), uuid4())
    assert Place.parse(str(place)) == place


ROWS = 20_000
FILL = """
    INSERT INTO privacy_entry
        (id, chain, number, at, action, "by", organization, owner, kind, record, client, codes, previous,
         hash)
    SELECT gen_random_uuid(), %(chain)s, %(first)s + n, now() - n * %(seconds)s * interval '1 second',
        'client.read', %(by)s, %(chain)s, %(owner)s, '', NULL, %(client)s, '{}', repeat('0', 64),
        repeat('0', 64)
    FROM generate_series(1, %(rows)s) n
"""


@dataclass(frozen=True)
class Filling:
    """Rows to put into a chain by the owner: the app could not choose their moments."""

    chain: UUID
    rows: int
    client: UUID | None = None
    seconds: int = 1


def fill(as_owner: databases.Connection, practice: Any, fillings: list[Filling]) -> None:
    with as_owner.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_entry NO FORCE ROW LEVEL SECURITY")
        for number, filling in enumerate(fillings, start=1):
            values = {"owner": practice.organization_id, "by": practice.pk, "first": number * 1_000_000}
            cursor.execute(FILL, values | asdict(filling))
        cursor.execute("ALTER TABLE privacy_entry FORCE ROW LEVEL SECURITY")
        cursor.execute("ANALYZE privacy_entry")
    as_owner.commit()


def test_every_page_is_read_from_an_index_under_row_security(practice, clinic, as_owner):
    """The app's role, whose policy is an OR: a page of 50 must not read the whole chain."""
    own, theirs, client = practice.organization_id, clinic.organization_id, uuid4()
    fill(
        as_owner,
        practice,
        [Filling(own, ROWS, uuid4()), Filling(own, 300, client), Filling(theirs, 300, client)],
    )
    middle = Place(datetime.now(UTC) - timedelta(seconds=ROWS // 2), uuid4())
    used = {
        "log": indexes(own, lambda: entries.concerning(own, Choice(), 51)),
        "older": indexes(own, lambda: entries.concerning(own, Choice(before=middle), 51)),
        "client": indexes(own, lambda: entries.about_client(own, client, [], Choice(), 51)),
    }
    assert used == {
        "log": ["entries_by_chain", "entries_by_others"],
        "older": ["entries_by_chain", "entries_by_others"],
        "client": ["entries_by_client", "entries_of_refusals"],
    }


def indexes(organization: UUID, read: Any) -> list[str]:
    """Return which index each statement of a read is planned to use, as the app's role plans it."""
    with context.enter(organization), CaptureQueriesContext(connection) as captured:
        read()
    selects = [
        query["sql"] for query in captured.captured_queries if query["sql"].startswith('SELECT "privacy')
    ]
    found = []
    with context.enter(organization), connection.cursor() as cursor:
        for select in selects:
            cursor.execute("EXPLAIN (FORMAT JSON) " + select)
            plan = cursor.fetchone()[0][0]["Plan"]
            found.append(_index_of(plan))
    return found


def _index_of(plan: dict[str, Any]) -> str:
    if "Index Name" in plan:
        return str(plan["Index Name"])
    return next((name for each in plan.get("Plans", []) if (name := _index_of(each))), "")
