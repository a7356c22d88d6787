"""Moments before now, so that the demonstration looks as if it had been in use for months."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
ZONE = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days counted back from now, in the zone where the demonstration takes place."""

    now: datetime

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Return this time of day so many working days ago; today's is never later than now."""
        day = self.now.astimezone(ZONE).date()
        for _ in range(days):
            day -= timedelta(days=1)
            while day.weekday() >= SATURDAY:
                day -= timedelta(days=1)
        moment = datetime.combine(day, time(hour, minute), ZONE)
        return moment if days else min(moment, self.now)

    def ago(self, minutes: int) -> datetime:
        """Return the moment so many minutes ago."""
        return self.now - timedelta(minutes=minutes)
