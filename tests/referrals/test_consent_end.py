"""What follows when consent is revoked or runs out, and the daily work that looks after it."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts import actions as people
from privacy import context
from privacy.models import Notice
from referrals import actions
from referrals.workflow import Status
from screening import actions as screening_actions
from tests.factories import accounts
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make.scene(now=timezone.now() - timedelta(days=30))


def _ends_on(scene, days):
    return timezone.localdate(timezone=scene.practice.zone) + timedelta(days=days)


def test_revoking_on_its_page_before_acceptance_withdraws(client, scene):
    referral = make.at(Status.IN_REVIEW, scene)
    client.force_login(scene.therapist)
    url = reverse("referrals:revoke", args=[referral.pk])
    assert "The packet closes to the provider at once" in client.get(url).content.decode()
    data = {"form_key": str(uuid4())}
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert scene.reload(referral).state is Status.WITHDRAWN
    assert [event.move for event in make.events_of(scene, referral)].count("withdraw") == 1
    client.force_login(scene.provider)
    page = client.get(reverse("inbox:show", args=[referral.pk])).content.decode()
    assert "Marisol" not in page


def test_only_the_clients_therapist_revokes(client, scene):
    referral = make.at(Status.IN_REVIEW, scene)
    url = reverse("referrals:revoke", args=[referral.pk])
    client.force_login(scene.provider)
    assert client.post(url, {"form_key": str(uuid4())}).status_code == 403
    client.force_login(accounts.therapist(organization=scene.practice))
    assert client.post(url, {"form_key": str(uuid4())}).status_code == 404
    assert scene.reload(referral).consent_ended_at is None


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.SCHEDULED, Status.NO_SHOW, Status.EVALUATED])
def test_after_acceptance_the_status_stays_and_both_screens_say_so(client, scene, status):
    referral = make.at(status, scene)
    scene.by(scene.therapist, actions.revoke_consent, referral=referral)
    assert scene.reload(referral).state is status
    for person in (scene.therapist, scene.provider):
        client.force_login(person)
        page = client.get(reverse("referrals:show", args=[referral.pk])).content.decode()
        assert "The client revoked consent." in page
        assert "Nothing else flows." in page
        assert "Send message" not in page


def test_nothing_else_flows_but_the_outcome_can_be_recorded(scene):
    referral = make.at(Status.SCHEDULED, scene)
    scene.by(scene.therapist, actions.revoke_consent, referral=referral)
    refused = [
        (scene.provider, actions.ask, {"questions": ["Why?"]}),
        (scene.provider, actions.reschedule, {"appointment_at": scene.now + timedelta(days=3)}),
        (scene.provider, actions.no_show, {}),
        (scene.provider, actions.send_message, {"text": "Hello."}),
        (scene.therapist, actions.send_message, {"text": "Hello."}),
        (scene.therapist, actions.report_urgent_change, {"note": "News."}),
    ]
    for person, action, values in refused:
        with pytest.raises(actions.NotPossible):
            scene.by(person, action, referral=referral, **values)
    scene.by(scene.provider, actions.record_outcome, referral=referral, kind="proceeding", note="We begin.")
    after = scene.reload(referral)
    # Proceeding opens a course only while consent lasts.
    assert (after.state, after.outcome, after.course) == (Status.EVALUATED, "proceeding", "")
    with pytest.raises(actions.NotPossible, match="no words go"):
        scene.by(scene.therapist, actions.close, referral=referral, note="Thank you.")
    scene.by(scene.therapist, actions.close, referral=referral)
    assert scene.reload(referral).state is Status.CLOSED


def test_the_end_of_consent_ends_the_course(scene):
    referral = make.at(Status.EVALUATED, scene)
    assert scene.reload(referral).course == "open"
    scene.by(scene.therapist, actions.revoke_consent, referral=referral)
    assert scene.reload(referral).course == "ended"
    with context.enter(scene.practice.pk):
        last = referral.course_entries.get()
        assert (last.kind, last.by) == ("ended", None)


def test_a_consent_that_ran_out_is_ended_by_the_daily_work(scene):
    before = make.take(scene, make.ready(scene, expires_on=_ends_on(scene, -1)), "send")
    after = make.take(scene, make.ready(scene, expires_on=_ends_on(scene, -1)), *make.TO_ACCEPTED[:1])
    lasting = make.at(Status.SENT, scene)
    assert actions.daily_work() == {"expired": 2}
    ended = scene.reload(before)
    assert (ended.state, ended.consent_ended_how) == (Status.WITHDRAWN, "expired")
    assert make.events_of(scene, before)[-1].code == "consent_expired"
    assert scene.reload(after).state is Status.WITHDRAWN
    assert scene.reload(lasting).state is Status.SENT
    assert actions.daily_work() == {}


def test_an_accepted_referral_keeps_its_status_when_consent_runs_out(scene):
    referral = make.take(scene, make.ready(scene, expires_on=_ends_on(scene, 1)), *make.TO_ACCEPTED)
    assert actions.daily_work(at=timezone.now() + timedelta(days=2)) == {"expired": 1}
    ended = scene.reload(referral)
    assert (ended.state, ended.consent_ended_how) == (Status.ACCEPTED, "expired")


def test_both_sides_are_warned_once_fourteen_days_before(client, scene):
    referral = make.take(scene, make.ready(scene, expires_on=_ends_on(scene, 15)), "send")
    assert actions.daily_work() == {}
    assert actions.daily_work(at=timezone.now() + timedelta(days=1)) == {"warned": 1}
    assert actions.daily_work(at=timezone.now() + timedelta(days=2)) == {}
    warned = Notice.objects.filter(kind="referral.consent_ends_soon")
    assert {notice.recipient for notice in warned} == {scene.therapist.pk, scene.provider.pk}
    near = make.take(scene, make.ready(scene, expires_on=_ends_on(scene, 14)), *make.TO_ACCEPTED)
    for person in (scene.therapist, scene.provider):
        client.force_login(person)
        page = client.get(reverse("referrals:show", args=[near.pk])).content.decode()
        assert "Consent ends on" in page
    assert referral.pk != near.pk


def test_a_provider_who_left_is_declined_for_by_the_system(scene):
    referral = make.at(Status.IN_REVIEW, scene)
    with context.enter(None):
        people.disable_organization(by=accounts.admin(), organization=scene.prescriber)
    assert actions.daily_work() == {"declined": 1}
    after = scene.reload(referral)
    last = make.events_of(scene, referral)[-1]
    assert (after.state, last.code, last.party, last.by) == (
        Status.DECLINED,
        "provider_unavailable",
        "system",
        None,
    )
    assert actions.daily_work() == {}


def test_a_screening_entered_in_error_takes_its_referral_with_it(scene):
    referral = make.at(Status.IN_REVIEW, scene)
    scene.by(
        scene.therapist,
        screening_actions.enter_in_error,
        screening=referral.screening,
        reason="Wrong person.",
    )
    assert actions.daily_work() == {"withdrawn": 1}
    assert make.events_of(scene, referral)[-1].code == "screening_in_error"
    assert scene.reload(referral).state is Status.WITHDRAWN


def test_the_command_says_counts_and_nothing_about_anybody(scene):
    make.take(scene, make.ready(scene, expires_on=_ends_on(scene, -1)), "send")
    said = StringIO()
    call_command("care_for_referrals", stdout=said)
    assert said.getvalue() == "withdrawn: 0\ndeclined: 0\nexpired: 1\nwarned: 0\n"
