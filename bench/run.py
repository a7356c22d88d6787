"""Fills the database, measures everything, writes and prints the figures."""

import time
from collections.abc import Iterator, Mapping
from uuid import UUID

from accounts.models import Kind, Organization
from bench import cases, entries, report, verifying, world
from bench.browser import signed_in
from bench.measuring import Measured, Plan, in_turns
from config.wsgi import application

WARM_UP = 5
# No more rounds begin after so many seconds.
BUDGET = 120


def everything(owner: entries.Connection, *, rounds: int, entries_wanted: int) -> int:
    """Measure; return 0 where every limit holds, 1 where one doesn't."""
    began = time.monotonic()
    report.say("Filling a database: 2,000 clients, 10,000 referrals, two questionnaires.")
    filled = world.build(world.Size(intakes=rounds + WARM_UP))
    people = cases.People(*(signed_in(application, person) for person in (filled.therapist, filled.provider)))
    report.say(f"Adding {entries_wanted:,} audit entries.")
    entries.add(owner, _practices(), entries_wanted)
    owner.execute("VACUUM ANALYZE")
    report.say(f"Measuring: {rounds} rounds of every case in turn.")
    measured = in_turns(cases.all_cases(filled, people), Plan(WARM_UP, rounds, BUDGET))
    report.say("Verifying the audit log.")
    verified = verifying.timed()
    notes = {"audit entries": verified.entries, "seconds in all": round(time.monotonic() - began)}
    lines = [*_lines(measured), verified.line()]
    status = report.write(lines, measured, notes)
    report.say(verified.words())
    report.say(f"{notes['seconds in all']} s. The ratios are in {report.RATIOS.relative_to(report.ROOT)}.")
    return status


def _practices() -> list[UUID]:
    return list(Organization.objects.filter(kind=Kind.PRACTICE).order_by("pk").values_list("pk", flat=True))


def _lines(measured: Mapping[str, Measured]) -> Iterator[report.Line]:
    for name, limit in cases.LIMITS.items():
        median = measured[name].median
        ratio = median / measured[limit.of].median
        yield report.Line(name, 1000 * median, ratio, limit.most, limit.aim)
