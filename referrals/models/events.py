"""What happened to a referral, and what the two sides wrote to each other."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from privacy.encryption import EncryptedJSONField, EncryptedTextField
from referrals.models.referrals import Referral
from referrals.workflow import MOVES, Party, Status

PERSON = settings.AUTH_USER_MODEL


class DeclineCode(models.TextChoices):
    """Why a referral was declined."""

    OUTSIDE_OUR_SCOPE = "outside_our_scope", _("Outside what we evaluate")
    NOT_TAKING_NEW_CLIENTS = "not_taking_new_clients", _("Not taking new clients")
    NOT_LICENSED_THERE = "not_licensed_there", _("Not licensed where the client lives")
    COST_OR_INSURANCE = "cost_or_insurance", _("Cost or insurance")
    INFORMATION_MISSING = "information_missing", _("Information is missing")
    CLIENT_UNREACHABLE = "client_unreachable", _("The client could not be reached")
    HIGHER_LEVEL_OF_CARE = "higher_level_of_care", _("A higher level of care is the better place now")
    NOT_NOW = "not_now", _("Not now: something to work on first")
    REFER_TO = "refer_to", _("Another provider fits better")
    PROVIDER_UNAVAILABLE = "provider_unavailable", _("The provider is not available any longer")
    OTHER = "other", _("Another reason")


class WithdrawReason(models.TextChoices):
    """Why a referral was withdrawn."""

    CLIENT_WISH = "client_wish", _("The client wishes it")
    CONSENT_REVOKED = "consent_revoked", _("Consent was revoked")
    CONSENT_EXPIRED = "consent_expired", _("Consent has expired")
    SCREENING_IN_ERROR = "screening_in_error", _("The screening was entered in error")
    RECORDS_ERASED = "records_erased", _("The practice left, and its records were erased")


class RecallReason(models.TextChoices):
    """Why a referral was recalled."""

    WRONG_CLIENT = "wrong_client", _("It was the wrong client")
    WRONG_RECIPIENT = "wrong_recipient", _("It went to the wrong provider")


class EventQuerySet(models.QuerySet["Event"]):
    """Events by who may see them."""

    def visible_to(self, user: User) -> Self:
        """Keep those of referrals that the person may see."""
        return self.filter(referral__in=Referral.objects.visible_to(user))


class Event(models.Model):
    """A move that was taken. Events are only added; replayed in order they give the status."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="events", db_constraint=False)
    number = models.PositiveIntegerField()
    move = models.CharField(max_length=40)
    party = models.CharField(max_length=20)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    from_status = models.CharField(max_length=30)
    to_status = models.CharField(max_length=30)
    # Until when the next one had time, and the appointment, as they were after the move.
    due_on = models.DateField(null=True)
    appointment_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, blank=True)
    note = EncryptedTextField(null=True)
    detail = EncryptedJSONField(null=True)
    form_key = models.UUIDField(default=uuid.uuid4)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            UniqueConstraint(
                fields=["organization", "referral", "number"], name="events_of_a_referral_are_in_order"
            ),
            UniqueConstraint(fields=["organization", "referral", "form_key"], name="a_form_makes_one_event"),
            CheckConstraint(
                condition=Q(move__in=[move.name for move in MOVES]), name="an_event_is_a_known_move"
            ),
            CheckConstraint(
                condition=Q(party=Party.SYSTEM, by__isnull=True)
                | Q(party__in=[Party.THERAPIST, Party.PROVIDER], by__isnull=False),
                name="an_event_says_by_whom",
            ),
            CheckConstraint(
                condition=Q(from_status__in=[str(status) for status in Status])
                & Q(to_status__in=[str(status) for status in Status]),
                name="an_event_leads_from_and_to_a_known_status",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by who may see them."""

    def visible_to(self, user: User) -> Self:
        """Keep those of referrals that the person may see."""
        return self.filter(referral__in=Referral.objects.visible_to(user))


class Message(models.Model):
    """Words from one side to the other; it moves nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="messages", db_constraint=False)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = EncryptedTextField()
    form_key = models.UUIDField(default=uuid.uuid4)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            UniqueConstraint(
                fields=["organization", "referral", "form_key"], name="a_form_makes_one_message"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
