"""What either side may do: assign, write, report an urgent change and acknowledge it."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from referrals.actions.taking import begin, finish, lock, required, tell
from referrals.models import Event, Message, Referral
from referrals.reading import today_for
from referrals.workflow import LIVE, Party
from screening.actions import NotPossible
from screening.models import Client


@transaction.atomic
def assign(
    *, by: User, referral: Referral, to: User, form_key: UUID | None = None, at: datetime | None = None
) -> Event:
    """Say who answers for the referral on one's own side."""
    taking = begin("assign", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    if to.organization_id != by.organization_id or not to.is_active:
        raise NotPossible(_("Choose a colleague of your own organization."))
    if taking.party is Party.PROVIDER:
        return finish(taking, provider=to, detail={"name": to.name})
    if not Client.objects.in_care_of(to).filter(pk=taking.referral.client_id).exists():
        raise NotPossible(_("This colleague does not see the client. Add them to the care team first."))
    return finish(taking, therapist=to, detail={"name": to.name})


@transaction.atomic
def report_urgent_change(
    *, by: User, referral: Referral, note: str, form_key: UUID | None = None, at: datetime | None = None
) -> Event:
    """Tell the other side of an urgent change; it stays open until they acknowledge it."""
    taking = begin("report_urgent_change", by=by, referral=referral, form_key=form_key, at=at)
    words = required(note, _("Say what has changed."))
    return taking.earlier or finish(taking, note=words)


@transaction.atomic
def acknowledge_urgent_change(
    *,
    by: User,
    referral: Referral,
    report: UUID,
    note: str,
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Acknowledge the other side's report, with what was done."""
    taking = begin("acknowledge_urgent_change", by=by, referral=referral, form_key=form_key, at=at)
    if taking.earlier is not None:
        return taking.earlier
    words = required(note, _("Say what was done."))
    reports = {event.pk: event for event in open_reports(taking.referral)}
    if report not in reports:
        raise NotPossible(_("This report is acknowledged already."))
    if reports[report].party == taking.party:
        raise NotPossible(_("The other side acknowledges your report."))
    return finish(taking, note=words, detail={"report": str(report)})


def open_reports(referral: Referral) -> list[Event]:
    """Return the reports of urgent changes that nobody has acknowledged, the oldest first."""
    moves = ("report_urgent_change", "acknowledge_urgent_change")
    events = list(referral.events.filter(move__in=moves).select_related("by").order_by("number"))
    done = {event.detail["report"] for event in events if event.move == moves[1] and event.detail}
    return [event for event in events if event.move == moves[0] and str(event.pk) not in done]


@transaction.atomic
def send_message(
    *, by: User, referral: Referral, text: str, form_key: UUID | None = None, at: datetime | None = None
) -> Message:
    """Write to the other side; the same form sent twice is one message."""
    now = at or timezone.now()
    locked = lock(by, referral.pk)
    earlier = locked.messages.filter(form_key=form_key).first() if form_key else None
    if earlier is not None:
        return earlier
    if not may_write(locked, now):
        raise NotPossible(_("Nothing more can be written here: the referral or the consent has ended."))
    message = Message.objects.create(
        organization_id=locked.organization_id,
        referral=locked,
        by=by,
        at=now,
        text=required(text, _("Write a message.")),
        form_key=form_key or uuid4(),
    )
    tell(locked, Party.PROVIDER if by.is_therapist else Party.THERAPIST, "message.sent")
    audit.record("message.sent", by=by, of=locked, client=locked.client_id)
    return message


def may_write(referral: Referral, at: datetime | None = None) -> bool:
    """Return whether the two sides can still write to each other."""
    if referral.consent_ended(today_for(referral, at)):
        return False
    return referral.state in LIVE or referral.course_is_open
