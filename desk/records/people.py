"""Who the client is, how to reach them, who looks after them, and emergency access."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from desk.records.document import Fact, Item, Section, day_fact, fact, given, iso, label, moment_fact, name_of
from referrals.models import HandOverKind, HandOverPart, Role
from screening.models import CareTeamMember, Client, EmergencyAccess, Knows, PayerType


def client_section(client: Client) -> Section:
    """Return who the client is."""
    facts = (
        fact("first_name", _("First name"), client.first_name),
        fact("last_name", _("Last name"), client.last_name),
        fact("used_name", _("Name they use"), client.used_name),
        day_fact("birth_date", _("Born"), client.birth_date),
        fact("record_number", _("Record number"), client.record_number),
        fact("part2_program", _("Record of a substance-use program (42 CFR Part 2)"), _part2(client)),
        moment_fact("created_at", _("Added"), client.created_at, client.created_by),
        moment_fact("changed_at", _("Last changed"), client.changed_at, client.changed_by),
    )
    stored = {"birth_date": client.birth_date.isoformat(), "revision": client.revision}
    item = Item("client", client.name, facts, id=str(client.pk), stored=stored)
    about = _("Names, birth date and number as they are recorded.")
    return Section("client", _("Who the client is"), about, (item,))


def _part2(client: Client) -> str:
    if client.part2_program is None:
        return _("As the practice’s own setting says")
    return _("Yes") if client.part2_program else _("No")


def contacts_section(client: Client) -> Section:
    """Return how to reach the client, and who else looks after them."""
    contacts = client.contacts
    facts = (
        fact("phone", _("Phone"), contacts.phone),
        fact("message_is_safe", _("A message is safe"), label(Knows, contacts.message_is_safe)),
        fact("email", _("E-mail"), contacts.email),
        fact("language", _("Language"), contacts.language),
        fact("emergency_contact", _("Emergency contact"), contacts.emergency_contact),
        fact("prescriber", _("Prescriber"), contacts.prescriber),
        fact("prescriber_knows", _("The prescriber knows"), label(Knows, contacts.prescriber_knows)),
        fact("primary_care", _("Primary care"), contacts.primary_care),
        fact("primary_care_knows", _("Primary care knows"), label(Knows, contacts.primary_care_knows)),
        fact("payer_type", _("Who may pay"), label(PayerType, contacts.payer_type)),
    )
    item = Item("contacts", _("Contacts"), facts, stored=contacts.as_document())
    about = _("How to reach the client, and others who treat them.")
    return Section("contacts", _("Contacts"), about, (item,))


def team_section(client: Client) -> Section:
    """Return who looks after the client in the practice."""
    own = Item("therapist", name_of(client.therapist), (fact("role", _("Role"), _("Therapist")),))
    rows = CareTeamMember.objects.filter(organization_id=client.organization_id, client=client)
    members = rows.select_related("user", "added_by").order_by("added_at", "pk")
    about = _("The therapist, and colleagues who see the record too.")
    return Section("care_team", _("Care team"), about, (own, *map(_member, members), *_handed_over(client)))


def _handed_over(client: Client) -> Iterator[Item]:
    """Yield when the client came to another therapist; why a colleague was away is the colleague's own."""
    parts = HandOverPart.objects.filter(organization_id=client.organization_id, client=client)
    people = parts.select_related("to", "hand_over__by", "hand_over__person", "hand_over__ended_by")
    for part in people.order_by("hand_over__at", "pk"):
        made = part.hand_over
        facts = given(
            (
                fact("role", _("Role"), Role(part.role).label),
                fact("from", _("From"), name_of(made.person)),
                fact("to", _("To"), name_of(part.to)),
                moment_fact("at", _("When"), made.at, made.by),
                moment_fact("until", _("Until at the latest"), made.until),
                moment_fact("ended_at", _("Ended early"), made.ended_at, made.ended_by),
            )
        )
        title = str(HandOverKind(made.kind).label)
        yield Item("hand_over", title, facts, (), str(part.pk), iso(made.at))


def _member(member: CareTeamMember) -> Item:
    facts = given(
        (
            fact("role", _("Role"), _("On the care team")),
            moment_fact("added_at", _("Added"), member.added_at, member.added_by),
            moment_fact("until", _("Until"), member.until),
        )
    )
    return Item("member", name_of(member.user), facts, id=str(member.pk), at=iso(member.added_at))


def emergency_section(client: Client) -> Section:
    """Return who saw the record by emergency access, why and how long."""
    rows = EmergencyAccess.objects.filter(organization_id=client.organization_id, client=client)
    found = rows.with_people().order_by("at", "pk")
    items = tuple(
        Item(
            "emergency_access",
            name_of(access.user),
            tuple(_access(access)),
            (),
            str(access.pk),
            iso(access.at),
        )
        for access in found
    )
    about = _("When somebody who does not look after the client was let in for some hours.")
    return Section("emergency_access", _("Emergency access"), about, items)


def _opened(access: EmergencyAccess) -> Item:
    facts = tuple(_access(access))
    return Item("emergency_access", name_of(access.user), facts, (), str(access.pk), iso(access.at))


def _access(access: EmergencyAccess) -> Iterator[Fact]:
    yield moment_fact("at", _("Opened"), access.at, access.by)
    yield moment_fact("ends_at", _("Until at the latest"), access.ends_at)
    if access.ended_at:
        yield moment_fact("ended_at", _("Ended early"), access.ended_at, access.ended_by)
    yield fact("reason", _("Reason"), access.reason)
