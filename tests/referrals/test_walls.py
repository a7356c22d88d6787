"""Who sees a referral's rows: in raw SQL, with real commits, without the querysets' help."""

from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg import sql

from privacy import context
from referrals import actions
from referrals.models import Event, Packet, Referral
from referrals.packet import read
from referrals.workflow import Status
from tests.factories import accounts
from tests.factories import referrals as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed")]

TABLES = (
    "referrals_referral",
    "referrals_consent",
    "referrals_packet",
    "referrals_event",
    "referrals_message",
    "referrals_outcome",
    "referrals_courseentry",
)


@pytest.fixture
def scene(committed):
    return make.scene(now=timezone.now() - timedelta(days=20))


def _count(table, organization):
    """Count a table's rows as the app sees them in an organization's context, or in none."""
    with context.enter(organization.pk if organization else None), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        return cursor.fetchone()[0]


def _seen(organization):
    return {table.removeprefix("referrals_"): _count(table, organization) for table in TABLES}


def _full(scene):
    """A referral with a row in every table."""
    referral = make.at(Status.EVALUATED, scene)
    scene.by(scene.therapist, actions.send_message, referral=referral, text="Hello.")
    today = scene.now.astimezone(scene.practice.zone).date()
    scene.by(scene.provider, actions.add_course_entry, referral=referral, kind="dosing", day=today, form="iv")
    return referral


def test_every_table_has_rows_and_only_the_two_sides_see_them(scene):
    """CHECKS 3."""
    _full(scene)
    nothing = dict.fromkeys((table.removeprefix("referrals_") for table in TABLES), 0)
    own = _seen(scene.practice)
    assert own == {
        "referral": 1,
        "consent": 1,
        "packet": 1,
        "event": 5,
        "message": 1,
        "outcome": 1,
        "courseentry": 1,
    }
    assert _seen(scene.prescriber) == own | {"consent": 0, "packet": 1}
    assert _seen(None) == nothing
    assert _seen(accounts.practice()) == nothing
    assert _seen(accounts.prescriber()) == nothing
    assert _seen(accounts.network()) == nothing


@pytest.mark.parametrize("status", [Status.DRAFT, Status.DISCARDED])
def test_a_provider_sees_nothing_of_what_was_never_sent(scene, status):
    """CHECKS 5."""
    make.at(status, scene)
    assert set(_seen(scene.prescriber).values()) == {0}
    assert _seen(scene.practice)["referral"] == 1


def _packets(scene):
    return _seen(scene.prescriber)["packet"], _seen(scene.practice)["packet"]


@pytest.mark.parametrize("status", [Status.SENT, Status.IN_REVIEW, Status.DECLINED])
def test_a_packet_is_lent_from_sending_on(scene, status):
    make.at(status, scene)
    assert _packets(scene) == (1, 1)


@pytest.mark.parametrize(
    "before", [Status.SENT, Status.IN_REVIEW, Status.INFORMATION_REQUESTED, Status.DECLINED]
)
def test_withdrawing_closes_the_packet_before_acceptance(scene, before):
    """CHECKS 5."""
    make.take(scene, make.at(before, scene), "withdraw")
    assert _packets(scene) == (0, 1)


@pytest.mark.parametrize("before", [Status.SENT, Status.IN_REVIEW, Status.DECLINED])
def test_revoking_consent_closes_the_packet_before_acceptance_and_withdraws(scene, before):
    """CHECKS 5."""
    referral = make.at(before, scene)
    scene.by(scene.therapist, actions.revoke_consent, referral=referral)
    after = scene.reload(referral)
    assert (after.state, after.consent_ended_how) == (Status.WITHDRAWN, "revoked")
    last = make.events_of(scene, referral)[-1]
    assert (last.move, last.party, last.by, last.code) == ("withdraw", "system", None, "consent_revoked")
    assert _packets(scene) == (0, 1)


def test_a_consent_that_has_run_out_closes_the_packet_before_anybody_looks(scene):
    referral = make.ready(scene, expires_on=timezone.localdate() - timedelta(days=2))
    make.take(scene, referral, "send")
    assert scene.reload(referral).consent_ended_at is None
    assert _packets(scene) == (0, 1)


def test_after_acceptance_the_provider_keeps_its_own_copy(scene):
    referral = make.at(Status.ACCEPTED, scene)
    with context.enter(scene.prescriber.pk):
        copy = Packet.objects.get(referral=referral)
        assert copy.organization_id == scene.prescriber.pk
        assert read(copy.sealed).client.legal_name.startswith("Marisol")
        digest = copy.digest
    with context.enter(scene.practice.pk):
        original = Packet.objects.get(referral=referral)
        assert (original.organization_id, original.digest) == (scene.practice.pk, digest)
    scene.by(scene.therapist, actions.revoke_consent, referral=referral)
    assert scene.reload(referral).state is Status.ACCEPTED
    assert _packets(scene) == (1, 1)
    make.take(scene, referral, "withdraw")
    assert _packets(scene) == (1, 1)


@pytest.mark.parametrize("before", [Status.SENT, Status.IN_REVIEW, Status.ACCEPTED, Status.EVALUATED])
def test_a_recall_closes_every_copy(scene, before):
    """CHECKS 5."""
    referral = make.at(before, scene)
    scene.by(scene.therapist, actions.send_message, referral=referral, text="Marisol likes mornings.")
    make.take(scene, referral, "recall")
    seen = _seen(scene.prescriber)
    # The row alone is left, so that the clinic's list can say that it was recalled.
    assert seen.pop("referral") == 1
    assert set(seen.values()) == {0}
    assert _seen(scene.practice)["packet"] == 1


def test_the_database_refuses_what_the_actions_never_do(scene):
    referral = make.at(Status.SENT, scene)
    other = accounts.prescriber()

    def attempt(organization, statement, *values):
        with (
            pytest.raises(DatabaseError) as refused,
            context.enter(organization.pk),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values)
        return type(refused.value)

    by_practice = [
        ("UPDATE referrals_referral SET prescriber_id = %s", other.pk),
        ("UPDATE referrals_referral SET status = 'draft'",),
        ("UPDATE referrals_referral SET turn = ''",),
        ("UPDATE referrals_referral SET status = 'lost'",),
        ("UPDATE referrals_consent SET sections = '{about}'",),
    ]
    assert {attempt(scene.practice, *each) for each in by_practice} == {IntegrityError}
    denied = [
        ("UPDATE referrals_packet SET digest = 'sha256:x'",),
        ("DELETE FROM referrals_packet",),
        ("UPDATE referrals_event SET code = 'x'",),
        ("DELETE FROM referrals_event",),
    ]
    assert {attempt(scene.practice, *each) for each in denied} == {ProgrammingError}
    assert scene.reload(referral).state is Status.SENT


def test_the_owner_cannot_change_a_packet_or_an_event_either(scene, as_owner):
    make.at(Status.SENT, scene)
    for table in ("referrals_packet", "referrals_event"):
        for statement in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"):
            with pytest.raises(psycopg.Error, match="a row is only added"), as_owner.transaction():
                # Even an owner who takes the policies down meets the trigger.
                name = sql.Identifier(table)
                as_owner.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(name))
                as_owner.execute(sql.SQL(statement).format(name))


def _act_for(owner, organization):
    """Row security is forced on the owner too: let it see an organization's rows in this transaction."""
    owner.execute("SELECT set_config('app.organization', %s, true)", [str(organization.pk)])


def test_a_stranger_changes_no_row(scene):
    referral = make.at(Status.SENT, scene)
    for organization in (accounts.practice(), accounts.prescriber()):
        with context.enter(organization.pk), connection.cursor() as cursor:
            cursor.execute("UPDATE referrals_referral SET course = 'ended'")
            assert cursor.rowcount == 0
    assert scene.reload(referral).course == ""


def test_a_provider_cannot_invent_a_referral_or_point_at_another_practices_client(scene):
    referral = make.at(Status.SENT, scene)
    with context.enter(scene.practice.pk):
        row = Referral.objects.get(pk=referral.pk)
    stranger = make.scene()
    with pytest.raises(DatabaseError), context.enter(scene.prescriber.pk), transaction.atomic():
        row.pk, row.form_key, row.request_document = make.form_key(), make.form_key(), {}
        row.save(force_insert=True)
    with pytest.raises(DatabaseError), context.enter(stranger.practice.pk):
        row.pk, row.organization, row.request_document = make.form_key(), stranger.practice, {}
        row.therapist = stranger.therapist
        row.save(force_insert=True)


def test_foreign_ids_get_nowhere_in_any_action(scene):
    """CHECKS 2: every action refuses a referral of somebody else's."""
    from django.core.exceptions import PermissionDenied

    stranger, clinic = accounts.therapist(), accounts.provider()
    referral = make.at(Status.IN_REVIEW, scene)
    tried = [
        (stranger, actions.close, {}),
        (stranger, actions.reply, {"answers": []}),
        (stranger, actions.withdraw, {"reason": "client_wish"}),
        (stranger, actions.recall, {"reason": "wrong_client"}),
        (stranger, actions.reopen, {"note": "x"}),
        (stranger, actions.agree_new_time, {}),
        (stranger, actions.question_outcome, {"note": "x"}),
        (stranger, actions.refer_elsewhere, {}),
        (stranger, actions.discard, {}),
        (stranger, actions.send, {"previewed": "x"}),
        (stranger, actions.preview_packet, {}),
        (stranger, actions.write_request, {"reason": "x"}),
        (stranger, actions.choose_recipient, {"listing": scene.listing}),
        (
            stranger,
            actions.record_consent,
            {"sections": [], "how": "on_paper", "expires_on": timezone.localdate()},
        ),
        (stranger, actions.revoke_consent, {}),
        (stranger, actions.assign, {"to": stranger}),
        (stranger, actions.report_urgent_change, {"note": "x"}),
        (stranger, actions.acknowledge_urgent_change, {"report": referral.pk, "note": "x"}),
        (stranger, actions.send_message, {"text": "x"}),
        (stranger, actions.start_referral, {"screening": referral.screening}),
        (clinic, actions.open_packet, {}),
        (clinic, actions.ask, {"questions": ["x"]}),
        (clinic, actions.accept, {}),
        (clinic, actions.decline, {"code": "other", "note": "x"}),
        (clinic, actions.schedule, {"appointment_at": timezone.now()}),
        (clinic, actions.reschedule, {"appointment_at": timezone.now()}),
        (clinic, actions.no_show, {}),
        (clinic, actions.record_outcome, {"kind": "not_yet"}),
        (clinic, actions.add_course_entry, {"kind": "dosing", "day": timezone.localdate()}),
    ]
    for person, action, values in tried:
        given = values if "screening" in values else {"referral": referral, **values}
        with pytest.raises(PermissionDenied), context.enter(person.organization_id):
            action(by=person, **given)
    assert len(make.events_of(scene, referral)) == 2


def test_a_provider_reads_no_screening(scene):
    make.at(Status.ACCEPTED, scene)
    for table in ("screening_screening", "screening_sectionanswers", "screening_client"):
        assert _count(table, scene.practice) > 0
        assert _count(table, scene.prescriber) == 0


def test_two_people_who_accept_at_once_accept_once(scene, committed):
    """Two real transactions on the same referral: the second waits for the first, and finds it accepted."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    referral = make.at(Status.IN_REVIEW, scene)
    colleague = accounts.provider(organization=scene.prescriber)

    def accept(person):
        try:
            with context.enter(scene.prescriber.pk):
                actions.accept(by=person, referral=referral)
        except actions.NotPossible:
            return "too late"
        finally:
            connections.close_all()
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(accept, [scene.provider, colleague]))
    assert said == ["accepted", "too late"]
    assert [event.move for event in make.events_of(scene, referral)] == ["send", "open", "accept"]


def test_what_the_tables_hold_in_clear_names_nobody(scene, as_owner):
    """CHECKS 33."""
    _full(scene)
    for table in TABLES:
        with as_owner.transaction():
            _act_for(as_owner, scene.practice)
            query = sql.SQL("SELECT row_to_json(t)::text FROM {} t").format(sql.Identifier(table))
            rows = as_owner.execute(query).fetchall()
        text = " ".join(row[0] for row in rows)
        assert rows
        for seeded in ("Marisol", "Vega", "503 555 0142", "Two medicines", "Hello.", "We begin."):
            assert seeded not in text, (table, seeded)


def test_events_keep_their_words_for_both_sides(scene):
    referral = make.at(Status.ACCEPTED, scene)
    with context.enter(scene.prescriber.pk):
        assert Event.objects.get(referral=referral, move="accept").note == "We can see them."
    assert make.events_of(scene, referral)[-1].note == "We can see them."
