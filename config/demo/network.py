"""Invents the demonstration's network."""

from datetime import datetime


def load(*, now: datetime) -> None:
    """Load all of it as of `now`."""
