"""Moments before now, so that the demonstration looks as if it had been in use for months."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
ZONE = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days counted back from now, in the zone where the demonstration takes place."""

    now: datetime

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Return this time of day so many working days ago, ahead if less than 0; today's is past."""
        moment = datetime.combine(self.day(days), time(hour, minute), ZONE)
        return moment if days else min(moment, self.now)

    def day(self, days: int) -> date:
        """Return the day so many working days ago, or ahead if less than 0."""
        step = timedelta(days=-1 if days > 0 else 1)
        day = self.now.astimezone(ZONE).date()
        for _ in range(abs(days)):
            day += step
            while day.weekday() >= SATURDAY:
                day += step
        return day

    def ago(self, minutes: int) -> datetime:
        """Return the moment so many minutes ago."""
        return self.now - timedelta(minutes=minutes)
