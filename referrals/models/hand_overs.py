"""Handing a caseload over: what a lead gave from one person to others, until when, and why."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q, UniqueConstraint
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Duty, Organization, User
from privacy.encryption import EncryptedTextField
from screening.models import Client

PERSON = settings.AUTH_USER_MODEL


class HandOverKind(models.TextChoices):
    """Whether somebody comes back."""

    AWAY = "away", _("Away: colleagues cover, and it returns by itself")
    LEAVING = "leaving", _("Leaving: colleagues take over for good")


class Role(models.TextChoices):
    """What was handed over."""

    THERAPIST = "therapist", _("Therapist")
    CARE_TEAM = "care_team", _("Care team")
    PROVIDER = "provider", _("Provider")
    SUPERVISOR = "supervisor", _("Supervisor")


def lasting() -> Q:
    """Return the condition that somebody covers now, by the database's clock."""
    return Q(kind=HandOverKind.AWAY, ended_at__isnull=True, until__gt=Now())


class HandOverQuerySet(models.QuerySet["HandOver"]):
    """Hand-overs by who may know of them."""

    def visible_to(self, user: User) -> Self:
        """Keep the organization's for its leads, and for others those that they gave or took."""
        own = self.filter(organization_id=user.organization_id)
        if user.has_duty(Duty.LEAD):
            return own
        taken = HandOverPart.objects.filter(
            organization_id=user.organization_id, hand_over_id=OuterRef("pk"), to_id=user.pk
        )
        return own.filter(Q(person_id=user.pk) | Q(Exists(taken)))

    def current(self) -> Self:
        """Keep those under which somebody covers now."""
        return self.filter(lasting())

    def with_people(self) -> Self:
        """Fetch the names that every line about one shows."""
        return self.select_related("person", "by", "ended_by").prefetch_related("parts__to")


class HandOver(models.Model):
    """One act of a lead: all of it took place, or nothing. It changes only in that a cover may end early."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=HandOverKind.choices)
    reason = EncryptedTextField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)
    form_key = models.UUIDField(default=uuid.uuid4)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "person", "at"], name="hand_over_by_person")]
        constraints = [
            UniqueConstraint(fields=["organization", "id"], name="a_hand_over_belongs_to_one_organization"),
            UniqueConstraint(fields=["organization", "form_key"], name="a_form_hands_over_once"),
            CheckConstraint(
                condition=Q(kind=HandOverKind.AWAY, until__gt=F("at"))
                | Q(kind=HandOverKind.LEAVING, until__isnull=True),
                name="only_who_is_away_comes_back_and_says_when",
            ),
            CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(kind=HandOverKind.AWAY, ended_by__isnull=False)
                & Q(ended_at__gte=F("at"), ended_at__lte=F("until")),
                name="a_cover_ends_early_by_somebody_or_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_away(self) -> bool:
        """Whether the person comes back."""
        return self.kind == HandOverKind.AWAY

    @property
    def lasts(self) -> bool:
        """Whether somebody covers now."""
        return self.until is not None and self.ended_at is None and self.until > timezone.now()


class HandOverPart(models.Model):
    """One client, one referral or the signing of a supervisor, and who took it. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="parts", db_constraint=False)
    role = models.CharField(max_length=20, choices=Role.choices)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", null=True, db_constraint=False)
    # A prescriber organization hands over referrals: it has no row of the client.
    referral = models.ForeignKey(
        "referrals.Referral", models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    to = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["hand_over", "client"], name="a_client_is_handed_over_once_at_a_time"),
            UniqueConstraint(
                fields=["hand_over", "referral"], name="a_referral_is_handed_over_once_at_a_time"
            ),
            CheckConstraint(
                condition=Q(
                    role__in=[Role.THERAPIST, Role.CARE_TEAM], client__isnull=False, referral__isnull=True
                )
                | Q(role=Role.PROVIDER, client__isnull=True, referral__isnull=False)
                | Q(role=Role.SUPERVISOR, client__isnull=True, referral__isnull=True),
                name="what_is_handed_over_fits_the_role",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
