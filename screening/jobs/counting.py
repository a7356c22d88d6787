"""Counting what a draft would change, organization by organization; only the sum leaves the process."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Kind, Organization
from privacy import audit, context, jobs, keys
from screening.engine import AnswerProblems, Definition, DocumentProblems, evaluate, parse_text
from screening.engine.meaning import carry
from screening.impact import Tally, shown
from screening.models import OutcomeCount, Screening, ScreeningState, VerificationState
from screening.models.verifications import WAITING
from screening.reading import Reading

# Read and decrypted at a time, in one transaction: enough to be quick, little enough to stay flat.
BATCH = 100


@dataclass(frozen=True, slots=True)
class _Task:
    questionnaire: UUID
    definition: Definition
    since: datetime


@jobs.job("screening.count_outcomes", one_for="count", in_pieces=True)
def count_outcomes(*, by: jobs.Person | None, count: UUID) -> None:
    """Count once; begun again after a worker ended, it begins with the first organization."""
    task = _begin(count)
    if task is None:
        return
    try:
        counts = _counted(task, by, count)
    except jobs.Again:
        _write(count, state=VerificationState.QUEUED, steps_done=0)
        raise
    except Exception:
        _write(count, state=VerificationState.ENDED_EARLY)
        raise
    finished = {"counts": counts, "finished_at": timezone.now()}
    _write(count, state=VerificationState.FINISHED, **finished)


def _begin(pk: UUID) -> _Task | None:
    """Mark it as running; None where nothing is left to do, or the draft has another document by now."""
    with jobs.entered():
        rows = OutcomeCount.objects.select_for_update(of=("self",)).filter(pk=pk, state__in=WAITING)
        asked = rows.select_related("version").first()
        if asked is None:
            return None
        if asked.version.hash != asked.hash:
            _write(pk, state=VerificationState.ENDED_EARLY)
            return None
        _write(pk, state=VerificationState.RUNNING, steps_done=0)
        since = asked.requested_at - timedelta(days=asked.days)
        return _Task(asked.version.questionnaire_id, parse_text(asked.version.document), since)


def _counted(task: _Task, by: jobs.Person | None, count: UUID) -> dict[str, Any]:
    tally, skipped = Tally(), 0
    practices = list(
        Organization.objects.filter(kind=Kind.PRACTICE).order_by("pk").values_list("pk", flat=True)
    )
    for done, practice in enumerate(practices, start=1):
        try:
            # Asked first: what an erased key sealed reads as erased, and would be counted as empty.
            keys.of(practice)
            for ids in _batches(task, practice):
                _count_batch(task, practice, ids, by, tally)
                _write(count, steps_done=done - 1, steps_of=len(practices))
                jobs.stop_if_asked()
        except keys.KeyMissing:
            skipped += 1
    _write(count, steps_done=len(practices), steps_of=len(practices))
    return shown(tally, skipped)


def _batches(task: _Task, practice: UUID) -> Iterator[list[UUID]]:
    """Yield the ids of an organization's screenings, some at a time."""
    with context.enter(practice):
        rows = Screening.objects.filter(
            organization_id=practice,
            version__questionnaire_id=task.questionnaire,
            state=ScreeningState.COMPLETED,
            completed_at__gte=task.since,
        )
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _count_batch(task: _Task, practice: UUID, ids: list[UUID], by: jobs.Person | None, tally: Tally) -> None:
    """Count some screenings of one organization, whose log says that somebody had them counted."""
    with context.enter(practice):
        rows = Screening.objects.filter(pk__in=ids, state=ScreeningState.COMPLETED)
        for screening in rows.prefetch_related("sections").select_related("client"):
            _count(task.definition, screening, tally)
        audit.record("screening.outcomes_counted", by=by, owner=practice, screenings=len(ids))


def _count(definition: Definition, screening: Screening, tally: Tally) -> None:
    """Count one screening; one that today's engine can't read any more is counted as unread."""
    try:
        reading = Reading(screening)
        kept = carry(reading.definition, definition, reading.answers).answers
        after = evaluate(definition, kept, reading.as_of, with_deciding=False)
        tally.take(reading.findings, after)
    except (AnswerProblems, DocumentProblems, json.JSONDecodeError):
        tally.unread += 1


def _write(pk: UUID, **values: Any) -> None:
    with jobs.entered():
        rows = OutcomeCount.objects.filter(pk=pk, state__in=WAITING)
        rows.update(moved_at=timezone.now(), **values)
