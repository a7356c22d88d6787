"""Verifying a version's rules, in a process of its own; how far it is stands in a row meanwhile."""

import json
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from django.utils import timezone

from privacy import jobs
from screening.engine import parse
from screening.models import Verification, VerificationState
from screening.models.verifications import WAITING
from screening.verification import Progress, Report, rules_digest, run

SECONDS_BETWEEN_STEPS = 1.0


@dataclass(frozen=True, slots=True)
class _Task:
    document: Any
    before: Any | None


@jobs.job("screening.verify", one_for="verification", in_pieces=True)
def verify(*, by: jobs.Person | None, verification: UUID) -> None:
    """Run one verification that was asked for; one whose rules were changed since ends at once."""
    task = _begin(verification)
    if task is None:
        return
    try:
        report = run(task.document, task.before, progress=_Steps(verification))
    except jobs.Again:
        _leave(verification, VerificationState.QUEUED)
        raise
    except Exception:
        _leave(verification, VerificationState.ENDED_EARLY)
        raise
    _finish(verification, report)


@dataclass(slots=True)
class _Steps:
    """Writes down how far it is, each second in a transaction of its own, and ends where the worker ends."""

    verification: UUID
    written_at: float = 0.0

    def __call__(self, progress: Progress) -> None:
        jobs.stop_if_asked()
        now = monotonic()
        if now - self.written_at >= SECONDS_BETWEEN_STEPS or progress.done == progress.of:
            self.written_at = now
            _write(self.verification, steps_done=progress.done, steps_of=progress.of)


def _begin(pk: UUID) -> _Task | None:
    """Mark it as running and return what to verify; None where there is nothing left to do."""
    with jobs.entered():
        row = Verification.objects.select_for_update(of=("self",)).filter(pk=pk, state__in=WAITING)
        asked = row.select_related("version", "compared_with").first()
        if asked is None:
            return None
        document = json.loads(asked.version.document)
        if rules_digest(parse(document)) != asked.rules:
            _write(pk, state=VerificationState.ENDED_EARLY)
            return None
        before = json.loads(asked.compared_with.document) if asked.compared_with else None
        _write(pk, state=VerificationState.RUNNING, steps_done=0)
        return _Task(document, before)


def _finish(pk: UUID, report: Report) -> None:
    finished = {"report": report.to_json(), "finished_at": timezone.now()}
    _write(pk, state=VerificationState.FINISHED, **finished)


def _leave(pk: UUID, state: VerificationState) -> None:
    _write(pk, state=state, steps_done=0)


def _write(pk: UUID, **values: Any) -> None:
    with jobs.entered():
        row = Verification.objects.filter(pk=pk, state__in=WAITING)
        row.update(moved_at=timezone.now(), **values)
