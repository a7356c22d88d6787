"""Referrals: consents, the packet as it was sent, what happened, messages, outcomes and the course."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.templatetags.dates import full_day, moment
from desk.records.document import Fact, Item, Section, day_fact, fact, given, iso, label, moment_fact, name_of
from desk.records.packets import packet_item
from referrals.history import CODES, TITLES
from referrals.models import (
    Consent,
    ConsentEnd,
    CourseEntry,
    CourseEntryKind,
    CourseState,
    Event,
    Form,
    HowGiven,
    Message,
    Outcome,
    OutcomeKind,
    Referral,
)
from referrals.packet import TherapistRole
from referrals.workflow import Status
from screening.catalog import definition_of
from screening.models import Client

STATUSES: Mapping[Status, str | Promise] = {
    Status.DRAFT: lazy("Draft, not sent"),
    Status.SENT: lazy("Sent, not opened"),
    Status.IN_REVIEW: lazy("In review"),
    Status.INFORMATION_REQUESTED: lazy("Information requested"),
    Status.ACCEPTED: lazy("Accepted"),
    Status.SCHEDULED: lazy("Evaluation scheduled"),
    Status.NO_SHOW: lazy("The client did not come"),
    Status.EVALUATED: lazy("Evaluated"),
    Status.OUTCOME_QUESTIONED: lazy("Outcome questioned"),
    Status.DECLINED: lazy("Declined"),
    Status.WITHDRAWN: lazy("Withdrawn"),
    Status.RECALLED: lazy("Recalled"),
    Status.DISCARDED: lazy("Discarded, never sent"),
    Status.CLOSED: lazy("Closed"),
}


def referrals_section(referrals: list[Referral]) -> Section:
    """Return the referrals, the earliest first."""
    about = _("Each referral with its consent, what was sent, and what was said and done on both sides.")
    return Section("referrals", _("Referrals"), about, tuple(_referral(each) for each in referrals))


def referrals_of(client: Client) -> list[Referral]:
    """Return a client's referrals with all that belongs to them, in a fixed number of queries."""
    rows = Referral.objects.filter(organization_id=client.organization_id, client=client)
    parts = (
        "consents__recorded_by",
        "consents__ended_by",
        "consents__recipient",
        "events__by",
        "messages__by__organization",
        "outcomes__by",
        "course_entries__by",
        "packets__sealed_by",
    )
    related = rows.with_people().select_related("screening", "created_by", "prescriber__listing")
    return list(related.prefetch_related(*parts).order_by("created_at", "pk"))


def recipient_of(referral: Referral) -> str:
    """Return to whom it goes."""
    return referral.prescriber.name if referral.prescriber else _("No recipient chosen")


def _referral(referral: Referral) -> Item:
    own = referral.organization_id
    packets = (packet for packet in referral.packets.all() if packet.organization_id == own)
    return Item(
        kind="referral",
        title=_("To %(name)s") % {"name": recipient_of(referral)},
        facts=given(_facts(referral)),
        items=(
            *(_consent(referral, each) for each in sorted(referral.consents.all(), key=_recorded)),
            *(packet_item(each) for each in packets),
            *(_event(referral, each) for each in referral.events.all()),
            *(_message(each) for each in referral.messages.all()),
            *(_outcome(each) for each in referral.outcomes.all()),
            *(_course_entry(each) for each in referral.course_entries.all()),
        ),
        id=str(referral.pk),
        at=iso(referral.created_at),
        stored={"status": referral.status, "screening": str(referral.screening_id)},
    )


def _recorded(consent: Consent) -> Any:
    return consent.recorded_at


def _facts(referral: Referral) -> Iterator[Fact]:
    request = referral.request
    yield fact("status", _("Status"), STATUSES[referral.state])
    yield moment_fact("created_at", _("Started"), referral.created_at, referral.created_by)
    yield fact("therapist", _("Therapist"), name_of(referral.therapist))
    yield fact("addressee", _("Addressed to"), referral.listing.addressee if referral.listing else "")
    yield fact("provider", _("Provider"), name_of(referral.provider))
    yield moment_fact("sent_at", _("Sent"), referral.sent_at)
    yield moment_fact("opened_at", _("Opened"), referral.opened_at)
    yield moment_fact("accepted_at", _("Accepted"), referral.accepted_at)
    yield moment_fact("appointment_at", _("Appointment"), referral.appointment_at)
    yield fact("outcome", _("Outcome"), label(OutcomeKind, referral.outcome))
    yield fact("course", _("Course of treatment"), label(CourseState, referral.course))
    yield fact("reason", _("Reason for referral"), request.reason)
    yield fact("question", _("Question to the provider"), request.question)
    yield fact("meets", _("How often they meet"), request.meets)
    yield fact("role", _("The therapist’s part"), label(TherapistRole, request.role))
    yield day_fact("consent_expires_on", _("Consent until"), referral.consent_expires_on)
    how = label(ConsentEnd, referral.consent_ended_how)
    yield Fact(
        "consent_ended_at",
        _("Consent ended"),
        moment(referral.consent_ended_at),
        "" if referral.consent_ended_at else "not_recorded",
        how,
    )


def section_titles(referral: Referral, keys: list[str]) -> str:
    """Return the titles of sections of the referral's questionnaire."""
    titles = {each.key: each.title for each in definition_of(referral.screening.version_id).sections}
    return "; ".join(titles.get(key, key) for key in keys)


def _consent(referral: Referral, consent: Consent) -> Item:
    facts = (
        fact("recipient", _("Recipient"), consent.recipient.name),
        fact("sections", _("Sections to share"), section_titles(referral, consent.sections)),
        fact(
            "part2_sections",
            _("Of these, records of a substance-use program (42 CFR Part 2)"),
            section_titles(referral, consent.part2_sections),
        ),
        fact("how", _("How it was given"), HowGiven(consent.how).label),
        fact("witness", _("Witness"), consent.witness),
        moment_fact("recorded_at", _("Recorded"), consent.recorded_at, consent.recorded_by),
        day_fact("expires_on", _("Until"), consent.expires_on),
        moment_fact("replaced_at", _("Replaced by a later one"), consent.replaced_at),
        moment_fact("ended_at", _("Ended"), consent.ended_at, consent.ended_by),
        fact("ended_how", _("How it ended"), label(ConsentEnd, consent.ended_how)),
    )
    stored = {"sections": consent.sections, "part2_sections": consent.part2_sections}
    return Item("consent", _("Consent"), given(facts), (), str(consent.pk), iso(consent.recorded_at), stored)


def _event(referral: Referral, event: Event) -> Item:
    detail = event.detail or {}
    title = str(TITLES[event.move]) % {
        "who": name_of(event.by) or _("The system"),
        "code": str(CODES.get(event.code, event.code)),
        "appointment": moment(event.appointment_at),
        "name": detail.get("name", ""),
        "questions": _("for information"),
    }
    facts = given(
        (
            moment_fact("at", _("When"), event.at),
            fact("note", _("Note"), event.note),
            *(fact("question", _("Asked"), question) for question in detail.get("questions", ())),
            *_replies(detail),
            *(fact("work_on", _("To work on"), each["title"]) for each in detail.get("work_on", ())),
            _look_again(detail),
        )
    )
    stored = {"move": event.move, "party": event.party, "code": event.code, "detail": detail}
    return Item("event", title, facts, (), str(event.pk), iso(event.at), stored)


def _replies(detail: Mapping[str, Any]) -> Iterator[Fact]:
    for answer in detail.get("answers", ()):
        unknown = answer.get("unknown", "")
        yield Fact("reply", answer["question"], answer.get("text", ""), unknown)


def _look_again(detail: Mapping[str, Any]) -> Fact:
    day = detail.get("look_again_on")
    return fact("look_again_on", _("Look again on"), full_day(date.fromisoformat(day)) if day else "")


def _message(message: Message) -> Item:
    where = message.by.organization.name
    title = _("Message from %(name)s, %(where)s") % {"name": name_of(message.by), "where": where}
    facts = (moment_fact("at", _("When"), message.at), fact("text", _("Text"), message.text))
    return Item("message", title, facts, (), str(message.pk), iso(message.at))


def _outcome(outcome: Outcome) -> Item:
    title = _("Outcome: %(kind)s") % {"kind": OutcomeKind(outcome.kind).label}
    facts = given(
        (moment_fact("at", _("Recorded"), outcome.at, outcome.by), fact("note", _("Note"), outcome.note))
    )
    return Item("outcome", title, facts, (), str(outcome.pk), iso(outcome.at), {"kind": outcome.kind})


def _course_entry(entry: CourseEntry) -> Item:
    facts = given(
        (
            day_fact("day", _("Day"), entry.day),
            fact("form", _("Form"), label(Form, entry.form)),
            fact("measure", _("Measure"), entry.measure),
            fact("result", _("Result"), entry.result),
            fact("notes", _("Notes"), entry.notes),
            moment_fact("at", _("Entered"), entry.at, entry.by),
        )
    )
    title = _("Course: %(kind)s") % {"kind": CourseEntryKind(entry.kind).label}
    return Item("course_entry", title, facts, (), str(entry.pk), iso(entry.at), {"kind": entry.kind})
