"""What a client asks about their record: written down, given more time, answered; each step is kept."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import Duty, User
from privacy import audit, outbox
from screening.actions.locks import NotPossible, required_words
from screening.models import Amendment, AmendmentStep, Client, RecordsRequest
from screening.models.requests import (
    AMENDMENT_DUE,
    DECISIONS,
    DUE,
    EXTENSION,
    Answered,
    Asker,
    RequestKind,
    StepKind,
)
from screening.reading import day_in


@transaction.atomic
def ask_for_records(
    *,
    by: User,
    client: Client,
    kind: RequestKind,
    asker: Asker,
    received_on: date,
    asked_by: str = "",
    words: str = "",
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> RecordsRequest:
    """Write down that somebody asked for a client's record; the time to answer runs from the day it came."""
    locked = _lock_client(by, client.pk)
    own = RecordsRequest.objects.filter(organization_id=by.organization_id)
    earlier = own.filter(form_key=form_key).first() if form_key else None
    if earlier is not None:
        return earlier
    now = at or timezone.now()
    _check_day(by, received_on, now)
    if asker != Asker.CLIENT:
        required_words(asked_by, _("Say who asked."))
    request = RecordsRequest.objects.create(
        organization_id=locked.organization_id,
        client=locked,
        kind=kind,
        asker=asker,
        asked_by=asked_by.strip(),
        words=words.strip(),
        received_on=received_on,
        recorded_by=by,
        recorded_at=now,
        due_on=received_on + DUE[RequestKind(kind)],
        form_key=form_key or uuid4(),
    )
    _tell_leads(by, "records.asked", reverse("desk:records_request", args=[request.pk]))
    audit.record("records.asked", by=by, of=request, client=locked.pk, asked=str(kind))
    return request


@transaction.atomic
def extend_records_request(
    *, by: User, request: RecordsRequest, words: str, at: datetime | None = None
) -> RecordsRequest:
    """Take 30 more days, once, for a reason that whoever asked is told in writing."""
    locked = _lock_request(by, request.pk)
    now = at or timezone.now()
    reason = required_words(words, _("Write the reason that whoever asked was told."))
    if locked.extended_at is not None:
        raise NotPossible(_("The time was extended already; it can be extended once."))
    if day_in(by.organization, now) > locked.due_on:
        raise NotPossible(_("The time has run out: it can only be extended before that."))
    locked.extended_by, locked.extended_at, locked.extended_words = by, now, reason
    locked.due_on += EXTENSION
    locked.save(force_update=True)
    audit.record("records.extended", by=by, of=locked, client=locked.client_id)
    return locked


@transaction.atomic
def answer_records_request(
    *, by: User, request: RecordsRequest, answer: Answered, words: str, at: datetime | None = None
) -> RecordsRequest:
    """Write down how a request was answered and what was given, or why not."""
    locked = _lock_request(by, request.pk)
    given = required_words(words, _("Write what was given and how, or the reason."))
    locked.answer, locked.answered_by = answer, by
    locked.answered_at, locked.answered_words = at or timezone.now(), given
    locked.save(force_update=True)
    audit.record("records.answered", by=by, of=locked, client=locked.client_id, answer=str(answer))
    return locked


@transaction.atomic
def ask_to_amend(
    *,
    by: User,
    client: Client,
    words: str,
    received_on: date,
    sections: Iterable[str] = (),
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Amendment:
    """Write down what a client says is wrong in their record, and which sections the words speak of."""
    locked = _lock_client(by, client.pk)
    own = Amendment.objects.filter(organization_id=by.organization_id)
    earlier = own.filter(form_key=form_key).first() if form_key else None
    if earlier is not None:
        return earlier
    now = at or timezone.now()
    _check_day(by, received_on, now)
    amendment = Amendment.objects.create(
        organization_id=locked.organization_id,
        client=locked,
        sections=sorted(set(sections)),
        words=required_words(words, _("Write what the client says is wrong.")),
        received_on=received_on,
        recorded_by=by,
        recorded_at=now,
        form_key=form_key or uuid4(),
    )
    _tell_leads(by, "amendment.asked", reverse("desk:amendment", args=[amendment.pk]))
    audit.record("amendment.asked", by=by, of=amendment, client=locked.pk)
    return amendment


@transaction.atomic
def follow_amendment(
    *, by: User, amendment: Amendment, kind: StepKind, words: str, at: datetime | None = None
) -> AmendmentStep:
    """Add what followed: more time, a decision, the client's disagreement with a denial, a rebuttal."""
    locked = _lock_amendment(by, amendment.pk)
    now = at or timezone.now()
    written = required_words(words, str(WORDS_WANTED[kind]))
    _refuse_out_of_order(locked, kind, day_in(by.organization, now))
    step = AmendmentStep.objects.create(
        id=uuid5(locked.pk, str(kind)),
        organization_id=locked.organization_id,
        amendment=locked,
        kind=kind,
        words=written,
        by=by,
        at=now,
    )
    audit.record(f"amendment.{kind}", by=by, of=step, client=locked.client_id, amendment=locked.pk)
    return step


WORDS_WANTED = {
    StepKind.EXTENDED: lazy("Write the reason that the client was told."),
    StepKind.ACCEPTED: lazy("Write what was changed, and where."),
    StepKind.DENIED: lazy("Write the reason."),
    StepKind.DISAGREEMENT: lazy("Write the client’s statement in their words."),
    StepKind.REBUTTAL: lazy("Write the rebuttal."),
}


def _refuse_out_of_order(amendment: Amendment, kind: StepKind, today: date) -> None:
    done = {StepKind(step.kind) for step in amendment.steps.all()}
    decided = done & set(DECISIONS)
    match kind:
        case _ if kind in done:
            raise NotPossible(_("That is written down already."))
        case StepKind.ACCEPTED | StepKind.DENIED | StepKind.EXTENDED if decided:
            raise NotPossible(_("This request is decided already."))
        case StepKind.EXTENDED if today > amendment.received_on + AMENDMENT_DUE:
            raise NotPossible(_("The time has run out: it can only be extended before that."))
        case StepKind.DISAGREEMENT if StepKind.DENIED not in done:
            raise NotPossible(_("A statement of disagreement follows a denial."))
        case StepKind.REBUTTAL if StepKind.DISAGREEMENT not in done:
            raise NotPossible(_("A rebuttal follows a statement of disagreement."))


def _lock_client(by: User, pk: UUID) -> Client:
    """Lock a client whom the person looks after, or as a lead any of the practice's."""
    clients = Client.objects
    own = clients.openable_by(by) if by.has_duty(Duty.LEAD) else clients.in_care_of(by)
    try:
        return own.select_for_update(of=("self",)).get(pk=pk)
    except Client.DoesNotExist:
        raise PermissionDenied from None


def _lock_request(by: User, pk: UUID) -> RecordsRequest:
    """Lock a request that waits: a lead of the practice answers it, nobody else."""
    if not (by.is_therapist and by.has_duty(Duty.LEAD)):
        raise PermissionDenied
    rows = RecordsRequest.objects.visible_to(by).select_for_update(of=("self",))
    try:
        locked = rows.get(pk=pk)
    except RecordsRequest.DoesNotExist:
        raise PermissionDenied from None
    if not locked.is_open:
        raise NotPossible(_("This request is answered already."))
    return locked


def _lock_amendment(by: User, pk: UUID) -> Amendment:
    """Return a request to amend with its client locked: its own table only grows, and locks no row."""
    try:
        found = Amendment.objects.visible_to(by).get(pk=pk)
    except Amendment.DoesNotExist:
        raise PermissionDenied from None
    _lock_client(by, found.client_id)
    return found


def _check_day(by: User, day: date, now: datetime) -> None:
    if day > day_in(by.organization, now):
        raise NotPossible(_("The day it came can't be in the future."))


def _tell_leads(by: User, kind: str, path: str) -> None:
    leads = User.objects.active().filter(organization_id=by.organization_id, duties__contains=[Duty.LEAD])
    for person in leads.exclude(pk=by.pk).order_by("pk").values_list("pk", flat=True):
        outbox.notify(recipient=person, kind=kind, path=path)
