"""Counting what a draft would change, organization by organization; only the sum leaves the process."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from privacy import audit, context, jobs, keys
from screening.engine import AnswerProblems, Definition, DocumentProblems, evaluate, parse_text
from screening.engine.meaning import carry
from screening.impact import Tally, shown
from screening.jobs.practices import batches, practices, still_completed
from screening.models import OutcomeCount, Screening, VerificationState
from screening.models.verifications import WAITING
from screening.reading import Reading


@dataclass(frozen=True, slots=True)
class _Task:
    questionnaire: UUID
    definition: Definition
    since: datetime

    @property
    def wanted(self) -> dict[str, object]:
        """The screenings that it counts."""
        return {"version__questionnaire_id": self.questionnaire, "completed_at__gte": self.since}


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
    every = practices()
    for done, practice in enumerate(every, start=1):
        try:
            # Asked first: what an erased key sealed reads as erased, and would be counted as empty.
            keys.of(practice)
            for ids in batches(practice, **task.wanted):
                _count_batch(task, practice, ids, by, tally)
                _write(count, steps_done=done - 1, steps_of=len(every))
                jobs.stop_if_asked()
        except keys.KeyMissing:
            skipped += 1
    _write(count, steps_done=len(every), steps_of=len(every))
    return shown(tally, skipped)


def _count_batch(task: _Task, practice: UUID, ids: list[UUID], by: jobs.Person | None, tally: Tally) -> None:
    """Count some screenings of one organization, whose log says that somebody had them counted."""
    with context.enter(practice):
        for screening in still_completed(ids):
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
