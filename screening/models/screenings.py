"""Screenings and their answers."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from privacy.encryption import EncryptedJSONField, EncryptedTextField
from screening.models.clients import Client, cared_for_by, emergency_of, seen_by
from screening.models.questionnaires import QuestionnaireVersion
from screening.models.signing import SigningCover

PERSON = settings.AUTH_USER_MODEL


class ScreeningState(models.TextChoices):
    """Whether a screening is being filled in, stands, or was set aside."""

    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    REPLACED = "replaced", _("Replaced")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


class Part2(models.TextChoices):
    """Whether a sensitive section's answers are a substance-use programme's records (42 CFR Part 2)."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_KNOWN = "not_known", _("Not known")


class ScreeningQuerySet(models.QuerySet["Screening"]):
    """Screenings by who may see them."""

    def visible_to(self, user: User) -> Self:
        """Keep those of clients the person looks after or has emergency access to."""
        if not user.is_therapist:
            return self.none()
        return self.filter(seen_by(user), organization_id=user.organization_id)

    def in_care_of(self, user: User) -> Self:
        """Keep those of the person's own clients and of clients on whose care team they are."""
        if not user.is_therapist:
            return self.none()
        return self.filter(cared_for_by(user), organization_id=user.organization_id)

    def readable_by(self, user: User) -> Self:
        """Keep the visible ones, and the completed ones of associates whose screenings the person signs."""
        if not user.is_therapist:
            return self.none()
        to_sign = Q(state=ScreeningState.COMPLETED) & _signed_by(user)
        return self.filter(seen_by(user) | to_sign, organization_id=user.organization_id)

    def signable_by(self, user: User) -> Self:
        """Keep the completed ones of associates whose screenings the person signs, or signs meanwhile."""
        if not user.is_therapist:
            return self.none()
        return self.filter(
            _signed_by(user), organization_id=user.organization_id, state=ScreeningState.COMPLETED
        )

    def with_emergency(self, user: User) -> Self:
        """Fetch with each the emergency access without which the person wouldn't see it."""
        return self.annotate(emergency_id=emergency_of(user))


def _signed_by(user: User) -> Q:
    """Return the condition that the person signs: as the supervisor, or for one who is away."""
    covered = SigningCover.objects.current().filter(
        organization_id=user.organization_id,
        user_id=user.pk,
        supervisor_id=models.OuterRef("completed_by__needs_signature_from_id"),
    )
    return Q(completed_by__needs_signature_from_id=user.pk) | Q(models.Exists(covered))


class Screening(models.Model):
    """One client's answers to one version, and, once completed, what the rules found in them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="screenings", db_constraint=False)
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=20, choices=ScreeningState.choices, default=ScreeningState.IN_PROGRESS
    )
    as_of = models.DateField(null=True)
    findings_text = EncryptedTextField(null=True)
    started_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    completed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    completed_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, related_name="replacements", null=True, db_constraint=False
    )
    set_aside_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    set_aside_at = models.DateTimeField(null=True)
    set_aside_reason = EncryptedTextField(null=True)
    # When somebody asked the safety section's questions again and nothing had changed.
    safety_confirmed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    safety_confirmed_at = models.DateTimeField(null=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "client"], name="screening_by_client")]
        constraints = [
            UniqueConstraint(fields=["organization", "id"], name="a_screening_belongs_to_one_organization"),
            UniqueConstraint(
                fields=["organization", "client", "version"],
                condition=Q(state=ScreeningState.IN_PROGRESS),
                name="a_client_has_one_open_screening_a_version",
            ),
            UniqueConstraint(fields=["organization", "replaces"], name="a_screening_is_replaced_by_one"),
            CheckConstraint(
                condition=Q(completed_at__isnull=True, completed_by__isnull=True)
                & Q(as_of__isnull=True, findings_text__isnull=True)
                | Q(completed_at__isnull=False, completed_by__isnull=False)
                & Q(as_of__isnull=False, findings_text__isnull=False),
                name="a_completion_says_who_when_and_what_was_found",
            ),
            CheckConstraint(
                condition=Q(state=ScreeningState.IN_PROGRESS, completed_at__isnull=True)
                | Q(state=ScreeningState.COMPLETED, completed_at__isnull=False)
                # One that was moved to a newer version before it was completed is replaced as well.
                | Q(state__in=[ScreeningState.REPLACED, ScreeningState.ENTERED_IN_ERROR]),
                name="an_open_screening_is_not_completed_and_a_completed_one_is",
            ),
            CheckConstraint(
                condition=Q(state__in=[ScreeningState.IN_PROGRESS, ScreeningState.COMPLETED])
                & Q(set_aside_at__isnull=True, set_aside_by__isnull=True, set_aside_reason__isnull=True)
                | Q(state__in=[ScreeningState.REPLACED, ScreeningState.ENTERED_IN_ERROR])
                & Q(set_aside_at__isnull=False, set_aside_by__isnull=False, set_aside_reason__isnull=False),
                name="setting_aside_says_who_when_and_why",
            ),
            CheckConstraint(
                condition=Q(safety_confirmed_at__isnull=True, safety_confirmed_by__isnull=True)
                | Q(safety_confirmed_at__isnull=False, safety_confirmed_by__isnull=False),
                name="a_confirmation_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Whether answers can still be given."""
        return self.state == ScreeningState.IN_PROGRESS

    @property
    def was_moved(self) -> bool:
        """Whether it was set aside, still open, for one with a newer version of the questionnaire."""
        return self.state == ScreeningState.REPLACED and self.completed_at is None

    @property
    def replacement(self) -> "Screening | None":
        """The amended screening that stands in this one's place."""
        return self.replacements.first()


class SectionAnswers(models.Model):
    """The answers of one section as one encrypted document: see `screening.records`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="sections", db_constraint=False)
    section = models.CharField(max_length=100)
    document = EncryptedJSONField()
    # A `Part2` value, for a sensitive section; null while nobody said.
    part2 = EncryptedTextField(null=True)
    saved_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["organization", "screening", "section"], name="a_section_is_stored_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @staticmethod
    def key_for(screening_id: uuid.UUID, section: str) -> uuid.UUID:
        """Return the row's id, the same on every save, because a ciphertext is bound to it."""
        return uuid.uuid5(screening_id, section)
