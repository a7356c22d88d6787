"""Invents the demonstration's network, by the same actions that people's clicks call."""

from datetime import datetime

from config.demo import directory, leads, people, questionnaires, referrals, requests, screenings
from config.demo.calendar import Calendar


def load(*, now: datetime) -> None:
    """Load all of it, so that it looks as if it had been in use until `now`."""
    calendar = Calendar(now)
    cast = people.load()
    version = questionnaires.load(cast, calendar)
    listings = directory.load(cast, calendar)
    screened = screenings.load(cast, calendar, version)
    referrals.load(cast, calendar, listings, screened)
    requests.load(cast, calendar, screened)
    leads.load(cast, calendar, screened)
