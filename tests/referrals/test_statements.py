"""A client's statement goes with a packet only where every section that it speaks of is shared."""

import json
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from privacy import context
from referrals import actions
from referrals.packet import read, seal
from referrals.workflow import Status
from screening.models.requests import StepKind
from tests.factories import accounts, requests
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db

WORDS = "It was one evening in May."


@pytest.fixture
def scene(db):
    return make.scene(now=timezone.now() - timedelta(hours=6))


@pytest.fixture
def client(scene):
    return make.client_of(scene)


def draft(scene, client, **consent):
    """A draft whose packet shares `about`, `safety` and `mood` unless said otherwise; not previewed yet."""
    return make.consented(scene, make.draft_of(scene, make.screening_of(scene, client)), **consent)


def sealed(scene, referral):
    with context.enter(scene.practice.pk):
        return actions.preview_packet(by=scene.therapist, referral=referral, at=scene.later())


def test_a_statement_about_a_shared_section_goes_along_with_denial_and_rebuttal(scene, client):
    """45 CFR 164.526(d)(5)."""
    requests.amendment(scene, client, *requests.DISAGREED, sections=("mood",), words=WORDS)
    [statement] = read(sealed(scene, draft(scene, client)).body).statements
    assert (statement.about, statement.request) == ("Mood", WORDS)
    assert statement.denial == f"Denied: {WORDS}"
    assert statement.disagreement == f"Statement of disagreement: {WORDS}"
    assert statement.rebuttal == f"Rebuttal: {WORDS}"


@pytest.mark.parametrize("sections", [("substances",), ("mood", "substances"), ("made_up",)])
def test_a_statement_that_speaks_of_a_section_that_is_not_shared_does_not(scene, client, sections):
    requests.amendment(scene, client, *requests.DISAGREED, sections=sections, words=WORDS)
    body = sealed(scene, draft(scene, client)).body
    assert WORDS not in body
    assert json.loads(body)["statements"] == []


@pytest.mark.parametrize("steps", [(), (StepKind.ACCEPTED,), (StepKind.DENIED,), (StepKind.EXTENDED,)])
def test_without_a_disagreement_nothing_goes_along(scene, client, steps):
    requests.amendment(scene, client, *steps, sections=("mood",), words=WORDS)
    assert WORDS not in sealed(scene, draft(scene, client)).body


def test_a_statement_about_the_whole_record_goes_only_where_somebody_said_so(scene, client):
    requests.amendment(scene, client, *requests.DISAGREED, words=WORDS)
    referral = draft(scene, client)
    assert WORDS not in sealed(scene, referral).body
    for include in (True, False):
        scene.by(scene.therapist, actions.choose_statements, referral=referral, include=include)
        assert (WORDS in sealed(scene, referral).body) is include


def test_nothing_is_sent_before_somebody_said_whether_the_whole_records_statement_goes(scene, client):
    requests.amendment(scene, client, *requests.DISAGREED, words=WORDS)
    referral = draft(scene, client)
    with context.enter(scene.practice.pk):
        seen, at = actions.preview_packet(by=scene.therapist, referral=referral), scene.later()
        with pytest.raises(actions.NotReady, match="Say whether the client’s statement"):
            actions.send(by=scene.therapist, referral=referral, previewed=seen.hash, at=at)
    scene.by(scene.therapist, actions.choose_statements, referral=referral, include=False)
    assert make.take(scene, referral, "send").status == Status.SENT


def test_what_may_go_to_one_recipient_is_asked_anew_for_another(scene, client):
    requests.amendment(scene, client, *requests.DISAGREED, words=WORDS)
    referral = draft(scene, client)
    scene.by(scene.therapist, actions.choose_statements, referral=referral, include=True)
    scene.by(scene.therapist, actions.write_request, referral=referral, reason="Another.", role="none")
    assert scene.reload(referral).request.statements == "yes"
    other = make.listing_of(accounts.provider())
    scene.by(scene.therapist, actions.choose_recipient, referral=referral, listing=other)
    assert scene.reload(referral).request.statements == ""


def test_a_statement_that_comes_after_the_preview_has_to_be_read_before_sending(scene, client):
    referral = draft(scene, client)
    before = sealed(scene, referral)
    requests.amendment(scene, client, *requests.DISAGREED, sections=("mood",), words=WORDS)
    with context.enter(scene.practice.pk), pytest.raises(actions.PacketChanged):
        actions.send(by=scene.therapist, referral=referral, previewed=before.hash, at=scene.later())


def test_another_clients_statement_never_goes_along(scene, client):
    requests.amendment(scene, make.client_of(scene), *requests.DISAGREED, sections=("mood",), words=WORDS)
    assert WORDS not in sealed(scene, draft(scene, client)).body


def test_a_packet_that_was_sealed_before_there_were_statements_is_still_read(scene, client):
    document = json.loads(sealed(scene, draft(scene, client)).body)
    del document["statements"]
    packet = read(json.dumps(document | {"schema": 1}))
    assert packet.statements == ()
    assert json.loads(seal(packet).body)["client"] == document["client"]


def page(scene, referral):
    window = Browser()
    window.force_login(scene.therapist)
    return window, reverse("referrals:send", args=[referral.pk])


def test_the_sending_page_says_what_goes_along_and_what_does_not(scene, client):
    requests.amendment(scene, client, *requests.DISAGREED, sections=("mood",), words=WORDS)
    requests.amendment(scene, client, *requests.DISAGREED, sections=("substances",), words="Never.")
    window, address = page(scene, draft(scene, client))
    shown = window.get(address).content.decode()
    assert WORDS in shown
    assert "Never." not in shown
    assert "1 statement of the client: it speaks of a section that is not shared" in shown


def test_the_sending_page_asks_about_the_whole_record_and_takes_the_answer(scene, client):
    requests.amendment(scene, client, *requests.DISAGREED, words=WORDS)
    referral = draft(scene, client)
    window, address = page(scene, referral)
    assert "Now: nobody has said." in window.get(address).content.decode()
    answer = window.post(reverse("referrals:statements", args=[referral.pk]), {"include": "yes"})
    assert answer.headers["Location"] == address
    shown = window.get(address).content.decode()
    assert "Now: it goes along." in shown
    assert "The packet has changed since you previewed it" in shown
    assert WORDS in shown


def test_an_answer_that_is_none_changes_nothing(scene, client):
    """CHECKS 31."""
    referral = draft(scene, client)
    window, _address = page(scene, referral)
    window.post(reverse("referrals:statements", args=[referral.pk]), {"include": "maybe"})
    assert scene.reload(referral).request.statements == ""
