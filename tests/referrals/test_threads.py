"""A referral's page for both sides, its messages, its packet, and the therapist's list."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from privacy import context
from privacy.models import Entry, Notice
from referrals import actions
from referrals.workflow import Status
from tests.factories import accounts
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make.scene(now=timezone.now() - timedelta(days=30))


@pytest.mark.parametrize("status", list(Status))
def test_each_side_sees_where_it_stands(client, scene, status):
    referral = make.at(status, scene)
    url = reverse("referrals:show", args=[referral.pk])
    client.force_login(scene.therapist)
    page = client.get(url, follow=True)
    assert page.status_code == 200
    assert "Vega" in page.content.decode()
    client.force_login(scene.provider)
    page = client.get(url, follow=True)
    expected = 404 if status in {Status.DRAFT, Status.DISCARDED} else 200
    assert page.status_code == expected
    if status in {Status.WITHDRAWN, Status.RECALLED}:
        assert "Vega" not in page.content.decode()


@pytest.mark.parametrize("status", [status for status in Status if status.turn])
def test_whose_turn_it_is_stands_in_words(client, scene, status):
    referral = make.at(status, scene)
    client.force_login(scene.therapist)
    page = client.get(reverse("referrals:show", args=[referral.pk]), follow=True).content.decode()
    if status is Status.DRAFT:
        assert "Nothing is sent yet" in page
    elif status.turn == "therapist":
        assert "Your turn since" in page
        assert "Now: your turn" in page
    else:
        assert f"With {scene.prescriber.name} since" in page


def test_every_thread_says_that_nobody_watches_and_gives_a_number(client, scene):
    referral = make.at(Status.IN_REVIEW, scene)
    for person in (scene.therapist, scene.provider):
        client.force_login(person)
        for url in (
            reverse("referrals:show", args=[referral.pk]),
            reverse("referrals:move", args=[referral.pk, "report_urgent_change"]),
        ):
            page = client.get(url).content.decode()
            assert "Nobody watches this page for emergencies." in page
            assert "988" in page


def test_the_title_names_nobody(client, scene):
    """CHECKS 26."""
    referral = make.at(Status.EVALUATED, scene)
    client.force_login(scene.therapist)
    for url in (
        reverse("referrals:show", args=[referral.pk]),
        reverse("referrals:move", args=[referral.pk, "close"]),
        reverse("referrals:packet", args=[referral.pk]),
        reverse("referrals:list"),
    ):
        page = client.get(url).content.decode()
        assert "Vega" not in re.search("<title>(.*?)</title>", page, re.S).group(1)


def test_a_message_reaches_the_other_side_once(client, scene):
    """CHECKS 42."""
    referral = make.at(Status.IN_REVIEW, scene)
    client.force_login(scene.therapist)
    url = reverse("referrals:message", args=[referral.pk])
    data = {"form_key": str(uuid4()), "text": "Mornings work better."}
    before = Notice.objects.filter(kind="message.sent").count()
    assert [client.post(url, data).status_code for _ in range(3)] == [302, 302, 302]
    with context.enter(scene.practice.pk):
        assert referral.messages.count() == 1
    assert Notice.objects.filter(kind="message.sent").count() == before + 1
    client.force_login(scene.provider)
    assert (
        "Mornings work better." in client.get(reverse("referrals:show", args=[referral.pk])).content.decode()
    )


def test_that_a_message_was_read_is_derived_from_the_audit_log(client, scene):
    """CHECKS 8: reading changes no row but the log."""
    referral = make.at(Status.IN_REVIEW, scene)
    scene.by(scene.therapist, actions.send_message, referral=referral, text="Mornings work better.")
    url = reverse("referrals:show", args=[referral.pk])
    client.force_login(scene.therapist)
    assert "Read by" not in client.get(url).content.decode()
    client.force_login(scene.provider)
    client.get(url)
    client.force_login(scene.therapist)
    assert f"Read by {scene.provider.name}" in client.get(url).content.decode()


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "x" * 10_000])
def test_a_bad_message_is_said_beside_its_field(client, scene, text):
    """CHECKS 30."""
    referral = make.at(Status.IN_REVIEW, scene)
    client.force_login(scene.therapist)
    answer = client.post(
        reverse("referrals:message", args=[referral.pk]), {"form_key": str(uuid4()), "text": text}
    )
    assert answer.status_code == 422
    assert "text" in answer.context["form"].errors


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.RECALLED])
def test_nothing_is_written_once_it_has_ended(client, scene, status):
    referral = make.at(status, scene)
    client.force_login(scene.therapist)
    answer = client.post(
        reverse("referrals:message", args=[referral.pk]), {"form_key": str(uuid4()), "text": "Hello?"}
    )
    assert answer.status_code == 422
    with context.enter(scene.practice.pk):
        assert not referral.messages.exists()


def test_script_in_words_stays_words(client, scene):
    """CHECKS 25."""
    payload = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    referral = make.at(Status.IN_REVIEW, scene)
    scene.by(scene.therapist, actions.send_message, referral=referral, text=payload)
    scene.by(scene.provider, actions.ask, referral=referral, questions=[payload], note=payload)
    for person in (scene.therapist, scene.provider):
        client.force_login(person)
        page = client.get(reverse("referrals:show", args=[referral.pk])).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_therapist_reads_what_was_sealed(client, scene):
    referral = make.at(Status.ACCEPTED, scene)
    client.force_login(scene.therapist)
    page = client.get(reverse("referrals:packet", args=[referral.pk]))
    assert page.status_code == 200
    assert "Two medicines did not help." in page.content.decode()
    client.force_login(scene.provider)
    assert client.get(reverse("referrals:packet", args=[referral.pk])).status_code == 302
    client.force_login(accounts.therapist())
    assert client.get(reverse("referrals:packet", args=[referral.pk])).status_code == 404


def test_reading_is_one_entry_with_both_organizations(client, scene):
    """CHECKS 35."""
    referral = make.at(Status.IN_REVIEW, scene)
    client.force_login(scene.provider)
    client.get(reverse("referrals:show", args=[referral.pk]))
    with context.enter(scene.practice.pk):
        # The owner's lead may read it as well as the reader's own.
        entry = Entry.objects.get(action="referral.read", record=referral.pk)
    assert (entry.by, entry.organization, entry.owner, entry.client) == (
        scene.provider.pk,
        scene.prescriber.pk,
        scene.practice.pk,
        referral.client_id,
    )


def _queries_of_list(client, name, shown):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(reverse(name), {"list": shown}).status_code == 200
    return [
        query["sql"]
        for query in captured
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT"))
    ]


@pytest.mark.parametrize(
    ("name", "shown", "status", "number"),
    [
        ("referrals:list", "turn", Status.EVALUATED, 8),
        ("referrals:list", "waiting", Status.SENT, 8),
        ("referrals:list", "done", Status.CLOSED, 8),
        ("inbox:list", "turn", Status.SENT, 10),
        ("inbox:list", "waiting", Status.EVALUATED, 10),
        ("inbox:list", "done", Status.CLOSED, 10),
    ],
)
def test_a_list_takes_the_same_queries_for_one_row_and_for_three(client, scene, name, shown, status, number):
    make.at(status, scene)
    client.force_login(scene.therapist if name.startswith("referrals") else scene.provider)
    _queries_of_list(client, name, shown)  # opens the keys of this process
    one = _queries_of_list(client, name, shown)
    make.at(status, scene)
    make.at(status, scene)
    three = _queries_of_list(client, name, shown)
    assert (len(one), len(three)) == (number, number), "\n".join(three)


def test_a_list_shows_its_own_and_is_in_order(client, scene):
    late = make.at(Status.EVALUATED, scene)
    scene.later(days=3)
    soon = make.at(Status.EVALUATED, scene)
    make.at(Status.EVALUATED, make.scene())
    client.force_login(scene.therapist)
    page = client.get(reverse("referrals:list"))
    assert [row.url for row in page.context["rows"]] == [
        reverse("referrals:show", args=[late.pk]),
        reverse("referrals:show", args=[soon.pk]),
    ]
    assert "Overdue" in page.content.decode()
    client.force_login(accounts.therapist(organization=scene.practice))
    assert client.get(reverse("referrals:list")).context["rows"] == []
    client.force_login(scene.provider)
    assert client.get(reverse("referrals:list")).status_code == 403


def test_an_unknown_list_is_the_first(client, scene):
    """CHECKS 31."""
    client.force_login(scene.therapist)
    page = client.get(reverse("referrals:list"), {"list": "' OR 1=1", "page": "many"})
    assert (page.status_code, page.context["shown"]) == (200, "turn")


@pytest.mark.parametrize("name", ["show", "packet", "consent", "send", "choose_again", "revoke", "course"])
def test_a_page_is_for_people_who_signed_in_and_nobody_elses(client, scene, name):
    """CHECKS 1, 2, 9."""
    referral = make.ready(scene)
    url = reverse(f"referrals:{name}", args=[referral.pk])
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    for person in (accounts.therapist(), accounts.therapist(organization=scene.practice)):
        client.force_login(person)
        assert client.get(url).status_code == 404
    client.force_login(scene.provider)
    assert client.get(url).status_code in {403, 404}
    client.force_login(accounts.admin())
    assert client.get(url).status_code == 403
