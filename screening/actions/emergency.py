"""Emergency access: a lead opens a colleague's client for one person, and those concerned are told."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Duty, User
from privacy import audit, outbox
from screening.actions.locks import NotPossible, required_words
from screening.models import CareTeamMember, Client, EmergencyAccess, EmergencyNotice
from screening.models.emergency import LASTS


@transaction.atomic
def open_emergency_access(
    *,
    by: User,
    client: Client,
    user: User,
    reason: str,
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> EmergencyAccess:
    """Let a person of the practice see a client for eight hours; the same form sent twice opens it once."""
    locked = _lock_openable(by, client.pk)
    same_form = EmergencyAccess.objects.filter(
        organization_id=by.organization_id, form_key=form_key or uuid4()
    )
    if earlier := same_form.first():
        return earlier
    words = required_words(reason, _("Say why it cannot wait."))
    _refuse_whom_it_is_not_for(locked, user)
    now = at or timezone.now()
    access = EmergencyAccess.objects.create(
        organization_id=locked.organization_id,
        client=locked,
        user=user,
        by=by,
        at=now,
        ends_at=now + LASTS,
        reason=words,
        form_key=form_key or uuid4(),
    )
    _tell(access, locked)
    audit.record(
        "emergency.opened", by=by, of=access, client=locked.pk, person=user.pk, hours=LASTS.seconds // 3600
    )
    return access


@transaction.atomic
def end_emergency_access(*, by: User, access: EmergencyAccess, at: datetime | None = None) -> EmergencyAccess:
    """End it before its time: a lead, whom it is for, or who looks after the client. Twice is once."""
    locked = _lock_access(by, access.pk)
    is_for_them = by.has_duty(Duty.LEAD) or by.pk == locked.user_id
    if not (is_for_them or Client.objects.in_care_of(by).filter(pk=locked.client_id).exists()):
        raise PermissionDenied
    now = at or timezone.now()
    if locked.ended_at is not None or locked.ends_at <= now:
        return locked
    locked.ended_by, locked.ended_at = by, now
    locked.save(update_fields=["ended_by", "ended_at"])
    if by.pk != locked.user_id:
        outbox.notify(recipient=locked.user_id, kind="emergency.ended", path=reverse("desk:home"))
    audit.record("emergency.ended", by=by, of=locked, client=locked.client_id, person=locked.user_id)
    return locked


@transaction.atomic
def read_emergency_notice(*, by: User, access: EmergencyAccess, at: datetime | None = None) -> None:
    """Take note of an emergency access that one was told of; it is no longer shown as new."""
    locked = _lock_access(by, access.pk)
    notice = EmergencyNotice.objects.select_for_update().filter(access=locked, user=by).first()
    if notice is None:
        raise PermissionDenied
    if notice.read_at is not None:
        return
    notice.read_at = at or timezone.now()
    notice.save(update_fields=["read_at"])
    audit.record("emergency.noted", by=by, of=locked, client=locked.client_id)


def _lock_openable(by: User, pk: UUID) -> Client:
    try:
        return Client.objects.openable_by(by).select_for_update(of=("self",)).get(pk=pk)
    except Client.DoesNotExist:
        raise PermissionDenied from None


def _lock_access(by: User, pk: UUID) -> EmergencyAccess:
    try:
        return EmergencyAccess.objects.visible_to(by).select_for_update(of=("self",)).get(pk=pk)
    except EmergencyAccess.DoesNotExist:
        raise PermissionDenied from None


def _refuse_whom_it_is_not_for(client: Client, user: User) -> None:
    """Refuse a person who can't use it, or who needs none."""
    if user.organization_id != client.organization_id or not user.is_active:
        raise PermissionDenied
    if Client.objects.in_care_of(user).filter(pk=client.pk).exists():
        raise NotPossible(_("%(name)s looks after this client and sees everything.") % {"name": user.name})
    if EmergencyAccess.objects.current().filter(client=client, user=user).exists():
        raise NotPossible(_("The client is open for %(name)s already.") % {"name": user.name})


def _tell(access: EmergencyAccess, client: Client) -> None:
    """Tell who looks after the client, whom it was opened for, and every lead of the practice."""
    team = CareTeamMember.objects.current().filter(client=client).values_list("user_id", flat=True)
    carers = {client.therapist_id, *team}
    EmergencyNotice.objects.bulk_create(
        EmergencyNotice(
            id=uuid5(access.pk, str(person)),
            organization_id=access.organization_id,
            access=access,
            user_id=person,
        )
        for person in sorted(carers | {access.user_id})
    )
    own_page = reverse("clients:show", args=[client.pk])
    _notify(sorted(carers | {access.user_id}), own_page)
    people = User.objects.active().filter(organization_id=access.organization_id)
    leads = people.filter(duties__contains=[Duty.LEAD]).order_by("pk").values_list("pk", flat=True)
    _notify(leads, reverse("clients:emergency"))


def _notify(people: Iterable[UUID], path: str) -> None:
    for person in people:
        outbox.notify(recipient=person, kind="emergency.opened", path=path)
