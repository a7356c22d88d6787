"""Referrals in every status, reached through the product's own actions.

`scene()` makes a practice, a prescriber organization and a published questionnaire; `at(status, scene)` takes
a new referral there by the moves of `PATHS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from accounts.models import Organization, User
from privacy import context
from referrals import actions
from referrals.actions import ListingFacts
from referrals.models import Event, Listing, Referral
from referrals.workflow import Status
from screening import actions as screening_actions
from screening.models import Client, QuestionnaireVersion, Screening
from screening.models.clients import Contacts
from tests.factories import accounts, small_questionnaire
from tests.factories.proofs import prove

# A Monday at noon in Los Angeles.
MONDAY = datetime(2026, 11, 23, 20, tzinfo=UTC)
SECTIONS = ("mood",)


@dataclass
class Scene:
    """Two organizations and their people, a questionnaire, and a clock that each step moves on."""

    therapist: User
    provider: User
    listing: Listing
    version: QuestionnaireVersion
    now: datetime = MONDAY
    number: int = field(default=0)

    @property
    def practice(self) -> Organization:
        """The practice that refers."""
        return self.therapist.organization

    @property
    def prescriber(self) -> Organization:
        """The organization that is referred to."""
        return self.provider.organization

    def later(self, **step: float) -> datetime:
        """Let time go by, an hour unless said otherwise, and return the moment."""
        self.now += timedelta(**(step or {"hours": 1}))
        return self.now

    def by(self, person: User, action: Callable[..., Any], **values: Any) -> Any:
        """Take an action as a person, in the context of their organization."""
        with context.enter(person.organization_id):
            return action(by=person, at=self.later(minutes=10), **values)

    def reload(self, referral: Referral) -> Referral:
        """Return the referral as its practice sees it now."""
        with context.enter(self.practice.pk):
            return Referral.objects.with_people().select_related("screening", "client").get(pk=referral.pk)


def scene(now: datetime = MONDAY, **settings: Any) -> Scene:
    """Make the people, the directory entry and the published questionnaire."""
    therapist = accounts.therapist(
        organization=accounts.practice(**settings), name="Thea Rapist", credentials="LMFT"
    )
    provider = accounts.provider(name="Pro Vider", credentials="MD")
    return Scene(therapist, provider, listing_of(provider), published(), now=now)


def listing_of(provider: User, **facts: Any) -> Listing:
    """Publish the directory entry of a provider's organization."""
    with context.enter(provider.organization_id):
        entry = ListingFacts(contact=provider, evaluates=("trd",), licensed_in=("or",), **facts)
        return actions.write_listing(by=provider, facts=entry, is_published=True)


def published(text: str = small_questionnaire.TEXT) -> QuestionnaireVersion:
    """Publish a questionnaire, or return the version that is published already."""
    found = QuestionnaireVersion.objects.filter(state="published", questionnaire__key="small").first()
    if found is not None and text == small_questionnaire.TEXT:
        return found
    author, owner = accounts.admin(), accounts.admin(duties=["clinical_owner"])
    with context.enter(author.organization_id):
        draft = screening_actions.create_draft(by=author, document=text)
        prove(draft)
        screening_actions.submit_for_review(by=author, version=draft)
        return screening_actions.approve_and_publish(by=owner, version=draft)


def client_of(scene: Scene, **values: Any) -> Client:
    """Add a client of the scene's therapist."""
    scene.number += 1
    record: dict[str, Any] = {
        "first_name": "Marisol",
        "last_name": f"Vega{scene.number}",
        "birth_date": date(1992, 5, 19),
        "record_number": f"MV-{uuid4()}",
        "contacts": Contacts(phone="503 555 0142", message_is_safe="yes"),
    }
    return scene.by(scene.therapist, screening_actions.add_client, **record | values)


def screening_of(
    scene: Scene,
    client: Client | None = None,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
    leave_out: tuple[str, ...] = (),
) -> Screening:
    """Complete a screening; `answers` replaces single answers, by section; some sections stay unanswered."""
    person = scene.therapist
    started = scene.by(
        person,
        screening_actions.start_screening,
        client=client or client_of(scene),
        version=scene.version,
    )
    for section, given in small_questionnaire.ANSWERS.items():
        if section in leave_out:
            continue
        changed = {**given, **(answers or {}).get(section, {})}
        scene.by(person, screening_actions.save_answers, screening=started, section=section, answers=changed)
    return scene.by(person, screening_actions.complete_screening, screening=started)


def draft_of(scene: Scene, screening: Screening | None = None, **values: Any) -> Referral:
    """Start a referral and write its reason."""
    person = scene.therapist
    draft = scene.by(
        person,
        actions.start_referral,
        screening=screening or screening_of(scene),
        listing=values.get("listing", scene.listing),
    )
    written = {"reason": "Two medicines did not help.", "role": "prepares", "meets": "Weekly"}
    return scene.by(person, actions.write_request, referral=draft, **written)


def consented(scene: Scene, referral: Referral, **values: Any) -> Referral:
    """Record consent and preview the packet."""
    person = scene.therapist
    given: dict[str, Any] = {
        "sections": SECTIONS,
        "how": "on_paper",
        "expires_on": (scene.now + timedelta(days=365)).date(),
        "part2": {"substances": "no"},
    }
    scene.by(person, actions.record_consent, referral=referral, **given | values)
    scene.by(person, actions.preview_packet, referral=referral)
    return scene.reload(referral)


def ready(scene: Scene, **values: Any) -> Referral:
    """Return a draft that can be sent."""
    return consented(scene, draft_of(scene, values.pop("screening", None)), **values)


def send(scene: Scene, referral: Referral) -> None:
    """Send what is previewed in the same moment: at midnight the packet of the day before is another one."""
    at, person = scene.later(minutes=10), scene.therapist
    with context.enter(person.organization_id):
        sealed = actions.preview_packet(by=person, referral=referral, at=at)
        actions.send(by=person, referral=referral, previewed=sealed.hash, at=at)


def acknowledge(scene: Scene, referral: Referral) -> None:
    """Acknowledge the therapist's last report."""
    with context.enter(scene.practice.pk):
        report = referral.events.filter(move="report_urgent_change").latest("number").pk
    values = {"report": report, "note": "Called the therapist."}
    scene.by(scene.provider, actions.acknowledge_urgent_change, referral=referral, **values)


# Each move as the factories take it: who, and with what.
STEPS: dict[str, Callable[[Scene, Referral], Any]] = {
    "send": send,
    "discard": lambda s, r: s.by(s.therapist, actions.discard, referral=r),
    "open": lambda s, r: s.by(s.provider, actions.open_packet, referral=r),
    "ask": lambda s, r: s.by(s.provider, actions.ask, referral=r, questions=["Blood pressure?"], note="Two."),
    "reply": lambda s, r: s.by(s.therapist, actions.reply, referral=r, answers=[{"text": "132 / 84"}]),
    "accept": lambda s, r: s.by(s.provider, actions.accept, referral=r, note="We can see them."),
    "decline": lambda s, r: s.by(s.provider, actions.decline, referral=r, code="not_taking_new_clients"),
    "schedule": lambda s, r: s.by(
        s.provider, actions.schedule, referral=r, appointment_at=s.now + timedelta(days=7)
    ),
    "reschedule": lambda s, r: s.by(
        s.provider, actions.reschedule, referral=r, appointment_at=s.now + timedelta(days=9)
    ),
    "no_show": lambda s, r: (
        s.later(days=8),
        s.by(s.provider, actions.no_show, referral=r, note="Nobody came."),
    ),
    "agree_new_time": lambda s, r: s.by(s.therapist, actions.agree_new_time, referral=r, note="Mornings."),
    "record_outcome": lambda s, r: s.by(
        s.provider, actions.record_outcome, referral=r, kind="proceeding", note="We begin."
    ),
    "question_outcome": lambda s, r: s.by(s.therapist, actions.question_outcome, referral=r, note="Why?"),
    "close": lambda s, r: s.by(s.therapist, actions.close, referral=r, note="Talked it over."),
    "refer_elsewhere": lambda s, r: s.by(s.therapist, actions.refer_elsewhere, referral=r),
    "reopen": lambda s, r: s.by(s.therapist, actions.reopen, referral=r, note="There is news."),
    "withdraw": lambda s, r: s.by(s.therapist, actions.withdraw, referral=r, reason="client_wish"),
    "recall": lambda s, r: s.by(s.therapist, actions.recall, referral=r, reason="wrong_recipient"),
    "assign": lambda s, r: s.by(s.provider, actions.assign, referral=r, to=s.provider),
    "report_urgent_change": lambda s, r: s.by(
        s.therapist, actions.report_urgent_change, referral=r, note="Sleeps two hours a night."
    ),
    "acknowledge_urgent_change": acknowledge,
    "provider_unavailable": lambda s, r: as_system(s, actions.provider_unavailable, r),
}


def as_system(scene: Scene, action: Callable[..., Any], referral: Referral) -> Any:
    """Let the system act in the practice's context."""
    with context.enter(scene.practice.pk):
        return action(referral=referral, at=scene.later())


TO_ACCEPTED = ("send", "open", "accept")
TO_EVALUATED = (*TO_ACCEPTED, "schedule", "record_outcome")
PATHS: dict[Status, tuple[str, ...]] = {
    Status.DRAFT: (),
    Status.SENT: ("send",),
    Status.IN_REVIEW: ("send", "open"),
    Status.INFORMATION_REQUESTED: ("send", "open", "ask"),
    Status.ACCEPTED: TO_ACCEPTED,
    Status.SCHEDULED: (*TO_ACCEPTED, "schedule"),
    Status.NO_SHOW: (*TO_ACCEPTED, "schedule", "no_show"),
    Status.EVALUATED: TO_EVALUATED,
    Status.OUTCOME_QUESTIONED: (*TO_EVALUATED, "question_outcome"),
    Status.DECLINED: ("send", "open", "decline"),
    Status.WITHDRAWN: ("send", "withdraw"),
    Status.RECALLED: ("send", "open", "recall"),
    Status.DISCARDED: ("discard",),
    Status.CLOSED: (*TO_EVALUATED, "close"),
}


def take(scene: Scene, referral: Referral, *moves: str) -> Referral:
    """Take moves one after the other and return the referral as it stands then."""
    for name in moves:
        STEPS[name](scene, referral)
    return scene.reload(referral)


def at(status: Status, scene: Scene, **values: Any) -> Referral:
    """Return a new referral in a status, reached by moves."""
    return take(scene, ready(scene, **values), *PATHS[status])


def events_of(scene: Scene, referral: Referral) -> list[Event]:
    """Return what happened, in order."""
    with context.enter(scene.practice.pk):
        return list(referral.events.order_by("number"))


def form_key() -> UUID:
    """Return the key of a form as a page would make it."""
    return uuid4()
