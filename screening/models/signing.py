"""Who signs in a supervisor's place while they are away."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now

from accounts.models import Organization

PERSON = settings.AUTH_USER_MODEL


class SigningCoverQuerySet(models.QuerySet["SigningCover"]):
    """Supervisors' covers."""

    def current(self) -> Self:
        """Keep those that last now, by the database's clock."""
        return self.filter(until__gt=Now())


class SigningCover(models.Model):
    """A supervisor who signs the screenings of another one's associates until a moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    user = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    until = models.DateTimeField()
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = SigningCoverQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["organization", "supervisor", "user"], name="a_supervisor_is_covered_once_by_a_person"
            ),
            CheckConstraint(condition=~Q(supervisor=F("user")), name="nobody_covers_for_themselves"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
