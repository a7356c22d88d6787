"""Adding and changing clients, and who is on their care team."""

from datetime import date, datetime
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from privacy.encryption import blind_index
from screening.actions.locks import ChangedMeanwhile, NotPossible, RecordNumberTaken, lock_client
from screening.models import CareTeamMember, Client, Contacts


@transaction.atomic
def add_client(
    *,
    by: User,
    first_name: str,
    last_name: str,
    birth_date: date,
    record_number: str,
    used_name: str = "",
    contacts: Contacts | None = None,
    part2_program: bool | None = None,
    at: datetime | None = None,
) -> Client:
    """Add a client of the therapist's own; a record number names one client of the practice."""
    if not by.is_therapist:
        raise PermissionDenied
    now = at or timezone.now()
    client = Client(
        organization_id=by.organization_id,
        therapist=by,
        created_by=by,
        created_at=now,
        changed_by=by,
        changed_at=now,
    )
    _write(
        client,
        first_name=first_name,
        last_name=last_name,
        used_name=used_name,
        birth_date=birth_date,
        record_number=record_number,
        contacts=contacts or Contacts(),
        part2_program=part2_program,
    )
    _refuse_taken_number(client)
    client.save(force_insert=True)
    audit.record("client.added", by=by, of=client, client=client.pk)
    return client


@transaction.atomic
def change_client(
    *,
    by: User,
    client: Client,
    revision: int,
    first_name: str,
    last_name: str,
    birth_date: date,
    record_number: str,
    used_name: str = "",
    contacts: Contacts | None = None,
    part2_program: bool | None = None,
    at: datetime | None = None,
) -> Client:
    """Change a client's record as it was shown at `revision`; one changed since is left as it is."""
    locked = lock_client(by, client.pk)
    if locked.revision != revision:
        raise ChangedMeanwhile(_("Somebody else changed this record while you had it open."))
    _write(
        locked,
        first_name=first_name,
        last_name=last_name,
        used_name=used_name,
        birth_date=birth_date,
        record_number=record_number,
        contacts=contacts or locked.contacts,
        part2_program=part2_program,
    )
    _refuse_taken_number(locked)
    locked.revision += 1
    locked.changed_by, locked.changed_at = by, at or timezone.now()
    locked.save(force_update=True)
    audit.record("client.changed", by=by, of=locked, client=locked.pk)
    return locked


@transaction.atomic
def add_to_care_team(*, by: User, client: Client, user: User, at: datetime | None = None) -> CareTeamMember:
    """Let a colleague of the practice see the client; adding somebody twice changes nothing."""
    locked = lock_client(by, client.pk)
    if user.organization_id != locked.organization_id or not user.is_active:
        raise PermissionDenied
    if user.pk == locked.therapist_id:
        raise NotPossible(_("This is the client's own therapist."))
    member = CareTeamMember.objects.filter(client=locked, user=user).first()
    if member is not None and member.until is None:
        return member
    # Whoever covered for a moment stays for good from now on.
    member = member or CareTeamMember(
        id=_member_id(locked.pk, user.pk), organization_id=locked.organization_id, client=locked, user=user
    )
    member.added_by, member.added_at, member.until = by, at or timezone.now(), None
    member.save()
    audit.record("client.care_team_joined", by=by, of=member, client=locked.pk, person=user.pk)
    return member


@transaction.atomic
def remove_from_care_team(*, by: User, client: Client, user: User) -> None:
    """Take a colleague off the care team; they no longer see the client."""
    locked = lock_client(by, client.pk)
    member = CareTeamMember.objects.filter(client=locked, user=user).first()
    if member is None:
        return
    audit.record("client.care_team_left", by=by, of=member, client=locked.pk, person=user.pk)
    member.delete()


def _member_id(client_id: UUID, user_id: UUID) -> UUID:
    return uuid5(client_id, str(user_id))


def _write(
    client: Client,
    *,
    first_name: str,
    last_name: str,
    used_name: str,
    birth_date: date,
    record_number: str,
    contacts: Contacts,
    part2_program: bool | None,
) -> None:
    """Set every field, and with the names the indexes they are found by."""
    organization = client.organization_id
    client.first_name, client.last_name, client.used_name = first_name, last_name, used_name
    client.birth_date_text = birth_date.isoformat()
    client.record_number = record_number
    client.contacts_document = contacts.as_document()
    client.part2_program = part2_program
    client.last_name_index = blind_index(organization, "client.name", last_name)
    client.full_name_index = blind_index(organization, "client.name", f"{first_name} {last_name}")
    used = f"{used_name} {last_name}" if used_name else ""
    client.used_name_index = blind_index(organization, "client.name", used) if used else None
    client.record_number_index = blind_index(organization, "client.record", record_number)


def _refuse_taken_number(client: Client) -> None:
    taken = Client.objects.filter(
        organization_id=client.organization_id, record_number_index=client.record_number_index
    ).exclude(pk=client.pk)
    if taken.exists():
        raise RecordNumberTaken(_("Another client of this practice has this record number."))
