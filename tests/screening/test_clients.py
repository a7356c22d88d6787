"""Clients: who sees them, adding, changing, finding, the care team."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import User
from privacy import context
from screening import actions
from screening.models import CareTeamMember, Client, Contacts
from tests.factories import screening as screenings
from tests.screening.conftest import Counted, signed_in

FORM = {
    "first_name": "Marisol",
    "last_name": "Vega",
    "used_name": "Mari",
    "birth_date": "03/02/1992",
    "record_number": "HC-1042",
    "phone": "503-555-0199",
    "message_is_safe": "no",
    "email": "mari@example.org",
    "language": "Spanish",
    "emergency_contact": "Ana Vega, sister",
    "prescriber": "Dr. Reyes",
    "prescriber_knows": "yes",
    "primary_care": "",
    "primary_care_knows": "",
    "payer_type": "medicaid",
    "part2_program": "no",
}


def stored(person: User) -> list[Client]:
    with context.enter(person.organization_id):
        return list(Client.objects.all())


def body(answer: Any) -> str:
    """Return a page without the token of its sign-out form, which is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


PAGES = ["clients:list", "clients:add"]
ONE = ["clients:show", "clients:change"]


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_ask_for_sign_in_and_for_a_therapist(
    rowan: User, provider: User, admin: User, name: str
) -> None:
    """CHECKS 1."""
    url = reverse(name)
    assert Browser().get(url).headers["Location"] == f"/account/login/?next={url}"
    assert [signed_in(person).get(url).status_code for person in (provider, admin, rowan)] == [403, 403, 200]


@pytest.mark.parametrize("name", ONE)
def test_a_client_is_there_for_its_therapist_alone(
    client_record: Client, rowan: User, willa: User, stranger: User, provider: User, admin: User, name: str
) -> None:
    """CHECKS 1, 2 and 4."""
    url = reverse(name, args=[client_record.pk])
    answers = [signed_in(each).get(url).status_code for each in (rowan, willa, stranger, provider, admin)]
    assert answers == [200, 404, 404, 403, 403]
    assert Browser().get(url).status_code == 302


def test_a_strangers_client_looks_like_one_that_does_not_exist(client_record: Client, stranger: User) -> None:
    """CHECKS 2."""
    away = signed_in(stranger)
    theirs = away.get(reverse("clients:show", args=[client_record.pk]))
    nobodys = away.get(reverse("clients:show", args=["00000000-0000-4000-8000-000000000000"]))
    assert (theirs.status_code, body(theirs)) == (nobodys.status_code, body(nobodys))


def test_adding_a_client_stores_the_record_and_opens_it(rowan: User, browser: Browser) -> None:
    answer = browser.post(reverse("clients:add"), FORM)
    (client,) = stored(rowan)
    assert answer.headers["Location"] == reverse("clients:show", args=[client.pk])
    assert (client.therapist_id, client.organization_id) == (rowan.pk, rowan.organization_id)
    assert (client.name, client.legal_name, client.birth_date) == (
        "Mari Vega",
        "Marisol Vega",
        date(1992, 3, 2),
    )
    assert (client.record_number, client.part2_program) == ("HC-1042", False)
    assert client.contacts == Contacts(
        phone="503-555-0199",
        message_is_safe="no",
        email="mari@example.org",
        language="Spanish",
        emergency_contact="Ana Vega, sister",
        prescriber="Dr. Reyes",
        prescriber_knows="yes",
        payer_type="medicaid",
    )


def test_fields_that_no_form_has_do_nothing(rowan: User, stranger: User, browser: Browser) -> None:
    """CHECKS 6."""
    extra = {"organization": stranger.organization_id, "therapist": stranger.pk, "id": stranger.pk}
    browser.post(reverse("clients:add"), FORM | extra)
    (client,) = stored(rowan)
    assert (client.therapist_id, client.organization_id) == (rowan.pk, rowan.organization_id)


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("first_name", "", "This field is required."),
        ("last_name", "a\0b", "Remove the control characters: they can&#x27;t be stored."),
        ("record_number", "9" * 41, "Use at most 40 characters. You used 41."),
        ("birth_date", "02/30/1992", "2/30/1992 is not a day that exists."),
        ("birth_date", "01/01/2200", "This day is still to come. Check the digits."),
        ("birth_date", "01/01/1901", "This is more than 120 years ago. Check the digits."),
        ("email", "mari at home", "Enter a valid email address."),
        ("message_is_safe", "perhaps", "Select a valid choice."),
        ("part2_program", "perhaps", "Select a valid choice."),
    ],
)
def test_a_bad_field_is_said_beside_it_and_nothing_typed_is_lost(
    rowan: User, browser: Browser, field: str, typed: Any, error: str
) -> None:
    """CHECKS 30."""
    answer = browser.post(reverse("clients:add"), FORM | {field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(error) == 2
    assert 'value="Mari"' in page
    assert "<title>Error: Add a client" in page
    assert stored(rowan) == []


def test_a_record_number_names_one_client_of_a_practice(
    rowan: User, stranger: User, browser: Browser
) -> None:
    screenings.client_of(rowan, record_number="hc-1042 ")
    taken = browser.post(reverse("clients:add"), FORM)
    assert taken.status_code == 422
    assert "Another client of this practice has this record number." in taken.content.decode()
    assert signed_in(stranger).post(reverse("clients:add"), FORM).status_code == 302


def test_changing_a_record_keeps_what_somebody_else_changed_meanwhile(
    rowan: User, client_record: Client, browser: Browser
) -> None:
    """CHECKS 43."""
    url = reverse("clients:change", args=[client_record.pk])
    assert browser.post(url, FORM | {"revision": "1", "used_name": "Mari"}).status_code == 302
    late = browser.post(url, FORM | {"revision": "1", "used_name": "Sol"})
    page = late.content.decode()
    assert late.status_code == 422
    assert "Somebody else changed this record while you had it open." in page
    assert '<td data-label="You typed">Sol</td><td data-label="Stands now">Mari</td>' in page
    assert [client.used_name for client in stored(rowan)] == ["Mari"]
    again = browser.post(url, FORM | {"revision": "2", "used_name": "Sol"})
    assert again.status_code == 302
    assert [client.used_name for client in stored(rowan)] == ["Sol"]


@pytest.mark.parametrize("exact", ["vega", " Marisol  VEGA", "mari vega", "hc-1042", "HC-1042"])
def test_a_client_is_found_by_exact_name_or_number(rowan: User, browser: Browser, exact: str) -> None:
    client = screenings.client_of(rowan, used_name="Mari", record_number="HC-1042")
    answer = browser.post(reverse("clients:find"), {"exact": exact})
    assert answer.headers["Location"] == reverse("clients:show", args=[client.pk])


@pytest.mark.parametrize("exact", ["veg", "vegas", "marisol", "HC-104", "vega'--", "%"])
def test_a_part_of_a_name_finds_nobody(rowan: User, browser: Browser, exact: str) -> None:
    screenings.client_of(rowan, record_number="HC-1042")
    answer = browser.post(reverse("clients:find"), {"exact": exact})
    assert answer.status_code == 200
    assert "The search needs the exact last name" in answer.content.decode()


def test_several_of_one_name_are_listed_and_only_ones_own(rowan: User, willa: User, browser: Browser) -> None:
    """CHECKS 4."""
    own = [screenings.client_of(rowan, first_name=name) for name in ("Ana", "Bea")]
    other = screenings.client_of(willa, first_name="Cleo")
    page = browser.post(reverse("clients:find"), {"exact": "vega"}).content.decode()
    assert all(str(client.pk) in page for client in own)
    assert str(other.pk) not in page


def test_finding_is_a_post_so_that_no_name_is_in_an_address(browser: Browser) -> None:
    """CHECKS 26."""
    assert browser.get(reverse("clients:find"), {"exact": "vega"}).status_code == 405
    bad = browser.post(reverse("clients:find"), {"exact": "a\0"})
    assert bad.status_code == 422
    assert browser.post(reverse("clients:find"), {"exact": ""}).status_code == 422


def test_the_list_is_sorted_by_last_name_fifty_a_page(rowan: User, browser: Browser) -> None:
    for number in range(52):
        screenings.client_of(rowan, first_name="A", last_name=f"Name{number:02}")
    first = browser.get(reverse("clients:list")).content.decode()
    second = browser.get(reverse("clients:list"), {"page": "2"}).content.decode()
    shown = [f"Name{number:02}, A" for number in range(52)]
    assert [name for name in shown if name in first] == shown[:50]
    assert first.index(shown[3]) < first.index(shown[4])
    assert [name for name in shown if name in second] == shown[50:]
    assert browser.get(reverse("clients:list"), {"page": "zero"}).status_code == 200


def test_the_list_asks_the_database_the_same_for_one_row_and_for_three(rowan: User, browser: Browser) -> None:
    url = reverse("clients:list")
    counts = []
    for more in (1, 2):
        for _each in range(more):
            client = screenings.client_of(rowan)
            screenings.started(rowan, client)
        with Counted() as counted:
            browser.get(url)
        counts.append(len(counted.statements))
    assert counts == [9, 9]


def test_the_client_page_asks_the_same_for_one_screening_and_for_three(
    rowan: User, client_record: Client, browser: Browser
) -> None:
    url = reverse("clients:show", args=[client_record.pk])
    screenings.completed(rowan, client_record)
    browser.get(url)
    counts = []
    for more in (0, 2):
        for _each in range(more):
            screenings.completed(rowan, client_record)
        with Counted() as counted:
            browser.get(url)
        counts.append(len(counted.statements))
    assert counts == [18, 18]


def test_the_client_page_shows_outcomes_with_the_line_that_speaks_against(
    rowan: User, client_record: Client, browser: Browser
) -> None:
    screenings.completed(rowan, client_record)
    page = browser.get(reverse("clients:show", args=[client_record.pk])).content.decode()
    assert (
        'PTSD: Indicators not present<br><b class="stale">VA/DoD 2023 suggests against ketamine for PTSD'
        in page
    )
    assert "<title>Client - Warm Handoff</title>" in page


def test_a_colleague_sees_the_client_once_on_the_care_team(
    rowan: User, willa: User, client_record: Client, browser: Browser
) -> None:
    """CHECKS 4."""
    page = reverse("clients:show", args=[client_record.pk])
    colleague = signed_in(willa)
    assert colleague.get(page).status_code == 404
    added = browser.post(reverse("clients:add_colleague", args=[client_record.pk]), {"colleague": willa.pk})
    assert added.headers["Location"] == page
    assert colleague.get(page).status_code == 200
    browser.post(reverse("clients:add_colleague", args=[client_record.pk]), {"colleague": willa.pk})
    with context.enter(rowan.organization_id):
        assert CareTeamMember.objects.count() == 1
    browser.post(reverse("clients:remove_colleague", args=[client_record.pk]), {"user": willa.pk})
    assert colleague.get(page).status_code == 404


def test_nobody_of_elsewhere_joins_a_care_team(
    rowan: User, stranger: User, provider: User, client_record: Client, browser: Browser
) -> None:
    """CHECKS 2."""
    url = reverse("clients:add_colleague", args=[client_record.pk])
    for person in (stranger.pk, provider.pk, rowan.pk, "nonsense", ""):
        assert browser.post(url, {"colleague": person}).status_code == 422
    remove = reverse("clients:remove_colleague", args=[client_record.pk])
    assert [browser.post(remove, {"user": value}).status_code for value in (stranger.pk, "x", "")] == [
        404
    ] * 3
    with context.enter(rowan.organization_id):
        assert CareTeamMember.objects.count() == 0


def test_a_colleague_cannot_let_themselves_in(willa: User, client_record: Client) -> None:
    """CHECKS 4."""
    url = reverse("clients:add_colleague", args=[client_record.pk])
    assert signed_in(willa).post(url, {"colleague": willa.pk}).status_code == 404


@pytest.mark.usefixtures("inside")
def test_nobody_else_changes_a_client(
    client_record: Client, willa: User, stranger: User, provider: User, admin: User
) -> None:
    """CHECKS 2 and 4."""
    from django.core.exceptions import PermissionDenied

    for person in (willa, stranger, provider, admin):
        refused = [
            lambda by: actions.change_client(by=by, client=client_record, revision=1, **screenings.record()),
            lambda by: actions.add_to_care_team(by=by, client=client_record, user=by),
            lambda by: actions.remove_from_care_team(by=by, client=client_record, user=by),
        ]
        for act in refused:
            with context.enter(person.organization_id), pytest.raises(PermissionDenied):
                act(person)
    for person in (provider, admin):
        with context.enter(person.organization_id), pytest.raises(PermissionDenied):
            actions.add_client(by=person, **screenings.record())
    assert CareTeamMember.objects.count() == 0


@pytest.mark.usefixtures("inside")
def test_names_and_numbers_are_sealed_in_the_table(client_record: Client) -> None:
    """CHECKS 33."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM screening_client c")
        raw = cursor.fetchone()[0]
    assert str(client_record.pk) in raw
    for secret in ("Marisol", "Vega", "1992", client_record.record_number):
        assert secret not in raw
        assert secret.encode().hex() not in raw
