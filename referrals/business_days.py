"""Business days: weekdays that are no federal holiday of the United States."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that isn't counted, and its name."""

    day: date
    name: str


def holidays(year: int) -> tuple[Holiday, ...]:
    """Return the eleven federal holidays as they are observed for a year, by date (5 U.S.C. 6103(a)).

    One that falls on a Sunday is observed on the Monday after it, one on a Saturday on the Friday before
    (5 U.S.C. 6103(b); Executive Order 11582). So New Year's Day may be observed in the year before.
    """
    named = (
        ("New Year’s Day", _observed(date(year, 1, 1))),
        ("Martin Luther King Jr. Day", _nth(year, 1, MONDAY, 3)),
        ("Washington’s Birthday", _nth(year, 2, MONDAY, 3)),
        ("Memorial Day", _last_monday_of_may(year)),
        ("Juneteenth", _observed(date(year, 6, 19))),
        ("Independence Day", _observed(date(year, 7, 4))),
        ("Labor Day", _nth(year, 9, MONDAY, 1)),
        ("Columbus Day", _nth(year, 10, MONDAY, 2)),
        ("Veterans Day", _observed(date(year, 11, 11))),
        ("Thanksgiving", _nth(year, 11, THURSDAY, 4)),
        ("Christmas Day", _observed(date(year, 12, 25))),
    )
    return tuple(Holiday(day, name) for name, day in named)


def holiday_on(day: date) -> str | None:
    """Return the name of the holiday observed on a day, or None."""
    return _names(day.year).get(day)


def is_business_day(day: date) -> bool:
    """Return whether a day counts."""
    return day.weekday() < SATURDAY and holiday_on(day) is None


def after(day: date, days: int) -> date:
    """Return the last of so many business days after a day, which isn't counted itself."""
    reached = day
    for _ in range(days):
        reached += timedelta(days=1)
        while not is_business_day(reached):
            reached += timedelta(days=1)
    return reached


def between(start: date, end: date) -> int:
    """Return how many business days lie after `start` up to and with `end`; none if that is no later."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_business_day(day) for day in days)


def holidays_between(start: date, end: date) -> tuple[str, ...]:
    """Return the names of holidays on weekdays after `start` up to `end`, which a due time skips."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    names = (holiday_on(day) for day in days if day.weekday() < SATURDAY)
    return tuple(name for name in names if name is not None)


# A list asks for every day that a due time spans, row by row.
@lru_cache(maxsize=64)
def _names(year: int) -> Mapping[date, str]:
    """Return the names of the holidays observed in a year, by day: New Year's may be the next year's."""
    near = (*holidays(year), holidays(year + 1)[0])
    return {holiday.day: holiday.name for holiday in near}


def _observed(day: date) -> date:
    if day.weekday() == SATURDAY:
        return day - timedelta(days=1)
    return day + timedelta(days=1) if day.weekday() == SUNDAY else day


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())
