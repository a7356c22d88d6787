"""A client says that something is wrong: accepted or denied in time, and a disagreement is never lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy import context
from screening.models import Amendment
from screening.models.requests import StepKind
from tests.factories import accounts, referrals, requests


@pytest.fixture
def client(scene):
    made = referrals.client_of(scene)
    referrals.screening_of(scene, made)
    return made


@pytest.fixture
def amendment(scene, client):
    return requests.amendment(scene, client)


def at(name, *args):
    return reverse(f"desk:{name}", args=args)


def form(scene, **values):
    day = timezone.localdate(timezone=scene.practice.zone)
    given = {"words": "I never said that.", "received_on": f"{day:%m/%d/%Y}", "sections": ["mood"]}
    return given | {"form_key": "7d6f8a1e-0b52-4f6e-9a5c-0c9d2f1b3a44"} | values


def test_a_therapist_writes_down_what_is_wrong_once(browser, scene, client):
    """CHECKS 42."""
    window = browser(scene.therapist)
    answers = [window.post(at("ask_to_amend", client.pk), form(scene)) for _ in range(2)]
    with context.enter(scene.practice.pk):
        [made] = Amendment.objects.with_steps()
        assert (made.words, made.sections) == ("I never said that.", ["mood"])
        assert made.due_on == made.received_on + timedelta(days=60)
    assert {answer.headers["Location"] for answer in answers} == {at("amendment", made.pk)}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"words": ""}, "This field is required"),
        ({"words": "x" * 4001}, "Use at most 4000 characters"),
        ({"words": "a\0b"}, "Remove the control characters"),
        ({"sections": ["made_up"]}, "Select a valid choice"),
        ({"received_on": "12/31/2999"}, "Choose a day that has begun"),
    ],
)
def test_a_bad_one_is_said_beside_the_field(browser, scene, client, values, sentence):
    """CHECKS 30."""
    answer = browser(scene.therapist).post(at("ask_to_amend", client.pk), form(scene, **values))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def offered(browser, scene, amendment):
    page = browser(scene.therapist).get(at("amendment", amendment.pk))
    return [kind for kind, _title in page.context["next"]]


def test_each_state_offers_what_can_follow(browser, scene, client):
    def after(*steps):
        return offered(browser, scene, requests.amendment(scene, client, *steps))

    denied, disagreed = StepKind.DENIED, StepKind.DISAGREEMENT
    assert after() == ["accepted", "denied", "extended"]
    assert after(StepKind.EXTENDED) == ["accepted", "denied"]
    assert after(StepKind.ACCEPTED) == []
    assert after(denied) == ["disagreement"]
    assert after(denied, disagreed) == ["rebuttal"]
    assert after(denied, disagreed, StepKind.REBUTTAL) == []


@pytest.mark.parametrize(
    ("steps", "kind", "sentence"),
    [
        ((), "disagreement", "A statement of disagreement follows a denial."),
        ((), "rebuttal", "A rebuttal follows a statement of disagreement."),
        ((StepKind.ACCEPTED,), "denied", "This request is decided already."),
        ((StepKind.DENIED,), "denied", "That is written down already."),
        ((StepKind.DENIED,), "extended", "This request is decided already."),
        ((StepKind.ACCEPTED,), "disagreement", "A statement of disagreement follows a denial."),
    ],
)
def test_what_is_out_of_order_is_refused_with_a_sentence(browser, scene, client, steps, kind, sentence):
    made = requests.amendment(scene, client, *steps)
    answer = browser(scene.therapist).post(at("amendment_step", made.pk, kind), {"words": "Because."})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_time_that_has_run_out_is_not_extended(browser, scene, client):
    scene.now -= timedelta(days=70)
    late = requests.amendment(scene, client)
    answer = browser(scene.therapist).post(at("amendment_step", late.pk, "extended"), {"words": "Away."})
    assert "The time has run out" in answer.content.decode()


def test_a_step_that_is_none_is_not_there(browser, scene, amendment):
    assert browser(scene.therapist).get(at("amendment_step", amendment.pk, "shredded")).status_code == 404


def test_a_disagreement_shows_on_the_clients_page_and_in_the_timeline(browser, scene, client):
    made = requests.amendment(scene, client, *requests.DISAGREED)
    window = browser(scene.therapist)
    page = window.get(reverse("clients:show", args=[client.pk])).content.decode()
    assert "The client disagrees" in page
    assert at("amendment", made.pk) in page
    timeline = window.get(at("timeline", client.pk)).content.decode()
    for words in (
        "You recorded a request to amend.",
        "You denied the request to amend.",
        "You recorded the client’s statement of disagreement.",
        "You wrote a rebuttal to the client’s statement.",
    ):
        assert words in timeline


def test_a_lead_decides_too_and_nobody_else_sees_it(browser, scene, amendment, colleague):
    """CHECKS 2, 4, 5."""
    lead = accounts.therapist(organization=scene.practice, duties=["lead"])
    page = at("amendment_step", amendment.pk, "denied")
    others = (colleague, accounts.therapist(duties=["lead"]), scene.provider, accounts.admin())
    assert [browser(person).post(page, {"words": "No."}).status_code for person in others] == [
        404,
        404,
        403,
        403,
    ]
    assert browser(lead).post(page, {"words": "It is accurate and complete."}).status_code == 302
    with context.enter(scene.practice.pk):
        decision = Amendment.objects.with_steps().get().decision
    assert decision is not None
    assert (decision.by, decision.words) == (lead, "It is accurate and complete.")
