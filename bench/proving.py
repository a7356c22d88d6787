"""The verifier of rules over the shipped questionnaire, as a share of fifteen seconds."""

import time
from dataclasses import dataclass

from bench.report import Line
from screening.engine.json_text import load
from screening.verification import run
from screening.verification.proofs import QUESTIONNAIRES

SHIPPED, SECONDS = "ketamine_referral", 15


@dataclass(frozen=True, slots=True)
class Proved:
    """How many questions about the rules were answered in how many seconds."""

    questions: int
    seconds: float

    def line(self) -> Line:
        """Return the line of the table."""
        case = "verify the shipped rules, in fifteen seconds"
        return Line(case, 1000 * self.seconds, self.seconds / SECONDS, limit=1, aim=0.33)

    def words(self) -> str:
        """Return how fast it was."""
        return f"{self.questions} questions about the shipped rules answered in {self.seconds:.1f} s."


class Unproved(Exception):
    """Something was not proved: what was measured is something else."""


def timed() -> Proved:
    """Verify in a process of its own, as a job does, compared with itself; return how long that took."""
    document = load((QUESTIONNAIRES / f"{SHIPPED}.json").read_bytes())
    started = time.monotonic()
    report = run(document, document)
    seconds = time.monotonic() - started
    if report.wrong or report.not_proved:
        raise Unproved([*report.wrong, *report.not_proved][:3])
    return Proved(len(report.results) + len(report.differences), seconds)
