"""Counting the questions of the versions in use: each night, and when an admin asks."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from privacy import audit, context, jobs, keys
from screening.catalog import definition_of
from screening.jobs.practices import batches, practices, still_completed
from screening.models import QuestionnaireVersion, QuestionYield, VersionState
from screening.reading import Reading
from screening.small_cells import SMALLEST_SHOWN
from screening.yields import Tally

SPAN = timedelta(days=365)


@jobs.job("screening.count_questions", one_for="version", in_pieces=True)
def count_questions(*, by: jobs.Person | None, version: UUID) -> None:
    """Count over every practice, one after the other; only sums leave a practice's own transaction."""
    now = timezone.now()
    tally = Tally()
    with context.enter(None):
        every = practices()
    for practice in every:
        # What an erased key sealed reads as erased, and would be counted as blank.
        with suppress(keys.KeyMissing):
            keys.of(practice)
            _count_practice(practice, version, by, tally)
    _keep(version, tally, now)


def _keep(version: UUID, tally: Tally, now: datetime) -> None:
    """Put the new sums in place of the old ones.

    Two counts that differ by fewer screenings than may be shown would tell of those few: then the old stay.
    """
    told = {key: cells.as_document() for key, cells in tally.cells(definition_of(version)).items()}
    with context.enter(None):
        known = QuestionYield.objects.select_for_update().filter(version_id=version).first()
        if known is not None and 0 < abs((known.screenings or 0) - tally.screenings) < SMALLEST_SHOWN:
            return
        QuestionYield.objects.update_or_create(
            version_id=version,
            defaults={
                "since": (now - SPAN).date(),
                "counted_at": now,
                "screenings": tally.total,
                "cells": told if tally.total is not None else {},
            },
        )


@jobs.every("40 8 * * *", "screening.count_all_questions")
def count_all_questions() -> None:
    """Have every version in use counted, in the small hours of the network's part of the world."""
    for version in QuestionnaireVersion.objects.filter(state=VersionState.PUBLISHED).only("pk"):
        count_questions.defer(by=None, version=version.pk)


def _count_practice(practice: UUID, version: UUID, by: jobs.Person | None, tally: Tally) -> None:
    """Count a practice's screenings, some at a time; its log says how many were counted and for whom."""
    definition, since = definition_of(version), timezone.now() - SPAN
    for piece in batches(practice, version_id=version, completed_at__gte=since):
        jobs.stop_if_asked()
        with context.enter(practice):
            for screening in still_completed(piece):
                reading = Reading(screening)
                tally.add(definition, reading.answers, reading.as_of)
            audit.record("screening.questions_counted", by=by, owner=practice, screenings=len(piece))
