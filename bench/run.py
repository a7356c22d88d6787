"""Fills the database, measures everything, writes and prints the figures."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from accounts.models import Kind, Organization
from bench import cases, entries, proving, report, verifying, world
from bench.measuring import Case, Measured, Plan, in_turns
from bench.peer import process
from bench.signing_in import signed_in
from config.wsgi import application
from tests import databases

WARM_UP = 5
# No more rounds begin after so many seconds.
BUDGET = 120


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured, and the Python of another product's environment, if that is measured too."""

    rounds: int
    entries: int
    peer: Path | None


def everything(clone: databases.Clone, amount: Amount) -> int:
    """Measure; return 0 where every limit holds, 1 where one doesn't."""
    began = time.monotonic()
    ours = _filled(clone, amount)
    report.say(f"Measuring: {amount.rounds} rounds of every case in turn.")
    with _beside(clone.server, amount.peer) as theirs:
        measured = in_turns([*ours, *theirs], Plan(WARM_UP, amount.rounds, BUDGET))
    report.say("Verifying the audit log.")
    verified = verifying.timed()
    report.say("Verifying the shipped rules.")
    proved = proving.timed()
    notes = {"audit entries": verified.entries, "seconds in all": round(time.monotonic() - began)}
    lines = [*_lines(measured), verified.line(), proved.line()]
    status = report.write(lines, measured, notes)
    for row in report.beside(measured, cases.BARE, process.NAME):
        report.say(row)
    report.say(verified.words())
    report.say(proved.words())
    report.say(f"{notes['seconds in all']} s. The ratios are in {report.RATIOS.relative_to(report.ROOT)}.")
    return status


def _filled(clone: databases.Clone, amount: Amount) -> list[Case]:
    """Fill the database, and return the cases of our own."""
    report.say("Filling a database: 2,000 clients, 10,000 referrals, two questionnaires.")
    filled = world.build(world.Size(intakes=amount.rounds + WARM_UP))
    people = cases.People(*(signed_in(application, person) for person in (filled.therapist, filled.provider)))
    report.say(f"Adding {amount.entries:,} audit entries.")
    entries.add(clone.owner, _practices(), amount.entries)
    clone.owner.execute("VACUUM ANALYZE")
    return cases.all_cases(filled, people)


@contextmanager
def _beside(server: databases.Server, python: Path | None) -> Iterator[list[Case]]:
    """Yield the other product's cases while it runs; none where it isn't asked for."""
    if python is None:
        yield []
        return
    report.say(f"Starting {process.NAME} beside us.")
    with process.running(python, server, f"{databases.PREFIX}_peer_{os.getpid()}") as peer:
        yield peer.cases()


def _practices() -> list[UUID]:
    return list(Organization.objects.filter(kind=Kind.PRACTICE).order_by("pk").values_list("pk", flat=True))


def _lines(measured: Mapping[str, Measured]) -> Iterator[report.Line]:
    for name, limit in cases.LIMITS.items():
        median = measured[name].median
        ratio = median / measured[limit.of].median
        yield report.Line(name, 1000 * median, ratio, limit.most, limit.aim)
