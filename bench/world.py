"""A practice with 2,000 clients and a clinic with an inbox of 50, made by the product's own actions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice, product

from django.utils import timezone

from accounts.models import User
from bench import crowd, questionnaire
from privacy import context
from referrals.models import Referral
from referrals.workflow import Status
from screening import actions
from screening.models import Client, QuestionnaireVersion, Screening
from screening.models.clients import Contacts
from tests.factories import accounts
from tests.factories import referrals as referring
from tests.factories import screening as screenings


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    intakes: int
    clients: int = 2_000
    inbox: int = 50
    referrals: int = 10_000


FIRST = (
    "Amara Bento Chiara Dmitri Elena Farid Greta Hoshi Imani Joaquin Katya Luis Marisol Nadia Omar Priya Rui"
)
LAST_BEGIN = (
    "Al Ber Cor Dal Est Far Gar Hol Iver Jen Kar Lind Mor Nor Oak Per Quin Ros Sol Tam Und Vel Wes Yar"
)
LAST_END = "berg dale er field ham ington ley man mont ova son stein ton wood zar"

# Every status in which a referral waits for the clinic.
WAITS_FOR_CLINIC = (
    Status.SENT,
    Status.SENT,
    Status.IN_REVIEW,
    Status.ACCEPTED,
    Status.SCHEDULED,
)


@dataclass(frozen=True, slots=True)
class World:
    """Who and what the cases need."""

    therapist: User
    provider: User
    # A screening whose two sections are answered throughout.
    open_screening: Screening
    # Intakes with every shown question answered, each to be completed once.
    intakes: Iterator[Screening]
    a_client: Client


def build(size: Size) -> World:
    """Make all of it."""
    practice = accounts.practice(name="Harbor Counseling")
    therapist = accounts.therapist(organization=practice, name="Rowan Ellis", credentials="LMFT")
    clients = _clients(therapist, size.clients)
    version = screenings.published(text=questionnaire.text())
    provider = _inbox(size)
    return World(
        therapist=therapist,
        provider=provider,
        open_screening=_answered(therapist, clients[0], version),
        intakes=iter([_intake(therapist, client) for client in clients[1 : size.intakes + 1]]),
        a_client=clients[size.clients // 2],
    )


def names() -> Iterator[tuple[str, str]]:
    """Yield first and last names; no last name belongs to one client alone."""
    lasts = [begin + end for end, begin in product(LAST_END.split(), LAST_BEGIN.split())]
    return zip(cycle(FIRST.split()), cycle(name for name in lasts for _ in range(2)), strict=False)


def _clients(therapist: User, count: int) -> list[Client]:
    with context.enter(therapist.organization_id):
        return [
            actions.add_client(
                by=therapist,
                first_name=first,
                last_name=last,
                used_name="" if number % 10 else first[:3],
                birth_date=date(1950, 1, 1) + timedelta(days=9 * number),
                record_number=f"HC-{number:05}",
                contacts=Contacts(phone="503 555 0142", message_is_safe="yes", language="English"),
            )
            for number, (first, last) in enumerate(islice(names(), count))
        ]


def _answered(therapist: User, client: Client, version: QuestionnaireVersion) -> Screening:
    with context.enter(therapist.organization_id):
        started = actions.start_screening(by=therapist, client=client, version=version)
        for count in (questionnaire.SHORT, questionnaire.LONG):
            actions.save_answers(
                by=therapist,
                screening=started,
                section=f"section_{count}",
                answers=questionnaire.answers(count),
            )
        return started


def _intake(therapist: User, client: Client) -> Screening:
    started: Screening = screenings.started(therapist, client)
    screenings.answer(therapist, started, screenings.vignette("typical_intake"))
    return started


def _inbox(size: Size) -> User:
    """Send referrals that wait for one clinic, and put all the others beside them."""
    scene = referring.scene(now=timezone.now() - timedelta(days=9))
    waiting: list[Referral] = []
    for status in islice(cycle(WAITS_FOR_CLINIC), size.inbox):
        scene.now = timezone.now() - timedelta(days=9)
        waiting.append(referring.at(status, scene))
    crowd.build(waiting[0], scene.listing, size.referrals - size.inbox)
    provider: User = scene.provider
    return provider
