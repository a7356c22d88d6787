"""What waits in referrals, for the side that holds the ball and for the side that waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from accounts.templatetags.dates import day
from desk.rows import FEW, Cell, Row, due_cell, since_words
from referrals import business_days, deciding
from referrals.models import OutcomeKind, Referral
from referrals.models.referrals import ReferralQuerySet
from referrals.workflow import Party, Status


@dataclass(frozen=True, slots=True)
class Step:
    """What the therapist does next, why, and the word on the button."""

    action: str | Promise
    why: str | Promise
    go: str | Promise


# %(clinic)s is the prescriber organization, %(outcome)s what it recorded.
STEPS: Mapping[Status, Step] = {
    Status.DRAFT: Step(
        lazy("Finish and send the referral"), lazy("A draft. Nothing is sent yet."), lazy("Continue")
    ),
    Status.INFORMATION_REQUESTED: Step(
        lazy("Answer %(clinic)s"),
        lazy("%(clinic)s asked for information and waits for your answer."),
        lazy("Answer"),
    ),
    Status.NO_SHOW: Step(
        lazy("Agree on a new time"),
        lazy("%(clinic)s recorded that the client did not come to the appointment."),
        lazy("Agree"),
    ),
    Status.EVALUATED: Step(
        lazy("Confirm the outcome and close"), lazy("%(clinic)s recorded: %(outcome)s."), lazy("Confirm")
    ),
    Status.DECLINED: Step(
        lazy("Decide what comes next"),
        lazy("%(clinic)s declined. Nothing has to be typed again."),
        lazy("Decide"),
    ),
}

WITH_PROVIDER: Mapping[Status, str | Promise] = {
    Status.SENT: lazy("Sent, not opened yet"),
    Status.IN_REVIEW: lazy("In review"),
    Status.ACCEPTED: lazy("Accepted, to be scheduled"),
    Status.SCHEDULED: lazy("Appointment on %(appointment)s"),
    Status.OUTCOME_QUESTIONED: lazy("You questioned the outcome"),
}

NAMES = (
    "organization",
    "client__organization",
    "client__first_name",
    "client__last_name",
    "client__used_name",
    "prescriber__name",
    "prescriber__time_zone",
    "status",
    "turn",
    "turn_since",
    "due_on",
    "outcome",
    "appointment_at",
)


def turn(user: User) -> Iterator[Row]:
    """Yield the referrals that wait for the therapist."""
    for referral in _rows(user).with_turn(Party.THERAPIST).only(*NAMES):
        step, words = STEPS[referral.state], _words(referral)
        overdue = deciding.days_overdue(referral.due_on, timezone.localdate())
        yield Row(
            name=referral.client.name,
            client=str(referral.client_id),
            url=reverse("referrals:show", args=[referral.pk]),
            action=str(step.action) % words,
            why=str(step.why) % words,
            cells=(due_cell(referral.due_on, since_words(referral.turn_since), overdue),),
            go=str(step.go),
            due=referral.due_on,
            since=referral.turn_since,
        )


def waiting(user: User) -> Iterator[Row]:
    """Yield the referrals that wait for a prescriber organization."""
    for referral in _rows(user).with_turn(Party.PROVIDER).only(*NAMES):
        yield Row(
            name=referral.client.name,
            client=str(referral.client_id),
            url=reverse("referrals:show", args=[referral.pk]),
            why=str(WITH_PROVIDER[referral.state]) % _words(referral),
            cells=(
                Cell(_clinic(referral), _("since %(day)s") % {"day": day(referral.turn_since)}),
                _their_due(referral),
            ),
            due=referral.due_on,
            since=referral.turn_since,
        )


def closed(user: User) -> list[Row]:
    """Return the referrals that ended last."""
    rows = _rows(user).filter(status=Status.CLOSED).order_by("-turn_since").only(*NAMES)
    return [
        Row(
            name=referral.client.name,
            client=str(referral.client_id),
            url=reverse("referrals:show", args=[referral.pk]),
            why=_("%(outcome)s, closed %(day)s")
            % {"outcome": _outcome(referral) or _("Declined"), "day": day(referral.turn_since)},
            cells=(),
        )
        for referral in rows[:FEW]
    ]


def _rows(user: User) -> ReferralQuerySet:
    return Referral.objects.visible_to(user).select_related("client", "prescriber")


def _their_due(referral: Referral) -> Cell:
    """Return by when the other side acts, counted in its own days, with a holiday that is skipped."""
    today = (
        timezone.localdate(timezone=referral.prescriber.zone) if referral.prescriber else timezone.localdate()
    )
    overdue = deciding.days_overdue(referral.due_on, today)
    if overdue and referral.due_on:
        return due_cell(referral.due_on, _("was due %(day)s") % {"day": day(referral.due_on)}, overdue)
    if referral.status == Status.SCHEDULED:
        return due_cell(referral.due_on, _("outcome expected"))
    return due_cell(referral.due_on, _skipped(referral.turn_since.date(), referral.due_on))


def _skipped(start: date, end: date | None) -> str:
    names = business_days.holidays_between(start, end) if end else ()
    return _("%(holiday)s not counted") % {"holiday": names[0]} if names else ""


def _words(referral: Referral) -> dict[str, str]:
    appointment = day(referral.appointment_at) if referral.appointment_at else ""
    return {"clinic": _clinic(referral), "outcome": _outcome(referral), "appointment": appointment}


def _clinic(referral: Referral) -> str:
    return referral.prescriber.name if referral.prescriber else _("The provider")


def _outcome(referral: Referral) -> str:
    return str(OutcomeKind(referral.outcome).label) if referral.outcome else ""
