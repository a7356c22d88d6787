"""The master key changes while the product serves: data keys are wrapped anew, no other row changes."""

import base64
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.test import override_settings
from psycopg import sql

from privacy import context, keys
from privacy.models import ChainHead, DataKey, Entry
from screening import actions as screening_actions
from screening.models import Client
from screening.models.clients import Contacts
from tests import databases
from tests.factories import accounts as people
from tests.factories import referrals as made
from tests.platform.test_production import ENVIRONMENT, manage
from tests.privacy.test_verification import found
from tests.settings import MASTER_KEYS

Owner = psycopg.Connection[tuple[Any, ...]]

pytestmark = pytest.mark.django_db

NEW = "new:" + base64.b64encode(b"n" * 32).decode()
BOTH = f"{NEW},{MASTER_KEYS}"
# What a rotation writes, and what anybody writes who reads or works meanwhile.
ROTATED = {"privacy_datakey", "privacy_chainhead"}
MEANWHILE = {"accounts_session"}


def run(*words: str) -> tuple[int, list[str]]:
    out, code = io.StringIO(), 0
    try:
        call_command("rotate_keys", *words, stdout=out, stderr=out)
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, out.getvalue().splitlines()


def rows(owner: Owner) -> dict[str, dict[str, str]]:
    """Return every row of every table as it stands, with the transaction that wrote it."""
    tables = owner.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    found = {}
    for (table,) in tables:
        name = sql.Identifier(table)
        owner.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(name))
        read = sql.SQL("SELECT t::text, t.xmin::text FROM {} t").format(name)
        found[table] = dict(owner.execute(read).fetchall())
        owner.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(name))
    return found


def organizations() -> set[UUID]:
    return set(DataKey.objects.values_list("organization_id", flat=True))


def test_the_master_key_rotates_while_the_app_serves(committed: databases.Clone, as_owner: Owner) -> None:
    """CHECKS 34: add, rewrap, drop; readers and writers go on, and no row that was there changes."""
    scene = made.scene()
    made.take(scene, made.ready(scene), "send", "open", "accept")
    client = made.client_of(scene)
    browser = Browser()
    browser.force_login(scene.therapist)
    before, stop, added = rows(as_owner), threading.Event(), []

    def read() -> int:
        count = 0
        try:
            while not stop.is_set() or not count:
                keys.forget()
                page = browser.get(f"/clients/{client.pk}/")
                assert (page.status_code, b"Marisol" in page.content) == (200, True)
                count += 1
        finally:
            connection.close()
        return count

    def write() -> int:
        try:
            while not stop.is_set() or not added:
                with context.enter(scene.practice.pk):
                    new = screening_actions.add_client(
                        by=scene.therapist,
                        first_name="Written",
                        last_name="Meanwhile",
                        birth_date=date(1990, 1, 1),
                        record_number=str(uuid4()),
                        contacts=Contacts(),
                    )
                added.append(new.pk)
        finally:
            connection.close()
        return len(added)

    # The processes that serve know both keys before the rotation begins.
    with override_settings(MASTER_KEYS=BOTH), ThreadPoolExecutor(2) as pool:
        working = [pool.submit(read), pool.submit(write)]
        try:
            rotated = manage("rotate_keys", **_environment(committed))
        finally:
            stop.set()
        assert all(each.result() for each in working)
    assert rotated.returncode == 0, rotated.stderr
    assert rotated.stdout.splitlines() == [
        "3 data keys wrapped anew by new.",
        "Key new wraps 3.",
        "Key tests is needed by none.",
    ]
    after = rows(as_owner)
    for table in sorted(set(before) - ROTATED - MEANWHILE):
        assert before[table].items() <= after[table].items(), table
    assert set(before["privacy_datakey"]).isdisjoint(after["privacy_datakey"])
    keys.forget()
    with override_settings(MASTER_KEYS=NEW):
        assert browser.get(f"/clients/{client.pk}/").status_code == 200
        with context.enter(scene.practice.pk):
            assert {each.first_name for each in Client.objects.filter(pk__in=added)} == {"Written"}
    keys.forget()


def _environment(committed: databases.Clone) -> dict[str, str]:
    return ENVIRONMENT | {
        "DATABASE_URL": databases.with_database(committed.server.app, committed.name),
        "MASTER_KEYS": BOTH,
    }


def test_a_rotation_is_in_the_chain_of_the_organization_and_of_the_network(committed: object) -> None:
    practice, network = people.practice(), people.network()
    with override_settings(MASTER_KEYS=BOTH):
        assert run()[0] == 0
    keys.forget()
    chains = {}
    for chain in (practice.pk, network.pk):
        with context.enter(chain):
            entries = Entry.objects.filter(chain=chain, action="key.rewrap")
            chains[chain] = {(entry.owner, str(entry.codes), entry.by) for entry in entries}
    codes = str({"after": "new", "before": "tests"})
    ours, theirs = (practice.pk, codes, None), (network.pk, codes, None)
    assert chains == {practice.pk: {ours}, network.pk: {ours, theirs}}
    assert found() == {}


def test_a_dry_run_changes_nothing(committed: object, as_owner: Owner) -> None:
    people.practice()
    before = rows(as_owner)
    with override_settings(MASTER_KEYS=BOTH):
        assert run("--dry-run") == (
            1,
            ["2 data keys would be wrapped anew by new.", "Key tests wraps 2.", "Key new is needed by none."],
        )
    assert rows(as_owner) == before


def test_a_rotation_that_was_stopped_goes_on_where_it_was(committed: object) -> None:
    """One data key doesn't open: the others are wrapped anew, and the next run does what is left."""
    practice = people.practice()
    people.prescriber()
    good = DataKey.objects.get(pk=practice.pk)
    DataKey.objects.filter(pk=practice.pk).update(wrapped=bytes(60))
    with override_settings(MASTER_KEYS=BOTH):
        code, said = run()
        assert code == 1
        refusal = "The master key tests does not open a data key. Its key stays as it is."
        assert said == [
            f"Organization {practice.pk}: {refusal}",
            "2 data keys wrapped anew by new.",
            "Key new wraps 2.",
            "Key tests wraps 1.",
        ]
        assert bytes(DataKey.objects.get(pk=practice.pk).wrapped) == bytes(60)
        DataKey.objects.filter(pk=practice.pk).update(wrapped=good.wrapped)
        heads = {row.chain: row.number for row in ChainHead.objects.exclude(pk=people.network().pk)}
        assert run() == (
            0,
            ["1 data keys wrapped anew by new.", "Key new wraps 3.", "Key tests is needed by none."],
        )
        now = {row.chain: row.number for row in ChainHead.objects.exclude(pk=people.network().pk)}
        assert {chain for chain in now if now[chain] != heads[chain]} == {practice.pk}
        assert run() == (
            0,
            ["0 data keys wrapped anew by new.", "Key new wraps 3.", "Key tests is needed by none."],
        )
    keys.forget()


def test_a_data_key_made_while_an_old_process_runs_is_found_by_the_next_rotation(committed: object) -> None:
    people.network()
    with override_settings(MASTER_KEYS=BOTH):
        assert run()[0] == 0
    people.practice()
    with override_settings(MASTER_KEYS=BOTH):
        assert run() == (
            0,
            ["1 data keys wrapped anew by new.", "Key new wraps 2.", "Key tests is needed by none."],
        )
    keys.forget()
