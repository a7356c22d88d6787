"""The referral: who sent it to whom, where it stands, whose turn it is."""

import uuid
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from privacy.encryption import EncryptedJSONField
from referrals.deciding import Position, status_of
from referrals.models.courses import CourseState, OutcomeKind
from referrals.models.listings import Listing
from referrals.workflow import Party, Status
from screening.models import Client, Screening
from screening.models.clients import cared_for_by, emergency_of, seen_by

PERSON = settings.AUTH_USER_MODEL

# A draft is the practice's own; a discarded one stays so.
OWN_STATUSES = (Status.DRAFT, Status.DISCARDED)
FINAL = tuple(status for status in Status if status.is_final)
# The packet closes in these, unless it was accepted before.
CLOSED_TO_PROVIDER = (*OWN_STATUSES, Status.WITHDRAWN, Status.RECALLED)


class ConsentEnd(models.TextChoices):
    """How a consent ended."""

    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")


@dataclass(frozen=True, slots=True)
class ReferralRequest:
    """What the therapist writes on the referral form. Empty text means that nothing was written."""

    reason: str = ""
    question: str = ""
    meets: str = ""
    role: str = ""
    # Whether statements about the record as a whole go along: "yes", "no", or nobody has said.
    statements: str = ""

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        """Read what is stored."""
        return cls(**{field.name: document[field.name] for field in fields(cls) if field.name in document})

    def as_document(self) -> dict[str, Any]:
        """Return what is stored."""
        return asdict(self)


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Referrals by who may see them and whose turn it is."""

    def visible_to(self, user: User) -> Self:
        """Keep those of clients the person sees, or those sent to their organization."""
        if user.is_therapist:
            return self.filter(seen_by(user), organization_id=user.organization_id)
        return self._sent_to(user)

    def in_care_of(self, user: User) -> Self:
        """Keep those of the person's own clients and care teams, or those sent to their organization."""
        if user.is_therapist:
            return self.filter(cared_for_by(user), organization_id=user.organization_id)
        return self._sent_to(user)

    def _sent_to(self, user: User) -> Self:
        if not user.is_provider:
            return self.none()
        return self.filter(prescriber_id=user.organization_id).exclude(status__in=OWN_STATUSES)

    def with_emergency(self, user: User) -> Self:
        """Fetch with each the emergency access without which the person wouldn't see it."""
        if not user.is_therapist:
            return self
        return self.annotate(emergency_id=emergency_of(user))

    def with_turn(self, party: Party) -> Self:
        """Keep those that wait for a party, the ones due first on top."""
        return self.filter(turn=party).order_by("due_on", "turn_since", "pk")

    def waiting_for_others(self, party: Party) -> Self:
        """Keep those that wait for somebody else."""
        return self.exclude(turn__in=[party, ""]).order_by("due_on", "turn_since", "pk")

    def finished(self) -> Self:
        """Keep those that wait for nobody, the latest first."""
        return self.filter(turn="").order_by("-turn_since", "pk")

    def listed(self, shown: str, party: Party) -> Self:
        """Keep one of a side's three lists: "turn", "waiting" or "done"."""
        match shown:
            case "waiting":
                return self.waiting_for_others(party)
            case "done":
                return self.finished()
        return self.with_turn(party)

    def counted(self, party: Party) -> dict[str, int]:
        """Return how many wait for a party, for somebody else, and for nobody, in one query."""
        # An aggregate named as the field would take the field's place in the filters after it.
        counts = self.aggregate(
            own=models.Count("pk", filter=Q(turn=party)),
            waiting=models.Count("pk", filter=~Q(turn__in=[party, ""])),
            done=models.Count("pk", filter=Q(turn="")),
        )
        return {"turn": counts["own"], "waiting": counts["waiting"], "done": counts["done"]}

    def answered_by(self, provider: User) -> Self:
        """Keep those a provider answers for, or covers for somebody now."""
        covered = Q(provider_cover=provider, provider_cover_until__gt=Now())
        return self.filter(Q(provider=provider) | covered)

    def on_somebodys_hands(self) -> Self:
        """Keep those that wait for somebody, or whose course goes on."""
        return self.filter(~Q(turn="") | Q(course__in=[CourseState.OPEN, CourseState.PAUSED]))

    def with_people(self) -> Self:
        """Fetch the names that every page shows."""
        return self.select_related(
            "organization",
            "prescriber",
            "therapist",
            "therapist__organization",
            "provider",
            "therapist_cover",
            "provider_cover",
            "listing__contact",
        )


class Referral(models.Model):
    """A client's way from a practice (its organization) to a prescriber organization, one at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="referrals", db_constraint=False)
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="referrals", db_constraint=False)
    prescriber = models.ForeignKey(Organization, models.PROTECT, related_name="+", null=True)
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="+", null=True)
    # Who answers for it on either side; on the provider's side perhaps nobody yet.
    therapist = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    provider = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    # Who covers for either while they are away, until a moment: both sides may know.
    therapist_cover = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    therapist_cover_until = models.DateTimeField(null=True)
    provider_cover = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    provider_cover_until = models.DateTimeField(null=True)
    referred_from = models.ForeignKey(
        "self", models.PROTECT, related_name="referred_on", null=True, db_constraint=False
    )
    request_document = EncryptedJSONField()

    status = models.CharField(max_length=30, default=Status.DRAFT)
    turn = models.CharField(max_length=20, blank=True)
    turn_since = models.DateTimeField()
    due_on = models.DateField(null=True)
    asked_from = models.CharField(max_length=30, blank=True)
    closed_from = models.CharField(max_length=30, blank=True)
    appointment_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=30, blank=True)
    course = models.CharField(max_length=20, blank=True)

    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    previewed_digest = models.CharField(max_length=80, blank=True)
    previewed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    consent_expires_on = models.DateField(null=True)
    consent_warned_at = models.DateTimeField(null=True)
    consent_ended_at = models.DateTimeField(null=True)
    consent_ended_how = models.CharField(max_length=20, blank=True)
    form_key = models.UUIDField(default=uuid.uuid4)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "turn", "due_on"], name="referral_by_practice"),
            models.Index(fields=["prescriber", "turn", "due_on"], name="referral_by_prescriber"),
            models.Index(fields=["organization", "client"], name="referral_by_client"),
        ]
        constraints = [
            UniqueConstraint(fields=["organization", "id"], name="a_referral_belongs_to_one_practice"),
            UniqueConstraint(fields=["organization", "form_key"], name="a_form_starts_one_referral"),
            CheckConstraint(
                condition=Q(status__in=[str(status) for status in Status]),
                name="a_referral_has_a_known_status",
            ),
            CheckConstraint(
                condition=Q(status__in=OWN_STATUSES)
                | Q(prescriber__isnull=False, listing__isnull=False, sent_at__isnull=False)
                & Q(consent_expires_on__isnull=False),
                name="what_is_sent_says_to_whom_and_under_which_consent",
            ),
            CheckConstraint(
                condition=Q(status__in=FINAL, turn="", due_on__isnull=True)
                | ~Q(status__in=FINAL) & Q(turn__in=["therapist", "provider"], due_on__isnull=False),
                name="what_waits_says_for_whom_and_until_when",
            ),
            CheckConstraint(
                condition=Q(therapist_cover__isnull=True, therapist_cover_until__isnull=True)
                | Q(therapist_cover__isnull=False, therapist_cover_until__isnull=False),
                name="who_covers_for_a_therapist_does_so_until_a_moment",
            ),
            CheckConstraint(
                condition=Q(provider_cover__isnull=True, provider_cover_until__isnull=True)
                | Q(provider_cover__isnull=False, provider_cover_until__isnull=False),
                name="who_covers_for_a_provider_does_so_until_a_moment",
            ),
            CheckConstraint(
                condition=~Q(status=Status.SCHEDULED) | Q(appointment_at__isnull=False),
                name="a_scheduled_referral_has_an_appointment",
            ),
            CheckConstraint(
                condition=Q(consent_ended_at__isnull=True, consent_ended_how="")
                | Q(consent_ended_at__isnull=False, consent_ended_how__in=ConsentEnd.values),
                name="an_ended_consent_says_how_it_ended",
            ),
            CheckConstraint(
                condition=Q(course="")
                | Q(course__in=CourseState.values, outcome=OutcomeKind.PROCEEDING)
                | Q(course=CourseState.ENDED),
                name="a_course_follows_an_outcome_of_proceeding",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def practice(self) -> Organization:
        """The organization that sends it and whose key seals it."""
        return self.organization

    @property
    def request(self) -> ReferralRequest:
        """What the therapist wrote on the form."""
        return ReferralRequest.from_document(self.request_document)

    @property
    def state(self) -> Status:
        """The status as the table knows it."""
        return status_of(self.status)

    @property
    def is_sent(self) -> bool:
        """Whether the other side has ever seen it."""
        return self.status not in OWN_STATUSES

    @property
    def course_is_open(self) -> bool:
        """Whether treatment goes on, paused or not."""
        return self.course in {CourseState.OPEN, CourseState.PAUSED}

    def consent_ended(self, today: date) -> bool:
        """Return whether consent has been revoked or has run out by a day of the practice's calendar."""
        if self.consent_ended_at is not None:
            return True
        return self.consent_expires_on is not None and self.is_sent and self.consent_expires_on < today

    def position(self, today: date) -> Position:
        """Return where it stands, for the decider; `today` is the practice's."""
        return Position(
            status=self.state,
            asked_from=status_of(self.asked_from) if self.asked_from else None,
            closed_from=status_of(self.closed_from) if self.closed_from else None,
            course_open=self.course_is_open,
            consent_ended=self.consent_ended(today),
        )

    def side_of(self, user: User) -> Party:
        """Return which side of it a person is on."""
        return Party.THERAPIST if user.is_therapist else Party.PROVIDER

    def cover(self, party: Party, at: datetime | None = None) -> User | None:
        """Return who covers now for the therapist or the provider, who is away."""
        person, until = (
            (self.therapist_cover, self.therapist_cover_until)
            if party is Party.THERAPIST
            else (self.provider_cover, self.provider_cover_until)
        )
        return person if until is not None and until > (at or timezone.now()) else None

    def holder(self) -> Organization | None:
        """Return the organization that holds it, or None where it waits for nobody."""
        match self.turn:
            case Party.THERAPIST:
                return self.organization
            case Party.PROVIDER:
                return self.prescriber
        return None
