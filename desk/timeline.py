"""All that happened with one client, across screenings and referrals, the latest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from accounts.templatetags.dates import full_day, until_moment
from referrals.models import Event, HandOverPart, OutcomeKind, Referral
from referrals.workflow import Party
from screening.catalog import definition_of
from screening.models import (
    Acknowledgement,
    Amendment,
    Client,
    RecordsRequest,
    Screening,
    ScreeningState,
)
from screening.models.requests import Answered, RequestKind, StepKind
from screening.summaries import OutcomeLine, screening_lines, with_signature

# Moves as a client's timeline tells them. %(who)s acted; %(clinic)s is the prescriber organization.
MOVES: Mapping[str, str | Promise] = {
    "send": lazy("%(who)s sent the referral to %(clinic)s."),
    "discard": lazy("%(who)s discarded the draft of a referral."),
    "open": lazy("%(clinic)s opened the packet."),
    "ask": lazy("%(clinic)s asked for information."),
    "reply": lazy("%(who)s answered %(clinic)s."),
    "accept": lazy("%(clinic)s accepted the referral."),
    "decline": lazy("%(clinic)s declined the referral."),
    "schedule": lazy("%(clinic)s made an appointment for %(appointment)s."),
    "reschedule": lazy("%(clinic)s moved the appointment to %(appointment)s."),
    "no_show": lazy("%(clinic)s recorded that the client did not come."),
    "agree_new_time": lazy("%(who)s agreed on a new time with the client."),
    "record_outcome": lazy("%(clinic)s recorded the outcome."),
    "question_outcome": lazy("%(who)s questioned the outcome."),
    "close": lazy("%(who)s closed the referral to %(clinic)s."),
    "refer_elsewhere": lazy("%(who)s closed the referral to %(clinic)s and began another."),
    "reopen": lazy("%(who)s reopened the referral to %(clinic)s."),
    "withdraw": lazy("The referral to %(clinic)s was withdrawn."),
    "recall": lazy("%(who)s recalled the referral to %(clinic)s."),
    "assign": lazy("%(who)s assigned the referral to %(clinic)s."),
    "report_urgent_change": lazy("%(who)s reported an urgent change."),
    "acknowledge_urgent_change": lazy("%(who)s acknowledged an urgent change."),
    "provider_unavailable": lazy("%(clinic)s is not available any longer."),
}

ASIDE: Mapping[ScreeningState, str | Promise] = {
    ScreeningState.REPLACED: lazy("%(who)s began to amend: %(title)s."),
    ScreeningState.ENTERED_IN_ERROR: lazy("%(who)s marked as entered in error: %(title)s."),
}

# Replaced, but never completed: it goes on with a newer version of the questionnaire.
MOVED = lazy("%(who)s moved to a newer version: %(title)s.")

STEPS: Mapping[StepKind, str | Promise] = {
    StepKind.EXTENDED: lazy("%(who)s extended the time to amend."),
    StepKind.ACCEPTED: lazy("%(who)s accepted the request to amend."),
    StepKind.DENIED: lazy("%(who)s denied the request to amend."),
    StepKind.DISAGREEMENT: lazy("%(who)s recorded the client’s statement of disagreement."),
    StepKind.REBUTTAL: lazy("%(who)s wrote a rebuttal to the client’s statement."),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened; `link` names what `url` leads to."""

    at: datetime
    words: str
    url: str = ""
    link: str = ""
    outcomes: tuple[OutcomeLine, ...] = ()
    is_turn: bool = False


def of(client: Client, user: User) -> list[Happening]:
    """Return what the person may see of it, in a number of queries that doesn't depend on how much it is."""
    found = [
        Happening(client.created_at, _("%(who)s added the client.") % {"who": _who(client.created_by, user)}),
        *_screenings(client, user),
        *_urgent(client, user),
        *_emergencies(client),
        *_hand_overs(client),
        *_referrals(client, user),
        *_requests(client, user),
        *_amendments(client, user),
    ]
    return sorted(found, key=lambda happening: happening.at, reverse=True)


def _who(person: User | None, user: User) -> str:
    if person is None:
        return _("The system")
    return _("You") if person.pk == user.pk else person.name


def _screenings(client: Client, user: User) -> Iterator[Happening]:
    rows = Screening.objects.visible_to(user).filter(client=client)
    people = ("version", "started_by", "completed_by", "set_aside_by")
    rows = rows.select_related(*people).defer("version__document", "findings_text")
    lines = screening_lines(user, with_signature(rows).prefetch_related("signatures__by"))
    for line in lines:
        screening = line.screening
        words = {"title": screening.version.title, "number": screening.version.number}
        yield Happening(
            screening.started_at,
            _("%(who)s started: %(title)s.") % {**words, "who": _who(screening.started_by, user)},
            reverse("screenings:show", args=[screening.pk]) if screening.is_open else "",
            _("Continue") if screening.is_open else "",
        )
        if screening.completed_at:
            yield Happening(
                screening.completed_at,
                _("%(who)s completed: %(title)s, version %(number)d.")
                % {**words, "who": _who(screening.completed_by, user)},
                reverse("screenings:result", args=[screening.pk]),
                _("Result"),
                line.outcomes,
            )
        if screening.set_aside_at:
            said = MOVED if screening.was_moved else ASIDE[ScreeningState(screening.state)]
            who = _who(screening.set_aside_by, user)
            yield Happening(screening.set_aside_at, str(said) % {**words, "who": who})
        for signature in screening.signatures.all():
            yield Happening(
                signature.at, _("%(who)s signed: %(title)s.") % {**words, "who": _who(signature.by, user)}
            )


def _urgent(client: Client, user: User) -> Iterator[Happening]:
    rows = Acknowledgement.objects.visible_to(user).filter(screening__client=client)
    for raised in rows.select_related("screening", "acknowledged_by").defer(
        "screening__findings_text", "raised_by_answers", "done", "told"
    ):
        title = definition_of(raised.screening.version_id).consideration(raised.consideration).title
        url = reverse("screenings:urgent", args=[raised.screening_id, raised.consideration])
        yield Happening(
            raised.raised_at,
            _("Urgent consideration raised: %(title)s.") % {"title": title},
            url if raised.is_due else "",
            _("Acknowledge") if raised.is_due else "",
            is_turn=raised.is_due,
        )
        if raised.acknowledged_at:
            who = _who(raised.acknowledged_by, user)
            yield Happening(
                raised.acknowledged_at, _("%(who)s acknowledged: %(title)s.") % {"who": who, "title": title}
            )


def _emergencies(client: Client) -> Iterator[Happening]:
    for access in client.emergency_accesses.select_related("by", "user", "ended_by"):
        people = {"by": access.by.name, "name": access.user.name}
        words = (
            _("%(by)s opened the client for themselves by emergency access.")
            if access.is_for_the_lead
            else _("%(by)s opened the client for %(name)s by emergency access.")
        )
        yield Happening(access.at, words % people)
        if access.ended_at and access.ended_by:
            ended = {"by": access.ended_by.name}
            yield Happening(access.ended_at, _("%(by)s ended the emergency access.") % ended)


def _hand_overs(client: Client) -> Iterator[Happening]:
    parts = HandOverPart.objects.filter(organization_id=client.organization_id, client=client)
    for part in parts.select_related("to", "hand_over__by", "hand_over__person", "hand_over__ended_by"):
        made = part.hand_over
        people = {"by": made.by.name, "name": made.person.name, "to": part.to.name}
        if made.is_away:
            words = _("%(by)s let %(to)s cover for %(name)s until %(until)s.")
            yield Happening(made.at, words % {**people, "until": until_moment(made.until)})
        else:
            yield Happening(made.at, _("%(by)s handed the client over from %(name)s to %(to)s.") % people)
        if made.ended_at and made.ended_by:
            back = {"name": made.person.name, "to": part.to.name}
            yield Happening(made.ended_at, _("%(to)s no longer covers: %(name)s is back.") % back)


def _referrals(client: Client, user: User) -> Iterator[Happening]:
    referrals = {
        referral.pk: referral
        for referral in Referral.objects.visible_to(user).filter(client=client).select_related("prescriber")
    }
    events = Event.objects.visible_to(user).filter(referral__in=referrals).select_related("by")
    latest: dict[UUID, int] = {}
    rows = list(events.defer("note", "detail"))
    for event in rows:
        latest[event.referral_id] = max(event.number, latest.get(event.referral_id, 0))
    for event in rows:
        referral = referrals[event.referral_id]
        is_last = latest[event.referral_id] == event.number
        yield Happening(
            event.at,
            _told(event, referral, user),
            reverse("referrals:show", args=[referral.pk]),
            _("Referral"),
            is_turn=is_last and referral.turn == Party.THERAPIST,
        )


def _requests(client: Client, user: User) -> Iterator[Happening]:
    rows = RecordsRequest.objects.visible_to(user).filter(client=client)
    for asked in rows.select_related("recorded_by", "answered_by"):
        url, link = reverse("desk:records_request", args=[asked.pk]), _("Request")
        who = _who(asked.recorded_by, user)
        kind = RequestKind(asked.kind).label
        words = _("%(who)s recorded a request: %(kind)s.") % {"who": who, "kind": kind}
        yield Happening(asked.recorded_at, words, url, link)
        if asked.answered_at:
            words = _("%(who)s answered the request: %(answer)s.") % {
                "who": _who(asked.answered_by, user),
                "answer": Answered(asked.answer).label,
            }
            yield Happening(asked.answered_at, words, url, link)


def _amendments(client: Client, user: User) -> Iterator[Happening]:
    for amendment in Amendment.objects.visible_to(user).with_steps().filter(client=client):
        url, link = reverse("desk:amendment", args=[amendment.pk]), _("Request to amend")
        who = _who(amendment.recorded_by, user)
        yield Happening(
            amendment.recorded_at, _("%(who)s recorded a request to amend.") % {"who": who}, url, link
        )
        for step in amendment.steps.all():
            said = str(STEPS[StepKind(step.kind)]) % {"who": _who(step.by, user)}
            yield Happening(step.at, said, url, link)


def _told(event: Event, referral: Referral, user: User) -> str:
    words = {
        "who": _who(event.by, user),
        "clinic": referral.prescriber.name if referral.prescriber else _("a provider"),
        "appointment": full_day(event.appointment_at),
    }
    told = str(MOVES[event.move]) % words
    if event.move == "record_outcome" and event.code in OutcomeKind.values:
        told += " " + str(OutcomeKind(event.code).label) + "."
    return told
