"""Each move on its own page: who may, who may not, and that a form counts once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy import context
from referrals.models import Event, Referral, ReferralRequest
from referrals.move_pages import PAGES
from referrals.workflow import MOVES, Party, Status
from tests.factories import accounts
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db

BY_NAME = {move.name: move for move in MOVES}
# Sending has a page of its own (test_sending.py); the system takes the last one.
WITHOUT_PAGE = {"send", "provider_unavailable"}
# From where each move is tried, and what its form says.
FROM = {
    "discard": Status.DRAFT,
    "open": Status.SENT,
    "ask": Status.IN_REVIEW,
    "accept": Status.IN_REVIEW,
    "decline": Status.IN_REVIEW,
    "reply": Status.INFORMATION_REQUESTED,
    "schedule": Status.ACCEPTED,
    "reschedule": Status.SCHEDULED,
    "no_show": Status.SCHEDULED,
    "agree_new_time": Status.NO_SHOW,
    "record_outcome": Status.SCHEDULED,
    "question_outcome": Status.EVALUATED,
    "close": Status.EVALUATED,
    "refer_elsewhere": Status.DECLINED,
    "reopen": Status.CLOSED,
    "withdraw": Status.SENT,
    "recall": Status.IN_REVIEW,
    "assign": Status.IN_REVIEW,
    "report_urgent_change": Status.SENT,
    "acknowledge_urgent_change": Status.IN_REVIEW,
}
LEADS_TO = {
    "discard": "discarded",
    "open": "in_review",
    "ask": "information_requested",
    "accept": "accepted",
    "decline": "declined",
    "reply": "in_review",
    "schedule": "scheduled",
    "reschedule": "scheduled",
    "no_show": "no_show",
    "agree_new_time": "accepted",
    "record_outcome": "evaluated",
    "question_outcome": "outcome_questioned",
    "close": "closed",
    "refer_elsewhere": "closed",
    "reopen": "evaluated",
    "withdraw": "withdrawn",
    "recall": "recalled",
    "assign": "in_review",
    "report_urgent_change": "sent",
    "acknowledge_urgent_change": "in_review",
}


def _words(scene, referral, name):
    """What a person types in a move's form."""
    ahead = timezone.localtime(timezone.now() + timedelta(days=7)).strftime("%m/%d/%Y 9:30 AM")
    values = {
        "ask": {"question_1": "Blood pressure?", "question_2": "Who prescribes?", "note": "Two things."},
        "decline": {"code": "not_taking_new_clients", "note": "In spring again."},
        "reply": {"answer_0": "132 / 84"},
        "schedule": {"appointment_at": ahead},
        "reschedule": {"appointment_at": ahead},
        "agree_new_time": {"note": "Mornings."},
        "record_outcome": {"kind": "not_yet", "note": "In a month."},
        "question_outcome": {"note": "Why?"},
        "reopen": {"note": "There is news."},
        "withdraw": {"reason": "client_wish"},
        "recall": {"reason": "wrong_client"},
        "assign": {"to": str(_actor(scene, name).pk)},
        "report_urgent_change": {"note": "Sleeps two hours a night."},
    }.get(name, {})
    if name == "acknowledge_urgent_change":
        report = next(
            event for event in make.events_of(scene, referral) if event.move == "report_urgent_change"
        )
        values = {"report": str(report.pk), "note": "Called the therapist."}
    return values


def _actor(scene, name):
    return scene.therapist if Party.THERAPIST in BY_NAME[name].by else scene.provider


@pytest.fixture
def scene():
    # In the past, so that an appointment made by the factories is over by now.
    return make.scene(now=timezone.now() - timedelta(days=30))


def _at(scene, name):
    referral = make.at(FROM[name], scene)
    if name == "acknowledge_urgent_change":
        report = make.STEPS["report_urgent_change"]
        report(scene, referral)
    return referral


def _person(scene, name):
    return scene.provider if name == "acknowledge_urgent_change" else _actor(scene, name)


def test_every_move_has_a_page_or_another_way():
    assert {move.name for move in MOVES} ^ set(PAGES) == WITHOUT_PAGE
    assert set(FROM) ^ set(PAGES) == set()


@pytest.mark.parametrize("name", PAGES)
def test_a_move_is_taken_on_its_page(client, scene, name):
    referral = _at(scene, name)
    client.force_login(_person(scene, name))
    url = reverse("referrals:move", args=[referral.pk, name])
    page = client.get(url)
    assert page.status_code == 200
    form_key = str(page.context["form"]["form_key"].value())
    answer = client.post(url, {"form_key": form_key, **_words(scene, referral, name)})
    assert answer.status_code == 302, answer.context["form"].errors
    assert scene.reload(referral).status == LEADS_TO[name]


@pytest.mark.parametrize("name", PAGES)
def test_the_same_form_sent_again_is_one_move(client, scene, name):
    """CHECKS 42."""
    referral = _at(scene, name)
    client.force_login(_person(scene, name))
    url = reverse("referrals:move", args=[referral.pk, name])
    data = {"form_key": str(uuid4()), **_words(scene, referral, name)}
    answers = [client.post(url, data).status_code for _ in range(3)]
    moved = [event for event in make.events_of(scene, referral) if event.move == name]
    assert answers == [302, 302, 302]
    assert len(moved) == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_move_is_for_people_who_signed_in(client, scene, name):
    referral = _at(scene, name)
    answer = client.post(reverse("referrals:move", args=[referral.pk, name]), {"form_key": str(uuid4())})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert scene.reload(referral).state is FROM[name]


@pytest.mark.parametrize("name", PAGES)
def test_an_admin_takes_no_move(client, scene, name):
    referral = _at(scene, name)
    client.force_login(accounts.admin())
    answer = client.get(reverse("referrals:move", args=[referral.pk, name]))
    assert answer.status_code == 403


@pytest.mark.parametrize("name", [name for name in PAGES if len(BY_NAME[name].by - {Party.SYSTEM}) == 1])
def test_the_wrong_side_is_refused(client, scene, name):
    referral = _at(scene, name)
    other = scene.provider if _actor(scene, name) == scene.therapist else scene.therapist
    client.force_login(other)
    answer = client.post(
        reverse("referrals:move", args=[referral.pk, name]),
        {"form_key": str(uuid4()), **_words(scene, referral, name)},
    )
    # A draft isn't there for the other side.
    assert answer.status_code == (404 if name == "discard" else 403)
    assert scene.reload(referral).state is FROM[name]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_nothing(client, scene, name):
    """CHECKS 2: another organization's referral looks like one that doesn't exist."""
    referral = _at(scene, name)
    stranger = accounts.therapist() if _actor(scene, name) == scene.therapist else accounts.provider()
    client.force_login(stranger)
    theirs = client.post(reverse("referrals:move", args=[referral.pk, name]), {"form_key": str(uuid4())})
    nothing = client.post(reverse("referrals:move", args=[uuid4(), name]), {"form_key": str(uuid4())})
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert scene.reload(referral).state is FROM[name]


def test_a_colleague_who_is_not_on_the_care_team_finds_nothing(client, scene):
    """CHECKS 4."""
    referral = make.at(Status.EVALUATED, scene)
    client.force_login(accounts.therapist(organization=scene.practice))
    assert client.get(reverse("referrals:move", args=[referral.pk, "close"])).status_code == 404
    assert client.get(reverse("referrals:show", args=[referral.pk])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_a_move_from_the_wrong_status_says_so(client, scene, name):
    status = Status.WITHDRAWN if name != "acknowledge_urgent_change" else Status.DISCARDED
    referral = make.at(status, scene)
    client.force_login(scene.therapist if name == "acknowledge_urgent_change" else _actor(scene, name))
    answer = client.get(reverse("referrals:move", args=[referral.pk, name]))
    assert answer.status_code == 409
    assert "is not open now" in answer.content.decode()


def test_no_move_of_this_name_is_not_there(client, scene):
    referral = make.at(Status.SENT, scene)
    client.force_login(scene.therapist)
    assert client.get(reverse("referrals:move", args=[referral.pk, "send"])).status_code == 404


def test_extra_fields_change_nothing_else(client, scene):
    """CHECKS 6."""
    referral = make.at(Status.EVALUATED, scene)
    client.force_login(scene.therapist)
    extra = {"status": "draft", "organization": str(uuid4()), "prescriber": str(uuid4()), "turn": "provider"}
    data = {"form_key": str(uuid4()), "note": "Done.", **extra}
    client.post(reverse("referrals:move", args=[referral.pk, "close"]), data)
    after = scene.reload(referral)
    assert (after.status, after.organization_id, after.prescriber_id, after.turn) == (
        "closed",
        referral.organization_id,
        referral.prescriber_id,
        "",
    )


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("ask", {}, "question_1"),
        ("ask", {"question_1": "a\x00b"}, "question_1"),
        ("ask", {"question_1": "x" * 5000}, "question_1"),
        ("decline", {}, "code"),
        ("decline", {"code": "because"}, "code"),
        ("decline", {"code": "not_now"}, "work_on"),
        ("decline", {"code": "not_now"}, "look_again_on"),
        ("decline", {"code": "not_now", "look_again_on": "01/01/2020"}, "look_again_on"),
        ("decline", {"code": "refer_to"}, "listing"),
        ("decline", {"code": "refer_to", "listing": "nonsense"}, "listing"),
        ("decline", {"code": "other"}, "note"),
        ("schedule", {"appointment_at": "tomorrow"}, "appointment_at"),
        ("schedule", {"appointment_at": "01/01/2020 9:00 AM"}, "appointment_at"),
        ("schedule", {"appointment_at": "12/31/9999 11:59 PM"}, "appointment_at"),
        ("record_outcome", {"kind": "cured"}, "kind"),
        ("reply", {}, "answer_0"),
        ("reply", {"answer_0": "Yes.", "unknown_0": "declined"}, "answer_0"),
        ("withdraw", {"reason": "consent_revoked"}, "reason"),
        ("recall", {}, "reason"),
        ("reopen", {"note": "  "}, "note"),
        ("report_urgent_change", {"note": ""}, "note"),
        ("assign", {"to": str(uuid4())}, "to"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_kept(client, scene, name, data, field):
    """CHECKS 30."""
    referral = _at(scene, name)
    client.force_login(_person(scene, name))
    answer = client.post(
        reverse("referrals:move", args=[referral.pk, name]), {"form_key": str(uuid4()), **data}
    )
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert scene.reload(referral).state is FROM[name]


def test_a_form_without_its_key_is_refused(client, scene):
    referral = make.at(Status.EVALUATED, scene)
    client.force_login(scene.therapist)
    answer = client.post(reverse("referrals:move", args=[referral.pk, "close"]), {"form_key": "x"})
    assert answer.status_code == 422


def test_not_now_names_what_to_work_on_and_when_to_look_again(client, scene):
    referral = make.at(Status.IN_REVIEW, scene)
    client.force_login(scene.provider)
    day = timezone.localdate() + timedelta(days=60)
    data = {
        "form_key": str(uuid4()),
        "code": "not_now",
        "work_on": ["pressure_high"],
        "look_again_on": day.strftime("%m/%d/%Y"),
    }
    client.post(reverse("referrals:move", args=[referral.pk, "decline"]), data)
    last = make.events_of(scene, referral)[-1]
    assert last.detail == {
        "work_on": [{"key": "pressure_high", "title": "Blood pressure"}],
        "look_again_on": day.isoformat(),
    }
    client.force_login(scene.therapist)
    page = client.get(reverse("referrals:show", args=[referral.pk])).content.decode()
    assert "To work on: Blood pressure" in page


def test_what_is_not_shared_cannot_be_named_to_work_on(client, scene):
    referral = make.at(Status.IN_REVIEW, scene)
    client.force_login(scene.provider)
    page = client.get(reverse("referrals:move", args=[referral.pk, "decline"]))
    assert [key for key, _title in page.context["form"].fields["work_on"].choices] == ["pressure_high"]


def test_refer_to_names_another_provider(client, scene):
    referral = make.at(Status.IN_REVIEW, scene)
    other = make.listing_of(accounts.provider())
    client.force_login(scene.provider)
    data = {"form_key": str(uuid4()), "code": "refer_to", "listing": str(other.pk)}
    client.post(reverse("referrals:move", args=[referral.pk, "decline"]), data)
    assert make.events_of(scene, referral)[-1].detail == {
        "listing": str(other.pk),
        "name": other.organization.name,
    }


def test_recall_says_whether_it_was_opened(client, scene):
    client.force_login(scene.therapist)
    for status, words in ((Status.SENT, "has not been opened"), (Status.IN_REVIEW, "was opened on")):
        referral = make.at(status, scene)
        url = reverse("referrals:move", args=[referral.pk, "recall"])
        assert words in client.get(url).content.decode()
        client.post(url, {"form_key": str(uuid4()), "reason": "wrong_client"})
        opened = make.events_of(scene, referral)[-1].detail["opened_at"]
        assert (opened is not None) == (status is Status.IN_REVIEW)


def test_referring_elsewhere_makes_a_linked_draft_with_nothing_to_type_again(client, scene):
    referral = make.at(Status.DECLINED, scene)
    client.force_login(scene.therapist)
    answer = client.post(
        reverse("referrals:move", args=[referral.pk, "refer_elsewhere"]), {"form_key": str(uuid4())}
    )
    with context.enter(scene.practice.pk):
        draft = Referral.objects.get(referred_from=referral)
        # What was written is in the packet alone once it is sent: the row is the provider's to see, too.
        assert (draft.request.reason, draft.request.role) == ("Two medicines did not help.", "prepares")
        assert Referral.objects.get(pk=referral.pk).request == ReferralRequest()
    assert answer["Location"] == reverse("referrals:choose_again", args=[draft.pk])
    assert (draft.status, draft.prescriber_id, draft.listing_id) == ("draft", None, None)
    assert draft.screening_id == referral.screening_id


def test_notices_carry_a_link_and_nothing_else(client, scene):
    """CHECKS 38."""
    from privacy.models import Notice

    referral = make.at(Status.SENT, scene)
    notices = Notice.objects.filter(path__contains=str(referral.pk))
    assert {(each.recipient, each.kind, each.path) for each in notices} == {
        (scene.provider.pk, "referral.send", reverse("inbox:show", args=[referral.pk]))
    }


def test_an_event_is_never_changed_by_the_app(scene):
    from django.db import ProgrammingError, transaction

    referral = make.at(Status.SENT, scene)
    with (
        context.enter(scene.practice.pk),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        Event.objects.filter(referral=referral).update(code="x")
