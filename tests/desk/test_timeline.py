"""A client's timeline tells what happened in screenings and referrals, once each, the latest first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import timeline
from privacy import context
from referrals.workflow import MOVES, Status
from screening.models import Client
from tests.factories import accounts, referrals


def address(referral):
    return f"/clients/{referral.client_id}/timeline/"


@pytest.fixture
def closed(scene):
    return referrals.at(Status.CLOSED, scene)


def test_it_tells_screening_and_referral_in_one_order(browser, scene, closed):
    response = browser(scene.therapist).get(address(closed))
    clinic, title = scene.prescriber.name, scene.version.title
    told = [happening.words for happening in response.context["page"]]
    assert told[:2] == [
        f"You closed the referral to {clinic}.",
        f"{clinic} recorded the outcome. Proceeding with treatment.",
    ]
    assert told[-3:] == [
        f"You completed: {title}, version 1.",
        f"You started: {title}.",
        "You added the client.",
    ]
    moments = [happening.at for happening in response.context["page"]]
    assert moments == sorted(moments, reverse=True)


def test_the_last_move_says_whose_turn_it_is(browser, scene):
    referral = referrals.at(Status.DECLINED, scene)
    page = browser(scene.therapist).get(address(referral)).context["page"]
    assert [happening.is_turn for happening in page].index(True) == 0
    assert sum(happening.is_turn for happening in page) == 1


def test_it_shows_what_an_associate_completed(browser, scene):
    supervisor = accounts.therapist(organization=scene.practice, duties=["supervisor"])
    scene.therapist = accounts.therapist(organization=scene.practice, needs_signature_from=supervisor)
    done = referrals.screening_of(scene)
    response = browser(scene.therapist).get(f"/clients/{done.client_id}/timeline/")
    assert response.status_code == 200
    assert any("You completed" in happening.words for happening in response.context["page"])


def test_every_move_has_words():
    assert set(timeline.MOVES) == {move.name for move in MOVES}


def test_a_colleague_and_a_stranger_find_nothing(browser, scene, colleague, closed):
    missing = browser(scene.therapist).get("/clients/00000000-0000-4000-8000-000000000000/timeline/")
    for person in (colleague, accounts.therapist()):
        response = browser(person).get(address(closed))
        assert response.status_code == missing.status_code == 404
    assert browser(scene.provider).get(address(closed)).status_code == 403
    assert browser(accounts.admin()).get(address(closed)).status_code == 403


def test_signed_out_leads_to_sign_in(client, closed):
    assert client.get(address(closed)).status_code == 302


def test_the_number_of_queries_does_not_grow(browser, scene, closed):
    window = browser(scene.therapist)

    def count():
        window.get(address(closed))
        with CaptureQueriesContext(connection) as queries:
            window.get(address(closed))
        return len(queries)

    one = count()
    with context.enter(scene.practice.pk):
        client = Client.objects.get(pk=closed.client_id)
    for _ in range(2):
        referrals.take(
            scene,
            referrals.ready(scene, screening=referrals.screening_of(scene, client)),
            *referrals.PATHS[Status.CLOSED],
        )
    assert count() == one
