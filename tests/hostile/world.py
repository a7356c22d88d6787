"""One of everything that people can write, in every state; `words` says what stands in each text."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone

from accounts import actions as people
from accounts.models import User
from privacy import context
from referrals import actions
from referrals.actions import ListingFacts
from referrals.models import Event, Referral
from referrals.workflow import Status
from screening import actions as screening
from screening.models import Client, Screening
from screening.models.clients import Contacts
from tests.factories import accounts, referrals
from tests.factories import screening as factory
from tests.factories.proofs import prove
from tests.factories.referrals import PATHS, Scene, listing_of
from tests.hostile import keeping, questionnaire
from tests.hostile.questionnaire import Words

SIGNED_OUT = "signed out"
TOKEN = "t" * 32
# What `words` is asked for instead of a number of characters.
EMAIL = 0
SECTIONS = ("mood", "everything")
# The moves that take nothing but a note and codes: who takes them, and the codes.
NOTED: dict[str, tuple[str, dict[str, str]]] = {
    "accept": ("provider", {}),
    "decline": ("provider", {"code": "other"}),
    "record_outcome": ("provider", {"kind": "proceeding"}),
    "withdraw": ("therapist", {"reason": "client_wish"}),
    "recall": ("therapist", {"reason": "wrong_recipient"}),
    "question_outcome": ("therapist", {}),
    "close": ("therapist", {}),
}


@dataclass
class World:
    """Who there is, the sessions in which they are signed in, and what no link leads to."""

    people: dict[str, UUID] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    # Of another practice and another clinic: nobody of the world's own may name them.
    foreign: dict[str, UUID] = field(default_factory=dict)
    token: str = ""

    def browser(self, persona: str) -> Browser:
        """Return a browser in which somebody of the world is signed in, and whose forms carry the token."""
        browser = Browser(
            raise_request_exception=False, enforce_csrf_checks=True, headers={"X-CSRFToken": TOKEN}
        )
        browser.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
        if persona != SIGNED_OUT:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[persona]
        return browser


class Plain:
    """Harmless words, each time others."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, place: str, limit: int) -> str:
        """Return words for a place."""
        self.count += 1
        if limit == EMAIL:
            return f"plain{self.count}@example.org"
        return f"Plain {self.count} {place.replace('.', ' ')}"[:limit]


class Builder:
    """Makes a world through the product's own actions."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.world = World()
        # Some days back: what happens in the story has happened by now.
        self.start = (timezone.now() - timedelta(days=20)).astimezone(UTC)

    def build(self) -> World:
        """Make people, questionnaires, clients, screenings and referrals in every status."""
        self._people()
        self._questionnaires()
        self.scene = Scene(self.therapist, self.provider, self._listing(), self.version, now=self.start)
        self._screenings()
        for status in Status:
            self._referral(status)
        self._keep()
        self._correct()
        self._others()
        self._sign_in()
        return self.world

    # ---- people

    def _person(self, persona: str, **values: Any) -> User:
        place = f"person.{persona}"
        details = {
            "name": self.words(f"{place}.name", 150),
            "credentials": self.words(f"{place}.credentials", 60),
            "licence": self.words(f"{place}.licence", 60),
            "phone": self.words(f"{place}.phone", 40),
            "email": self.words(f"{place}.email", EMAIL),
        }
        made = accounts.UserFactory(**details | values)
        self.world.people[persona] = made.pk
        return made

    def _people(self) -> None:
        words = self.words
        network = accounts.OrganizationFactory(kind="network", name=words("network.name", 200))
        self.admin = self._person("admin", organization=network)
        self.owner = self._person("clinical owner", organization=network, duties=["clinical_owner"])
        practice = accounts.practice(
            name=words("practice.name", 200),
            phone=words("practice.phone", 40),
            crisis_plan=words("practice.crisis_plan", 4000),
        )
        prescriber = accounts.prescriber(
            name=words("prescriber.name", 200), phone=words("prescriber.phone", 40)
        )
        self.lead = self._person("lead", organization=practice, duties=["lead", "supervisor"])
        self.therapist = self._person("therapist", organization=practice)
        self.associate = self._person("associate", organization=practice, needs_signature_from=self.lead)
        self.provider = self._person("provider", organization=prescriber, duties=["lead"])
        self._person("provider's colleague", organization=prescriber)
        self.stranger = self._person(
            "stranger", organization=accounts.practice(name=words("other.name", 200))
        )
        invited = self._by(
            self.admin, people.invite, organization=practice, name=words("invitation.name", 150),
            email=words("invitation.email", EMAIL),
        )  # fmt: skip
        self.world.ids |= {"practice": practice.pk, "prescriber": prescriber.pk}
        self.world.token = invited.token

    def _by(self, person: User, action: Callable[..., Any], **values: Any) -> Any:
        with context.enter(person.organization_id):
            return action(by=person, **values)

    # ---- questionnaires

    def _questionnaires(self) -> None:
        text, by = questionnaire.document(self.words), self._by
        self.version = self._published(text)
        draft = by(self.admin, screening.create_draft, document=text)
        waiting = by(self.admin, screening.create_draft, document=text)
        keeping.building(self.admin, draft, self.words)
        by(self.admin, screening.submit_for_review, version=waiting, note=self.words("version.note", 2000))
        said = by(self.owner, screening.comment, version=waiting, text=self.words("version.comment", 2000))
        by(self.admin, screening.reply, comment=said, text=self.words("version.reply", 2000))
        approved = self._approved(text)
        retired = self._published(questionnaire.document(self.words, key="retired"))
        by(self.admin, screening.retire, version=retired)
        by(self.owner, screening.verify_source, version=self.version, source="made_up")
        self.world.ids |= {
            "retired": retired.pk,
            "draft": draft.pk,
            "in_review": waiting.pk,
            "approved": approved.pk,
            "version": self.version.pk,
        }

    def _approved(self, text: str) -> Any:
        """Leave a version that waits for the day on which it is published."""
        draft = self._by(self.admin, screening.create_draft, document=text)
        self._by(self.admin, screening.submit_for_review, version=draft)
        self._by(self.owner, screening.approve, version=draft)
        when = timezone.now() + timedelta(days=30)
        return self._by(self.owner, screening.set_publishing_day, version=draft, when=when)

    def _published(self, text: str) -> Any:
        draft = self._by(self.admin, screening.create_draft, document=text)
        prove(draft)
        self._by(self.admin, screening.submit_for_review, version=draft)
        return self._by(self.owner, screening.approve_and_publish, version=draft)

    # ---- clients and screenings

    def _listing(self) -> Any:
        return listing_of(
            self.provider,
            about=self.words("listing.about", 1000),
            city=self.words("listing.city", 100),
            phone=self.words("listing.phone", 40),
            languages=self.words("listing.languages", 200),
            state="or",
            wait_weeks=3,
        )  # fmt: skip

    def _client(self, **values: Any) -> Client:
        words = self.words
        contacts = Contacts(
            phone=words("client.phone", 60), message_is_safe="yes", email=words("client.email", EMAIL),
            language=words("client.language", 60), emergency_contact=words("client.emergency_contact", 400),
            prescriber=words("client.prescriber", 400), prescriber_knows="yes",
            primary_care=words("client.primary_care", 400), primary_care_knows="no", payer_type="medicare",
        )  # fmt: skip
        record = {
            "first_name": words("client.first_name", 100),
            "last_name": words("client.last_name", 100),
            "used_name": words("client.used_name", 100),
            "birth_date": date(1992, 5, 19),
            "record_number": words("client.record_number", 40),
            "contacts": contacts,
        }
        return self.scene.by(values.pop("by", self.therapist), screening.add_client, **record | values)

    def _answered(self, client: Client, by: User | None = None, danger: bool = False) -> Screening:
        person = by or self.therapist
        started = self.scene.by(person, screening.start_screening, client=client, version=self.version)
        for section, given in questionnaire.answers(self.words).items():
            changed = given | ({"danger": {"value": danger}} if section == "safety" else {})
            self.scene.by(person, screening.save_answers, screening=started, section=section, answers=changed)
        return started

    def _screenings(self) -> None:
        by, words = self.scene.by, self.words
        client = self._client()
        by(self.therapist, screening.add_to_care_team, client=client, user=self.lead)
        opened = self._answered(client)
        urgent = self._answered(self._client(), danger=True)
        acknowledged = self._answered(self._client(), danger=True)
        by(
            self.therapist, screening.acknowledge_urgent, screening=acknowledged, consideration="danger_now",
            done=words("acknowledgement.done", 4000), told=[words("acknowledgement.told", 200)],
        )  # fmt: skip
        self._set_aside()
        self._report()
        unsigned = self._answered(self._client(by=self.associate), by=self.associate)
        by(self.associate, screening.complete_screening, screening=unsigned)
        self.world.ids |= {
            "client": client.pk, "open": opened.pk, "urgent": urgent.pk, "acknowledged": acknowledged.pk,
            "unsigned": unsigned.pk,
        }  # fmt: skip

    def _set_aside(self) -> None:
        by, words = self.scene.by, self.words
        mistaken = self._answered(self._client())
        reason = words("screening.set_aside_reason", 1000)
        by(self.therapist, screening.enter_in_error, screening=mistaken, reason=reason)
        replaced = self.done(self._client())
        by(self.therapist, screening.replace_screening, screening=replaced, reason=reason)
        self.world.ids |= {"mistaken": mistaken.pk, "replaced": replaced.pk}

    def _report(self) -> None:
        said = {"version": self.version, "question": "danger"}
        report = self.scene.by(self.therapist, screening.report_question, reason="unclear", **said)
        self._by(
            self.admin, screening.settle_reports, reports=[report], words=self.words("report.words", 500)
        )
        self.scene.by(self.therapist, screening.report_question, reason="other", **said)

    def done(self, client: Client) -> Screening:
        """Complete a screening and judge its outcomes."""
        made = self._answered(client)
        self.scene.by(self.therapist, screening.complete_screening, screening=made)
        for indication in ("low", "mixed"):
            self.scene.by(
                self.therapist, screening.record_judgment, screening=made, indication=indication,
                view="differ", words=self.words("judgment.words", 2000),
            )  # fmt: skip
        return made

    # ---- referrals

    def _referral(self, status: Status) -> None:
        made = self._ready()
        for move in PATHS[status]:
            self._move(made, move)
        if status in (Status.IN_REVIEW, Status.ACCEPTED, Status.EVALUATED):
            self._talk(made)
        if status in (Status.EVALUATED, Status.CLOSED):
            self._course(made)
        if status is Status.DRAFT:
            self.world.ids["begun"] = self._draft().pk
        self.world.ids[status.value] = made.pk

    def _draft(self) -> Referral:
        by, words = self.scene.by, self.words
        done = self.done(self._client())
        draft = by(self.therapist, actions.start_referral, screening=done, listing=self.scene.listing)
        written = {
            "reason": words("referral.reason", 4000), "question": words("referral.question", 4000),
            "meets": words("referral.meets", 200), "role": "prepares",
        }  # fmt: skip
        by(self.therapist, actions.write_request, referral=draft, **written)
        return draft

    def _ready(self) -> Referral:
        by, draft = self.scene.by, self._draft()
        by(
            self.therapist, actions.record_consent, referral=draft, sections=SECTIONS, how="verbal",
            witness=self.words("consent.witness", 200), part2={"substances": "no"},
            expires_on=(self.scene.now + timedelta(days=365)).date(),
        )  # fmt: skip
        by(self.therapist, actions.preview_packet, referral=draft)
        return self.scene.reload(draft)

    def _move(self, referral: Referral, move: str) -> None:
        note, by = self.words(f"event.{move}", 4000), self.scene.by
        if move in NOTED:
            person, values = NOTED[move]
            by(getattr(self, person), getattr(actions, move), referral=referral, note=note, **values)
        elif move == "ask":
            asked = [self.words("event.question", 1000)]
            by(self.provider, actions.ask, referral=referral, questions=asked, note=note)
        elif move == "schedule":
            at = timezone.now() + timedelta(days=7)
            by(self.provider, actions.schedule, referral=referral, appointment_at=at, note=note)
        elif move == "no_show":
            self._no_show(referral, note)
        else:
            referrals.STEPS[move](self.scene, referral)

    def _no_show(self, referral: Referral, note: str) -> None:
        """Let the appointment go by first."""
        with context.enter(self.provider.organization_id):
            actions.reschedule(
                by=self.provider, referral=referral, at=self.scene.later(minutes=10),
                appointment_at=self.scene.now + timedelta(minutes=30), note=note,
            )  # fmt: skip
        self.scene.later(hours=1)
        self.scene.by(self.provider, actions.no_show, referral=referral, note=note)

    def _talk(self, referral: Referral) -> None:
        """Write to each other, and report changes: one is acknowledged, one waits on each side."""
        by, words = self.scene.by, self.words
        for person in (self.therapist, self.provider):
            by(person, actions.send_message, referral=referral, text=words("message.text", 4000))
            by(person, actions.report_urgent_change, referral=referral, note=words("event.report", 4000))
        with context.enter(self.scene.practice.pk):
            report = Event.objects.filter(
                referral=referral, move="report_urgent_change", party="therapist"
            ).latest("number")
        note = words("event.acknowledge", 4000)
        by(self.provider, actions.acknowledge_urgent_change, referral=referral, report=report.pk, note=note)

    def _course(self, referral: Referral) -> None:
        by, words, day = self.scene.by, self.words, self.scene.now.date() - timedelta(days=1)
        entries: tuple[tuple[User, dict[str, Any]], ...] = (
            (self.provider, {"kind": "dosing", "form": "iv"}),
            (self.therapist, {"kind": "integration"}),
            (
                self.therapist,
                {
                    "kind": "measure",
                    "measure": words("course.measure", 200),
                    "result": words("course.result", 200),
                },
            ),
        )
        for person, entry in entries:
            by(
                person, actions.add_course_entry, referral=referral, day=day,
                notes=words("course.notes", 4000), **entry,
            )  # fmt: skip

    # ---- what is kept beside

    def _keep(self) -> None:
        words, colleague = self.words, self._person("colleague", organization=self.scene.practice)
        left = accounts.practice(name=words("left.name", 200))
        ids, urgent = keeping.records(self.lead, self._client(), words), self._client()
        self.world.ids |= ids | {
            "emergency": keeping.emergency(self.lead, urgent, colleague, words),
            "emergency_client": urgent.pk,
            "hand_over": keeping.absence(self.lead, self.associate, colleague, words),
            "erasure": keeping.erasure(self.admin, left, words),
        }
        keeping.app(self.therapist, words)

    def _correct(self) -> None:
        newer = self._published(questionnaire.document(self.words, key="retired"))
        told = self.words("correction.words", 2000)
        self._by(self.owner, screening.declare_correction, version=newer, since=1, words=told)
        self.world.ids["correction"] = newer.pk

    def _others(self) -> None:
        """Make a client of another practice, and a clinic that publishes nothing."""
        theirs = factory.client_of(self.stranger, last_name=self.words("stranger.client", 100))
        begun = self._by(self.stranger, screening.start_screening, client=theirs, version=self.version)
        clinic = accounts.prescriber(name=self.words("other_clinic.name", 200))
        provider = accounts.provider(organization=clinic, name=self.words("other_provider.name", 150))
        with context.enter(clinic.pk):
            listing = actions.write_listing(
                by=provider, facts=ListingFacts(contact=provider), is_published=False
            )
        self.world.foreign = {
            "person": self.stranger.pk,
            "organization": self.stranger.organization_id,
            "client": theirs.pk,
            "screening": begun.pk,
            "provider": provider.pk,
            "listing": listing.pk,
        }

    # ---- sessions

    def _sign_in(self) -> None:
        # Twice: there is a session to end beside the one in use.
        for persona, pk in [*self.world.people.items()] * 2:
            browser = Browser()
            browser.force_login(User.objects.get(pk=pk), backend="accounts.backend.People")
            self.world.sessions[persona] = browser.cookies[settings.SESSION_COOKIE_NAME].value
