"""The audit log: collected while something runs, chained at its commit, never changed, and never left out."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import errors, sql

from privacy import audit, chain, context
from privacy.models import ChainHead, Entry
from tests.factories import accounts as people
from tests.privacy.conftest import new_organization
from tests.privacy.samples import Letter

Owner = psycopg.Connection[tuple[Any, ...]]

pytestmark = pytest.mark.django_db


def entries(organization_id: UUID) -> list[Entry]:
    with context.enter(organization_id):
        return list(Entry.objects.filter(chain=organization_id).order_by("number"))


def run(organization_id: UUID, statement: str) -> None:
    with context.enter(organization_id), connection.cursor() as cursor:
        cursor.execute(statement)


def flaws(organization_id: UUID) -> tuple[chain.Flaw, ...]:
    head = ChainHead.objects.get(chain=organization_id)
    links = [entry.link() for entry in entries(organization_id)]
    return chain.verify(links, chain.Head(head.number, head.hash))


def test_an_entry_says_who_did_what_to_which_record_of_whom() -> None:
    person = people.therapist()
    client, owner = uuid4(), uuid4()
    with context.enter(person.organization_id):
        audit.record(
            "person.read", by=person, of=person, client=client, section="mood", ids=[client], count=3
        )
        audit.record("other.read", by=person, owner=owner)
    first, second = entries(person.organization_id)[-2:]
    assert (first.action, first.by, first.organization, first.owner) == (
        "person.read",
        person.pk,
        person.organization_id,
        person.organization_id,
    )
    assert (first.kind, first.record, first.client) == ("accounts.user", person.pk, client)
    assert first.codes == {"count": 3, "ids": [str(client)], "section": "mood"}
    assert (second.owner, second.kind, second.record, second.codes) == (owner, "", None, {})
    assert second.number == first.number + 1
    assert flaws(person.organization_id) == ()


@pytest.mark.parametrize(
    "words", ["Marisol Vega", "a@example.org", "naïve", "x" * 201, "two\nlines", 1.5, {}, b"b"]
)
def test_an_entry_has_no_room_for_what_somebody_typed(words: object) -> None:
    with context.enter(None), pytest.raises(ValueError, match="no client data"):
        audit.record("client.read", by=None, reason=words)


def test_nothing_is_recorded_outside_a_request_or_a_context() -> None:
    with pytest.raises(RuntimeError, match="inside"):
        audit.record("client.read", by=None)


def test_entries_are_written_once_just_before_the_commit(ours: UUID) -> None:
    with CaptureQueriesContext(connection) as queries, context.enter(ours):
        audit.record("one.read", by=None)
        audit.record("two.read", by=None)
        seen = len([query for query in queries.captured_queries if "privacy_" in query["sql"]])
    statements = [query["sql"] for query in queries.captured_queries]
    assert seen == 0
    assert len([statement for statement in statements if "privacy_" in statement]) == 2
    assert statements[-1] == "COMMIT"
    assert [entry.action for entry in entries(ours)] == ["one.read", "two.read"]


def test_nothing_stays_when_the_work_fails(ours: UUID) -> None:
    with pytest.raises(KeyError), context.enter(ours):
        Letter.objects.create(organization_id=ours, subject="never")
        audit.record("letter.write", by=None)
        raise KeyError
    with context.enter(ours):
        assert (Letter.objects.count(), Entry.objects.count()) == (0, 0)


def test_what_a_savepoint_took_back_leaves_no_entry(ours: UUID) -> None:
    """An action that calls another and then fails has done neither."""
    with context.enter(ours):
        audit.record("one.read", by=None)
        with pytest.raises(KeyError), transaction.atomic():
            with transaction.atomic():
                audit.record("never.written", by=None)
            raise KeyError
        with transaction.atomic():
            audit.record("two.read", by=None)
    assert [entry.action for entry in entries(ours)] == ["one.read", "two.read"]
    assert flaws(ours) == ()


def test_nothing_is_kept_when_its_entry_cannot_be_written(ours: UUID, as_owner: Owner) -> None:
    """CHECKS 36."""
    app = sql.Identifier(connection.settings_dict["USER"])
    as_owner.execute(sql.SQL("REVOKE INSERT ON privacy_entry FROM {}").format(app))
    with (
        pytest.raises(ProgrammingError, match="permission denied for table privacy_entry"),
        context.enter(ours),
    ):
        Letter.objects.create(organization_id=ours, subject="never")
        audit.record("letter.write", by=None)
    with context.enter(ours):
        assert Letter.objects.count() == 0
    assert ChainHead.objects.get(chain=ours).number == 0


@pytest.mark.parametrize(
    "statement",
    ["UPDATE privacy_entry SET action = 'x'", "DELETE FROM privacy_entry", "TRUNCATE privacy_entry"],
)
def test_the_app_can_neither_change_nor_delete_an_entry(ours: UUID, statement: str) -> None:
    """CHECKS 35."""
    with context.enter(ours):
        audit.record("one.read", by=None)
    with pytest.raises(ProgrammingError, match="permission denied") as problem:
        run(ours, statement)
    assert isinstance(problem.value.__cause__, errors.InsufficientPrivilege)
    assert problem.value.__cause__.sqlstate == "42501"


@pytest.mark.parametrize("statement", ["UPDATE privacy_entry SET action = 'x'", "DELETE FROM privacy_entry"])
def test_a_trigger_stops_the_owner_too(ours: UUID, as_owner: Owner, statement: str) -> None:
    """CHECKS 35."""
    with context.enter(ours):
        audit.record("one.read", by=None)
    with as_owner.transaction():
        as_owner.execute("SELECT set_config('app.organization', %s, true)", [str(ours)])
        as_owner.execute("ALTER TABLE privacy_entry NO FORCE ROW LEVEL SECURITY")
        with pytest.raises(errors.RestrictViolation, match="a row is only added"), as_owner.transaction():
            as_owner.execute(statement)
    with pytest.raises(errors.RestrictViolation), as_owner.transaction():
        as_owner.execute("TRUNCATE privacy_entry")
    assert [entry.action for entry in entries(ours)] == ["one.read"]


def test_either_organization_reads_an_entry_and_nobody_else(ours: UUID, theirs: UUID) -> None:
    person = people.therapist()
    with context.enter(person.organization_id):
        audit.record("packet.read", by=person, owner=ours)
    seen = {}
    for organization_id in (person.organization_id, ours, theirs, None):
        with context.enter(organization_id):
            seen[organization_id] = Entry.objects.filter(action="packet.read").count()
    assert seen == {person.organization_id: 1, ours: 1, theirs: 0, None: 0}


def test_a_person_acts_in_their_own_chain_also_in_the_context_of_another(ours: UUID) -> None:
    person = people.therapist()
    with context.enter(ours):
        audit.record("letter.read", by=person)
        audit.record("job.ran", by=None)
        assert context.organization() == ours
    assert [entry.action for entry in entries(ours)] == ["job.ran"]
    assert entries(person.organization_id)[-1].action == "letter.read"


def test_a_context_inside_another_leaves_its_entries_to_the_outer_one(ours: UUID, theirs: UUID) -> None:
    """A chain is locked once, at the end; what an inner context took back leaves no entry."""
    with CaptureQueriesContext(connection) as queries, context.enter(ours):
        with context.enter(theirs):
            audit.record("one.read", by=None)
        with pytest.raises(KeyError), context.enter(theirs):
            audit.record("two.read", by=None)
            raise KeyError
        before = [query for query in queries.captured_queries if "privacy_" in query["sql"]]
    assert before == []
    assert [entry.action for entry in entries(theirs)] == ["one.read"]
    assert entries(ours) == []


def test_what_unknown_people_do_stands_in_the_networks_chain(committed: object) -> None:
    network = people.network()
    with context.enter(None):
        audit.record("session.sign_in_failed", by=None)
    entry = entries(network.pk)[-1]
    assert (entry.action, entry.by, entry.organization) == ("session.sign_in_failed", None, None)
    assert flaws(network.pk) == ()


def test_before_there_is_a_network_a_refusal_still_has_a_chain(committed: object) -> None:
    with context.enter(None):
        audit.record("session.sign_in_failed", by=None)
    assert [entry.action for entry in entries(audit.NOBODY)] == ["session.sign_in_failed"]
    assert flaws(audit.NOBODY) == ()


def test_an_edit_by_whoever_may_disable_triggers_is_found(ours: UUID, as_owner: Owner) -> None:
    """CHECKS 35: edited, and cut off, against the head kept in the log."""
    with context.enter(ours):
        for _ in range(3):
            audit.record("one.read", by=None)
    kept = chain.Head(3, entries(ours)[-1].hash)
    with as_owner.transaction():
        as_owner.execute("ALTER TABLE privacy_entry DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY")
        as_owner.execute(
            "UPDATE privacy_entry SET by = gen_random_uuid() WHERE chain = %s AND number = 2", [ours]
        )
    assert flaws(ours) == (chain.Flaw(2, chain.Fault.CHANGED),)
    as_owner.execute("DELETE FROM privacy_entry WHERE chain = %s AND number > 1", [ours])
    links = [entry.link() for entry in entries(ours)]
    assert chain.verify(links, kept) == (
        chain.Flaw(2, chain.Fault.TAIL_MISSING, until=3),
        chain.Flaw(3, chain.Fault.HEAD_DIFFERS),
    )


def test_where_a_chain_ends_goes_to_the_log_after_the_commit(
    ours: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "privacy.heads"):
        with pytest.raises(KeyError), context.enter(ours):
            audit.record("one.read", by=None)
            with transaction.atomic():
                raise KeyError
        with context.enter(ours):
            audit.record("two.read", by=None)
    head = ChainHead.objects.get(chain=ours)
    assert [record.getMessage() for record in caplog.records] == [f"chain {ours} number 1 hash {head.hash}"]


def test_eight_writers_in_one_organization_leave_no_bad_link(ours: UUID) -> None:
    """CHECKS 35."""
    start = threading.Barrier(8)

    def write(writer: int) -> None:
        start.wait()
        try:
            for number in range(15):
                with context.enter(ours):
                    audit.record("letter.read", by=None, writer=writer, number=number)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    found = entries(ours)
    assert [entry.number for entry in found] == list(range(1, 121))
    assert flaws(ours) == ()
    assert {(entry.codes["writer"], entry.codes["number"]) for entry in found} == {
        (writer, number) for writer in range(8) for number in range(15)
    }


def test_writers_of_different_organizations_do_not_wait_for_each_other(ours: UUID, theirs: UUID) -> None:
    """CHECKS 35: while one organization's head is locked, another organization commits."""
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with context.enter(ours), connection.cursor() as cursor:
                cursor.execute(audit.LOCK_HEAD, [ours])
                locked.set()
                assert done.wait(10)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    with context.enter(theirs):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        audit.record("letter.read", by=None)
    done.set()
    holder.join()
    assert [entry.action for entry in entries(theirs)] == ["letter.read"]


def test_writers_in_eight_organizations_all_write_at_once(letters: None) -> None:
    """CHECKS 35: eight stand between the lock of their head and their commit at the same moment."""
    organizations = [new_organization() for _ in range(8)]
    all_of_them = threading.Barrier(8)

    def write(organization_id: UUID) -> None:
        try:
            with context.enter(organization_id):
                audit.record("letter.read", by=None)
                with connection.cursor() as cursor:
                    cursor.execute(audit.LOCK_HEAD, [organization_id])
                # Broken, and with it the test, if one of them has to wait for another.
                all_of_them.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, organizations))
    for organization_id in organizations:
        assert [entry.number for entry in entries(organization_id)] == [1]
        assert flaws(organization_id) == ()


def test_two_chains_in_one_commit_are_locked_in_one_order(ours: UUID) -> None:
    """Two works that write to the same two chains, in opposite orders, both commit."""
    first, second = people.therapist(), people.therapist()
    start = threading.Barrier(2)

    def write(pair: tuple[Any, Any]) -> None:
        start.wait()
        try:
            for _ in range(20):
                with context.enter(None):
                    for person in pair:
                        audit.record("letter.read", by=person)
        finally:
            connection.close()

    before = {person.organization_id: len(entries(person.organization_id)) for person in (first, second)}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, [(first, second), (second, first)]))
    for person in (first, second):
        assert len(entries(person.organization_id)) == before[person.organization_id] + 40
        assert flaws(person.organization_id) == ()


def test_a_new_chain_begun_by_many_at_once_is_one_chain(letters: None) -> None:
    organization_id = new_organization()
    with context.enter(None):
        ChainHead.objects.filter(chain=organization_id).delete()
    start = threading.Barrier(4)

    def write(_: int) -> None:
        start.wait()
        try:
            with context.enter(organization_id):
                audit.record("letter.read", by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert [entry.number for entry in entries(organization_id)] == [1, 2, 3, 4]
    assert flaws(organization_id) == ()
