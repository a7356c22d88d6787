"""Consent: which sections a client lets one recipient see, how it was given, and when it ends."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from privacy.encryption import EncryptedTextField
from referrals.models.referrals import ConsentEnd, Referral

PERSON = settings.AUTH_USER_MODEL


class HowGiven(models.TextChoices):
    """How a client gave consent."""

    ON_SCREEN = "on_screen", _("Signed on screen")
    ON_PAPER = "on_paper", _("On paper")
    VERBAL = "verbal", _("Verbally, with a witness")


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents by who may see them."""

    def visible_to(self, user: User) -> "ConsentQuerySet":
        """Keep those of the person's own clients and care teams; a provider reads none."""
        if not user.is_therapist:
            return self.none()
        return self.filter(
            organization_id=user.organization_id, referral__in=Referral.objects.visible_to(user)
        )

    def standing(self) -> "ConsentQuerySet":
        """Keep those that no later one has taken the place of."""
        return self.filter(replaced_at__isnull=True)


class Consent(models.Model):
    """A client's consent to one referral; recording another one for it replaces this."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="consents", db_constraint=False)
    recipient = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    sections = ArrayField(models.CharField(max_length=100))
    # Sensitive sections that may leave although they are, or may be, a Part 2 programme's records.
    part2_sections = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    how = models.CharField(max_length=20, choices=HowGiven.choices)
    witness = EncryptedTextField(null=True)
    expires_on = models.DateField()
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=20, blank=True)
    ended_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["organization", "referral"],
                condition=Q(replaced_at__isnull=True),
                name="a_referral_has_one_standing_consent",
            ),
            CheckConstraint(condition=Q(how__in=HowGiven.values), name="a_consent_says_how_it_was_given"),
            CheckConstraint(
                condition=~Q(how=HowGiven.VERBAL) | Q(witness__isnull=False),
                name="a_verbal_consent_has_a_witness",
            ),
            CheckConstraint(condition=Q(sections__len__gt=0), name="a_consent_names_at_least_one_section"),
            CheckConstraint(
                condition=Q(part2_sections__contained_by=F("sections")),
                name="a_part_2_consent_is_for_a_shared_section",
            ),
            CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_how="", ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_how=ConsentEnd.REVOKED, ended_by__isnull=False)
                | Q(ended_at__isnull=False, ended_how=ConsentEnd.EXPIRED, ended_by__isnull=True),
                name="a_consent_was_revoked_by_somebody_or_expired_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
