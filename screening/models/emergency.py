"""Emergency access: a lead lets somebody see a colleague's client for eight hours, and says why."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Duty, Organization, User
from privacy.encryption import EncryptedTextField

PERSON = settings.AUTH_USER_MODEL

LASTS = timedelta(hours=8)


def lasting() -> Q:
    """Return the condition that one lasts now, by the database's clock: all processes agree on that."""
    return Q(ended_at__isnull=True, ends_at__gt=Now())


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    """Emergency accesses by who may know of them, and whether they last."""

    def current(self) -> Self:
        """Keep those that last now."""
        return self.filter(lasting())

    def visible_to(self, user: User) -> Self:
        """Keep the practice's for its leads, and for everybody those that they were told of."""
        if not user.is_therapist:
            return self.none()
        if user.has_duty(Duty.LEAD):
            return self.filter(organization_id=user.organization_id)
        return self.told_to(user)

    def told_to(self, user: User) -> Self:
        """Keep those that the person was told of."""
        notices = EmergencyNotice.objects.filter(
            organization_id=user.organization_id, user_id=user.pk, access_id=models.OuterRef("pk")
        )
        return self.filter(models.Exists(notices), organization_id=user.organization_id)

    def with_people(self) -> Self:
        """Fetch the names that every line about one shows."""
        return self.select_related("by", "user", "client", "ended_by")


class EmergencyAccess(models.Model):
    """One client, opened by a lead for one person. Nothing of it changes but that it may end early."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    client = models.ForeignKey(
        "screening.Client", models.PROTECT, related_name="emergency_accesses", db_constraint=False
    )
    user = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = EncryptedTextField()
    ended_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)
    form_key = models.UUIDField(default=uuid.uuid4)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "user", "client"], name="emergency_access_by_person"),
            models.Index(fields=["organization", "client", "at"], name="emergency_access_by_client"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["organization", "id"], name="an_emergency_access_belongs_to_one_practice"
            ),
            UniqueConstraint(fields=["organization", "form_key"], name="a_form_opens_one_emergency_access"),
            CheckConstraint(
                condition=Q(ends_at=F("at") + LASTS), name="emergency_access_ends_eight_hours_after_it_began"
            ),
            CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_by__isnull=False, ended_at__gte=F("at"), ended_at__lte=F("ends_at")),
                name="emergency_access_ends_early_by_somebody_or_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def lasts(self) -> bool:
        """Whether it lasts now."""
        return self.ended_at is None and self.ends_at > timezone.now()

    @property
    def is_for_the_lead(self) -> bool:
        """Whether the lead opened it for themselves."""
        return self.by_id == self.user_id


class EmergencyNotice(models.Model):
    """Somebody who looks after the client was told of an emergency access, and may mark it as read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    access = models.ForeignKey(EmergencyAccess, models.PROTECT, related_name="notices", db_constraint=False)
    user = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "user"],
                condition=Q(read_at__isnull=True),
                name="emergency_notice_unread",
            ),
        ]
        constraints = [
            UniqueConstraint(
                fields=["organization", "access", "user"], name="a_person_is_told_once_of_an_emergency_access"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
