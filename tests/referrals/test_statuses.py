"""Every status, reached by real actions; the events say the same as the row."""

import pytest

from privacy import context
from referrals.deciding import due_on, replayed
from referrals.workflow import MOVES, Party, Status
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make.scene()


def test_the_factories_reach_every_status_and_take_every_move():
    assert set(Status) ^ set(make.PATHS) == set()
    assert {move.name for move in MOVES} ^ set(make.STEPS) == set()


@pytest.mark.parametrize("status", list(Status))
def test_a_status_is_reached_by_moves_and_is_what_its_events_replay_to(scene, status):
    referral = make.at(status, scene)
    events = make.events_of(scene, referral)
    steps = [(event.move, Party(event.party)) for event in events]
    assert referral.state is status
    assert replayed(steps).status is status
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert (referral.turn or None) == status.turn
    assert (referral.due_on is None) == (status.due is None)


def test_the_due_day_is_the_tables_in_the_holders_time_zone(scene):
    referral = make.at(Status.SENT, scene)
    zone = scene.prescriber.time_zone
    assert referral.due_on == due_on(Status.SENT, referral.sent_at, zone)
    scheduled = make.take(scene, referral, "open", "accept", "schedule")
    assert scheduled.due_on == due_on(Status.SCHEDULED, scheduled.turn_since, zone, scheduled.appointment_at)


def test_the_ball_is_with_somebody_since_it_crossed(scene):
    referral = make.at(Status.SENT, scene)
    since = referral.turn_since
    assert make.take(scene, referral, "open", "accept").turn_since == since
    asked = make.take(scene, referral, "ask")
    assert asked.turn_since > since
    assert asked.asked_from == "accepted"
    assert make.take(scene, referral, "reply").state is Status.ACCEPTED


@pytest.mark.parametrize("before", ["evaluated", "declined"])
def test_reopening_leads_back_to_where_it_was_closed(scene, before):
    referral = make.at(Status(before) if before == "evaluated" else Status.DECLINED, scene)
    closed = make.take(scene, referral, "close")
    assert (closed.state, closed.closed_from) == (Status.CLOSED, before)
    assert str(make.take(scene, referral, "reopen").state) == before


def test_moves_without_a_change_leave_turn_and_due_day_alone(scene):
    referral = make.at(Status.IN_REVIEW, scene)
    before = (referral.status, referral.turn, referral.turn_since, referral.due_on)
    after = make.take(scene, referral, "report_urgent_change", "acknowledge_urgent_change", "assign")
    assert (after.status, after.turn, after.turn_since, after.due_on) == before
    with context.enter(scene.practice.pk):
        assert referral.events.count() == 5
