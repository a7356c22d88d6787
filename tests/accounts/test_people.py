"""The pages of people: who may open them, what they show, and that every form answers whatever is typed."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions
from accounts.models import Organization, User
from tests.accounts.conftest import signed_in
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db


ADMINS_PAGES = [
    ("people:list", None),
    ("people:everyone", None),
    ("people:add", None),
    ("people:organization", "organization"),
    ("people:invite", "organization"),
    ("people:disable_organization", "organization"),
    ("people:person", "person"),
    ("people:duties", "person"),
    ("people:supervisor", "person"),
    ("people:disable_user", "person"),
]
ADMINS_BUTTONS = [
    ("people:enable_organization", "organization"),
    ("people:enable_user", "person"),
    ("people:withdraw_invitation", "invitation"),
]


def address(name: str, kind: str | None, person: User, invitation: actions.Invited) -> str:
    ids = {
        None: [],
        "organization": [person.organization_id],
        "person": [person.pk],
        "invitation": [invitation.invitation.pk],
    }
    return reverse(name, args=ids[kind])


@pytest.mark.parametrize(("name", "kind"), ADMINS_PAGES)
def test_admins_open_the_pages_and_others_are_refused(
    admin: User,
    lead: User,
    colleague: User,
    provider: User,
    invitation: actions.Invited,
    name: str,
    kind: Any,
) -> None:
    """CHECKS 1 and 4."""
    url = address(name, kind, colleague, invitation)
    answers = {
        person.pk: signed_in(person).get(url).status_code for person in (admin, lead, colleague, provider)
    }
    leads_too = name == "people:supervisor"
    assert answers == {admin.pk: 200, lead.pk: 200 if leads_too else 403, colleague.pk: 403, provider.pk: 403}
    assert Client().get(url).headers["Location"] == f"/account/login/?next={url}"


@pytest.mark.parametrize(("name", "kind"), ADMINS_BUTTONS)
def test_a_button_is_the_admins_and_answers_no_get(
    admin: User, lead: User, colleague: User, invitation: actions.Invited, name: str, kind: str
) -> None:
    """CHECKS 1, 7 and 8."""
    url = address(name, kind, colleague, invitation)
    assert signed_in(admin).get(url).status_code == 405
    for person in (lead, colleague):
        assert signed_in(person).post(url).status_code == 403
    assert Client().post(url).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin)
    assert strict.post(url).status_code == 403
    assert signed_in(admin).post(url).status_code == 302


@pytest.mark.parametrize(("name", "kind"), [page for page in ADMINS_PAGES if page[1]] + ADMINS_BUTTONS)
def test_an_id_of_nothing_is_missing(as_admin: Client, name: str, kind: str) -> None:
    method = as_admin.post if (name, kind) in ADMINS_BUTTONS else as_admin.get
    assert method(reverse(name, args=[uuid4()])).status_code == 404


def test_a_lead_reaches_nobody_of_another_practice(as_lead: Client) -> None:
    """CHECKS 2."""
    stranger = people.therapist()
    url = reverse("people:supervisor", args=[stranger.pk])
    assert (as_lead.get(url).status_code, as_lead.post(url, {"supervisor": ""}).status_code) == (404, 404)


def test_the_lists_show_everybody_and_who_is_disabled(as_admin: Client, lead: User, provider: User) -> None:
    people.in_context(None, actions.disable_user, by=people.admin(), user=provider)
    organizations = as_admin.get("/people/").content.decode()
    everyone = as_admin.get("/people/everyone/").content.decode()
    assert lead.organization.name in organizations
    assert provider.organization.name in organizations
    assert "Rowan Ellis, LMFT" in everyone
    assert everyone.count("Disabled") == 1


@pytest.mark.parametrize("path", ["/people/", "/people/everyone/"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(as_admin: Client, path: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_admin.get(path).status_code == 200
        return len([query for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]])

    as_admin.get(path)
    first = count()
    for _ in range(3):
        people.therapist()
    assert (first, count()) == (5, 5)


def test_fifty_stand_on_a_page_and_any_page_number_answers(as_admin: Client, lead: User) -> None:
    for number in range(52):
        User.objects.create(
            organization=lead.organization, email=f"p{number}@example.org", name=f"Extra {number:02}"
        )
    page = as_admin.get("/people/everyone/").content.decode()
    assert page.count('scope="row"') == 50
    assert "Page 1 of 2" in page
    assert as_admin.get("/people/everyone/?page=2").content.decode().count('scope="row"') == 4
    for number in ("0", "-1", "x", "9" * 40, "%00"):
        assert as_admin.get(f"/people/everyone/?page={number}").status_code == 200


def test_an_admin_adds_an_organization(as_admin: Client) -> None:
    typed = {
        "name": "Harbor Counseling",
        "kind": "practice",
        "phone": "503 555 0100",
        "time_zone": "America/Denver",
    }
    answer = as_admin.post(
        "/people/add/", typed | {"is_active": "", "part2_program": "on", "id": str(uuid4())}
    )
    made = Organization.objects.get(name="Harbor Counseling")
    assert answer.headers["Location"] == reverse("people:organization", args=[made.pk])
    assert {name: getattr(made, name) for name in typed} == typed
    assert (made.is_active, made.part2_program) == (True, False)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"name": "a\0b"}, "Name: Remove the control characters"),
        ({"name": "x" * 201}, "Name: Use at most 200 characters. You used 201."),
        ({"kind": "network"}, "What it is: Select a valid choice."),
        ({"time_zone": "Mars/Olympus"}, "Time zone: Select a valid choice."),
        ({"phone": "5" * 41}, "Phone: Use at most 40 characters. You used 41."),
    ],
)
def test_a_bad_organization_is_refused_beside_the_field(
    as_admin: Client, typed: dict[str, str], sentence: str
) -> None:
    """CHECKS 30: what was typed is kept."""
    right = {"name": "Kept words", "kind": "practice", "phone": "", "time_zone": "America/Denver"}
    before = Organization.objects.count()
    page = as_admin.post("/people/add/", right | typed).content.decode()
    assert sentence in re.sub(r"<[^>]+>", "", page)
    assert "<title>Error: " in page
    assert "name" in typed or 'value="Kept words"' in page
    assert Organization.objects.count() == before


def test_an_admin_disables_and_enables_a_person_and_an_organization(
    as_admin: Client, colleague: User
) -> None:
    for name, pk in (("user", colleague.pk), ("organization", colleague.organization_id)):
        disable, enable = (
            reverse(f"people:disable_{name}", args=[pk]),
            reverse(f"people:enable_{name}", args=[pk]),
        )
        asked = as_admin.get(disable).content.decode()
        assert "can’t sign in" in asked
        for url, active in ((disable, False), (enable, True)):
            assert as_admin.post(url).status_code == 302
            colleague.refresh_from_db()
            subject = colleague if name == "user" else colleague.organization
            assert subject.is_active is active


def test_an_admin_who_tries_to_disable_themselves_reads_why_not(as_admin: Client, admin: User) -> None:
    for name, pk in (("user", admin.pk), ("organization", admin.organization_id)):
        page = as_admin.post(reverse(f"people:disable_{name}", args=[pk]), follow=True).content.decode()
        assert "can’t disable" in page.replace("&#x27;", "’")
    admin.refresh_from_db()
    assert (admin.is_active, admin.organization.is_active) == (True, True)


def test_an_admin_changes_duties_and_can_take_them_all(as_admin: Client, lead: User) -> None:
    url = reverse("people:duties", args=[lead.pk])
    assert 'value="lead"' in as_admin.get(url).content.decode()
    for duties in (["supervisor", "lead"], []):
        assert as_admin.post(url, {"duties": duties, "organization": str(uuid4())}).status_code == 302
        lead.refresh_from_db()
        assert sorted(lead.duties) == sorted(duties)
    assert "Select a valid choice" in as_admin.post(url, {"duties": ["clinical_owner"]}).content.decode()


SETTINGS = {"phone": "503 555 0100", "time_zone": "America/Denver", "crisis_plan": "Call Rowan.\r\nThen 988."}


def test_a_lead_changes_the_settings(as_lead: Client, lead: User, colleague: User) -> None:
    assert "Willa Chen" in as_lead.get("/people/organization/").content.decode()
    more = {"requires_signature": "on", "name": "Other", "kind": "network", "is_active": ""}
    assert (
        as_lead.post("/people/organization/", SETTINGS | more).headers["Location"] == "/people/organization/"
    )
    own = lead.organization
    own.refresh_from_db()
    assert (own.crisis_plan, own.requires_signature, own.part2_program) == (
        "Call Rowan.\nThen 988.",
        True,
        False,
    )
    assert (own.kind, own.is_active, own.name != "Other") == ("practice", True, True)
    assert as_lead.post("/people/organization/", SETTINGS).status_code == 302
    own.refresh_from_db()
    assert own.requires_signature is False


def test_settings_are_the_leads(colleague: User, admin: User, provider: User) -> None:
    for person in (colleague, admin, provider):
        assert signed_in(person).get("/people/organization/").status_code == 403
    people.in_context(None, actions.set_duties, by=admin, user=provider, duties=["lead"])
    page = signed_in(provider).get("/people/organization/").content.decode()
    assert ("crisis_plan" in page, "requires_signature" in page) == (True, False)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"crisis_plan": "x" * 4001}, "Crisis plan: Use at most 4000 characters. You used 4001."),
        ({"crisis_plan": "a\0"}, "Crisis plan: Remove the control characters"),
        ({"time_zone": ""}, "Time zone: This field is required."),
    ],
)
def test_bad_settings_are_refused_beside_the_field(
    as_lead: Client, typed: dict[str, str], sentence: str
) -> None:
    page = as_lead.post("/people/organization/", SETTINGS | typed).content.decode()
    assert sentence in re.sub(r"<[^>]+>", "", page).replace("4,00", "400")


def test_a_lead_names_a_supervisor(as_lead: Client, lead: User, colleague: User) -> None:
    supervisor = people.therapist(organization=lead.organization, duties=["supervisor"], name="Sam Ortiz")
    elsewhere = people.therapist(duties=["supervisor"])
    url = reverse("people:supervisor", args=[colleague.pk])
    assert "Sam Ortiz" in as_lead.get(url).content.decode()
    assert as_lead.post(url, {"supervisor": str(elsewhere.pk)}).status_code == 422
    assert as_lead.post(url, {"supervisor": "not an id"}).status_code == 422
    for chosen, expected in ((str(supervisor.pk), supervisor), ("", None)):
        assert as_lead.post(url, {"supervisor": chosen}).headers["Location"] == "/people/organization/"
        colleague.refresh_from_db()
        assert colleague.needs_signature_from == expected


def test_somebody_changes_their_own_details_and_nothing_else(as_lead: Client, lead: User) -> None:
    """CHECKS 6."""
    typed = {
        "name": "Rowan E. Ellis",
        "credentials": "LMFT, PhD",
        "licence": "OR T1234",
        "phone": "503 555 0199",
    }
    more = {"email": "x@example.org", "organization": str(uuid4()), "duties": ["supervisor"], "is_active": ""}
    assert as_lead.post("/account/profile/edit/", typed | more).headers["Location"] == "/account/profile/"
    before = lead.organization_id
    lead.refresh_from_db()
    assert {name: getattr(lead, name) for name in typed} == typed
    assert (lead.email, lead.organization_id, lead.duties, lead.is_active) == (
        "rowan@example.org",
        before,
        ["lead"],
        True,
    )
    assert "Rowan E. Ellis, LMFT, PhD" in as_lead.get("/account/profile/").content.decode()


def test_times_are_shown_in_the_readers_zone(as_lead: Client) -> None:
    assert "America/Los Angeles" in as_lead.get("/account/profile/").content.decode()


def test_the_title_of_a_page_names_nobody(as_admin: Client, colleague: User) -> None:
    """CHECKS 26."""
    for name, pk in (
        ("person", colleague.pk),
        ("organization", colleague.organization_id),
        ("duties", colleague.pk),
    ):
        page = as_admin.get(reverse(f"people:{name}", args=[pk])).content.decode()
        title = re.findall(r"<title>(.*?)</title>", page, re.DOTALL)[0]
        assert colleague.name not in title
        assert colleague.organization.name not in title
