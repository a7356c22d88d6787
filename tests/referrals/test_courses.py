"""The course of treatment beside therapy, written by both sides and read by both."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from privacy import context
from referrals import actions
from referrals.actions.courses import ENTERED_BY
from referrals.models import CourseEntryKind
from referrals.workflow import Party, Status
from tests.factories import accounts
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make.scene(now=timezone.now() - timedelta(days=30))


def _day(scene):
    return timezone.localdate(scene.now, scene.practice.zone)


def _typed(scene, **values):
    return {
        "form_key": str(uuid4()),
        "day": _day(scene).strftime("%m/%d/%Y"),
        "notes": "It went well.",
    } | values


def test_every_kind_of_entry_belongs_to_one_side():
    assert {kind.value for kind in CourseEntryKind} ^ set(ENTERED_BY) == set()


@pytest.mark.parametrize("kind", ["not_proceeding", "not_yet", "other_treatment", "client_declined"])
def test_only_proceeding_opens_a_course(scene, kind):
    referral = make.at(Status.SCHEDULED, scene)
    scene.by(scene.provider, actions.record_outcome, referral=referral, kind=kind)
    assert scene.reload(referral).course == ""


def test_a_corrected_outcome_ends_the_course(scene):
    referral = make.at(Status.OUTCOME_QUESTIONED, scene)
    assert scene.reload(referral).course == "open"
    scene.by(scene.provider, actions.record_outcome, referral=referral, kind="not_yet")
    after = scene.reload(referral)
    assert (after.course, after.outcome) == ("ended", "not_yet")
    with context.enter(scene.practice.pk):
        assert [row.kind for row in referral.outcomes.order_by("at")] == ["proceeding", "not_yet"]


@pytest.mark.parametrize(
    ("side", "values"),
    [
        (Party.PROVIDER, {"kind": "dosing", "form": "iv"}),
        (Party.THERAPIST, {"kind": "preparation"}),
        (Party.THERAPIST, {"kind": "integration"}),
        (Party.THERAPIST, {"kind": "measure", "measure": "PHQ-9", "result": "9 of 27"}),
    ],
)
def test_each_side_enters_its_own_and_both_read_it(client, scene, side, values):
    referral = make.at(Status.CLOSED, scene)
    writer = scene.provider if side is Party.PROVIDER else scene.therapist
    client.force_login(writer)
    url = reverse("referrals:course", args=[referral.pk])
    data = _typed(scene, **values)
    assert client.get(url).status_code == 200
    # A double click is one entry.
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    for person in (scene.therapist, scene.provider):
        client.force_login(person)
        page = client.get(reverse("referrals:show", args=[referral.pk])).content.decode()
        assert page.count("It went well.") == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "dosing"}, "kind"),
        ({}, "kind"),
        ({"kind": "measure", "result": "9"}, "measure"),
        ({"kind": "measure", "measure": "PHQ-9"}, "result"),
        ({"kind": "preparation", "day": "soon"}, "day"),
        ({"kind": "preparation", "notes": "a\x00"}, "notes"),
    ],
)
def test_a_bad_entry_is_said_beside_its_field(client, scene, values, field):
    referral = make.at(Status.CLOSED, scene)
    client.force_login(scene.therapist)
    answer = client.post(reverse("referrals:course", args=[referral.pk]), _typed(scene, **values))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_dosing_session_says_in_which_form(client, scene):
    referral = make.at(Status.CLOSED, scene)
    client.force_login(scene.provider)
    answer = client.post(reverse("referrals:course", args=[referral.pk]), _typed(scene, kind="dosing"))
    assert "form" in answer.context["form"].errors


def test_an_action_refuses_the_other_sides_entries_and_days_ahead(scene):
    referral = make.at(Status.CLOSED, scene)
    with pytest.raises(PermissionDenied):
        scene.by(
            scene.therapist,
            actions.add_course_entry,
            referral=referral,
            kind="dosing",
            day=_day(scene),
            form="iv",
        )
    with pytest.raises(actions.NotPossible, match="lies ahead"):
        scene.by(
            scene.therapist,
            actions.add_course_entry,
            referral=referral,
            kind="preparation",
            day=_day(scene) + timedelta(days=3),
        )


def test_a_course_is_paused_resumed_and_ended(scene):
    referral = make.at(Status.CLOSED, scene)

    def change(kind):
        scene.by(scene.provider, actions.add_course_entry, referral=referral, kind=kind, day=_day(scene))
        return scene.reload(referral).course

    assert [change(kind) for kind in ("paused", "resumed", "ended")] == ["paused", "open", "ended"]
    with pytest.raises(actions.NotPossible, match="No course is open"):
        change("resumed")


def test_an_urgent_change_can_be_reported_after_closing_while_a_course_is_open(client, scene):
    referral = make.at(Status.CLOSED, scene)
    make.take(scene, referral, "report_urgent_change")
    client.force_login(scene.provider)
    page = client.get(reverse("referrals:show", args=[referral.pk])).content.decode()
    assert "Urgent change, not acknowledged" in page
    assert "Sleeps two hours a night." in page
    assert "Nobody watches this page for emergencies." in page
    make.take(scene, referral, "acknowledge_urgent_change")
    page = client.get(reverse("referrals:show", args=[referral.pk])).content.decode()
    assert "Urgent change, not acknowledged" not in page
    scene.by(scene.provider, actions.add_course_entry, referral=referral, kind="ended", day=_day(scene))
    with pytest.raises(actions.NotPossible):
        make.take(scene, referral, "report_urgent_change")


@pytest.mark.parametrize("status", [Status.SENT, Status.IN_REVIEW])
def test_an_urgent_change_stands_on_the_cover_and_on_the_packet_too(client, scene, status):
    referral = make.take(scene, make.at(status, scene), "report_urgent_change")
    client.force_login(scene.provider)
    page = client.get(reverse("inbox:show", args=[referral.pk])).content.decode()
    assert "Urgent change, not acknowledged" in page
    answer = client.post(
        reverse("referrals:move", args=[referral.pk, "acknowledge_urgent_change"]),
        {
            "form_key": str(uuid4()),
            "report": str(make.events_of(scene, referral)[-1].pk),
            "note": "Called the therapist.",
        },
    )
    assert answer.status_code == 302
    page = client.get(reverse("inbox:show", args=[referral.pk])).content.decode()
    assert "Urgent change, not acknowledged" not in page


def test_ones_own_report_is_acknowledged_by_the_other_side(scene):
    referral = make.at(Status.IN_REVIEW, scene)
    make.take(scene, referral, "report_urgent_change")
    report = make.events_of(scene, referral)[-1]
    with pytest.raises(actions.NotPossible, match="other side"):
        scene.by(
            scene.therapist,
            actions.acknowledge_urgent_change,
            referral=referral,
            report=report.pk,
            note="I know.",
        )


def test_a_course_is_nobody_elses(client, scene):
    referral = make.at(Status.CLOSED, scene)
    url = reverse("referrals:course", args=[referral.pk])
    assert client.get(url).status_code == 302
    for person, code in ((accounts.therapist(), 404), (accounts.provider(), 404), (accounts.admin(), 403)):
        client.force_login(person)
        assert client.get(url).status_code == code
