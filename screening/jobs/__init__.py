"""The jobs of this package: imported as a whole when the process starts, so that a worker knows them."""

from screening.jobs.counting import count_outcomes
from screening.jobs.publishing import publish_due
from screening.jobs.verifying import verify
from screening.jobs.yields import count_all_questions, count_questions

__all__ = ["count_all_questions", "count_outcomes", "count_questions", "publish_due", "verify"]
