"""The invented organizations and the people in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts import actions
from accounts.models import Duty, Kind, Organization, User
from privacy.context import enter


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to invent; `signed_by` names whose signature their screenings need."""

    name: str
    credentials: str = ""
    licence: str = ""
    duties: tuple[Duty, ...] = ()
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class Invented:
    """An organization to invent, with its people; the first of them leads it."""

    kind: Kind
    name: str
    domain: str
    phone: str
    people: tuple[Person, ...]
    crisis_plan: str = ""
    requires_signature: bool = False
    time_zone: str = "America/Los_Angeles"


NETWORK = Invented(
    Kind.NETWORK,
    "Northwest Referral Network",
    "northwest-network.example",
    "(503) 555-0100",
    (
        Person("Priya Natarajan"),
        Person("Tomas Berg", duties=(Duty.CLINICAL_OWNER,)),
        Person("Ngozi Adeyemi", "MD", duties=(Duty.CLINICAL_OWNER,)),
    ),
)

PRACTICES = (
    Invented(
        Kind.PRACTICE,
        "Harbor Counseling",
        "harbor-counseling.example",
        "(503) 555-0142",
        (
            Person("Rowan Ellis", "LMFT", "OR T-0000412", (Duty.LEAD,)),
            Person("Hugo Stein", "LCSW", "OR L-0000893"),
            Person("Nadia Haddad", "PsyD", "OR 0003307", (Duty.SUPERVISOR,)),
        ),
        crisis_plan=(
            "Call the clinician on call at (503) 555-0142, choice 1, at any hour. Stay with the client, by "
            "phone if need be, until somebody has taken over. The safety plan form is in the front office."
        ),
    ),
    Invented(
        Kind.PRACTICE,
        "Alder Street Practice",
        "alder-street.example",
        "(971) 555-0118",
        (
            Person("Joan Abernathy", "PhD", "OR 0001980", (Duty.LEAD, Duty.SUPERVISOR)),
            Person("Willa Chen", "LPC Associate", "OR R-0007715", signed_by="Joan Abernathy"),
            Person("Marcus Oyelaran", "LPC", "OR C-0005521"),
        ),
        crisis_plan=(
            "Dr. Abernathy is told at once: (971) 555-0118. Outside office hours the county crisis line "
            "answers; its number is on the card beside each phone."
        ),
        requires_signature=True,
    ),
    Invented(
        Kind.PRACTICE,
        "Lakeside Therapy",
        "lakeside-therapy.example",
        "(208) 555-0177",
        (
            Person("Teresa Villanueva-Brandt", "LCSW", "ID LCSW-0038127", (Duty.LEAD,)),
            Person("Abel Kiplagat", "LMFT", "ID LMFT-0006604"),
        ),
        crisis_plan="Call (208) 555-0177 and say that it is urgent: one of the two of us is always reached.",
        time_zone="America/Boise",
    ),
)

PRESCRIBERS = (
    Invented(
        Kind.PRESCRIBER,
        "Cascade Clinic",
        "cascade-clinic.example",
        "(503) 555-0163",
        (
            Person("Ines Calder", "MD", "OR MD-0021954", (Duty.LEAD,)),
            Person("Dana Osei", "MD", "OR MD-0027310"),
        ),
    ),
    Invented(
        Kind.PRESCRIBER,
        "Juniper Psychiatry",
        "juniper-psychiatry.example",
        "(971) 555-0129",
        (Person("Tomas Reyes", "PMHNP", "OR NP-0010447", (Duty.LEAD,)),),
    ),
    Invented(
        Kind.PRESCRIBER,
        "Tidewater Center for Interventional Psychiatry",
        "tidewater-center.example",
        "(208) 555-0190",
        (
            Person("Leopold Anand", "DO", "ID O-0001263", (Duty.LEAD,)),
            Person("Grace Whitcomb", "PMHNP", "ID NP-0004118"),
        ),
        time_zone="America/Boise",
    ),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone who was invented, by name."""

    people: dict[str, User]
    organizations: dict[str, Organization]

    def __getitem__(self, name: str) -> User:
        """Return the person of this name."""
        return self.people[name]


def load() -> Cast:
    """Make the operator first, and by its first admin all the others."""
    cast = Cast({}, {})
    with enter(None):
        operator = actions.create_organization(
            by=None,
            kind=NETWORK.kind,
            name=NETWORK.name,
            time_zone=NETWORK.time_zone,
            phone=NETWORK.phone,
        )
        cast.organizations[NETWORK.name] = operator
        first = NETWORK.people[0]
        cast.people[first.name] = _person(NETWORK, operator, first, None)
    admin = cast[first.name]
    with enter(admin.organization_id):
        for person in NETWORK.people[1:]:
            cast.people[person.name] = _person(NETWORK, operator, person, admin)
    for invented in (*PRACTICES, *PRESCRIBERS):
        _load_organization(cast, admin, invented)
    return cast


def _load_organization(cast: Cast, admin: User, invented: Invented) -> None:
    with enter(admin.organization_id):
        organization = actions.create_organization(
            by=admin,
            kind=invented.kind,
            name=invented.name,
            time_zone=invented.time_zone,
            phone=invented.phone,
        )
        cast.organizations[invented.name] = organization
        for person in invented.people:
            cast.people[person.name] = _person(invented, organization, person, admin)
    lead = cast[invented.people[0].name]
    with enter(organization.pk):
        actions.change_practice_settings(
            by=lead,
            phone=invented.phone,
            crisis_plan=invented.crisis_plan,
            time_zone=invented.time_zone,
            requires_signature=invented.requires_signature,
            part2_program=False,
        )
        _set_supervisors(cast, lead, invented.people)


def _set_supervisors(cast: Cast, lead: User, people: Sequence[Person]) -> None:
    for person in people:
        if person.signed_by:
            supervisor = cast[person.signed_by]
            changed = actions.set_supervisor(by=lead, user=cast[person.name], supervisor=supervisor)
            cast.people[person.name] = changed


def _person(invented: Invented, organization: Organization, person: Person, by: User | None) -> User:
    """Make a person nobody can sign in as with a password: the demonstration has its own way in."""
    return actions.create_user(
        by=by,
        organization=organization,
        email=f"{person.name.split()[0].lower()}@{invented.domain}",
        name=person.name,
        password=None,
        duties=person.duties,
        credentials=person.credentials,
        licence=person.licence,
        phone=invented.phone,
    )
