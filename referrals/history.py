"""What happened to a referral and who holds it now, in the words of whoever reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from accounts.models import User
from accounts.templatetags.dates import day, long_day, moment
from referrals import business_days
from referrals.deciding import days_overdue, status_of
from referrals.models import (
    ConsentEnd,
    DeclineCode,
    Event,
    OutcomeKind,
    RecallReason,
    Referral,
    WithdrawReason,
)
from referrals.workflow import Party, Status
from referrals.worklists import ENDED, PROVIDER_STEPS, THERAPIST_STEPS, WAITING

# %(who)s is "You", a person's name, or "The system".
TITLES: Mapping[str, str | Promise] = {
    "send": lazy("%(who)s sent the packet"),
    "discard": lazy("%(who)s discarded the draft"),
    "open": lazy("%(who)s opened the packet"),
    "ask": lazy("%(who)s asked %(questions)s"),
    "reply": lazy("%(who)s answered"),
    "accept": lazy("%(who)s accepted"),
    "decline": lazy("%(who)s declined: %(code)s"),
    "schedule": lazy("%(who)s scheduled the evaluation for %(appointment)s"),
    "reschedule": lazy("%(who)s moved the appointment to %(appointment)s"),
    "no_show": lazy("%(who)s noted that the client did not come"),
    "agree_new_time": lazy("%(who)s agreed a new time with the client"),
    "record_outcome": lazy("%(who)s recorded the outcome: %(code)s"),
    "question_outcome": lazy("%(who)s questioned the outcome"),
    "close": lazy("%(who)s closed the referral"),
    "refer_elsewhere": lazy("%(who)s closed the referral, to refer elsewhere"),
    "reopen": lazy("%(who)s opened the referral again"),
    "withdraw": lazy("%(who)s withdrew the referral: %(code)s"),
    "recall": lazy("%(who)s recalled the referral: %(code)s"),
    "assign": lazy("%(who)s assigned it to %(name)s"),
    "report_urgent_change": lazy("%(who)s reported an urgent change"),
    "acknowledge_urgent_change": lazy("%(who)s acknowledged the urgent change"),
    "provider_unavailable": lazy("The provider is not available any longer"),
}

# What follows once the holder has acted: on which side, and what.
NEXT: Mapping[Status, tuple[Party, str | Promise]] = {
    Status.DRAFT: (Party.PROVIDER, lazy("Then %(clinic)s opens the packet")),
    Status.SENT: (Party.PROVIDER, lazy("Then %(clinic)s accepts, asks or declines")),
    Status.IN_REVIEW: (Party.PROVIDER, lazy("Then %(clinic)s schedules")),
    Status.INFORMATION_REQUESTED: (Party.PROVIDER, lazy("Then it goes back to %(clinic)s")),
    Status.ACCEPTED: (Party.PROVIDER, lazy("Then %(clinic)s sees the client")),
    Status.SCHEDULED: (Party.THERAPIST, lazy("Then %(therapist)s confirms the outcome")),
    Status.NO_SHOW: (Party.PROVIDER, lazy("Then %(clinic)s schedules again")),
    Status.EVALUATED: (Party.THERAPIST, lazy("Then it is closed")),
    Status.OUTCOME_QUESTIONED: (Party.THERAPIST, lazy("Then %(therapist)s confirms the outcome")),
    Status.DECLINED: (Party.THERAPIST, lazy("Then it is closed, or referred elsewhere")),
}

CODES: Mapping[str, str | Promise] = {
    **{code.value: code.label for code in DeclineCode},
    **{code.value: code.label for code in OutcomeKind},
    **{code.value: code.label for code in WithdrawReason},
    **{code.value: code.label for code in RecallReason},
}


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer, or `missing` as the kind of unknown."""

    question: str
    text: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class LaneStep:
    """One point of the two lanes; `side` a is the reader's."""

    title: str
    side: str
    side_after: str = ""
    at: datetime | None = None
    when: str = ""
    quote: str = ""
    details: tuple[str, ...] = ()
    answers: tuple[Answered, ...] = ()
    crosses: bool = False
    is_now: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds the referral, as the bar on top of its page says it."""

    holder: str
    you_where: str
    other_name: str
    other_where: str
    title: str
    text: str
    due: date | None
    overdue_days: int


def holding(referral: Referral, user: User) -> Holding:
    """Return who holds it, since when and until when; the reader is always on the left."""
    side = referral.side_of(user)
    holder = referral.holder()
    today = timezone.localdate(timezone=holder.zone) if holder else None
    return Holding(
        holder="nobody" if not referral.turn else "you" if referral.turn == side else "other",
        you_where=user.organization.name,
        other_name=other_name(referral, side),
        other_where=other_where(referral, side),
        title=_title(referral, side),
        text=next_words(referral, side),
        due=referral.due_on,
        overdue_days=days_overdue(referral.due_on, today) if today else 0,
    )


def other_name(referral: Referral, side: Party) -> str:
    """Return the person on the other side, or the organization where nobody answers for it yet."""
    if side is Party.PROVIDER:
        return referral.therapist.name_with_credentials
    if referral.provider is not None:
        return referral.provider.name_with_credentials
    return referral.listing.addressee if referral.listing else _("No provider chosen yet")


def other_where(referral: Referral, side: Party) -> str:
    """Return the organization on the other side."""
    if side is Party.PROVIDER:
        return referral.organization.name
    return referral.prescriber.name if referral.prescriber else ""


def _title(referral: Referral, side: Party) -> str:
    since = f"{long_day(referral.turn_since)}"
    if not referral.turn:
        words = {"status": str(ENDED[referral.state]), "day": since}
        return _("%(status)s on %(day)s") % words
    if referral.turn == side:
        return _("Your turn since %(day)s") % {"day": since}
    return _("With %(where)s since %(day)s") % {"where": other_where(referral, side), "day": since}


def next_words(referral: Referral, side: Party) -> str:
    """Return what the holder does next, in the words of the lists."""
    if not referral.turn:
        return _("It waits for nobody.")
    words = _step_words(referral)
    steps = THERAPIST_STEPS if side is Party.THERAPIST else PROVIDER_STEPS
    if referral.turn == side:
        return f"{str(steps[referral.state].action) % words}."
    if side is Party.THERAPIST:
        return f"{str(ELSEWHERE.get(referral.state, '')) % words}"
    return f"{str(WAITING[referral.state]) % words}."


# What a therapist reads while the provider holds it.
ELSEWHERE: Mapping[Status, str | Promise] = {
    Status.SENT: lazy("Sent, not opened yet."),
    Status.IN_REVIEW: lazy("In review."),
    Status.ACCEPTED: lazy("Accepted. %(clinic)s schedules."),
    Status.SCHEDULED: lazy("The evaluation is on %(appointment)s."),
    Status.OUTCOME_QUESTIONED: lazy("You questioned the outcome."),
}


def _step_words(referral: Referral) -> dict[str, str]:
    return {
        "clinic": referral.prescriber.name if referral.prescriber else "",
        "therapist": referral.organization.name,
        "appointment": moment(referral.appointment_at) if referral.appointment_at else "",
        "outcome": str(CODES.get(referral.outcome, "")),
    }


def lanes(referral: Referral, events: Iterable[Event], user: User) -> list[LaneStep]:
    """Return what happened, what is now and what follows, as the two lanes show it."""
    side = referral.side_of(user)
    steps: list[LaneStep] = []
    holder: str = Party.THERAPIST
    for event in events:
        actor = event.party if event.party != Party.SYSTEM else holder
        holder = status_of(event.to_status).turn or actor
        steps.append(_step(referral, event, user, _lane(actor, side), _lane(holder, side)))
    if referral.state.is_final:
        return steps
    return [*steps, *_now(referral, side)]


def _lane(party: str, reader: Party) -> str:
    return "a" if party == reader else "b"


def _step(referral: Referral, event: Event, user: User, at_side: str, after: str) -> LaneStep:
    return LaneStep(
        title=_happened(event, user),
        side=at_side,
        side_after=after,
        at=event.at,
        quote=event.note or "",
        details=tuple(_details(referral, event)),
        answers=tuple(_answers(event)),
        crosses=at_side != after,
    )


def _happened(event: Event, user: User) -> str:
    detail = event.detail or {}
    return str(TITLES[event.move]) % {
        "who": _who(event.by, user),
        "code": str(CODES.get(event.code, "")),
        "appointment": moment(event.appointment_at) if event.appointment_at else "",
        "name": detail.get("name", ""),
        "questions": _questions_in_words(len(detail.get("questions", ()))),
    }


def _questions_in_words(count: int) -> str:
    return ngettext("one question", "%(n)d questions", count) % {"n": count}


def _who(person: User | None, user: User) -> str:
    if person is None:
        return _("The system")
    return _("You") if person.pk == user.pk else person.name


def _details(referral: Referral, event: Event) -> Iterable[str]:
    detail = event.detail or {}
    if event.move == "ask":
        yield from detail.get("questions", ())
    if "look_again_on" in detail:
        titles = ", ".join(each["title"] for each in detail["work_on"])
        yield _("To work on: %(titles)s") % {"titles": titles}
        yield _("Look again on %(day)s") % {"day": day(date.fromisoformat(detail["look_again_on"]))}
    if "listing" in detail:
        yield _("Referred on to %(name)s") % {"name": detail["name"]}
    if "opened_at" in detail:
        yield (
            _("It had been opened %(at)s.") % {"at": moment(datetime.fromisoformat(detail["opened_at"]))}
            if detail["opened_at"]
            else _("It had not been opened.")
        )


def _answers(event: Event) -> Iterable[Answered]:
    for answer in (event.detail or {}).get("answers", ()):
        yield Answered(answer["question"], answer.get("text", ""), answer.get("unknown", ""))


def _now(referral: Referral, side: Party) -> list[LaneStep]:
    now = _lane(referral.turn, side)
    party, words = NEXT[referral.state]
    after = _lane(party, side)
    title = _("Now: your turn") if now == "a" else _("Now: their turn")
    follows = LaneStep(title=str(words) % _step_words(referral), side=after, later=True)
    return [
        LaneStep(
            title=title,
            side=now,
            side_after=after,
            when=_due_words(referral),
            crosses=now != after,
            is_now=True,
        ),
        follows,
    ]


def _due_words(referral: Referral) -> str:
    if referral.due_on is None:
        return ""
    due = _("Due %(day)s") % {"day": day(referral.due_on)}
    skipped = business_days.holidays_between(referral.turn_since.date(), referral.due_on)
    if not skipped:
        return due
    names = ", ".join(skipped)
    not_counted = ngettext("%(names)s is not counted", "%(names)s are not counted", len(skipped)) % {
        "names": names
    }
    return f"{due}. {not_counted}"


def consent_words(referral: Referral, today: date) -> str:
    """Return what both sides read about consent that has ended or ends soon, or nothing."""
    if referral.consent_ended(today):
        how = (
            _("The client revoked consent.")
            if referral.consent_ended_how == ConsentEnd.REVOKED
            else _("Consent has expired.")
        )
        kept = (
            _(
                "The provider keeps its copy as its own record and may still record the outcome. "
                "Nothing else flows."
            )
            if referral.accepted_at
            else _("The packet is closed to the provider. Nothing else flows.")
        )
        return f"{how} {kept}"
    if referral.is_sent and referral.consent_expires_on and (referral.consent_expires_on - today).days <= 14:
        return _("Consent ends on %(day)s.") % {"day": day(referral.consent_expires_on)}
    return ""
