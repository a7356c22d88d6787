"""Organizations, the people in them with their duties, and invitations."""

from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Self
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an organization is; it decides what its people may do."""

    PRACTICE = "practice", _("Therapy practice")
    PRESCRIBER = "prescriber", _("Prescriber organization")
    NETWORK = "network", _("Network operator")


class Duty(models.TextChoices):
    """What a person does beside the work of their organization's kind."""

    LEAD = "lead", _("Lead")
    SUPERVISOR = "supervisor", _("Supervisor")
    CLINICAL_OWNER = "clinical_owner", _("Clinical owner")


# Which duties exist in which kind of organization.
DUTIES_OF: dict[str, tuple[Duty, ...]] = {
    Kind.PRACTICE: (Duty.LEAD, Duty.SUPERVISOR),
    Kind.PRESCRIBER: (Duty.LEAD,),
    Kind.NETWORK: (Duty.CLINICAL_OWNER,),
}


@cache
def known_time_zones() -> frozenset[str]:
    """Return the names of the IANA database; looking for them reads hundreds of files."""
    return frozenset(available_timezones())


def validate_time_zone(name: str) -> None:
    """Refuse a name that isn't in the IANA time zone database."""
    if name not in known_time_zones():
        raise ValidationError(_("Choose a time zone from the list."), code="unknown_time_zone")


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Ways to choose organizations."""

    def visible_to(self, user: "User") -> Self:
        """Return all of them for the network's admins, else one's own."""
        return self if user.is_admin else self.filter(pk=user.organization_id)


class Organization(models.Model):
    """A practice, a prescriber organization, or the network's operator. It holds no client data."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="America/New_York", validators=[validate_time_zone])
    is_active = models.BooleanField(default=True)
    phone = models.CharField(max_length=40, blank=True)
    # What the urgent page shows beside 988 and 911: whom to call here, and what is done.
    crisis_plan = models.TextField(blank=True)
    requires_signature = models.BooleanField(default=False)
    part2_program = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Since when its key is destroyed, and with it all that was sealed for it.
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="an_organization_is_of_a_known_kind"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="an_organization_has_a_name"),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind=Kind.NETWORK), name="there_is_one_network_operator"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.PRACTICE) | models.Q(requires_signature=False),
                name="only_a_practice_requires_signatures",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.NETWORK) | models.Q(part2_program=False),
                name="the_network_operator_is_no_part_2_program",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(is_active=False),
                name="an_erased_organization_stays_disabled",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin and end."""
        return ZoneInfo(self.time_zone)

    @property
    def time_zone_in_words(self) -> str:
        """The time zone as people read it."""
        return self.time_zone.replace("_", " ")

    @property
    def allowed_duties(self) -> tuple[Duty, ...]:
        """The duties that exist in an organization of this kind."""
        return DUTIES_OF[self.kind]


class UserQuerySet(models.QuerySet["User"]):
    """Ways to choose people."""

    def visible_to(self, user: "User") -> Self:
        """Return everybody for the network's admins, else one's own colleagues."""
        return self if user.is_admin else self.filter(organization_id=user.organization_id)

    def active(self) -> Self:
        """Return those who may sign in."""
        return self.filter(is_active=True, organization__is_active=True)


class UserManager(BaseUserManager["User"]):
    """Finds people by their e-mail, whatever its letters' case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this e-mail."""
        return self.get(email=(username or "").casefold())


class User(AbstractBaseUser):
    """Somebody who signs in by e-mail. What they may do follows from their organization's kind and duties."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="people")
    email = models.EmailField(_("E-mail"), max_length=254, unique=True)
    name = models.CharField(max_length=150)
    credentials = models.CharField(max_length=60, blank=True)
    licence = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    duties = ArrayField(models.CharField(max_length=20, choices=Duty.choices), default=list, blank=True)
    # The supervisor whose signature this person's screenings need, if any.
    needs_signature_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="associates"
    )
    is_active = models.BooleanField(default=True)
    # Goes up when every session of the person has to end: each was signed with the number of its time.
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(duties__contained_by=[duty.value for duty in Duty]),
                name="duties_are_known_duties",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="an_email_is_stored_in_lower_case",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_person_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(needs_signature_from__isnull=True)
                | ~models.Q(needs_signature_from=models.F("id")),
                name="nobody_signs_for_themselves",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organization", "name"], name="people_of_an_organization")]

    def __str__(self) -> str:
        return self.name_with_credentials

    def clean(self) -> None:
        """Store the e-mail in lower case, as it is looked up."""
        self.email = self.email.casefold()

    @property
    def name_with_credentials(self) -> str:
        """The name as a colleague reads it: "Rowan Ellis, LMFT"."""
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    @property
    def duties_in_words(self) -> str:
        """The duties, in a fixed order: "Lead, Supervisor"."""
        return ", ".join(str(duty.label) for duty in Duty if duty in self.duties)

    @property
    def initials(self) -> str:
        """First and last initial, for the disc beside a name."""
        words = self.name.split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else ""

    def get_full_name(self) -> str:
        """Return the name."""
        return self.name

    @property
    def is_therapist(self) -> bool:
        """Whether this person belongs to a practice."""
        return self.organization.kind == Kind.PRACTICE

    @property
    def is_provider(self) -> bool:
        """Whether this person belongs to a prescriber organization."""
        return self.organization.kind == Kind.PRESCRIBER

    @property
    def is_admin(self) -> bool:
        """Whether this person belongs to the network's operator."""
        return self.organization.kind == Kind.NETWORK

    def has_duty(self, duty: Duty) -> bool:
        """Return whether the person has been given this duty."""
        return duty in self.duties

    def get_session_auth_hash(self) -> str:
        """Return what a session must carry to be this person's: a new password or generation ends it."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Any:
        """Yield the same for each secret that is being retired."""
        from django.conf import settings

        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None) -> str:
        value = f"{self.password}|{self.session_generation}"
        return salted_hmac(
            "accounts.models.User.session", value, secret=secret, algorithm="sha256"
        ).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Ways to choose invitations."""

    def open_at(self, moment: datetime) -> Self:
        """Return those that can still be accepted."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=moment)


class Invitation(models.Model):
    """An offer to join an organization: it expires, and works once. Only a hash of its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150)
    duties = ArrayField(models.CharField(max_length=20, choices=Duty.choices), default=list, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="invitation")
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-invited_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="an_accepted_invitation_says_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="a_withdrawn_invitation_is_not_accepted",
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_invitation_at_a_time_waits_for_an_email",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("invited_at")), name="an_invitation_expires_later"
            ),
            models.CheckConstraint(
                condition=models.Q(duties__contained_by=[duty.value for duty in Duty]),
                name="invited_duties_are_known_duties",
            ),
        ]

    def __str__(self) -> str:
        return self.email
