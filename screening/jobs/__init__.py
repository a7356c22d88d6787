"""The jobs of this package: imported as a whole when the process starts, so that a worker knows them."""

from screening.jobs.publishing import publish_due
from screening.jobs.verifying import verify

__all__ = ["publish_due", "verify"]
