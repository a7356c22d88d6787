"""The jobs of this package: imported as a whole when the process starts, so that a worker knows them."""

from screening.jobs.counting import count_outcomes
from screening.jobs.publishing import publish_due
from screening.jobs.verifying import verify

__all__ = ["count_outcomes", "publish_due", "verify"]
