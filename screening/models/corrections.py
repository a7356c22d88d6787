"""Safety corrections of a questionnaire, and the screenings that each of them touches."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import Organization, User
from privacy.encryption import EncryptedJSONField
from screening.models.questionnaires import QuestionnaireVersion
from screening.models.screenings import Screening, ScreeningState

PERSON = settings.AUTH_USER_MODEL


class SafetyCorrectionQuerySet(models.QuerySet["SafetyCorrection"]):
    """Corrections by who may see them: they hold no client's data, and concern everybody who screens."""

    def visible_to(self, user: User) -> Self:
        """Keep all for admins and therapists, none for others."""
        return self if user.is_admin or user.is_therapist else self.none()


class SafetyCorrection(models.Model):
    """A clinical owner says that a published version corrects what was unsafe in earlier ones."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.OneToOneField(QuestionnaireVersion, models.PROTECT, related_name="correction")
    # The first version that was unsafe: it and those after it, up to the correcting one, are corrected.
    since = models.PositiveIntegerField()
    words = models.TextField()
    questions = ArrayField(models.CharField(max_length=100), default=list)
    # Keys of indications and considerations: "indication:trd", "consideration:psychosis".
    rules = ArrayField(models.CharField(max_length=120), default=list)
    declared_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    objects = SafetyCorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at"]
        constraints = [
            CheckConstraint(condition=~Q(words=""), name="a_correction_tells_therapists_something"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CorrectionSearch(models.Model):
    """How far one practice's screenings were looked through for a correction: counts, nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    correction = models.ForeignKey(SafetyCorrection, models.PROTECT, related_name="searches")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    searched_at = models.DateTimeField(null=True)
    looked_through = models.PositiveIntegerField(default=0)
    touched = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["correction", "organization"], name="a_practice_is_searched_once"),
            CheckConstraint(
                condition=Q(touched__lte=F("looked_through")), name="what_is_touched_was_looked_through"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TouchedScreeningQuerySet(models.QuerySet["TouchedScreening"]):
    """Touched screenings by who may see them and what is left to do."""

    def visible_to(self, user: User) -> Self:
        """Keep those of screenings the person may see."""
        return self.filter(
            organization_id=user.organization_id, screening__in=Screening.objects.visible_to(user)
        )

    def in_care_of(self, user: User) -> Self:
        """Keep those of clients the person looks after, or covers for."""
        return self.filter(
            organization_id=user.organization_id, screening__in=Screening.objects.in_care_of(user)
        )

    def waiting(self) -> Self:
        """Keep those that nobody looked at and whose screening still stands."""
        return self.filter(looked_at__isnull=True).exclude(
            screening__state__in=[ScreeningState.REPLACED, ScreeningState.ENTERED_IN_ERROR]
        )


class TouchedScreening(models.Model):
    """A screening that reads otherwise under a correction, or answered a question that it names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    correction = models.ForeignKey(SafetyCorrection, models.PROTECT, related_name="+")
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="touched", db_constraint=False)
    # What differs, as keys: see `screening.differences`.
    differs = EncryptedJSONField()
    found_at = models.DateTimeField()
    looked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    looked_at = models.DateTimeField(null=True)

    objects = TouchedScreeningQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["organization", "correction", "screening"],
                name="a_correction_touches_a_screening_once",
            ),
            CheckConstraint(
                condition=Q(looked_at__isnull=True, looked_by__isnull=True)
                | Q(looked_at__isnull=False, looked_by__isnull=False),
                name="a_look_at_a_touched_screening_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to look at it."""
        set_aside = (ScreeningState.REPLACED, ScreeningState.ENTERED_IN_ERROR)
        return self.looked_at is None and self.screening.state not in set_aside
