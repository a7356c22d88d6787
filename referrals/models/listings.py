"""The directory: what a prescriber organization says of itself. It holds no client data."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from screening.models.clients import PayerType

PERSON = settings.AUTH_USER_MODEL

MOST_WEEKS = 104


class Telehealth(models.TextChoices):
    """Whether visits can be at a distance."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    EVALUATION_ONLY = "evaluation_only", _("The evaluation only")
    NOT_KNOWN = "not_known", _("Not known")


class Said(models.TextChoices):
    """What an organization says of one fact. Nothing said is not known, never no."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_KNOWN = "not_known", _("Not known")


class Form(models.TextChoices):
    """The forms of treatment that are offered after an evaluation."""

    NASAL_ESKETAMINE = "nasal_esketamine", _("Nasal esketamine (REMS site)")
    IV = "iv", _("IV, on site")
    INJECTION = "injection", _("Injection, on site")
    LOZENGE = "lozenge", _("Lozenge")
    OTHER = "other", _("Another form")


class Evaluates(models.TextChoices):
    """What an organization evaluates. The keys are those of the shipped questionnaire's indications."""

    TRD = "trd", _("Treatment-resistant depression")
    ANXIETY = "anxiety", _("Anxiety")
    PTSD = "ptsd", _("PTSD")
    CHRONIC_PAIN = "chronic_pain", _("Chronic pain")


class ListingQuerySet(models.QuerySet["Listing"]):
    """Entries by who may see them."""

    def published(self) -> Self:
        """Keep those that are shown: published, of an organization that is active."""
        return self.filter(is_published=True, organization__is_active=True)

    def visible_to(self, user: User) -> Self:
        """Keep the published ones and one's own organization's; the network's admins see all."""
        if user.is_admin:
            return self
        shown = Q(is_published=True, organization__is_active=True)
        return self.filter(shown | Q(organization_id=user.organization_id))


class Listing(models.Model):
    """The directory entry of a prescriber organization. An empty list means that nothing was said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.OneToOneField(Organization, models.PROTECT, related_name="listing")
    # Whom a referral is addressed to; anybody of the organization can answer it.
    contact = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    is_published = models.BooleanField(default=False)
    takes_referrals = models.BooleanField(default=True)
    about = models.TextField(blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    licensed_in = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    evaluates = ArrayField(
        models.CharField(max_length=40, choices=Evaluates.choices), default=list, blank=True
    )
    forms = ArrayField(models.CharField(max_length=40, choices=Form.choices), default=list, blank=True)
    payers = ArrayField(models.CharField(max_length=20, choices=PayerType.choices), default=list, blank=True)
    languages = models.CharField(max_length=200, blank=True)
    telehealth = models.CharField(max_length=20, choices=Telehealth.choices, default=Telehealth.NOT_KNOWN)
    works_with_therapist = models.CharField(max_length=20, choices=Said.choices, default=Said.NOT_KNOWN)
    step_free = models.CharField(max_length=20, choices=Said.choices, default=Said.NOT_KNOWN)
    says_what_to_work_on = models.CharField(max_length=20, choices=Said.choices, default=Said.NOT_KNOWN)
    wait_weeks = models.PositiveSmallIntegerField(null=True)
    wait_said_on = models.DateField(null=True)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(wait_weeks__isnull=True, wait_said_on__isnull=True)
                | Q(wait_weeks__isnull=False, wait_said_on__isnull=False),
                name="a_wait_says_when_it_was_said",
            ),
            CheckConstraint(
                condition=Q(wait_weeks__isnull=True) | Q(wait_weeks__lte=MOST_WEEKS),
                name="a_wait_is_at_most_two_years",
            ),
            CheckConstraint(
                condition=Q(evaluates__contained_by=Evaluates.values),
                name="a_listing_evaluates_known_indications",
            ),
            CheckConstraint(
                condition=Q(forms__contained_by=Form.values), name="a_listing_offers_known_forms"
            ),
        ]

    def __str__(self) -> str:
        return self.organization.name

    @property
    def addressee(self) -> str:
        """Whom to write to: the contact with credentials, or the organization."""
        return self.contact.name_with_credentials if self.contact else self.organization.name

    @property
    def forms_in_words(self) -> str:
        """The forms of treatment, in the order of the list."""
        return ", ".join(str(form.label) for form in Form if form in self.forms)

    @property
    def evaluates_in_words(self) -> str:
        """The indications, in the order of the list."""
        return ", ".join(str(each.label) for each in Evaluates if each in self.evaluates)

    @property
    def payers_in_words(self) -> str:
        """The kinds of insurance, in the order of the list."""
        return ", ".join(str(payer.label) for payer in PayerType if payer in self.payers)
