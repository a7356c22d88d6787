"""Two people's decision to erase an organization's records by destroying its key."""

from datetime import datetime, timedelta
from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.utils import timezone

from accounts.models.people import Organization, User

# A day to notice and withdraw it; two weeks, after which nobody may still mean it.
NOT_BEFORE = timedelta(hours=24)
NOT_AFTER = timedelta(days=14)


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Ways to choose erasures."""

    def waiting(self) -> Self:
        """Return those that were asked for and neither confirmed nor withdrawn."""
        return self.filter(confirmed_at__isnull=True, withdrawn_at__isnull=True)


class Erasure(models.Model):
    """One person of the network asks, another confirms a day later; until then either withdraws it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="erasures")
    # Why, in the operator's words; nothing about a client.
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="an_erasure_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("asked_by")),
                name="an_erasure_is_two_peoples_decision",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | models.Q(confirmed_by__isnull=False, confirmed_at__gte=models.F("asked_at") + NOT_BEFORE),
                name="an_erasure_is_confirmed_a_day_later",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, confirmed_at__isnull=True),
                name="a_withdrawn_erasure_is_not_confirmed",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_erasure_of_an_organization_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def opens_at(self) -> datetime:
        """When it can be confirmed."""
        return self.asked_at + NOT_BEFORE

    @property
    def closes_at(self) -> datetime:
        """Until when it can be confirmed."""
        return self.asked_at + NOT_AFTER
