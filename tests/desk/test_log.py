"""A lead's log of the organization, its file, and what an admin sees of the network's."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from desk.log.export import export
from privacy import context
from privacy.entries import Choice
from privacy.models import Entry
from referrals.workflow import Status
from tests.factories import accounts, referrals
from tests.screening.conftest import Counted

LOG, FILE, FIND = "/log/", "/log/export/", "/log/client/"


@pytest.fixture
def lead(scene):
    return accounts.therapist(organization=scene.practice, name="Lea Der", duties=["lead"])


@pytest.fixture
def referral(scene):
    return referrals.at(Status.IN_REVIEW, scene)


def rows(response):
    assert response.status_code == 200, response.content.decode()[:2000]
    return [row for day in response.context["page"].days for row in day.rows]


def table(response):
    assert response.status_code == 200
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_a_lead_reads_what_people_did_and_what_others_did_with_the_records(browser, scene, lead, referral):
    browser(scene.provider).get(reverse("inbox:show", args=[referral.pk]))
    found = rows(browser(lead).get(LOG))
    assert ("Pro Vider, MD", "Read a packet") in [(row.who, row.words) for row in found]
    assert ("Thea Rapist, LMFT", "Sent the packet") in [(row.who, row.words) for row in found]
    [read] = [row for row in found if row.words == "Read a packet"]
    with context.enter(scene.practice.pk):
        assert read.record_number == referral.client.record_number
    assert read.url == reverse("desk:who_looked", args=[referral.client_id])


def test_no_clients_name_is_in_the_list(browser, lead, referral):
    page = browser(lead).get(LOG).content.decode()
    assert "Vega" not in page
    assert "Marisol" not in page


def test_reading_the_log_is_an_entry(browser, lead, referral):
    """CHECKS 35."""
    window = browser(lead)
    window.get(LOG)
    assert rows(window.get(LOG))[0].words == "Read the access log"


def test_it_is_narrowed_by_kind_person_and_days(browser, scene, lead, referral):
    window = browser(lead)
    sent = rows(window.get(LOG, {"kind": "sent"}))
    assert {row.kind.value for row in sent} == {"sent"}
    assert {row.who for row in rows(window.get(LOG, {"person": str(scene.therapist.pk)}))} == {
        "Thea Rapist, LMFT"
    }
    elsewhere = rows(window.get(LOG, {"person": "elsewhere", "kind": "sent"}))
    assert {row.where for row in elsewhere} == {scene.prescriber.name}
    yesterday = timezone.localdate(timezone=scene.practice.zone) - timedelta(days=1)
    day = f"{yesterday:%m/%d/%Y}"
    assert rows(window.get(LOG, {"first": day, "last": day})) == []


def test_it_is_narrowed_to_one_client_without_a_name_in_the_address(browser, scene, lead, referral):
    """CHECKS 26."""
    with context.enter(scene.practice.pk):
        number, name = referral.client.record_number, referral.client.last_name
    another = referrals.client_of(scene)
    window = browser(lead)
    answer = window.post(FIND, {"exact": number})
    assert answer.headers["Location"] == f"/log/?client={referral.client_id}"
    assert window.post(FIND, {"exact": name}).headers["Location"] == answer.headers["Location"]
    found = rows(window.get(answer.headers["Location"]))
    assert {row.record_number for row in found} == {number}
    with context.enter(scene.practice.pk):
        assert another.record_number not in {row.record_number for row in found}
    assert "No client of your practice" in window.post(FIND, {"exact": "Nobody"}).content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"first": "02/31/2026"}, "2/31/2026 is not a day that exists"),
        ({"first": "01/01/2024"}, "Choose at most 366 days"),
        ({"last": "12/31/9999", "first": "12/30/9999"}, "Choose a day that has begun"),
        ({"first": "11/02/2025", "last": "11/01/2025"}, "Choose a day that isn’t before the first one."),
        ({"kind": "delete"}, "Select a valid choice"),
        ({"person": "x"}, "Select a valid choice"),
        ({"first": "\0"}, "Remove the control characters"),
    ],
)
def test_a_choice_that_is_none_is_said_beside_the_field(browser, lead, query, sentence):
    """CHECKS 30, 31."""
    answer = browser(lead).get(LOG, query)
    assert answer.status_code == 422
    assert sentence.replace("’", "&#x27;") in answer.content.decode().replace("’", "&#x27;")


def test_a_leads_file_says_the_same_without_names_and_is_an_entry(browser, scene, lead, referral):
    """CHECKS 27, 35."""
    window = browser(lead)
    assert "Make the file" in window.get(FILE).content.decode()
    answer = window.post(FILE)
    found = table(answer)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    today = timezone.localdate(timezone=scene.practice.zone)
    name = f"access-log-{today - timedelta(days=29)}-to-{today}.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    [opened] = [row for row in found if row["Action"] == "referral.open"]
    with context.enter(scene.practice.pk):
        number = referral.client.record_number
        last = Entry.objects.filter(chain=scene.practice.pk).latest("number")
    assert (opened["Person"], opened["Person’s organization"]) == ("Pro Vider, MD", scene.prescriber.name)
    assert (opened["Client’s record number"], opened["Client’s id"]) == (number, str(referral.client_id))
    assert "Vega" not in answer.content.decode()
    assert (last.action, last.codes["entries"]) == ("log.exported", len(found))


def test_a_file_that_would_be_too_long_is_cut_and_says_so(browser, scene, lead, referral, monkeypatch):
    with context.enter(scene.practice.pk):
        made = export(lead, Choice(), most=3)
    assert (made.count, made.is_cut) == (3, True)
    monkeypatch.setattr("desk.log.export.export.__kwdefaults__", {"only_by_others": False, "most": 3})
    answer = browser(lead).post(FILE)
    assert len(table(answer)) == 3
    assert answer.headers["Content-Disposition"].endswith('-latest-3.csv"')


def test_a_file_takes_a_fresh_proof(browser, lead):
    """CHECKS 19."""
    window = browser(lead)
    session = window.session
    session["proved_at"] = 0
    session.save()
    assert window.get(FILE).headers["Location"].startswith("/account/again/")
    assert window.post(FILE).status_code == 422


def test_an_admin_reads_the_networks_own_log_alone(browser, scene, referral):
    """CHECKS 5: no client's data reaches an admin."""
    admin = accounts.admin()
    window = browser(admin)
    found = rows(window.get(LOG))
    assert {row.where for row in found if row.where} == {admin.organization.name}
    assert {row.record_number for row in found} == {""}
    assert window.post(FIND, {"exact": "Vega1"}).status_code == 403
    assert {row["Client’s id"] for row in table(window.post(FILE))} == {""}
    with context.enter(scene.practice.pk):
        client = str(referral.client_id)
    assert len(rows(window.get(LOG, {"client": client}))) >= len(found)


def test_a_clinics_lead_reads_the_clinics_own_log_alone(browser, scene, referral):
    clinic_lead = accounts.provider(organization=scene.prescriber, name="Cli Nic", duties=["lead"])
    found = rows(browser(clinic_lead).get(LOG))
    # The network's admins added the clinic and its people.
    admins = accounts.admin().organization.name
    assert {row.where for row in found if row.where} == {scene.prescriber.name, admins}
    assert {row.record_number for row in found} == {""}
    [opened] = [row for row in found if row.words == "Opened the packet"]
    assert opened.url == reverse("inbox:show", args=[referral.pk])


def test_nobody_without_the_duty_reads_it(browser, scene, colleague):
    for person in (colleague, scene.therapist, scene.provider):
        assert [browser(person).get(path).status_code for path in (LOG, FILE)] == [403, 403]


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(browser, lead, referral):
    window = browser(lead)
    counts = []
    for more in (0, 30):
        for _ in range(more):
            window.get(LOG)
        with Counted() as counted:
            window.get(LOG)
        counts.append(len(counted.statements))
    assert counts == [10, 10]
