"""What follows an evaluation: the provider's outcome, and the course of treatment beside therapy."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from privacy.encryption import EncryptedTextField
from referrals.models.listings import Form

PERSON = settings.AUTH_USER_MODEL


class OutcomeKind(models.TextChoices):
    """What the provider decided after evaluating."""

    PROCEEDING = "proceeding", _("Proceeding with treatment")
    NOT_PROCEEDING = "not_proceeding", _("Not proceeding")
    NOT_YET = "not_yet", _("Not yet")
    OTHER_TREATMENT = "other_treatment", _("Another treatment")
    CLIENT_DECLINED = "client_declined", _("The client declined")


class CourseState(models.TextChoices):
    """How a course stands."""

    OPEN = "open", _("Open")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class CourseEntryKind(models.TextChoices):
    """What was entered in a course; the first is the provider's, the next three the therapist's."""

    DOSING = "dosing", _("Dosing session")
    PREPARATION = "preparation", _("Preparation session")
    INTEGRATION = "integration", _("Integration session")
    MEASURE = "measure", _("Measure")
    PAUSED = "paused", _("Course paused")
    RESUMED = "resumed", _("Course resumed")
    ENDED = "ended", _("Course ended")


class Outcome(models.Model):
    """What the provider recorded after an evaluation; a questioned one is followed by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    referral = models.ForeignKey(
        "referrals.Referral", models.PROTECT, related_name="outcomes", db_constraint=False
    )
    kind = models.CharField(max_length=30, choices=OutcomeKind.choices)
    note = EncryptedTextField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            CheckConstraint(condition=Q(kind__in=OutcomeKind.values), name="an_outcome_is_one_of_five"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CourseEntry(models.Model):
    """One line of a course: a session, a measure, or a change of its state."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    referral = models.ForeignKey(
        "referrals.Referral", models.PROTECT, related_name="course_entries", db_constraint=False
    )
    kind = models.CharField(max_length=20, choices=CourseEntryKind.choices)
    day = models.DateField()
    form = models.CharField(max_length=40, blank=True, choices=Form.choices)
    measure = EncryptedTextField(null=True)
    result = EncryptedTextField(null=True)
    notes = EncryptedTextField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    form_key = models.UUIDField(default=uuid.uuid4)

    class Meta:
        ordering = ["day", "at", "pk"]
        constraints = [
            UniqueConstraint(
                fields=["organization", "referral", "form_key"], name="a_form_makes_one_course_entry"
            ),
            CheckConstraint(
                condition=Q(kind__in=CourseEntryKind.values), name="a_course_entry_is_of_a_known_kind"
            ),
            CheckConstraint(
                condition=Q(kind=CourseEntryKind.DOSING, form__in=Form.values)
                | ~Q(kind=CourseEntryKind.DOSING) & Q(form=""),
                name="a_dosing_session_says_in_which_form",
            ),
            CheckConstraint(
                condition=Q(kind=CourseEntryKind.MEASURE, measure__isnull=False, result__isnull=False)
                | ~Q(kind=CourseEntryKind.MEASURE) & Q(measure__isnull=True, result__isnull=True),
                name="a_measure_says_which_and_with_what_result",
            ),
            CheckConstraint(
                condition=Q(by__isnull=False) | Q(kind=CourseEntryKind.ENDED),
                name="only_an_end_happens_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
