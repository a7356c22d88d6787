"""A person's caseload as a lead reads it before handing it over: what there is, and how each stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.models.people import UserQuerySet
from accounts.templatetags.dates import day, until_moment
from referrals.models import Referral, Role
from referrals.models.referrals import ReferralQuerySet
from referrals.workflow import Party, Status
from referrals.worklists import outcome_words, provider_rows
from screening.models import CareTeamMember, Client, Screening, ScreeningState, Signature
from screening.models.clients import ClientQuerySet

SIGNING = "signing"
# A page shows this many; those that nobody covers yet come first, so that the rest follows by and by.
MOST = 400


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that is handed over as a whole. `record` is the client's or the referral's id."""

    role: Role
    record: UUID | None
    name: str
    lines: tuple[str, ...]
    client: UUID | None = None
    covered: str = ""

    @property
    def key(self) -> str:
        """The name of its field in a form."""
        return str(self.record or SIGNING)


@dataclass(frozen=True, slots=True)
class Held:
    """How much somebody holds, in numbers alone."""

    clients: int = 0
    referrals: int = 0
    associates: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether they hold nothing."""
        return not (self.clients or self.referrals or self.associates)


def clients_of(person: User) -> ClientQuerySet:
    """Return the clients in a person's hands: own, on the care team for good, or with a referral of theirs.

    Whom they only cover for somebody else isn't theirs to hand on.
    """
    for_good = CareTeamMember.objects.filter(
        organization_id=person.organization_id,
        user_id=person.pk,
        client_id=OuterRef("pk"),
        until__isnull=True,
    )
    referred = referrals_of(person).filter(client_id=OuterRef("pk"))
    mine = Q(therapist_id=person.pk) | Q(Exists(for_good)) | Q(Exists(referred))
    return Client.objects.filter(mine, organization_id=person.organization_id)


def referrals_of(person: User) -> ReferralQuerySet:
    """Return the referrals a person answers for that wait for somebody or whose course goes on."""
    open_ones = Referral.objects.on_somebodys_hands()
    if person.is_provider:
        return open_ones.filter(provider_id=person.pk, prescriber_id=person.organization_id)
    return open_ones.filter(therapist_id=person.pk, organization_id=person.organization_id)


def associates_of(person: User) -> UserQuerySet:
    """Return whose screenings a person signs."""
    return User.objects.filter(organization_id=person.organization_id, needs_signature_from_id=person.pk)


def held_by(person: User) -> Held:
    """Return how much a person holds; the organization's rows have to be visible."""
    if not (person.is_therapist or person.is_provider):
        return Held()
    return Held(
        clients=clients_of(person).count() if person.is_therapist else 0,
        referrals=referrals_of(person).count(),
        associates=associates_of(person).count(),
    )


def held_by_each(lead: User) -> dict[UUID, Held]:
    """Return how much each colleague of a lead holds, in a number of queries that doesn't depend on them."""
    organization, open_ones = lead.organization_id, Referral.objects.on_somebodys_hands()
    if lead.is_provider:
        sent = open_ones.filter(prescriber_id=organization, provider_id__isnull=False)
        counted = dict(sent.values_list("provider_id").annotate(Count("pk")))
        return {person: Held(referrals=count) for person, count in counted.items()}
    own = Client.objects.filter(organization_id=organization).values_list("therapist_id")
    clients = dict(own.annotate(Count("pk")))
    written = open_ones.filter(organization_id=organization).values_list("therapist_id")
    referrals = dict(written.annotate(Count("pk")))
    signed = User.objects.filter(organization_id=organization, needs_signature_from_id__isnull=False)
    associates = dict(signed.order_by().values_list("needs_signature_from_id").annotate(Count("pk")))
    people = {*clients, *referrals, *associates}
    return {
        each: Held(clients.get(each, 0), referrals.get(each, 0), associates.get(each, 0)) for each in people
    }


def caseload(lead: User, person: User) -> list[Unit]:
    """Return all that a person of the lead's organization holds, by name, what nobody covers yet first."""
    if person.is_provider:
        return _in_order(_referrals(lead, person))
    return [*_in_order(_clients(person)), *_signing(person)]


def _in_order(units: Iterable[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: (bool(unit.covered), unit.name.casefold()))[:MOST]


def _clients(person: User) -> Iterator[Unit]:
    clients = list(clients_of(person).select_related("therapist"))
    referrals = _by_client(
        referrals_of(person).select_related("prescriber", "therapist_cover").order_by("due_on", "pk")
    )
    begun = Screening.objects.filter(
        organization_id=person.organization_id, client__in=clients, state=ScreeningState.IN_PROGRESS
    )
    open_ones = dict(begun.order_by().values_list("client_id").annotate(Count("pk")))
    covers = _covers(person, clients)
    for client in clients:
        own = client.therapist_id == person.pk
        lines = [
            *([] if own else [_("On the care team. Therapist: %(name)s.") % {"name": client.therapist.name}]),
            *(_referral_line(referral) for referral in referrals.get(client.pk, ())),
            *_begun_line(open_ones.get(client.pk, 0)),
        ]
        yield Unit(
            role=Role.THERAPIST if own else Role.CARE_TEAM,
            record=client.pk,
            name=_("%(name)s, record %(number)s") % {"name": client.name, "number": client.record_number},
            lines=tuple(lines),
            client=client.pk,
            covered=covers.get(client.pk, ""),
        )


def _by_client(referrals: Iterable[Referral]) -> Mapping[UUID, list[Referral]]:
    found: dict[UUID, list[Referral]] = {}
    for referral in referrals:
        found.setdefault(referral.client_id, []).append(referral)
    return found


def _covers(person: User, clients: list[Client]) -> dict[UUID, str]:
    """Return by client who covers now, and until when."""
    rows = CareTeamMember.objects.current().filter(
        organization_id=person.organization_id, client__in=clients, until__isnull=False
    )
    covers = rows.exclude(user=person).select_related("user").order_by("until")
    return {row.client_id: cover_words(row.user, row.until) for row in covers}


def cover_words(person: User, until: datetime | None) -> str:
    """Return who covers, and until when."""
    return _("%(name)s covers until %(until)s") % {"name": person.name, "until": until_moment(until)}


def _referral_line(referral: Referral) -> str:
    clinic = referral.prescriber.name if referral.prescriber else _("no provider chosen yet")
    if not referral.turn:
        return _("Course with %(clinic)s goes on.") % {"clinic": clinic}
    words = {"clinic": clinic, "due": day(referral.due_on)}
    if referral.status == Status.DRAFT:
        return _("Draft of a referral to %(clinic)s, due %(due)s.") % words
    if referral.turn == Party.THERAPIST:
        return _("Referral to %(clinic)s: the therapist’s turn, due %(due)s.") % words
    return _("Referral to %(clinic)s: their turn, due %(due)s.") % words


def _begun_line(count: int) -> list[str]:
    if not count:
        return []
    words = ngettext("%(n)d screening is being filled in.", "%(n)d screenings are being filled in.", count)
    return [words % {"n": count}]


def _referrals(lead: User, person: User) -> Iterator[Unit]:
    rows = list(
        referrals_of(person)
        .select_related("therapist", "organization", "prescriber", "provider", "provider_cover")
        .order_by("due_on", "pk")
    )
    for referral, row in zip(rows, provider_rows(lead, rows), strict=True):
        cover = referral.cover(Party.PROVIDER)
        yield Unit(
            role=Role.PROVIDER,
            record=referral.pk,
            name=row.name,
            lines=(_from_line(referral), *_standing_line(referral)),
            client=referral.client_id,
            covered=cover_words(cover, referral.provider_cover_until) if cover else "",
        )


def _from_line(referral: Referral) -> str:
    words = {"name": referral.therapist.name, "where": referral.organization.name}
    return _("From %(name)s, %(where)s.") % words


def _standing_line(referral: Referral) -> list[str]:
    if not referral.turn:
        return [_("Closed; the course goes on.")]
    due = {"due": day(referral.due_on), "outcome": outcome_words(referral)}
    if referral.turn == Party.PROVIDER:
        return [_("Your clinic’s turn, due %(due)s.") % due]
    return [_("The therapist’s turn, due %(due)s.") % due]


def _signing(person: User) -> Iterator[Unit]:
    associates = list(associates_of(person))
    if not associates:
        return
    signed = Signature.objects.filter(organization_id=person.organization_id, screening_id=OuterRef("pk"))
    waiting = Screening.objects.filter(
        ~Exists(signed),
        organization_id=person.organization_id,
        state=ScreeningState.COMPLETED,
        completed_by__in=associates,
    )
    count = waiting.count()
    words = ngettext("%(n)d screening waits unsigned.", "%(n)d screenings wait unsigned.", count)
    names = ", ".join(associate.name for associate in associates)
    yield Unit(
        role=Role.SUPERVISOR,
        record=None,
        name=_("Signing for %(names)s") % {"names": names},
        lines=(words % {"n": count},),
    )
