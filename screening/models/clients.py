"""Clients, how to reach them, and who works with them."""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Duty, Organization, User
from privacy.encryption import EncryptedJSONField, EncryptedTextField, blind_index, opener
from screening.models.emergency import EmergencyAccess

PERSON = settings.AUTH_USER_MODEL


class Knows(models.TextChoices):
    """Whether a prescriber knows what is planned."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_KNOWN = "not_known", _("Not known")


class PayerType(models.TextChoices):
    """Who may pay."""

    COMMERCIAL = "commercial", _("Commercial insurance")
    MEDICARE = "medicare", _("Medicare")
    MEDICAID = "medicaid", _("Medicaid")
    MILITARY = "military", _("Tricare or VA")
    SELF_PAY = "self_pay", _("Self-pay")
    OTHER = "other", _("Other")
    NOT_KNOWN = "not_known", _("Not known")


@dataclass(frozen=True, slots=True)
class Contacts:
    """How to reach a client, and who else looks after them. Empty text means that nobody recorded it."""

    phone: str = ""
    message_is_safe: str = ""
    email: str = ""
    language: str = ""
    emergency_contact: str = ""
    prescriber: str = ""
    prescriber_knows: str = ""
    primary_care: str = ""
    primary_care_knows: str = ""
    payer_type: str = ""

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        """Read what is stored; a field that later versions add is empty in older records."""
        return cls(**{field.name: document.get(field.name, "") for field in fields(cls)})

    def as_document(self) -> dict[str, str]:
        """Return what is stored."""
        return asdict(self)


def cared_for_by(user: User, client: str = "client_id") -> Q:
    """Return the condition that the row's client is the person's own, or has them on the care team now.

    `client` is the row's column that names the client; "pk" for a client's own row.
    """
    therapist = "therapist_id" if client == "pk" else "client__therapist_id"
    of_team = CareTeamMember.objects.current().filter(
        organization_id=user.organization_id, user_id=user.pk, client_id=models.OuterRef(client)
    )
    return Q(**{therapist: user.pk}) | Q(models.Exists(of_team))


def seen_by(user: User, client: str = "client_id") -> Q:
    """Return the condition that the person looks after the row's client, or has emergency access to it."""
    return cared_for_by(user, client) | Q(models.Exists(_opened_for(user, client)))


def emergency_of(user: User, client: str = "client_id") -> models.Case:
    """Return the id of the emergency access without which the person wouldn't see the row, else null."""
    opened = models.Subquery(_opened_for(user, client).order_by("-ends_at").values("pk")[:1])
    return models.Case(
        models.When(cared_for_by(user, client), then=None), default=opened, output_field=models.UUIDField()
    )


def _opened_for(user: User, client: str) -> models.QuerySet[EmergencyAccess]:
    return EmergencyAccess.objects.current().filter(
        organization_id=user.organization_id, user_id=user.pk, client_id=models.OuterRef(client)
    )


class ClientQuerySet(models.QuerySet["Client"]):
    """Clients by who may see them."""

    def visible_to(self, user: User) -> Self:
        """Keep those the person looks after or has emergency access to; an admin has none."""
        if not user.is_therapist:
            return self.none()
        return self.filter(seen_by(user, "pk"), organization_id=user.organization_id)

    def in_care_of(self, user: User) -> Self:
        """Keep the person's own clients and those on whose care team they are."""
        if not user.is_therapist:
            return self.none()
        return self.filter(cared_for_by(user, "pk"), organization_id=user.organization_id)

    def openable_by(self, user: User) -> Self:
        """Keep those that a lead may open in an emergency: all of the practice's."""
        if not (user.is_therapist and user.has_duty(Duty.LEAD)):
            return self.none()
        return self.filter(organization_id=user.organization_id)

    def with_emergency(self, user: User) -> Self:
        """Fetch with each the emergency access without which the person wouldn't see it."""
        return self.annotate(emergency_id=emergency_of(user, "pk"))

    def with_last_name(self, organization_id: uuid.UUID, name: str) -> Self:
        """Keep those with exactly this last name, or this first and last name; case doesn't matter."""
        index = blind_index(organization_id, "client.name", name)
        return self.filter(Q(last_name_index=index) | Q(full_name_index=index) | Q(used_name_index=index))

    def with_record_number(self, organization_id: uuid.UUID, number: str) -> Self:
        """Keep the one with exactly this record number."""
        return self.filter(record_number_index=blind_index(organization_id, "client.record", number))

    def keys_by_name(self, organization_id: uuid.UUID) -> list[uuid.UUID]:
        """Return the ids by last and first name: of thousands only the names are opened, and no row made."""
        # What comes out is still sealed: the types of values_list() can't say so.
        rows: Iterable[tuple[uuid.UUID, Any, Any]] = self.values_list("pk", "last_name", "first_name")
        last, first = (opener(Client, name, organization_id) for name in ("last_name", "first_name"))
        named = [(last(pk, a).casefold(), first(pk, b).casefold(), pk) for pk, a, b in rows]
        return [pk for _last, _first, pk in sorted(named)]


class Client(models.Model):
    """A person who is screened. Every name, number and contact is encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    therapist = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    first_name = EncryptedTextField()
    last_name = EncryptedTextField()
    used_name = EncryptedTextField()
    birth_date_text = EncryptedTextField()
    record_number = EncryptedTextField()
    contacts_document = EncryptedJSONField()
    last_name_index = models.BinaryField()
    full_name_index = models.BinaryField()
    used_name_index = models.BinaryField(null=True)
    record_number_index = models.BinaryField()
    # Overrides the practice's setting where it isn't null.
    part2_program = models.BooleanField(null=True)
    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "therapist"], name="client_by_therapist"),
            models.Index(fields=["organization", "last_name_index"], name="client_by_last_name"),
            models.Index(fields=["organization", "full_name_index"], name="client_by_full_name"),
            models.Index(fields=["organization", "used_name_index"], name="client_by_used_name"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["organization", "record_number_index"], name="record_numbers_are_unique_in_a_practice"
            ),
            UniqueConstraint(fields=["organization", "id"], name="a_client_belongs_to_one_organization"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def birth_date(self) -> date:
        """The day of birth."""
        return date.fromisoformat(self.birth_date_text)

    @property
    def contacts(self) -> Contacts:
        """How to reach the client."""
        return Contacts.from_document(self.contacts_document)

    @property
    def legal_name(self) -> str:
        """First and last name as in the client's papers."""
        return f"{self.first_name} {self.last_name}"

    @property
    def name(self) -> str:
        """The name to speak to the client with: the used name, where there is one, with the last name."""
        return f"{self.used_name} {self.last_name}" if self.used_name else self.legal_name

    @property
    def short_name(self) -> str:
        """The name a sentence calls the client by."""
        return str(self.used_name or self.first_name)

    def age_on(self, day: date) -> int:
        """Return the age in whole years."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class CareTeamMemberQuerySet(models.QuerySet["CareTeamMember"]):
    """Members of care teams."""

    def current(self) -> Self:
        """Keep those who are members now: somebody who covers for a colleague is one until a moment."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=Now()))


class CareTeamMember(models.Model):
    """A colleague who sees this client too, for good or, covering for somebody, until a moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="care_team", db_constraint=False)
    user = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = CareTeamMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["organization", "client", "user"], name="a_colleague_is_on_a_care_team_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
