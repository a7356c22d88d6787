"""Invents the demonstration's network, by the same actions that people's clicks call."""

from datetime import datetime

from config.demo import people


def load(*, now: datetime) -> None:
    """Load all of it, so that it looks as if it had been in use until `now`."""
    people.load()
