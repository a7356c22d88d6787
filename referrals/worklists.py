"""Lists of referrals for either side: who, what comes next, whose turn since when, and by when."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from accounts.models import User
from accounts.templatetags.dates import day, moment
from referrals import business_days, deciding
from referrals.models import OutcomeKind, Packet, Referral
from referrals.models.referrals import ReferralQuerySet
from referrals.rows import Cell, Row, Step, Tag, due_cell, since_words
from referrals.workflow import Party, Status

# %(clinic)s is the prescriber organization, %(outcome)s what it recorded.
THERAPIST_STEPS: Mapping[Status, Step] = {
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

# %(therapist)s is who referred, %(appointment)s when the client comes.
PROVIDER_STEPS: Mapping[Status, Step] = {
    Status.SENT: Step(lazy("Open the packet"), "", lazy("Open")),
    Status.IN_REVIEW: Step(lazy("Decide: accept, ask or decline"), lazy("In review."), lazy("Review")),
    Status.ACCEPTED: Step(lazy("Schedule"), lazy("Accepted."), lazy("Schedule")),
    Status.SCHEDULED: Step(
        lazy("Record what came of the appointment"), lazy("Appointment %(appointment)s."), lazy("Record")
    ),
    Status.OUTCOME_QUESTIONED: Step(
        lazy("Answer the question about the outcome"), lazy("%(therapist)s asks about it."), lazy("Answer")
    ),
}

WAITING: Mapping[Status, str | Promise] = {
    Status.SENT: lazy("Sent, not opened yet"),
    Status.IN_REVIEW: lazy("In review"),
    Status.INFORMATION_REQUESTED: lazy("You asked, and wait for the answer"),
    Status.ACCEPTED: lazy("Accepted, to be scheduled"),
    Status.SCHEDULED: lazy("Appointment on %(appointment)s"),
    Status.NO_SHOW: lazy("The client did not come; a new time is looked for"),
    Status.EVALUATED: lazy("You recorded: %(outcome)s"),
    Status.OUTCOME_QUESTIONED: lazy("You questioned the outcome"),
    Status.DECLINED: lazy("You declined"),
}

ENDED: Mapping[Status, str | Promise] = {
    Status.CLOSED: lazy("Closed"),
    Status.WITHDRAWN: lazy("Withdrawn"),
    Status.RECALLED: lazy("Recalled"),
    Status.DISCARDED: lazy("Discarded, never sent"),
}


SHOWN_OF_REFERRAL = (
    *("status", "turn", "turn_since", "due_on", "appointment_at", "outcome", "client_id"),
    *("therapist__name", "therapist__credentials"),
    *("organization__name", "organization__time_zone"),
    *("prescriber__name", "prescriber__time_zone"),
)


def therapist_rows(referrals: Iterable[Referral]) -> list[Row]:
    """Return the rows of a therapist's list; the referrals come with client and prescriber."""
    return [_therapist_row(referral) for referral in referrals]


def for_therapist(user: User) -> ReferralQuerySet:
    """Return the referrals of clients a therapist looks after, with what the rows show."""
    return Referral.objects.in_care_of(user).select_related("client", "prescriber", "organization")


def _therapist_row(referral: Referral) -> Row:
    words = _words(referral)
    step = THERAPIST_STEPS.get(referral.state) if referral.turn == Party.THERAPIST else None
    return Row(
        name=referral.client.name,
        client=str(referral.client_id),
        url=reverse("referrals:show", args=[referral.pk]),
        action=str(step.action) % words if step else "",
        why=str(step.why if step else _elsewhere(referral)) % words,
        cells=_cells(referral, Party.THERAPIST, _clinic(referral)),
        go=str(step.go) if step else "",
        due=referral.due_on,
        since=referral.turn_since,
    )


def for_provider(user: User) -> ReferralQuerySet:
    """Return the referrals that were sent to a provider's organization, with what the rows show."""
    rows = Referral.objects.visible_to(user)
    return rows.select_related("therapist", "organization", "prescriber", "provider")


def with_what_rows_show(referrals: ReferralQuerySet) -> ReferralQuerySet:
    """Fetch of each referral for a provider's list only what its row says."""
    people = referrals.select_related(None).select_related("therapist", "organization", "prescriber")
    return people.only(*SHOWN_OF_REFERRAL)


def provider_rows(user: User, referrals: Iterable[Referral]) -> list[Row]:
    """Return the rows of a provider's inbox; a packet that closed to them leaves no name."""
    shown = list(referrals)
    covers = _covers(user, shown)
    return [_provider_row(referral, covers.get(referral.pk, {})) for referral in shown]


def _covers(user: User, referrals: list[Referral]) -> dict[object, dict[str, object]]:
    """Return what each packet's cover says: the clinic's own copy before the one that is lent."""
    # Named by a query, so that the database begins with the page's few and not with all that the clinic has.
    shown = Referral.objects.filter(pk__in=[each.pk for each in referrals])
    packets = Packet.objects.visible_to(user).filter(referral__in=shown)
    # The own copy last, so that it takes the other's place.
    own_last = packets.alias(own=Q(organization_id=user.organization_id)).order_by("own")
    rows = own_last.only("organization", "referral", "cover")
    return {packet.referral_id: packet.cover for packet in rows}


def _provider_row(referral: Referral, cover: Mapping[str, object]) -> Row:
    words = _words(referral)
    step = PROVIDER_STEPS.get(referral.state) if referral.turn == Party.PROVIDER else None
    why = str(step.why if step else _elsewhere(referral)) % words
    return Row(
        name=str(cover.get("name") or _("Packet closed")),
        name_note=str(cover.get("age", "")),
        client=str(referral.client_id),
        url=reverse("inbox:show", args=[referral.pk]),
        action=str(step.action) if step else "",
        why=" ".join(part for part in (why, _outcomes_in_words(cover)) if part),
        cells=_cells(referral, Party.PROVIDER, referral.therapist.name_with_credentials),
        go=str(step.go) if step else "",
        tags=_tags(cover),
        due=referral.due_on,
        since=referral.turn_since,
    )


def _outcomes_in_words(cover: Mapping[str, object]) -> str:
    """Return the outcomes that stand on the cover, each adverse line beside its outcome."""
    names = {
        "indicators_present": _("indicators present"),
        "not_enough_information": _("not enough information"),
    }
    found = cover.get("outcomes")
    told = [each for each in found if each["outcome"] in names] if isinstance(found, list) else []
    parts = [f"{each['title']}: {names[each['outcome']]}. {each['adverse']}".strip() for each in told]
    return " ".join(parts)


def _tags(cover: Mapping[str, object]) -> tuple[Tag, ...]:
    urgent, tags = cover.get("urgent"), []
    if isinstance(urgent, int) and urgent:
        words = ngettext("%(n)d urgent, acknowledged", "%(n)d urgent, acknowledged", urgent)
        tags.append(Tag(words % {"n": urgent}, "urgent"))
    if cover.get("unsigned"):
        tags.append(Tag(_("Unsigned"), "look"))
    return tuple(tags)


def _cells(referral: Referral, reader: Party, other: str) -> tuple[Cell, ...]:
    """Return who is on the other side, and since when and until when somebody holds it."""
    if referral.state.is_final:
        return (
            Cell(other, _place(referral, reader)),
            Cell(day(referral.turn_since), str(ENDED[referral.state])),
        )
    mine = referral.turn == reader
    if not mine and reader is Party.THERAPIST:
        here_since = _("since %(day)s") % {"day": day(referral.turn_since)}
        return (Cell(other, here_since), _due(referral, ""))
    since = (
        since_words(referral.turn_since)
        if mine
        else _("With them since %(day)s") % {"day": day(referral.turn_since)}
    )
    if referral.status == Status.DRAFT:
        return (Cell(other, ""), due_cell(referral.due_on, since, _overdue(referral)))
    return (Cell(other, _place(referral, reader)), _due(referral, since))


def _place(referral: Referral, reader: Party) -> str:
    return referral.organization.name if reader is Party.PROVIDER else ""


def _due(referral: Referral, since: str) -> Cell:
    """Return by when the holder acts: in the holder's own days, a holiday that is skipped by its name."""
    overdue = _overdue(referral)
    if overdue and referral.due_on:
        more = _("Was due %(day)s") % {"day": day(referral.due_on)}
    else:
        more = _skipped(referral.turn_since.date(), referral.due_on)
    return due_cell(referral.due_on, ". ".join(part for part in (since, more) if part), overdue)


def _overdue(referral: Referral) -> int:
    holder = referral.holder()
    today = timezone.localdate(timezone=holder.zone) if holder else timezone.localdate()
    return deciding.days_overdue(referral.due_on, today)


def _skipped(start: date, end: date | None) -> str:
    names = business_days.holidays_between(start, end) if end else ()
    return _("%(holiday)s not counted") % {"holiday": names[0]} if names else ""


def _elsewhere(referral: Referral) -> str | Promise:
    if referral.state.is_final:
        return lazy("%(outcome)s") if referral.outcome else ENDED[referral.state]
    return WAITING[referral.state]


def _words(referral: Referral) -> dict[str, str]:
    return {
        "clinic": _clinic(referral),
        "outcome": outcome_words(referral),
        "appointment": moment(referral.appointment_at) if referral.appointment_at else "",
        "therapist": referral.organization.name,
    }


def _clinic(referral: Referral) -> str:
    return referral.prescriber.name if referral.prescriber else _("No provider chosen yet")


def outcome_words(referral: Referral) -> str:
    """Return what the provider recorded, or nothing."""
    return str(OutcomeKind(referral.outcome).label) if referral.outcome else ""
