"""The packet: the sealed copy of what is sent, exactly as it was previewed."""

import json
import uuid
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import Organization, User
from privacy.encryption import EncryptedJSONField, EncryptedTextField
from referrals.models.referrals import CLOSED_TO_PROVIDER, Referral
from referrals.workflow import Status

PERSON = settings.AUTH_USER_MODEL


class PacketQuerySet(models.QuerySet["Packet"]):
    """Packets by who may read them. That consent still lasts is the database's wall to check."""

    def visible_to(self, user: User) -> Self:
        """Keep the practice's own; for a provider what was sent, and after acceptance its own copy."""
        if user.is_therapist:
            return self.filter(
                organization_id=user.organization_id, referral__in=Referral.objects.visible_to(user)
            )
        if not user.is_provider:
            return self.none()
        sent = Q(referral__prescriber_id=user.organization_id)
        copied = Q(organization_id=user.organization_id) & ~Q(referral__status=Status.RECALLED)
        lent = Q(
            organization_id=F("referral__organization_id"),
            referral__accepted_at__isnull=True,
            referral__consent_ended_at__isnull=True,
            organization__erased_at__isnull=True,
        ) & ~Q(referral__status__in=CLOSED_TO_PROVIDER)
        return self.filter(sent & (copied | lent))


class Packet(models.Model):
    """The canonical JSON of a referral's packet, sealed for whoever keeps it (`organization`).

    The practice keeps the original; on acceptance the prescriber's organization gets a copy of its own,
    under its own key, with the same bytes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="packets", db_constraint=False)
    sealed = EncryptedTextField()
    # What the cover and the inbox may say before it is opened; small, so that a list opens fast.
    cover = EncryptedJSONField()
    digest = models.CharField(max_length=80)
    sealed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField()
    kept_since = models.DateTimeField()

    objects = PacketQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["organization", "referral"], name="an_organization_keeps_a_packet_once"),
            CheckConstraint(condition=Q(digest__startswith="sha256:"), name="a_packet_has_a_digest"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @cached_property
    def document(self) -> dict[str, Any]:
        """What was sealed, read back."""
        document: dict[str, Any] = json.loads(self.sealed)
        return document
