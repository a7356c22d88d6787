"""The whole invented network, really committed: what each context shows, and what a dump holds."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Kind, Organization, User
from config.demo import network
from privacy import context
from privacy.encryption import EncryptedField
from referrals.models import Listing
from screening.models import Client, QuestionnaireVersion
from tests import databases
from tests.conftest import use
from tests.privacy.test_row_security import REASONS, our_tables

NOW = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
# Shorter words stand in random bytes by chance.
SHORTEST = 6
SEALED_BYTES = re.compile(r"\\\\x([0-9a-f]+)")


@pytest.fixture(scope="module")
def demo(
    server: databases.Server, django_db_setup: databases.Clone, django_db_blocker: DjangoDbBlocker
) -> Iterator[databases.Clone]:
    """A database of its own with the demonstration's network in it."""
    own = databases.clone(server)
    with django_db_blocker.unblock():
        use(own)
        network.load(now=NOW)
        yield own
        use(django_db_setup)
    own.drop()


def shown(organization_id: UUID | None, table: str, condition: str = "true", *values: Any) -> int:
    """Count, in raw SQL as the app's role, the rows that a context shows."""
    query = sql.SQL("SELECT count(*) FROM {} WHERE {}")
    with context.enter(organization_id), connection.cursor() as cursor:
        cursor.execute(query.format(sql.Identifier(table), sql.SQL(condition)), values)
        return int(cursor.fetchone()[0])


def test_a_context_shows_its_own_rows_and_of_others_only_what_was_sent_to_it(demo: databases.Clone) -> None:
    """CHECKS 3: every table with a wall, from every organization, and from none."""
    organizations = list(Organization.objects.all())
    tables = sorted(our_tables() - REASONS.keys() - {"privacy_entry"})
    columns = {
        model._meta.db_table: {each.column for each in model._meta.fields} for model in apps.get_models()
    }
    totals = dict.fromkeys(tables, 0)
    for one in organizations:
        for table in tables:
            foreign = shown(one.pk, table, "organization_id <> %s", one.pk)
            totals[table] += shown(one.pk, table, "organization_id = %s", one.pk)
            if not foreign:
                continue
            # What another organization shows is a referral to this one, or belongs to such a referral.
            assert one.kind == Kind.PRESCRIBER, (one.name, table)
            sent = "organization_id <> %s AND prescriber_id <> %s"
            if table == "referrals_referral":
                assert shown(one.pk, table, sent, one.pk, one.pk) == 0
            else:
                assert "referral_id" in columns[table], (one.name, table)
                not_sent = "referral_id NOT IN (SELECT id FROM referrals_referral WHERE prescriber_id = %s)"
                assert shown(one.pk, table, not_sent, one.pk) == 0
        assert (
            shown(one.pk, "privacy_entry", "chain <> %s AND owner IS DISTINCT FROM %s", one.pk, one.pk) == 0
        )
        assert shown(one.pk, "privacy_entry", "chain = %s", one.pk) > 0
    assert {table: shown(None, table) for table in tables} == dict.fromkeys(tables, 0)
    # There was something to see, in what the demonstration fills.
    assert totals["screening_client"] > 40
    assert totals["referrals_event"] > 40
    assert len([table for table in tables if totals[table]]) > 12
    network_operator = next(each for each in organizations if each.kind == Kind.NETWORK)
    assert {shown(network_operator.pk, table) for table in tables} == {0}


def test_a_dump_of_the_network_shows_nothing_that_was_sealed(demo: databases.Clone) -> None:
    """CHECKS 33: no name, birth date, record number, contact, answer, note or message of any client."""
    sealed, said_openly = _sealed_words(), _open_words()
    dump = _dump(demo)
    # What somebody wrote has more than one word; a single one is a key, a day or a digest.
    secrets = {word for word in sealed if " " in word and word not in said_openly}
    named = _of_clients()
    assert len(named) > 150
    assert len(secrets) > 250
    # The search would find what is there: people's names stand in clear.
    assert all(name in dump for name in User.objects.values_list("name", flat=True))
    assert {word for word in named | secrets if word in dump} == set()


def _dump(demo: databases.Clone) -> str:
    """Return every row of every table as a dump writes it, and once more with its bytes read as text."""
    tables = demo.owner.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    text = []
    for (table,) in tables:
        name = sql.Identifier(table)
        demo.owner.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(name))
        with demo.owner.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(name)) as rows:
            text.append(b"".join(bytes(part) for part in rows).decode())
    written = "\n".join(text)
    as_text = (bytes.fromhex(found[1]).decode("latin-1") for found in SEALED_BYTES.finditer(written))
    return "\n".join([SEALED_BYTES.sub("", written), *as_text])


def _sealed_words() -> set[str]:
    """Return every text in every encrypted value, opened as its own organization."""
    words: set[str] = set()
    for organization in Organization.objects.exclude(kind=Kind.NETWORK):
        with context.enter(organization.pk):
            for model in apps.get_models():
                names = [each.name for each in model._meta.fields if isinstance(each, EncryptedField)]
                rows = model._default_manager.filter(organization_id=organization.pk) if names else []
                for row in rows:
                    words.update(word for name in names for word in _texts(getattr(row, name)))
    return words


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str() if value[:1] == "{":
            yield from _texts(json.loads(value))
        case str() if len(value) >= SHORTEST:
            yield value
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)


def _open_words() -> str:
    """Return what is no secret: questionnaires, the directory, organizations and their people."""
    documents = [json.dumps(each.document, ensure_ascii=False) for each in QuestionnaireVersion.objects.all()]
    openly: list[Any] = []
    for rows in (Organization.objects, User.objects, Listing.objects):
        openly += rows.values_list()
    return "\n".join([*documents, *(str(each) for row in openly for each in row)])


def _of_clients() -> set[str]:
    """Return who the clients are and how they are reached: never openly, whatever else says the same."""
    found: set[str] = set()
    for practice in Organization.objects.filter(kind=Kind.PRACTICE):
        with context.enter(practice.pk):
            for client in Client.objects.filter(organization=practice):
                found |= {f"{client.first_name} {client.last_name}", client.birth_date_text}
                found |= {client.record_number, *_reached_by(client)}
    return {word for word in found if len(word) >= SHORTEST}


def _reached_by(client: Client) -> Iterator[str]:
    """Yield numbers, addresses and notes; a single word is a code, such as how somebody pays."""
    return (word for word in _texts(client.contacts_document) if re.search(r"[\d@ ]", word))
