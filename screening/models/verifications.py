"""Runs of the verifier: of which rules, how far they are, and what they found."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.models.questionnaires import QuestionnaireVersion

PERSON = settings.AUTH_USER_MODEL

# The verifier gives one question ten seconds at most; who says nothing for longer than this has ended.
SILENT_FOR = timedelta(seconds=90)


class VerificationState(models.TextChoices):
    """How far a verification is."""

    QUEUED = "queued", _("Waiting to begin")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    ENDED_EARLY = "ended_early", _("Ended before it was done")


WAITING = (VerificationState.QUEUED, VerificationState.RUNNING)


class Verification(models.Model):
    """One run: of the rules of a version, and what they mean against those of the version in use.

    It is kept by the digests of both, so a changed word needs no new run. It holds made-up answers only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="rule_verifications")
    compared_with = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="+", null=True)
    rules = models.CharField(max_length=80)
    before = models.CharField(max_length=80, blank=True)
    state = models.CharField(
        max_length=20, choices=VerificationState.choices, default=VerificationState.QUEUED
    )
    steps_done = models.PositiveIntegerField(default=0)
    steps_of = models.PositiveIntegerField(default=0)
    report = models.JSONField(null=True)
    requested_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    # The last sign of life.
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["rules", "before"], name="verifications_of_rules")]
        constraints = [
            UniqueConstraint(
                fields=["rules", "before"],
                condition=Q(state__in=["queued", "running"]),
                name="the_same_rules_are_verified_once_at_a_time",
            ),
            CheckConstraint(
                condition=Q(state="finished", report__isnull=False, finished_at__isnull=False)
                | (~Q(state="finished") & Q(report__isnull=True, finished_at__isnull=True)),
                name="a_finished_verification_has_its_report",
            ),
            CheckConstraint(
                condition=Q(before="", compared_with__isnull=True)
                | (~Q(before="") & Q(compared_with__isnull=False)),
                name="a_comparison_says_with_which_version",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_waited_for(self) -> bool:
        """Whether it still may come to an end."""
        return self.state in WAITING and not self.has_gone_silent

    @property
    def has_gone_silent(self) -> bool:
        """Whether it was running and nothing was heard of it for too long: its worker is gone."""
        return self.state == VerificationState.RUNNING and timezone.now() - self.moved_at > SILENT_FOR
