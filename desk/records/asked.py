"""What the client asked about the record, and who looked at it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.dates import full_moment
from desk.log.rows import who_words
from desk.log.words import said
from desk.records.document import Fact, Item, Section, day_fact, fact, given, iso, label, moment_fact
from privacy import entries
from privacy.entries import Choice
from privacy.models import Entry
from screening.models import Amendment, Client, RecordsRequest
from screening.models.requests import Answered, Asker, RequestKind, StepKind

# More lines than this are no list that somebody reads; the lead's export of the log has them all.
MOST_LOOKS = 5_000


def amendments_section(client: Client, titles: dict[str, str]) -> Section:
    """Return what the client said is wrong, and what became of it."""
    rows = Amendment.objects.filter(organization_id=client.organization_id, client=client).with_steps()
    items = tuple(_amendment(each, titles) for each in rows.order_by("received_on", "recorded_at", "pk"))
    about = _("What the client asked to have changed (45 CFR 164.526), decisions, and statements.")
    return Section("amendments", _("Requests to amend"), about, items)


def _amendment(amendment: Amendment, titles: dict[str, str]) -> Item:
    named = "; ".join(titles.get(key, key) for key in amendment.sections)
    facts = given(
        (
            fact("sections", _("Concerns"), named or _("The record as a whole")),
            fact("words", _("What the client says"), amendment.words),
            day_fact("received_on", _("Received"), amendment.received_on),
            moment_fact("recorded_at", _("Recorded"), amendment.recorded_at, amendment.recorded_by),
            day_fact("due_on", _("Due"), amendment.due_on),
            *_steps(amendment),
        )
    )
    stored = {"sections": amendment.sections}
    at = iso(amendment.recorded_at)
    return Item("amendment", _("Request to amend"), facts, (), str(amendment.pk), at, stored)


def _steps(amendment: Amendment) -> Iterator[Fact]:
    for step in amendment.steps.all():
        kind = StepKind(step.kind)
        yield fact(kind.value, kind.label, step.words)
        yield moment_fact(f"{kind.value}_at", _("%(step)s: when") % {"step": kind.label}, step.at, step.by)


def requests_section(client: Client) -> Section:
    """Return who asked for the record, and what was given."""
    rows = RecordsRequest.objects.filter(organization_id=client.organization_id, client=client)
    people = rows.select_related("recorded_by", "extended_by", "answered_by")
    items = tuple(_request(each) for each in people.order_by("received_on", "recorded_at", "pk"))
    about = _("Who asked for the record or for an account of disclosures, and what was given.")
    return Section("records_requests", _("Records requests"), about, items)


def _request(request: RecordsRequest) -> Item:
    facts = given(
        (
            fact("asker", _("Who asked"), Asker(request.asker).label, request.asked_by),
            fact("words", _("What exactly"), request.words),
            day_fact("received_on", _("Received"), request.received_on),
            moment_fact("recorded_at", _("Recorded"), request.recorded_at, request.recorded_by),
            day_fact("due_on", _("Due"), request.due_on),
            moment_fact("extended_at", _("Time extended"), request.extended_at, request.extended_by),
            fact("extended_words", _("Why the time was extended"), request.extended_words),
            fact("answer", _("Answer"), label(Answered, request.answer)),
            fact("answered_words", _("What was given, or the reason"), request.answered_words),
            moment_fact("answered_at", _("Answered"), request.answered_at, request.answered_by),
        )
    )
    title = str(RequestKind(request.kind).label)
    return Item("records_request", title, facts, (), str(request.pk), iso(request.recorded_at))


def looks_section(client: Client) -> Section:
    """Return who looked at or changed the record; refusals, and lists of names, are not in it."""
    found = entries.about_client(client.organization_id, client.pk, [], Choice(), MOST_LOOKS)
    ids = {entry.by for entry in found if entry.by is not None}
    people = User.objects.select_related("organization").in_bulk(sorted(ids))
    facts = [_look(entry, people.get(entry.by) if entry.by else None) for entry in found]
    about = _("Everybody who read, changed or sent something of this client’s, the latest first.")
    return Section("access", _("Who looked"), about, (Item("access", _("Entries"), tuple(facts)),))


def _look(entry: Entry, person: User | None) -> Fact:
    where = person.organization.name if person else ""
    note = f"{full_moment(entry.at)}, {where}" if where else full_moment(entry.at)
    return fact(entry.action, who_words(entry, person), said(entry).words, note)
