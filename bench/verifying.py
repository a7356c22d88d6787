"""The verifier over a long audit log, as a share of two minutes a million entries."""

import time
from dataclasses import dataclass

from bench.report import Line
from privacy.verification import verify_chains

MILLION, SECONDS = 1_000_000, 120


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries were verified in how many seconds."""

    entries: int
    seconds: float

    @property
    def ratio(self) -> float:
        """The time of a million entries, as a share of two minutes."""
        return self.seconds / self.entries * MILLION / SECONDS

    def line(self) -> Line:
        """Return the line of the table."""
        case = "verify a million audit entries, in two minutes"
        return Line(case, 1000 * self.seconds / self.entries * MILLION, self.ratio, limit=1, aim=0.5)

    def words(self) -> str:
        """Return how fast it was."""
        per_second = self.entries / self.seconds
        return f"{self.entries:,} entries verified in {self.seconds:.1f} s: {per_second:,.0f} a second."


class Flawed(Exception):
    """The log that was made to be verified has a flaw: what was measured is something else."""


def timed() -> Verified:
    """Verify every chain as the command does, and return how long that took."""
    started = time.monotonic()
    reports = verify_chains()
    seconds = time.monotonic() - started
    if any(report.flaws for report in reports):
        raise Flawed([flaw for report in reports for flaw in report.flaws[:3]])
    return Verified(sum(report.entries for report in reports), seconds)
