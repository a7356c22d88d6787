"""What a client may ask about their record: a copy, an account of what was sent, that it be amended."""

import uuid
from datetime import date, timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Duty, Organization, User
from privacy.encryption import EncryptedTextField
from screening.models.clients import Client, cared_for_by

PERSON = settings.AUTH_USER_MODEL

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")

# 45 CFR 164.524(b)(2), 164.526(b)(2) and 164.528(c)(1): days to act, and one extension.
EXTENSION = timedelta(days=30)
AMENDMENT_DUE = timedelta(days=60)


class RequestKind(models.TextChoices):
    """What is asked for."""

    COPY = "copy", _("A copy of the record, or to look at it")
    DISCLOSURES = "disclosures", _("An account of what was sent, and to whom")


# 30 days for access (45 CFR 164.524(b)(2)), 60 for an accounting (164.528(c)(1)).
DUE = {RequestKind.COPY: timedelta(days=30), RequestKind.DISCLOSURES: timedelta(days=60)}


class Asker(models.TextChoices):
    """Who asked."""

    CLIENT = "client", _("The client")
    REPRESENTATIVE = "representative", _("A personal representative")
    OTHER = "other", _("Somebody the client directed us to send it to")


class Answered(models.TextChoices):
    """How a request ended."""

    GIVEN = "given", _("Given")
    PARTLY = "partly", _("Given in part")
    DENIED = "denied", _("Denied")
    WITHDRAWN = "withdrawn", _("Withdrawn by whoever asked")


def _due_by_law() -> Q:
    """Return the condition that the due day is so many days after the request came, and 30 if extended."""
    condition = Q()
    for kind, days in DUE.items():
        usual, longer = F("received_on") + days, F("received_on") + (days + EXTENSION)
        condition |= Q(kind=kind, extended_at__isnull=True, due_on=usual)
        condition |= Q(kind=kind, extended_at__isnull=False, due_on=longer)
    return condition


def _seen_by(rows: Rows, user: User) -> Rows:
    """Keep what was asked about clients of the person; a lead sees all that was asked in the practice."""
    if not user.is_therapist:
        return rows.none()
    own = rows.filter(organization_id=user.organization_id)
    return own if user.has_duty(Duty.LEAD) else own.filter(cared_for_by(user))


class RecordsRequestQuerySet(models.QuerySet["RecordsRequest"]):
    """Requests by who may see them."""

    def visible_to(self, user: User) -> Self:
        """Keep those of clients the person looks after; a lead of the practice sees all of its requests."""
        return _seen_by(self, user)

    def open(self) -> Self:
        """Keep those that wait for an answer, the ones due first on top."""
        return self.filter(answered_at__isnull=True).order_by("due_on", "received_on", "pk")

    def answered(self) -> Self:
        """Keep those that were answered, the latest first."""
        return self.filter(answered_at__isnull=False).order_by("-answered_at", "pk")


class RecordsRequest(models.Model):
    """Somebody asked for a client's record, or for an account of its disclosures; it is answered once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="records_requests", db_constraint=False)
    kind = models.CharField(max_length=20, choices=RequestKind.choices)
    asker = models.CharField(max_length=20, choices=Asker.choices)
    # The name of whoever asked where it isn't the client, and what exactly they asked for.
    asked_by = EncryptedTextField()
    words = EncryptedTextField()
    received_on = models.DateField()
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    due_on = models.DateField()
    extended_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    extended_at = models.DateTimeField(null=True)
    extended_words = EncryptedTextField(null=True)
    answer = models.CharField(max_length=20, choices=Answered.choices, blank=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    # What was given, in which form and how; or why not.
    answered_words = EncryptedTextField(null=True)
    form_key = models.UUIDField(default=uuid.uuid4)

    objects = RecordsRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "due_on"],
                condition=Q(answered_at__isnull=True),
                name="records_request_open",
            ),
            models.Index(fields=["organization", "client"], name="records_request_by_client"),
        ]
        constraints = [
            UniqueConstraint(fields=["organization", "form_key"], name="a_form_makes_one_records_request"),
            CheckConstraint(
                condition=Q(kind__in=RequestKind.values) & Q(asker__in=Asker.values),
                name="a_records_request_says_who_asks_for_what",
            ),
            CheckConstraint(
                condition=Q(extended_at__isnull=True, extended_by__isnull=True, extended_words__isnull=True)
                | Q(extended_at__isnull=False, extended_by__isnull=False, extended_words__isnull=False),
                name="an_extension_says_who_when_and_why",
            ),
            CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                & Q(answered_words__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, answer__in=Answered.values)
                & Q(answered_words__isnull=False),
                name="an_answer_says_who_when_and_what",
            ),
            CheckConstraint(condition=_due_by_law(), name="a_records_request_is_due_by_law"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answered_at is None

    def days_left(self, today: date) -> int:
        """Return how many days are left to answer; below zero it is late."""
        return (self.due_on - today).days


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    """Requests to amend by who may see them."""

    def visible_to(self, user: User) -> Self:
        """Keep those of clients the person looks after; a lead of the practice sees all of its requests."""
        return _seen_by(self, user)

    def open(self) -> Self:
        """Keep those that nobody has accepted or denied, the ones received first on top."""
        decided = AmendmentStep.objects.filter(
            organization_id=models.OuterRef("organization_id"),
            amendment_id=models.OuterRef("pk"),
            kind__in=DECISIONS,
        )
        return self.filter(~models.Exists(decided)).order_by("received_on", "pk")

    def with_steps(self) -> Self:
        """Fetch what followed, in order, and everybody who wrote it."""
        steps = AmendmentStep.objects.select_related("by").order_by("at", "pk")
        return self.select_related("recorded_by").prefetch_related(models.Prefetch("steps", steps))


class StepKind(models.TextChoices):
    """What can follow a request to amend."""

    EXTENDED = "extended", _("Time extended")
    ACCEPTED = "accepted", _("Accepted")
    DENIED = "denied", _("Denied")
    DISAGREEMENT = "disagreement", _("Statement of disagreement")
    REBUTTAL = "rebuttal", _("Rebuttal")


DECISIONS = (StepKind.ACCEPTED, StepKind.DENIED)


class Amendment(models.Model):
    """A client says that something in their record is wrong (45 CFR 164.526). It is only added to.

    `sections` are the keys of all sections that the words speak of; none of them means the record as a whole.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="amendments", db_constraint=False)
    sections = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    words = EncryptedTextField()
    received_on = models.DateField()
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    form_key = models.UUIDField(default=uuid.uuid4)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "client"], name="amendment_by_client")]
        constraints = [
            UniqueConstraint(fields=["organization", "form_key"], name="a_form_makes_one_amendment"),
            UniqueConstraint(fields=["organization", "id"], name="an_amendment_belongs_to_one_practice"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_of_the_whole_record(self) -> bool:
        """Whether it speaks of the record as a whole, and so may speak of every section."""
        return not self.sections

    def step(self, *kinds: StepKind) -> "AmendmentStep | None":
        """Return what followed of these kinds; fetched `with_steps` this asks nothing."""
        return next((step for step in self.steps.all() if step.kind in kinds), None)

    @property
    def decision(self) -> "AmendmentStep | None":
        """How it was decided, if it was."""
        return self.step(*DECISIONS)

    @property
    def due_on(self) -> date:
        """The last day to act: 60 days after it came, 30 more where the time was extended."""
        longer = EXTENSION if self.step(StepKind.EXTENDED) else timedelta()
        return self.received_on + AMENDMENT_DUE + longer

    @property
    def goes_with_the_record(self) -> bool:
        """Whether the client disagreed with a denial: then it goes with what it speaks of."""
        return self.step(StepKind.DISAGREEMENT) is not None


class AmendmentStep(models.Model):
    """What followed a request to amend: more time, a decision, the client's disagreement, a rebuttal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="steps", db_constraint=False)
    kind = models.CharField(max_length=20, choices=StepKind.choices)
    words = EncryptedTextField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["organization", "amendment", "kind"], name="a_step_of_an_amendment_happens_once"
            ),
            UniqueConstraint(
                fields=["organization", "amendment"],
                condition=Q(kind__in=DECISIONS),
                name="an_amendment_is_decided_once",
            ),
            CheckConstraint(
                condition=Q(kind__in=StepKind.values), name="an_amendment_step_is_of_a_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
