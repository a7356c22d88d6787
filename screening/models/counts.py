"""Counts across organizations of what a draft would change: no organization's own number is kept."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone

from screening.models.questionnaires import QuestionnaireVersion
from screening.models.verifications import SILENT_FOR, WAITING, VerificationState

PERSON = settings.AUTH_USER_MODEL


class OutcomeCount(models.Model):
    """How many outcomes a draft would change among the screenings of the last days.

    Small counts, and what would give them away, are hidden before anything is stored.
    """

    DAYS: ClassVar[tuple[int, ...]] = (30, 90, 365)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="outcome_counts")
    # Of the document that was counted with: the counts are stale once the draft has another.
    hash = models.CharField(max_length=80)
    days = models.PositiveIntegerField()
    state = models.CharField(
        max_length=20, choices=VerificationState.choices, default=VerificationState.QUEUED
    )
    steps_done = models.PositiveIntegerField(default=0)
    steps_of = models.PositiveIntegerField(default=0)
    counts = models.JSONField(null=True)
    requested_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    # The last sign of life.
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            UniqueConstraint(
                fields=["version", "hash", "days"],
                condition=Q(state__in=["queued", "running"]),
                name="the_same_is_counted_once_at_a_time",
            ),
            CheckConstraint(condition=Q(days__in=[30, 90, 365]), name="outcomes_are_counted_over_a_span"),
            CheckConstraint(
                condition=Q(state="finished", counts__isnull=False, finished_at__isnull=False)
                | (~Q(state="finished") & Q(counts__isnull=True, finished_at__isnull=True)),
                name="a_finished_count_has_its_numbers",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def has_gone_silent(self) -> bool:
        """Whether it was running and nothing was heard of it for too long: its worker is gone."""
        return self.state == VerificationState.RUNNING and timezone.now() - self.moved_at > SILENT_FOR

    @property
    def is_waited_for(self) -> bool:
        """Whether it still may come to an end."""
        return self.state in WAITING and not self.has_gone_silent

    @property
    def has_ended_early(self) -> bool:
        """Whether it ended, or went silent, before it was done."""
        return self.state == VerificationState.ENDED_EARLY or self.has_gone_silent
