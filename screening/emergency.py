"""Reading under emergency access: each page says so, and so does each entry; and who is told of it."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q
from django.http import HttpRequest

from accounts.models import User
from privacy import audit
from screening.models import Client, EmergencyAccess, EmergencyNotice
from screening.models.emergency import EmergencyAccessQuerySet, lasting


@dataclass(frozen=True, slots=True)
class Told:
    """An emergency access as somebody is told of it; `is_new` until they take note.

    `may_open`: whether they see the client now; for whom it was opened doesn't, once it has ended.
    """

    access: EmergencyAccess
    is_new: bool
    may_open: bool


def access_id(record: Model) -> UUID | None:
    """Return the access without which the reader wouldn't see the record, fetched `with_emergency`."""
    return cast("UUID | None", vars(record).get("emergency_id"))


def note(request: HttpRequest, record: Any) -> EmergencyAccess | None:
    """Let the page say that the record is seen by emergency access, if it is, and the log with it.

    `record` is a client, a screening or a referral that was fetched `with_emergency`. The page shows the
    banner of `components/emergency.html`; every entry about the client carries `emergency`.
    """
    found = access_id(record)
    if found is None:
        return None
    access = EmergencyAccess.objects.select_related("by", "user").get(pk=found)
    vars(request)["emergency"] = access
    audit.mark(access.client_id, emergency=access.pk)
    return access


def of_client(user: User, client: Client) -> list[Told]:
    """Return the accesses to a client that last, and those the person was told of and hasn't noted."""
    rows = EmergencyAccess.objects.filter(organization_id=user.organization_id, client=client)
    return _told(user, rows, lasting() | Q(is_new=True))


def of_person(user: User) -> list[Told]:
    """Return the accesses the person was told of that last, and those they haven't noted."""
    rows = EmergencyAccess.objects.filter(organization_id=user.organization_id)
    return _told(user, rows, Q(is_new=True) | lasting() & Q(Exists(_notices(user))))


def _told(user: User, rows: EmergencyAccessQuerySet, known: Q) -> list[Told]:
    seen = Client.objects.visible_to(user).filter(pk=OuterRef("client_id"))
    rows = rows.annotate(is_new=Exists(_notices(user).filter(read_at__isnull=True)), may_open=Exists(seen))
    found = rows.filter(known).with_people().order_by("-at")
    return [Told(row, vars(row)["is_new"], vars(row)["may_open"]) for row in found]


def _notices(user: User) -> Any:
    return EmergencyNotice.objects.filter(
        organization_id=user.organization_id, user_id=user.pk, access_id=OuterRef("pk")
    )
