"""The provider's inbox: the cover, opening, and what is closed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.workflow import Status
from tests.factories import accounts
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make.scene(now=timezone.now() - timedelta(days=10))


def test_before_opening_the_cover_tells_who_and_what_for_and_no_answers(client, scene):
    referral = make.at(Status.SENT, scene)
    client.force_login(scene.provider)
    page = client.get(reverse("inbox:show", args=[referral.pk])).content.decode()
    assert "Marisol" in page
    assert "Low mood" in page
    assert "Indicators present" in page
    assert "Overdue" in page
    for unread in ("Two medicines did not help.", "503 555 0142", "How low?"):
        assert unread not in page


def test_looking_at_the_cover_opens_nothing(client, scene):
    """CHECKS 8."""
    referral = make.at(Status.SENT, scene)
    client.force_login(scene.provider)
    url = reverse("inbox:show", args=[referral.pk])
    assert [client.get(url).status_code for _ in range(2)] == [200, 200]
    assert scene.reload(referral).state is Status.SENT


def test_opening_is_a_post_and_counts_once(client, scene):
    """CHECKS 42."""
    referral = make.at(Status.SENT, scene)
    client.force_login(scene.provider)
    url = reverse("inbox:open", args=[referral.pk])
    assert client.get(url).status_code == 405
    assert [client.post(url).status_code for _ in range(2)] == [302, 302]
    opened = scene.reload(referral)
    assert (opened.state, opened.provider_id) == (Status.IN_REVIEW, scene.provider.pk)
    assert [event.move for event in make.events_of(scene, referral)] == ["send", "open"]
    page = client.get(reverse("inbox:show", args=[referral.pk])).content.decode()
    assert "Two medicines did not help." in page


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.RECALLED])
def test_a_closed_packet_names_nobody(client, scene, status):
    """CHECKS 5."""
    referral = make.at(status, scene)
    client.force_login(scene.provider)
    for url in (reverse("inbox:show", args=[referral.pk]), reverse("inbox:list") + "?list=done"):
        page = client.get(url).content.decode()
        assert "losed" in page
        assert "Marisol" not in page


def test_the_packet_is_its_recipients_alone(client, scene):
    """CHECKS 1, 2, 5."""
    referral = make.at(Status.IN_REVIEW, scene)
    url = reverse("inbox:show", args=[referral.pk])
    assert client.get(url).status_code == 302
    for person, code in (
        (accounts.provider(), 404),
        (accounts.therapist(), 403),
        (scene.therapist, 403),
        (accounts.admin(), 403),
        (accounts.provider(organization=scene.prescriber), 200),
    ):
        client.force_login(person)
        assert client.get(url).status_code == code
        assert client.get(reverse("inbox:list")).status_code == (200 if person.is_provider else 403)


def test_the_list_can_be_narrowed_to_ones_own(client, scene):
    mine = make.at(Status.IN_REVIEW, scene)
    other = make.at(Status.SENT, scene)
    client.force_login(scene.provider)

    def shown(whose):
        rows = client.get(reverse("inbox:list"), {"whose": whose}).context["rows"]
        return {row.url for row in rows}

    of_mine, of_other = (reverse("inbox:show", args=[each.pk]) for each in (mine, other))
    assert shown("everyone") == {of_mine, of_other}
    assert shown("mine") == {of_mine}
    assert shown("unassigned") == {of_other}
    assert shown("nonsense") == {of_mine, of_other}
