"""Requests as rows of a worklist: what is asked, by when, and since when it waits."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.templatetags.dates import day
from desk.access import is_practice_lead
from desk.rows import MOST
from referrals.rows import Cell, Row
from screening.models import Amendment, RecordsRequest
from screening.models.requests import Answered, RequestKind, StepKind

SOON = 7


def request_row(request: RecordsRequest) -> Row:
    """Return one request for a record; its client is fetched with it."""
    came = _("Came %(day)s") % {"day": day(request.received_on)}
    done = Cell(str(Answered(request.answer).label), day(request.answered_at)) if request.answer else None
    return Row(
        name=request.client.name,
        client=str(request.client_id),
        url=reverse("desk:records_request", args=[request.pk]),
        action=_("Read the request") if done else _("Answer the request"),
        why=str(RequestKind(request.kind).label),
        cells=(done or due_cell(request.due_on, came),),
        go=_("Open"),
        due=request.due_on,
    )


def waiting(user: User) -> Iterator[Row]:
    """Yield what a lead has to answer: their home shows it among what waits for them."""
    if is_practice_lead(user):
        for request in RecordsRequest.objects.visible_to(user).open().select_related("client")[:MOST]:
            yield request_row(request)


def amendment_row(amendment: Amendment) -> Row:
    """Return one request to amend; its client and steps are fetched with it."""
    decision = amendment.decision
    came = _("Came %(day)s") % {"day": day(amendment.received_on)}
    done = Cell(str(StepKind(decision.kind).label), day(decision.at)) if decision else None
    return Row(
        name=amendment.client.name,
        client=str(amendment.client_id),
        url=reverse("desk:amendment", args=[amendment.pk]),
        action=_("Read the request to amend") if decision else _("Accept or deny the request to amend"),
        why=_("The record as a whole") if amendment.is_of_the_whole_record else _("Some sections"),
        cells=(done or due_cell(amendment.due_on, came),),
        go=_("Open"),
        due=amendment.due_on,
    )


def due_cell(due: date, small: str) -> Cell:
    """Return by when, in calendar days as the law counts them."""
    left = (due - timezone.localdate()).days
    if left < 0:
        words = ngettext("Late by %(n)d day", "Late by %(n)d days", -left) % {"n": -left}
        return Cell(words, small, tone="over")
    if left == 0:
        return Cell(_("Due today"), small, tone="due-soon")
    words = ngettext("Due in %(n)d day", "Due in %(n)d days", left) % {"n": left}
    return Cell(words, f"{day(due)}. {small}", tone="due-soon" if left <= SOON else "")


def client_keys(rows: Iterable[Row]) -> list[str]:
    """Return whose names a list shows, for the log."""
    return sorted({row.client for row in rows})
