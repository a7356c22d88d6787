"""Gathers everything that is held about one client, in a number of queries that its size doesn't change."""

from datetime import datetime
from uuid import UUID

from accounts.models import User
from accounts.templatetags.dates import full_moment
from desk.records import asked, disclosures, people, referrals, screenings
from desk.records.document import Record, Section, name_of
from referrals.models import Referral
from referrals.packet import REDISCLOSURE_NOTICE
from referrals.reading import part2_sections
from screening.catalog import definition_of
from screening.models import Client, Screening
from screening.models.requests import RequestKind
from screening.reading import Reading

# Which section of the export tells each kind of row. A test finds every model about a client, and asks that
# it stands here or below.
TOLD_IN: dict[str, str] = {
    "screening.Client": "client",
    "screening.CareTeamMember": "care_team",
    "screening.Screening": "screenings",
    "screening.SectionAnswers": "screenings",
    "screening.Finding": "screenings",
    "screening.Judgment": "screenings",
    "screening.Acknowledgement": "screenings",
    "screening.Signature": "screenings",
    "screening.EmergencyAccess": "emergency_access",
    "screening.RecordsRequest": "records_requests",
    "screening.Amendment": "amendments",
    "screening.AmendmentStep": "amendments",
    "referrals.Referral": "referrals",
    "referrals.Consent": "referrals",
    "referrals.Packet": "referrals",
    "referrals.Event": "referrals",
    "referrals.Message": "referrals",
    "referrals.Outcome": "referrals",
    "referrals.CourseEntry": "referrals",
    "referrals.HandOverPart": "care_team",
}

# What says nothing of the client that the export hasn't said elsewhere, and why it is left out.
LEFT_OUT: dict[str, str] = {
    "screening.TouchedScreening": "Which rules of a newer version read the answers otherwise.",
    "screening.EmergencyNotice": "Which colleagues were told of emergency access, and whether they read it.",
}


def gather(client: Client, *, by: User, at: datetime, with_looks: bool = False) -> Record:
    """Return everything that is held about a client; with `with_looks` also who looked at it."""
    told = referrals.referrals_of(client)
    sections = [
        people.client_section(client),
        people.contacts_section(client),
        people.team_section(client),
        screenings.screenings_section(client),
        referrals.referrals_section(told),
        disclosures.disclosures_section(told),
        asked.amendments_section(client, section_titles_of(client)),
        asked.requests_section(client),
        people.emergency_section(client),
    ]
    if with_looks:
        sections.append(asked.looks_section(client))
    return _record(client, by, at, tuple(sections), _notice(client, told))


def account(client: Client, *, by: User, at: datetime) -> Record:
    """Return who the client is and the account of disclosures alone."""
    told = referrals.referrals_of(client)
    sections = (people.client_section(client), disclosures.disclosures_section(told))
    return _record(client, by, at, sections, "")


def asked_for(kind: str, client: Client, *, by: User, at: datetime, with_looks: bool = False) -> Record:
    """Return what a request asks for."""
    if kind == RequestKind.DISCLOSURES:
        return account(client, by=by, at=at)
    return gather(client, by=by, at=at, with_looks=with_looks)


def section_titles_of(client: Client) -> dict[str, str]:
    """Return the titles of every section that the client was asked, by key."""
    rows = Screening.objects.filter(organization_id=client.organization_id, client=client)
    versions: set[UUID] = set(rows.values_list("version_id", flat=True))
    found = (section for key in sorted(versions) for section in definition_of(key).sections)
    return {section.key: section.title for section in found}


def _record(client: Client, by: User, at: datetime, sections: tuple[Section, ...], notice: str) -> Record:
    return Record(
        client=client.name,
        record_number=client.record_number,
        organization=by.organization.name,
        prepared_at=full_moment(at),
        prepared_by=name_of(by),
        redisclosure_notice=notice,
        sections=sections,
    )


def _notice(client: Client, told: list[Referral]) -> str:
    """Return the notice that goes with records of a substance-use program, where there are or may be some."""
    rows = Screening.objects.filter(organization_id=client.organization_id, client=client)
    fetched = rows.select_related("client", "organization", "version").prefetch_related("sections")
    readings = (Reading(screening) for screening in fetched.defer("version__document"))
    sent = any(consent.part2_sections for referral in told for consent in referral.consents.all())
    return REDISCLOSURE_NOTICE if sent or any(part2_sections(each) for each in readings) else ""
