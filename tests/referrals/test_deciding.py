"""What a move does: permitted or not, where it leads, and until when the next one has."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from referrals import business_days
from referrals.deciding import (
    WITHOUT_CONSENT,
    NotPermitted,
    Position,
    days_overdue,
    due_on,
    is_permitted,
    permitted,
    replayed,
    taken,
)
from referrals.workflow import MOVES, Party, Status

T, P, S = Party.THERAPIST, Party.PROVIDER, Party.SYSTEM


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("party", list(Party))
def test_a_party_may_take_exactly_the_moves_of_the_table(status, party):
    position = Position(status, asked_from=Status.ACCEPTED, closed_from=Status.DECLINED)
    expected = {move.name for move in MOVES if party in move.by and status in move.origins}
    assert {move.name for move in permitted(position, party)} == expected


def test_what_is_not_permitted_is_refused():
    with pytest.raises(NotPermitted):
        taken("accept", Position(Status.SENT), P)
    with pytest.raises(NotPermitted):
        taken("send", Position(Status.DRAFT), P)
    with pytest.raises(NotPermitted):
        taken("no such move", Position(Status.SENT), P)


@pytest.mark.parametrize("asked_from", [Status.IN_REVIEW, Status.ACCEPTED, Status.SCHEDULED])
def test_a_reply_returns_to_the_status_it_was_asked_from(asked_from):
    asked = taken("ask", Position(asked_from), P)
    assert asked == Position(Status.INFORMATION_REQUESTED, asked_from=asked_from)
    assert taken("reply", asked, T).status == asked_from


@pytest.mark.parametrize("closed_from", [Status.EVALUATED, Status.DECLINED])
def test_reopening_returns_to_the_status_before_closing(closed_from):
    closed = taken("close", Position(closed_from), T)
    assert closed == Position(Status.CLOSED, closed_from=closed_from)
    assert taken("reopen", closed, T).status == closed_from


def test_nothing_returns_to_a_status_that_nobody_remembers():
    with pytest.raises(NotPermitted):
        taken("reply", Position(Status.INFORMATION_REQUESTED), T)
    with pytest.raises(NotPermitted):
        taken("reopen", Position(Status.CLOSED, closed_from=Status.DRAFT), T)


def test_an_urgent_change_is_reported_from_closed_only_while_a_course_is_open():
    closed = Position(Status.CLOSED, closed_from=Status.EVALUATED)
    assert not is_permitted("report_urgent_change", closed, T)
    in_course = Position(Status.CLOSED, closed_from=Status.EVALUATED, course_open=True)
    assert taken("report_urgent_change", in_course, P) == in_course


def test_after_consent_ended_only_what_ends_the_referral_is_left():
    left = {
        move.name
        for status in Status
        for party in Party
        for move in permitted(Position(status, Status.ACCEPTED, Status.DECLINED, True, True), party)
    }
    assert left == WITHOUT_CONSENT
    assert {"reply", "ask", "report_urgent_change", "schedule"} & left == set()


def test_a_history_is_replayed_to_where_it_stands():
    steps = [("send", T), ("open", P), ("accept", P), ("schedule", P), ("ask", P), ("reply", T)]
    assert replayed(steps) == Position(Status.SCHEDULED, asked_from=Status.SCHEDULED)
    assert replayed([*steps, ("withdraw", S)]).status == Status.WITHDRAWN
    assert replayed([]) == Position()


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2026, 11, 23), 2, date(2026, 11, 25)),
        (date(2026, 11, 20), 5, date(2026, 11, 30)),  # Thanksgiving and two weekends' days are not counted
        (date(2026, 11, 10), 2, date(2026, 11, 13)),  # nor is Veterans Day
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_business_days_skip_weekends_and_holidays(day, days, expected):
    assert business_days.after(day, days) == expected


def test_the_holidays_of_two_years_are_those_of_the_published_schedule():
    """Source: the federal holidays of 2026 and 2027 as the Office of Personnel Management lists them."""
    assert [holiday.day for holiday in business_days.holidays(2026)] == [
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 16),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 11),
        date(2026, 11, 26),
        date(2026, 12, 25),
    ]
    assert [holiday.day for holiday in business_days.holidays(2027)] == [
        date(2027, 1, 1),
        date(2027, 1, 18),
        date(2027, 2, 15),
        date(2027, 5, 31),
        date(2027, 6, 18),
        date(2027, 7, 5),
        date(2027, 9, 6),
        date(2027, 10, 11),
        date(2027, 11, 11),
        date(2027, 11, 25),
        date(2027, 12, 24),
    ]


def test_a_new_year_on_a_saturday_is_observed_in_the_year_before():
    assert business_days.holiday_on(date(2027, 12, 31)) == "New Year’s Day"
    assert business_days.after(date(2027, 12, 30), 1) == date(2028, 1, 3)


def test_a_wait_names_the_holidays_it_skips():
    assert business_days.holidays_between(date(2026, 11, 20), date(2026, 11, 30)) == ("Thanksgiving",)
    assert business_days.holidays_between(date(2026, 11, 26), date(2026, 11, 30)) == ()


def test_a_due_day_is_counted_in_the_holders_own_time_zone():
    """CHECKS 44: four in the morning in UTC is still the evening before in Los Angeles."""
    at = datetime(2026, 11, 24, 4, tzinfo=UTC)
    assert due_on(Status.SENT, at, "America/Los_Angeles") == date(2026, 11, 25)
    assert due_on(Status.SENT, at, "America/New_York") == date(2026, 11, 25)
    assert due_on(Status.SENT, at, "Europe/Paris") == date(2026, 11, 27)


def test_a_due_day_survives_the_change_to_summer_time():
    """CHECKS 44."""
    before = datetime(2026, 3, 6, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    assert due_on(Status.SENT, before, "America/New_York") == date(2026, 3, 10)


def test_a_scheduled_referral_is_due_after_the_appointment():
    at = datetime(2026, 11, 23, 18, tzinfo=UTC)
    appointment = datetime(2026, 12, 8, 18, tzinfo=UTC)
    assert due_on(Status.SCHEDULED, at, "America/Los_Angeles", appointment) == date(2026, 12, 10)
    assert due_on(Status.ACCEPTED, at, "America/Los_Angeles", appointment) == date(2026, 12, 8)


@pytest.mark.parametrize("status", [status for status in Status if status.is_final])
def test_what_waits_for_nobody_is_never_due(status):
    assert due_on(status, datetime(2026, 11, 23, tzinfo=UTC), "America/New_York") is None


def test_overdue_is_counted_in_business_days():
    assert days_overdue(date(2026, 11, 18), date(2026, 11, 23)) == 3
    assert days_overdue(date(2026, 11, 23), date(2026, 11, 23)) == 0
    assert days_overdue(date(2026, 11, 20), date(2026, 11, 22)) == 1
    assert days_overdue(None, date(2026, 11, 23)) == 0
