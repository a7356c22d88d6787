"""How a move is taken: lock, look whether the form came before, decide, store, tell the other side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit, context, outbox
from referrals.deciding import BY_NAME, Position, due_on, is_permitted, taken
from referrals.models import Event, Referral
from referrals.reading import today_for
from referrals.workflow import Party
from screening.actions import NotPossible

NEVER_TOLD = frozenset({"discard"})

# What somebody for whom a lead opened the client in an emergency may do beside reading.
IN_EMERGENCY = frozenset({"report_urgent_change", "acknowledge_urgent_change"})


@dataclass(frozen=True, slots=True)
class Taking:
    """A move that is being taken on a locked referral. `earlier` is what the same form did before."""

    move: str
    referral: Referral
    party: Party
    by: User | None
    at: datetime
    form_key: UUID
    after: Position
    earlier: Event | None = None


def lock(by: User, pk: UUID, *, in_emergency: bool = False) -> Referral:
    """Lock a referral of a client the person looks after, or of their clinic; a stranger's is refused.

    `in_emergency` also lets in somebody for whom a lead opened the client.
    """
    rows = Referral.objects.visible_to(by) if in_emergency else Referral.objects.in_care_of(by)
    try:
        return rows.with_people().select_for_update(of=("self",)).get(pk=pk)
    except Referral.DoesNotExist:
        raise PermissionDenied from None


def lock_for_system(pk: UUID) -> Referral:
    """Lock a referral of the practice that the running job acts for."""
    practice = context.organization()
    if practice is None:
        raise RuntimeError("The system acts inside privacy.context.enter of a practice.")
    rows = Referral.objects.filter(organization_id=practice)
    return rows.with_people().select_for_update(of=("self",)).get(pk=pk)


def begin(
    move: str, *, by: User, referral: Referral, form_key: UUID | None = None, at: datetime | None = None
) -> Taking:
    """Begin a person's move: refused to the wrong side, not possible from the wrong status."""
    locked = lock(by, referral.pk, in_emergency=move in IN_EMERGENCY)
    return on_locked(move, locked, locked.side_of(by), by=by, form_key=form_key, at=at)


def on_locked(
    move: str,
    locked: Referral,
    party: Party,
    *,
    by: User | None = None,
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Taking:
    """Begin a move on a referral that is locked already."""
    if party not in BY_NAME[move].by:
        raise PermissionDenied
    now, key = at or timezone.now(), form_key or uuid4()
    position = locked.position(today_for(locked, now))
    earlier = locked.events.filter(form_key=key, move=move).first() if form_key else None
    if earlier is not None:
        return Taking(move, locked, party, by, now, key, position, earlier)
    if not is_permitted(move, position, party):
        raise NotPossible(_why_not(locked, position))
    return Taking(move, locked, party, by, now, key, taken(move, position, party))


def _why_not(referral: Referral, position: Position) -> str:
    if position.consent_ended:
        return _("Consent has ended: nothing more is exchanged about this client.")
    return _("This step is no longer open: the referral has moved on. Look at where it stands now.")


def finish(
    taking: Taking,
    *,
    code: str = "",
    note: str = "",
    detail: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Event:
    """Store the move: the referral's new place, the event, a notice to the other side, one audit entry."""
    referral, before = taking.referral, taking.referral.status
    for name, value in changes.items():
        setattr(referral, name, value)
    _move_on(taking)
    referral.save(force_update=True)
    event = Event.objects.create(
        organization_id=referral.organization_id,
        referral=referral,
        number=_next_number(referral),
        move=taking.move,
        party=taking.party,
        by=taking.by,
        at=taking.at,
        from_status=before,
        to_status=referral.status,
        due_on=referral.due_on,
        appointment_at=referral.appointment_at,
        code=code,
        note=note.strip() or None,
        detail=dict(detail) if detail else None,
        form_key=taking.form_key,
    )
    _tell(taking)
    audit.record(
        f"referral.{taking.move}", by=taking.by, of=referral, client=referral.client_id, reason=code or None
    )
    return event


def _move_on(taking: Taking) -> None:
    referral, after = taking.referral, taking.after
    same_place = referral.status == after.status and taking.move != "reschedule"
    referral.asked_from = after.asked_from or ""
    referral.closed_from = after.closed_from or ""
    if same_place:
        return
    turn = after.status.turn or ""
    if referral.turn != turn:
        referral.turn_since = taking.at
    referral.status, referral.turn = after.status, turn
    holder = referral.holder()
    zone = holder.time_zone if holder else referral.organization.time_zone
    referral.due_on = due_on(after.status, taking.at, zone, referral.appointment_at)


def _next_number(referral: Referral) -> int:
    last = referral.events.aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def _tell(taking: Taking) -> None:
    if taking.move in NEVER_TOLD:
        return
    if taking.party is not Party.THERAPIST:
        tell(taking.referral, Party.THERAPIST, f"referral.{taking.move}")
    if taking.party is not Party.PROVIDER:
        tell(taking.referral, Party.PROVIDER, f"referral.{taking.move}")


def tell(referral: Referral, party: Party, kind: str) -> None:
    """Leave a notice for whoever answers for the referral on one side: a link, and nothing about a client."""
    name = "referrals:show" if party is Party.THERAPIST else "inbox:show"
    path = reverse(name, args=[referral.pk])
    for recipient in _answerable(referral, party):
        outbox.notify(recipient=recipient, kind=kind, path=path)


def _answerable(referral: Referral, party: Party) -> Iterable[UUID]:
    cover = referral.cover(party)
    covers = [cover.pk] if cover else []
    if party is Party.THERAPIST:
        return [referral.therapist_id, *covers]
    if referral.provider_id is not None:
        return [referral.provider_id, *covers]
    if referral.prescriber_id is None:
        return []
    people = User.objects.active().filter(organization_id=referral.prescriber_id)
    return people.order_by("pk").values_list("pk", flat=True)


def required(text: str, sentence: str) -> str:
    """Return the trimmed text, or refuse with the sentence where there is none."""
    words = text.strip()
    if not words:
        raise NotPossible(sentence)
    return words


def no_words_without_consent(taking: Taking, *texts: str) -> None:
    """Refuse a therapist's words once consent has ended: nothing else flows."""
    if taking.party is Party.THERAPIST and taking.after.consent_ended and any(text.strip() for text in texts):
        raise NotPossible(_("Consent has ended: no words go to the provider any more. Leave the note empty."))
