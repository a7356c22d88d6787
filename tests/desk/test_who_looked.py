"""Who looked at a client: both sides, refusals and emergencies, for those who answer for the client."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy import context
from privacy.models import Entry
from referrals.workflow import Status
from screening import actions as screening_actions
from tests.factories import accounts, referrals
from tests.screening.conftest import Counted

TAGS = re.compile(r"<[^>]+>")


@pytest.fixture
def referral(scene):
    return referrals.at(Status.IN_REVIEW, scene)


@pytest.fixture
def lead(scene):
    return accounts.therapist(organization=scene.practice, name="Lea Der", duties=["lead"])


def url(referral, **query):
    address = reverse("desk:who_looked", args=[referral.client_id])
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def rows(response):
    assert response.status_code == 200
    return [row for day in response.context["page"].days for row in day.rows]


def said(response):
    return [(row.who, row.words) for row in rows(response)]


def test_the_therapist_reads_what_both_sides_did_the_latest_first(browser, scene, referral):
    found = rows(browser(scene.therapist).get(url(referral)))
    assert [row.words for row in found][:3] == [
        "Opened the packet",
        "Sent the packet",
        "Previewed a packet before sending",
    ]
    [opened] = [row for row in found if row.words == "Opened the packet"]
    assert (opened.who, opened.where, opened.is_elsewhere) == ("Pro Vider, MD", scene.prescriber.name, True)
    assert found[-1].words == "Added the client"
    assert [row.at for row in found] == sorted((row.at for row in found), reverse=True)


def test_looking_at_the_page_is_an_entry_itself(browser, scene, referral):
    """CHECKS 35."""
    window = browser(scene.therapist)
    window.get(url(referral))
    assert said(window.get(url(referral)))[0] == ("Thea Rapist, LMFT", "Read who looked at the client")


def test_a_provider_who_reads_the_packet_shows_with_the_clinic(browser, scene, referral):
    browser(scene.provider).get(reverse("inbox:show", args=[referral.pk]))
    page = browser(scene.therapist).get(url(referral)).content.decode()
    assert "Read a packet" in page
    assert f'<span class="tag tag--act">{scene.prescriber.name}</span>' in page


def test_a_colleague_who_was_refused_shows(browser, scene, referral, colleague):
    window = browser(colleague)
    assert window.get(reverse("clients:show", args=[referral.client_id])).status_code == 404
    assert window.get(reverse("screenings:result", args=[referral.screening_id])).status_code == 404
    assert window.get(reverse("referrals:show", args=[referral.pk])).status_code == 404
    found = [row for row in rows(browser(scene.therapist).get(url(referral))) if row.is_refused]
    assert [row.who for row in found] == ["Col League"] * 3


def test_what_is_read_by_emergency_access_is_marked(browser, scene, referral, colleague, lead):
    with context.enter(scene.practice.pk):
        screening_actions.open_emergency_access(
            by=lead, client=referral.client, user=colleague, reason="Nobody else is here."
        )
    assert browser(colleague).get(reverse("clients:show", args=[referral.client_id])).status_code == 200
    found = rows(browser(scene.therapist).get(url(referral)))
    marked = {(row.who, row.words) for row in found if row.by_emergency}
    assert marked == {("Lea Der", "Opened emergency access"), ("Col League", "Read the client’s page")}
    assert "Emergency access" in TAGS.sub(" ", browser(scene.therapist).get(url(referral)).content.decode())


@pytest.mark.parametrize(
    ("kind", "words"),
    [("read", "Read a packet"), ("changed", "Added the client"), ("sent", "Sent the packet")],
)
def test_it_is_narrowed_by_kind(browser, scene, referral, kind, words):
    browser(scene.provider).get(reverse("inbox:show", args=[referral.pk]))
    found = rows(browser(scene.therapist).get(url(referral, kind=kind)))
    assert words in [row.words for row in found]
    assert {row.kind.value for row in found} == {kind}


def test_it_is_narrowed_by_person_and_time(browser, scene, referral):
    window = browser(scene.therapist)
    assert {who for who, _ in said(window.get(url(referral, person=scene.provider.pk)))} == {"Pro Vider, MD"}
    assert len(rows(window.get(url(referral, period="7")))) == len(rows(window.get(url(referral)))) - 1


def test_what_is_not_on_a_list_chooses_nothing(browser, scene, referral):
    """CHECKS 31."""
    window = browser(scene.therapist)
    everything = rows(window.get(url(referral)))
    strange = window.get(url(referral, kind="delete", person="1%27%20OR%201", period="1000000", before="x"))
    assert len(rows(strange)) == len(everything) + 1


def test_pages_hold_fifty_and_lead_on_by_key(browser, scene, referral):
    window = browser(scene.therapist)
    for _ in range(60):
        window.get(reverse("clients:show", args=[referral.client_id]))
    first = window.get(url(referral))
    assert len(rows(first)) == 50
    second = window.get(f"{url(referral)}?{first.context['older']}")
    everything = [*rows(first), *rows(second)]
    with context.enter(scene.practice.pk):
        # The two readings of the list itself came after what each page shows, or after its key.
        assert len(everything) == Entry.objects.filter(client=referral.client_id).count() - 2
    assert len({row.at for row in everything}) == len(everything)
    assert second.context["older"] == ""


def test_a_lead_reads_it_for_every_client_of_the_practice(browser, scene, referral, lead):
    assert browser(lead).get(url(referral)).status_code == 200


def test_nobody_else_does(browser, scene, referral, colleague):
    """CHECKS 4, 5."""
    stranger_lead = accounts.therapist(duties=["lead"])
    clinic_lead = accounts.provider(organization=scene.prescriber, duties=["lead"])
    people = (colleague, stranger_lead, scene.provider, clinic_lead, accounts.admin())
    assert [browser(each).get(url(referral)).status_code for each in people] == [404, 404, 403, 403, 403]


def test_emergency_access_is_not_enough(browser, scene, referral, colleague, lead):
    with context.enter(scene.practice.pk):
        screening_actions.open_emergency_access(
            by=lead, client=referral.client, user=colleague, reason="Nobody else is here."
        )
    assert browser(colleague).get(url(referral)).status_code == 404


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(browser, scene, referral):
    window = browser(scene.therapist)
    window.get(url(referral))
    counts = []
    for more in (0, 40):
        for _ in range(more):
            window.get(reverse("clients:show", args=[referral.client_id]))
        with Counted() as counted:
            window.get(url(referral))
        counts.append(len(counted.statements))
    assert counts == [15, 15]


def test_days_are_those_of_the_readers_zone(browser, scene, referral):
    page = browser(scene.therapist).get(url(referral)).context["page"]
    today = timezone.localdate(timezone=scene.practice.zone)
    assert page.days[0].day in (today, today - timedelta(days=1))
