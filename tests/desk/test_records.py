"""Requests for a record: a therapist writes one down, a lead answers it in time, and both are kept."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.notices import send_waiting
from privacy import context
from privacy.models import Entry
from screening.models import RecordsRequest
from tests.factories import accounts, referrals, requests
from tests.screening.conftest import Counted


@pytest.fixture
def lead(scene):
    return accounts.therapist(organization=scene.practice, name="Lea Der", duties=["lead"])


@pytest.fixture
def client(scene):
    return referrals.client_of(scene)


@pytest.fixture
def asked(scene, client):
    return requests.asked(scene, client)


def at(name, *args):
    return reverse(f"desk:{name}", args=args)


def today(scene):
    return timezone.localdate(timezone=scene.practice.zone)


def form(day, **values):
    given = {"kind": "copy", "asker": "client", "received_on": f"{day:%m/%d/%Y}", "words": "All of it."}
    return given | {"form_key": "7d6f8a1e-0b52-4f6e-9a5c-0c9d2f1b3a44"} | values


def test_a_therapist_writes_a_request_down_and_every_lead_is_told(browser, scene, client, lead):
    """CHECKS 38, 42."""
    window, day = browser(scene.therapist), today(scene)
    first = window.post(at("ask_records", client.pk), form(day))
    second = window.post(at("ask_records", client.pk), form(day))
    assert first.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    with context.enter(scene.practice.pk):
        [made] = RecordsRequest.objects.all()
    assert made.due_on == day + timedelta(days=30)
    send_waiting()
    [letter] = [each for each in mail.outbox if each.to == [lead.email]]
    assert at("records_request", made.pk) in letter.body
    assert "Vega" not in letter.body


def test_an_account_of_disclosures_has_sixty_days(browser, scene, client):
    window, day = browser(scene.therapist), today(scene)
    window.post(at("ask_records", client.pk), form(day, kind="disclosures"))
    with context.enter(scene.practice.pk):
        assert RecordsRequest.objects.get().due_on == day + timedelta(days=60)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"received_on": "13/40/2026"}, "13/40/2026 is not a day that exists"),
        ({"received_on": "12/31/2999"}, "Choose a day that has begun"),
        ({"asker": "other"}, "Write who asked"),
        ({"kind": "everything"}, "Select a valid choice"),
        ({"words": "x" * 2001}, "Use at most 2000 characters"),
        ({"words": "\0"}, "Remove the control characters"),
        ({"form_key": "x"}, "This page is out of date"),
    ],
)
def test_a_bad_request_is_said_beside_the_field_and_what_was_typed_stays(
    browser, scene, client, values, sentence
):
    """CHECKS 30."""
    answer = browser(scene.therapist).post(at("ask_records", client.pk), form(today(scene), **values))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    if "words" not in values:
        assert "All of it." in answer.content.decode()


def test_a_lead_sees_what_is_open_with_the_days_that_are_left(browser, scene, client, lead, asked):
    old = requests.asked(scene, referrals.client_of(scene), received_on=today(scene) - timedelta(days=31))
    page = browser(lead).get(at("records"))
    rows = page.context["rows"]
    assert [row.url for row in rows] == [at("records_request", old.pk), at("records_request", asked.pk)]
    assert rows[0].cells[0].strong == "Late by 1 day"
    assert rows[1].cells[0].strong.startswith("Due in ")
    assert page.context["counts"] == {"open": 2, "amendments": 0}


def test_a_leads_home_shows_what_waits_among_what_is_theirs(browser, scene, lead, asked):
    page = browser(lead).get("/")
    [row] = page.context["lists"].turn.rows
    assert (row.action, row.url) == ("Answer the request", at("records_request", asked.pk))
    assert row.cells[0].strong.startswith("Due in ")
    assert "Answer the request" not in browser(scene.therapist).get("/").content.decode()


def test_a_lead_answers_and_the_request_closes(browser, scene, lead, asked):
    window = browser(lead)
    said = {"answer": "given", "words": "On paper, at the front office."}
    assert window.post(at("records_answer", asked.pk), said).status_code == 302
    assert "On paper, at the front office." in window.get(at("records_request", asked.pk)).content.decode()
    again = window.post(at("records_answer", asked.pk), said)
    assert again.status_code == 422
    assert "This request is answered already." in again.content.decode()
    rows = window.get(at("records"), {"list": "answered"}).context["rows"]
    assert [row.cells[0].strong for row in rows] == ["Given"]


def test_the_time_is_extended_once_by_thirty_days(browser, scene, lead, asked):
    window = browser(lead)
    reason = {"words": "The archive is closed until December 20."}
    assert window.post(at("records_extend", asked.pk), reason).status_code == 302
    with context.enter(scene.practice.pk):
        assert RecordsRequest.objects.get().due_on == asked.received_on + timedelta(days=60)
    again = window.post(at("records_extend", asked.pk), reason)
    assert "it can be extended once" in again.content.decode()


def test_time_that_has_run_out_is_not_extended(browser, scene, client, lead):
    late = requests.asked(scene, client, received_on=today(scene) - timedelta(days=40))
    answer = browser(lead).post(at("records_extend", late.pk), {"words": "Forgot."})
    assert "The time has run out" in answer.content.decode()


def test_a_lead_opens_the_record_and_each_time_is_an_entry(browser, scene, lead, asked):
    """CHECKS 19, 22, 35."""
    window = browser(lead)
    page = window.get(at("records_document", asked.pk))
    file = window.get(at("records_file", asked.pk))
    assert (page.status_code, file.status_code) == (200, 200)
    assert file.headers["Content-Type"] == "application/json"
    name = f"client-record-{today(scene)}.json"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in file.headers["Cache-Control"]
    with context.enter(scene.practice.pk):
        made = Entry.objects.filter(action="records.exported").order_by("number")
        assert [(each.client, each.codes["form"], each.by) for each in made] == [
            (asked.client_id, "page", lead.pk),
            (asked.client_id, "json", lead.pk),
        ]
    session = window.session
    session["proved_at"] = 0
    session.save()
    for address in ("records_document", "records_file"):
        assert window.get(at(address, asked.pk)).headers["Location"].startswith("/account/again/")


def test_a_title_says_nothing_of_the_client(browser, lead, asked):
    """CHECKS 26."""
    page = browser(lead).get(at("records_document", asked.pk)).content.decode()
    assert "<title>Client record - Warm Handoff</title>" in page


def test_a_lead_finds_the_client_by_exact_name_in_the_whole_practice(browser, scene, client, lead):
    window = browser(lead)
    with context.enter(scene.practice.pk):
        name = client.last_name
    assert window.post(at("records_client"), {"exact": name}).headers["Location"] == at(
        "ask_records", client.pk
    )
    assert (
        "No client of your practice"
        in window.post(at("records_client"), {"exact": "Nobody"}).content.decode()
    )
    assert window.post(at("records_client"), {"exact": ""}).status_code == 422


def test_a_therapist_sees_the_request_of_their_client_and_does_not_answer_it(browser, scene, asked):
    window = browser(scene.therapist)
    page = window.get(at("records_request", asked.pk)).content.decode()
    assert "A lead of your practice answers it." in page
    for name in ("records_answer", "records_extend", "records_document", "records_file"):
        assert window.get(at(name, asked.pk)).status_code == 403
    assert window.get(at("records")).status_code == 403


def test_nobody_else_learns_of_it(browser, scene, asked, colleague):
    """CHECKS 2, 4, 5."""
    stranger = accounts.therapist(duties=["lead"])
    clinic = accounts.provider(organization=scene.prescriber, duties=["lead"])
    names = ("records_request", "records_answer", "records_document", "records_file")
    statuses = {
        person.name: [browser(person).get(at(name, asked.pk)).status_code for name in names]
        for person in (colleague, stranger, clinic, accounts.admin())
    }
    assert list(statuses.values()) == [[404, 403, 403, 403], [404] * 4, [403] * 4, [403] * 4]


def test_the_number_of_queries_of_the_list_does_not_depend_on_its_rows(browser, scene, lead, asked):
    window = browser(lead)
    counts = {}
    for name in ("open", "amendments"):
        for more in (0, 2):
            for _ in range(more):
                another = referrals.client_of(scene)
                requests.asked(scene, another)
                requests.amendment(scene, another)
            if not more:
                requests.amendment(scene, referrals.client_of(scene))
            with Counted() as counted:
                window.get(at("records"), {"list": name})
            counts.setdefault(name, []).append(len(counted.statements))
    assert counts == {"open": [9, 9], "amendments": [10, 10]}
