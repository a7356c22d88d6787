"""Every table with client data, with rows in it: who sees them in raw SQL, and what a dump shows."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from accounts.models import User
from privacy import chain, context
from privacy.models import ChainHead, Entry
from referrals import actions as referral_actions
from referrals.actions import Assigned
from referrals.models import Referral, Role
from screening import actions as screening_actions
from screening.models import Client, Screening
from tests.factories import accounts as people
from tests.factories import corrections, requests, whole_record
from tests.factories import referrals as made
from tests.privacy.test_row_security import WITHOUT_CLIENT_DATA, our_tables

Owner = psycopg.Connection[tuple[Any, ...]]

pytestmark = pytest.mark.django_db

# What a reader of a raw dump would look for.
SEEDS = (
    "Marisol",
    "Vega",
    "503 555 0142",
    "1992-05-19",
    "Two medicines did not help",
    "Sleeps two hours",
    "hm-word",
)


@pytest.fixture
def scene(committed: object) -> made.Scene:
    """A referral that went all the way, with everything said about it that can be said."""
    scene = made.scene()
    supervisor = people.therapist(organization=scene.practice, duties=["supervisor"])
    people.in_context(
        None, _set_supervisor, therapist=scene.therapist, supervisor=supervisor, practice=scene.practice
    )
    client = made.client_of(scene)
    screening = made.screening_of(scene, client, {"safety": {"danger": {"value": True}}})
    scene.by(supervisor, screening_actions.sign_screening, screening=screening)
    _judge(scene, screening)
    scene.by(
        scene.therapist,
        screening_actions.add_to_care_team,
        client=client,
        user=people.therapist(organization=scene.practice),
    )
    referral = made.take(
        scene, made.ready(scene, screening=screening), "send", "report_urgent_change", "open", "ask"
    )
    referral = made.take(scene, referral, "reply", "accept", "schedule", "record_outcome")
    _talk(scene, referral)
    _answer_for_the_record(scene, client, supervisor)
    corrections.declared(people.admin(duties=["clinical_owner"]))
    return scene


def _set_supervisor(therapist: User, supervisor: User, practice: Any) -> None:
    User.objects.filter(pk=therapist.pk).update(needs_signature_from=supervisor)
    therapist.refresh_from_db()


def _judge(scene: made.Scene, screening: Screening) -> None:
    scene.by(
        scene.therapist,
        screening_actions.acknowledge_urgent,
        screening=screening,
        consideration="danger_now",
        done="Called, hm-word.",
        told=["supervisor"],
    )
    scene.by(
        scene.therapist,
        screening_actions.record_judgment,
        screening=screening,
        indication="low",
        view="differ",
        words="I see it otherwise, hm-word.",
    )


def _talk(scene: made.Scene, referral: Referral) -> None:
    scene.by(scene.therapist, referral_actions.send_message, referral=referral, text="Thank you, hm-word.")
    scene.by(
        scene.provider,
        referral_actions.add_course_entry,
        referral=referral,
        kind="dosing",
        day=made.MONDAY.date(),
        form="iv",
        notes="Went well, hm-word.",
    )


def _answer_for_the_record(scene: made.Scene, client: Client, supervisor: User) -> None:
    lead = people.therapist(organization=scene.practice, duties=["lead", "supervisor"])
    requests.answered(scene, client, lead, "hm-word")
    requests.amendment(scene, client, *requests.DISAGREED, words="Not so, hm-word.")
    reason = {"user": people.therapist(organization=scene.practice), "reason": "It can't wait, hm-word."}
    scene.by(lead, screening_actions.open_emergency_access, client=client, **reason)
    own = Assigned(Role.THERAPIST, client.pk, people.therapist(organization=scene.practice))
    whole_record.cover(scene, lead, scene.therapist, own)
    whole_record.cover(scene, lead, supervisor, Assigned(Role.SUPERVISOR, None, lead))


def rows(organization_id: UUID | None) -> dict[str, int]:
    """Count, in raw SQL as the app's role, what each guarded table shows in a context."""
    found = {}
    with context.enter(organization_id), connection.cursor() as cursor:
        for table in sorted(our_tables() - WITHOUT_CLIENT_DATA):
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    return found


def test_a_table_shows_its_rows_to_the_organizations_they_concern_and_to_nobody_else(
    scene: made.Scene,
) -> None:
    """CHECKS 3: there is something to see in every table, and no stranger sees any of it."""
    practice, prescriber = rows(scene.practice.pk), rows(scene.prescriber.pk)
    assert [table for table, count in practice.items() if count == 0] == []
    assert {table for table, count in prescriber.items() if count} == {
        "privacy_entry",
        "referrals_courseentry",
        "referrals_event",
        "referrals_message",
        "referrals_outcome",
        "referrals_packet",
        "referrals_referral",
    }
    for stranger in (people.practice().pk, people.prescriber().pk):
        # The one entry that each sees says that it was created itself.
        assert {table: count for table, count in rows(stranger).items() if count} == {"privacy_entry": 1}
    assert set(rows(None).values()) == {0}
    network = rows(people.network().pk)
    assert {table for table, count in network.items() if count} == {"privacy_entry"}


def test_no_policy_lets_a_stranger_change_or_delete_a_row(scene: made.Scene) -> None:
    """CHECKS 3: not one row of any table, whatever the statement."""
    stranger, before = people.practice().pk, rows(scene.practice.pk)
    for table in before:
        name = sql.Identifier(table)
        for statement in (
            sql.SQL("UPDATE {} SET id = id").format(name),
            sql.SQL("DELETE FROM {}").format(name),
        ):
            try:
                with context.enter(stranger), connection.cursor() as cursor:
                    cursor.execute(statement)
                    assert cursor.rowcount == 0, table
            except Exception as refused:
                assert "permission denied" in str(refused), table
    assert rows(scene.practice.pk) == before


def test_a_raw_dump_holds_no_seeded_words(scene: made.Scene, as_owner: Owner) -> None:
    """CHECKS 33: every column of every table, as bytes, read by whoever can look past row security."""
    tables = [
        row[0]
        for row in as_owner.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    ]
    for table in tables:
        as_owner.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(sql.Identifier(table)))
    dumped = []
    for table in tables:
        for (line,) in as_owner.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))):
            dumped.append((table, line, _unescaped(line)))
    # The test would see what it looks for: names of people in clear, and words in unsealed bytes.
    assert any("Thea Rapist" in line for _, line, _ in dumped)
    assert "Marisol" in _unescaped('(1,"\\\\x4d617269736f6c",2)')
    assert sum("\\\\x" in line for _, line, _ in dumped) > 10
    leaks = {
        (table, seed) for table, line, plain in dumped for seed in SEEDS if seed in line or seed in plain
    }
    assert leaks == set()


def _unescaped(line: str) -> str:
    """Return a row with its bytea columns read as text, so that unsealed bytes would show."""
    pieces = [piece.split('"')[0].split(",")[0] for piece in line.split("\\\\x")[1:]]
    return " ".join(bytes.fromhex(piece).decode("latin-1") for piece in pieces)


def test_the_chains_hold_after_a_whole_referral(scene: made.Scene) -> None:
    """CHECKS 35: with every kind of code that the actions really record."""
    for organization in (scene.practice, scene.prescriber, people.network()):
        with context.enter(organization.pk):
            links = [each.link() for each in Entry.objects.filter(chain=organization.pk).order_by("number")]
            head = ChainHead.objects.get(chain=organization.pk)
        assert len(links) > 2
        assert chain.verify(links, chain.Head(head.number, head.hash)) == ()
