"""The walls around requests and statements: in raw SQL, with real commits, to the owner too."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from psycopg import errors, sql

from privacy import context
from screening import actions
from screening.models import RecordsRequest
from screening.models.requests import Answered, StepKind
from tests.factories import accounts, referrals, requests

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed")]

TABLES = ("screening_recordsrequest", "screening_amendment", "screening_amendmentstep")
GROWING = TABLES[1:]


@pytest.fixture
def scene(committed):
    return referrals.scene(now=datetime.now(UTC) - timedelta(hours=8))


@pytest.fixture
def lead(scene):
    return accounts.therapist(organization=scene.practice, duties=["lead"])


@pytest.fixture
def client(scene):
    return referrals.client_of(scene)


@pytest.fixture
def filled(scene, client, lead):
    requests.answered(scene, client, lead)
    return requests.amendment(scene, client, *requests.DISAGREED, sections=("mood",))


def count(table, organization):
    with context.enter(organization), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        return cursor.fetchone()[0]


def test_only_the_practice_sees_its_rows(scene, filled):
    """CHECKS 3."""
    admin, stranger = accounts.admin(), accounts.therapist()
    seen = [count(table, scene.practice.pk) for table in TABLES]
    assert seen == [1, 1, 3]
    for other in (None, scene.prescriber.pk, admin.organization_id, stranger.organization_id):
        assert [count(table, other) for table in TABLES] == [0, 0, 0]


def test_no_row_points_at_another_practices_client(scene, filled):
    """CHECKS 2."""
    stranger = accounts.therapist()
    statement = """
        INSERT INTO screening_amendment (id, organization_id, client_id, sections, words, received_on,
            recorded_by_id, recorded_at, form_key)
        VALUES (gen_random_uuid(), %s, %s, '{}', '', now(), %s, now(), gen_random_uuid())
    """
    with (
        context.enter(stranger.organization_id),
        pytest.raises(IntegrityError, match="same_organization"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [stranger.organization_id, filled.client_id, stranger.pk])
        connection.check_constraints()


@pytest.mark.parametrize("table", GROWING)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_statements_are_only_added_to(scene, filled, table, statement, as_owner):
    change = sql.SQL(statement).format(sql.Identifier(table))
    with context.enter(scene.practice.pk), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError) as refused, transaction.atomic():
            cursor.execute(change)
        assert refused.value.__cause__.sqlstate == "42501"
    as_owner.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(sql.Identifier(table)))
    with pytest.raises(errors.RestrictViolation, match="a row is only added"):
        as_owner.execute(change)
    as_owner.rollback()


@pytest.mark.parametrize(
    "change",
    [
        "received_on = received_on - 9",
        "kind = 'disclosures'",
        "answer = 'denied'",
        "due_on = due_on + 30",
        "answered_at = now()",
    ],
)
def test_an_answered_request_is_never_rewritten(scene, filled, change):
    with context.enter(scene.practice.pk), connection.cursor() as cursor:
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(sql.SQL("UPDATE screening_recordsrequest SET {}").format(sql.SQL(change)))
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("DELETE FROM screening_recordsrequest")


@pytest.mark.parametrize(
    "change", ["received_on = received_on - 9", "due_on = due_on + 1", "kind = 'disclosures'"]
)
def test_an_open_requests_day_and_due_day_are_the_laws(scene, client, change):
    requests.asked(scene, client)
    statement = sql.SQL("UPDATE screening_recordsrequest SET {}").format(sql.SQL(change))
    with (
        context.enter(scene.practice.pk),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        cursor.execute(statement)


def test_only_a_lead_of_the_practice_answers(scene, client):
    asked = requests.asked(scene, client)
    for person in (scene.therapist, scene.provider, accounts.admin(), accounts.therapist(duties=["lead"])):
        with context.enter(person.organization_id), pytest.raises(PermissionDenied):
            actions.answer_records_request(by=person, request=asked, answer=Answered.GIVEN, words="Given.")


def test_only_who_looks_after_the_client_or_leads_asks_and_decides(scene, client, filled):
    colleague = accounts.therapist(organization=scene.practice)
    for person in (colleague, scene.provider, accounts.admin(), accounts.therapist(duties=["lead"])):
        with context.enter(person.organization_id):
            with pytest.raises(PermissionDenied):
                requests.asked(scene_of(scene, person), client)
            with pytest.raises(PermissionDenied):
                actions.follow_amendment(by=person, amendment=filled, kind=StepKind.DENIED, words="No.")


def scene_of(scene, person):
    """Return the scene with another person in the therapist's place."""
    return referrals.Scene(person, scene.provider, scene.listing, scene.version, now=scene.now)


def test_two_leads_at_once_answer_once(scene, client, lead):
    """CHECKS 43: the second is told, and overwrites nothing."""
    asked = requests.asked(scene, client)
    first = {"request": asked, "answer": Answered.GIVEN, "words": "On paper."}
    scene.by(lead, actions.answer_records_request, **first)
    with pytest.raises(actions.NotPossible, match="answered already"):
        scene.by(lead, actions.answer_records_request, **first | {"words": "By mail."})
    with context.enter(scene.practice.pk):
        assert RecordsRequest.objects.get().answered_words == "On paper."
