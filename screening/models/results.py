"""What follows from a screening: outcomes, the therapist's own judgment, acknowledgements, signatures."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from privacy.encryption import EncryptedJSONField, EncryptedTextField
from screening.engine import Outcome
from screening.models.screenings import Screening, ScreeningState

PERSON = settings.AUTH_USER_MODEL


class JudgmentView(models.TextChoices):
    """What the therapist thinks of an outcome."""

    AGREE = "agree", _("I agree")
    DIFFER = "differ", _("I differ")
    NOT_YET = "not_yet", _("Not yet")


class Finding(models.Model):
    """The outcome of one indication, in plain, because queues and counts need it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="findings", db_constraint=False)
    indication = models.CharField(max_length=100)
    outcome = models.CharField(max_length=40)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["organization", "screening", "indication"], name="an_indication_has_one_outcome"
            ),
            CheckConstraint(
                condition=Q(outcome__in=[outcome.value for outcome in Outcome]),
                name="an_outcome_is_one_of_three",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Judgment(models.Model):
    """The therapist's own judgment of one indication; it may differ from the outcome."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="judgments", db_constraint=False)
    indication = models.CharField(max_length=100)
    view = EncryptedTextField()
    words = EncryptedTextField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["organization", "screening", "indication"], name="an_indication_has_one_judgment"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    """Urgent considerations by what is left to do about them."""

    def due(self) -> Self:
        """Keep those that wait to be acknowledged."""
        return self.filter(acknowledged_at__isnull=True, settled_at__isnull=True).exclude(
            screening__state__in=[ScreeningState.REPLACED, ScreeningState.ENTERED_IN_ERROR]
        )

    def visible_to(self, user: User) -> Self:
        """Keep those of screenings the person may see."""
        return self.filter(
            organization_id=user.organization_id, screening__in=Screening.objects.visible_to(user)
        )

    def in_care_of(self, user: User) -> Self:
        """Keep those of screenings of clients the person looks after."""
        return self.filter(
            organization_id=user.organization_id, screening__in=Screening.objects.in_care_of(user)
        )


class Acknowledgement(models.Model):
    """An urgent consideration that was raised, and what was then done about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    screening = models.ForeignKey(
        Screening, models.PROTECT, related_name="acknowledgements", db_constraint=False
    )
    consideration = models.CharField(max_length=100)
    raised_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    # The answers as they were when they raised it: {"answers": ...}. They may be changed later.
    raised_by_answers = EncryptedJSONField()
    # When its `unless` became true: what was due has been asked. Null again if that changes.
    settled_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    acknowledged_at = models.DateTimeField(null=True)
    happened_at = models.DateTimeField(null=True)
    done = EncryptedTextField(null=True)
    told = EncryptedJSONField(null=True)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "screening"],
                condition=Q(acknowledged_at__isnull=True, settled_at__isnull=True),
                name="acknowledgement_due",
            ),
        ]
        constraints = [
            UniqueConstraint(
                fields=["organization", "screening", "consideration"],
                name="a_consideration_is_raised_once_a_screening",
            ),
            CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                & Q(happened_at__isnull=True, done__isnull=True, told__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False)
                & Q(happened_at__isnull=False, done__isnull=False, told__isnull=False),
                name="an_acknowledgement_says_who_when_and_what_was_done",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_due(self) -> bool:
        """Whether it waits to be acknowledged."""
        return self.acknowledged_at is None and self.settled_at is None


class Signature(models.Model):
    """A supervisor's signature under an associate's completed screening."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="signatures", db_constraint=False)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["organization", "screening"], name="a_screening_is_signed_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
