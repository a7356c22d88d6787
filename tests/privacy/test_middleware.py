"""The request is one transaction: what a refusal or an error leaves behind, and whose rows a request sees."""

import re
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from accounts.models import User
from privacy import context
from privacy.middleware import RequestTransaction
from privacy.models import ChainHead, Entry
from tests.factories import accounts as people
from tests.privacy import samples
from tests.privacy.samples import Letter

Owner = psycopg.Connection[tuple[Any, ...]]

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.privacy.urls")]


@pytest.fixture
def person(letters: None) -> User:
    return people.therapist()


@pytest.fixture
def browser(person: User) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    return browser


def letters_of(person: User) -> list[str]:
    with context.enter(person.organization_id):
        return sorted(letter.subject for letter in Letter.objects.all())


def entries_of(organization_id: UUID) -> list[tuple[str, Any]]:
    with context.enter(organization_id):
        found = Entry.objects.filter(chain=organization_id, action__regex="^(letter|access)").order_by(
            "number"
        )
        return [(entry.action, entry.codes.get("status")) for entry in found]


def test_what_a_view_wrote_commits_with_its_entry(browser: Client, person: User) -> None:
    assert browser.get("/write/ok/").status_code == 200
    assert (letters_of(person), entries_of(person.organization_id)) == (["ok"], [("letter.write", None)])


@pytest.mark.parametrize(
    ("then", "status", "left"),
    [
        ("raise-missing", 404, [("access.refused", 404)]),
        ("raise-refused", 403, [("access.refused", 403)]),
        ("raise-bad", 400, []),
        ("raise-error", 500, []),
        ("break-statement", 500, []),
        ("stream", 500, []),
        ("400", 400, []),
        ("404", 404, [("access.refused", 404)]),
        ("403", 403, [("access.refused", 403)]),
        ("500", 500, []),
        ("503", 503, []),
    ],
)
def test_nothing_written_stays_when_a_request_is_refused_or_fails(
    browser: Client, person: User, then: str, status: int, left: list[Any]
) -> None:
    assert browser.get(f"/write/{then}/").status_code == status
    assert (letters_of(person), entries_of(person.organization_id)) == ([], left)


@pytest.mark.parametrize("status", [409, 422, 302])
def test_an_answer_that_a_view_chose_keeps_what_it_wrote(browser: Client, person: User, status: int) -> None:
    """A page that shows a conflict has shown a record: its entry stays."""
    assert browser.get(f"/write/{status}/").status_code == status
    assert letters_of(person) == [str(status)]
    assert entries_of(person.organization_id) == [("letter.write", None)]


def test_an_action_that_fails_inside_a_request_takes_only_its_own_work_back(
    browser: Client, person: User
) -> None:
    assert browser.get("/write/action-fails/").status_code == 200
    assert letters_of(person) == ["action-fails"]


def test_an_error_at_the_commit_is_a_clean_answer(browser: Client, person: User, as_owner: Owner) -> None:
    as_owner.execute(
        "ALTER TABLE tests_reply ALTER CONSTRAINT tests_reply_letter_same_organization "
        "DEFERRABLE INITIALLY DEFERRED"
    )
    answer = browser.get("/write/break-commit/")
    assert answer.status_code == 500
    assert b"tests_reply" not in answer.content
    assert (letters_of(person), entries_of(person.organization_id)) == ([], [])
    assert browser.get("/write/after/").status_code == 200


def test_a_request_whose_entry_cannot_be_written_fails(
    browser: Client, person: User, as_owner: Owner
) -> None:
    """CHECKS 36."""
    app = sql.Identifier(connection.settings_dict["USER"])
    as_owner.execute(sql.SQL("REVOKE INSERT ON privacy_entry FROM {}").format(app))
    assert browser.get("/write/never/").status_code == 500
    assert letters_of(person) == []
    samples.grant(as_owner)
    assert browser.get("/write/again/").status_code == 200
    assert (letters_of(person), entries_of(person.organization_id)) == (["again"], [("letter.write", None)])


def test_a_request_is_read_committed(browser: Client) -> None:
    assert browser.get("/isolation/").content == b"read committed True"


def test_liveness_stands_outside_the_transaction(letters: None) -> None:
    seen = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append((request.path, connection.in_atomic_block))
        return HttpResponse()

    guarded = RequestTransaction(answer)
    for path in ("/healthz/live", "/healthz/live/", "/healthz/ready"):
        guarded(RequestFactory().get(path))
    assert seen == [("/healthz/live", False), ("/healthz/live/", False), ("/healthz/ready", True)]


def test_an_exception_that_something_else_answered_is_taken_back_too(browser: Client, person: User) -> None:
    """Allauth makes a page of an exception of its own: what the view wrote before it still goes."""
    assert browser.get("/write/answered-elsewhere/").content == b"all is well"
    assert letters_of(person) == []
    with context.enter(person.organization_id):
        assert not Entry.objects.filter(action="letter.write").exists()


def test_nothing_stands_further_in_than_what_marks_an_exception() -> None:
    assert settings.MIDDLEWARE[-1] == "privacy.middleware.TakenBack"


def test_a_signed_out_request_sees_no_row(browser: Client, person: User) -> None:
    """CHECKS 3."""
    browser.get("/write/ok/")
    _, count, *organization = Client().get("/count/").content.decode().split(" ")
    assert (count, organization) == ("0", [""])


def without_token(page: bytes) -> bytes:
    """Return a page without the token of its form, which no two pages share."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)


def test_another_organization_gets_the_answer_of_an_id_that_does_not_exist(
    browser: Client, person: User
) -> None:
    """CHECKS 2, in the database: the view doesn't scope, the policy does."""
    browser.get("/write/ok/")
    with context.enter(person.organization_id):
        letter = Letter.objects.get()
    stranger, other = people.therapist(), Client()
    other.force_login(stranger)
    missing, foreign = other.get(f"/letters/{uuid4()}/"), other.get(f"/letters/{letter.pk}/")
    assert (missing.status_code, foreign.status_code) == (404, 404)
    assert without_token(missing.content) == without_token(foreign.content)
    assert browser.get(f"/letters/{letter.pk}/").content == b"ok"
    with context.enter(stranger.organization_id):
        entry = Entry.objects.filter(chain=stranger.organization_id).latest("number")
    assert (entry.by, entry.codes) == (
        stranger.pk,
        {"ids": [str(letter.pk)], "method": "GET", "status": 404, "view": "letter"},
    )


def test_the_same_connection_for_one_then_an_exception_then_another(browser: Client, person: User) -> None:
    """CHECKS 51."""
    stranger = people.therapist()
    other = Client(raise_request_exception=False)
    other.force_login(stranger)
    browser.get("/write/ok/")
    first = browser.get("/count/").content.decode().split(" ")
    assert browser.get("/write/raise-error/").status_code == 500
    second = other.get("/count/").content.decode().split(" ")
    browser.get("/write/break-statement/")
    third = Client().get("/count/").content.decode().split(" ")
    assert [first[1:], second[1:], third[1:]] == [
        ["1", str(person.organization_id)],
        ["0", str(stranger.organization_id)],
        ["0", ""],
    ]
    assert first[0] == second[0] == third[0]


def test_the_address_of_a_page_that_does_not_exist_is_no_refusal(browser: Client, person: User) -> None:
    assert browser.get("/nowhere/").status_code == 404
    assert entries_of(person.organization_id) == []


def test_a_missing_record_asked_for_by_nobody_is_no_refusal(browser: Client) -> None:
    """Whoever isn't signed in could fill the log with made-up ids."""
    network = people.network()
    assert Client().get(f"/letters/{uuid4()}/").status_code == 404
    assert entries_of(network.pk) == []


def test_a_refusal_of_somebody_unknown_stands_in_the_networks_chain(browser: Client) -> None:
    network = people.network()
    assert Client().get("/refuse/").status_code == 403
    with context.enter(network.pk):
        entry = Entry.objects.filter(chain=network.pk).latest("number")
    assert (entry.action, entry.by, entry.codes["status"]) == ("access.refused", None, 403)


def test_a_form_without_its_token_is_refused_and_recorded(person: User) -> None:
    """CHECKS 7."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert strict.post("/write/ok/").status_code == 403
    assert (letters_of(person), entries_of(person.organization_id)) == ([], [("access.refused", 403)])


def test_a_method_that_nobody_knows_opens_nothing_and_leaves_no_entry(browser: Client, person: User) -> None:
    before = entries_of(person.organization_id)
    assert browser.generic("SMUGGLE x y", "/refuse/").status_code == 405
    assert entries_of(person.organization_id) == before


def test_what_the_walls_cost_in_queries(browser: Client, person: User) -> None:
    """Session, person with organization, context; and for the entries a lock and one statement."""
    browser.get("/write/ok/")
    with context.enter(person.organization_id):
        letter = Letter.objects.get()
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(f"/letters/{letter.pk}/").status_code == 200
    statements = [query["sql"].strip() for query in queries.captured_queries]
    assert [first_words(statement) for statement in statements] == [
        "BEGIN",
        "SELECT accounts_session",
        "SELECT accounts_user",
        "SELECT set_config",
        "SELECT tests_letter",
        "SELECT privacy_chainhead",
        "WITH privacy_chainhead",
        "COMMIT",
    ]


def first_words(statement: str) -> str:
    """Return the verb and the first table or function that a statement names."""
    names = ("accounts_session", "accounts_user", "set_config", "tests_letter", "privacy_chainhead")
    places = sorted((statement.find(name), name) for name in names if name in statement)
    return " ".join([statement.split(" ")[0], *(name for _, name in places[:1])])


def test_a_database_that_is_away_is_said_with_the_time_to_try_again(browser: Client, committed: Any) -> None:
    """CHECKS 40, for one request: 503 with Retry-After, and the next one works."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "not_there"
    answer = browser.get("/count/")
    connection.settings_dict["NAME"] = name
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert browser.get("/count/").status_code == 200


def test_a_connection_lost_in_the_middle_is_a_clean_answer(
    browser: Client, person: User, monkeypatch: pytest.MonkeyPatch, as_owner: Owner
) -> None:
    """CHECKS 40, for one request that had begun."""

    def lose(*args: Any, **values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr("tests.privacy.urls.audit.record", lose)
    answer = browser.get("/write/lost/")
    monkeypatch.undo()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert browser.get("/write/after/").status_code == 200
    assert letters_of(person) == ["after"]


def test_reading_twice_makes_two_entries(browser: Client, person: User) -> None:
    """CHECKS 35."""
    browser.get("/write/ok/")
    with context.enter(person.organization_id):
        letter = Letter.objects.get()
    for _ in range(2):
        browser.get(f"/letters/{letter.pk}/")
    assert entries_of(person.organization_id) == [
        ("letter.write", None),
        ("letter.read", None),
        ("letter.read", None),
    ]
    with context.enter(None):
        assert ChainHead.objects.get(chain=person.organization_id).number >= 3
