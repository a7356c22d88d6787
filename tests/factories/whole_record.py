"""A client about whom everything is held that can be held, each word of it findable."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from accounts.models import User
from privacy import context
from referrals import actions as referral_actions
from referrals.actions import Assigned
from referrals.models import HandOverKind, Referral, Role
from screening import actions
from screening.models import Client
from screening.models.clients import Contacts
from screening.models.requests import StepKind
from tests.factories import accounts, referrals, requests
from tests.factories.referrals import Scene


@dataclass
class Whole:
    """The scene, the client, the lead, and every word that was written about the client."""

    scene: Scene
    lead: User
    client: Client
    referral: Referral
    words: list[str]


def build(scene: Scene) -> Whole:
    """Write every field of every kind of row about one client, by the actions."""
    written: list[str] = []
    numbers = count(10)

    def word(what: str) -> str:
        written.append(f"{what} w{next(numbers)}w")
        return written[-1]

    practice = scene.practice
    lead = accounts.therapist(organization=practice, name="Lea Der", duties=["lead", "supervisor"])
    colleague = accounts.therapist(organization=practice, name="Col League")
    accounts.in_context(None, _sign, therapist=scene.therapist, supervisor=lead)
    names = ("phone", "email", "language", "emergency_contact", "prescriber", "primary_care")
    client = referrals.client_of(
        scene,
        first_name=word("First"),
        last_name=word("Last"),
        used_name=word("Used"),
        record_number=word("Number"),
        contacts=Contacts(**{name: word(name) for name in names}, message_is_safe="yes", payer_type="other"),
        part2_program=True,
    )
    scene.by(scene.therapist, actions.add_to_care_team, client=client, user=colleague)
    screening = referrals.screening_of(scene, client, {"safety": {"danger": {"value": True}}})
    told = {"consideration": "danger_now", "done": word("Called"), "told": [word("told")]}
    scene.by(scene.therapist, actions.acknowledge_urgent, screening=screening, **told)
    view = {"indication": "low", "view": "differ", "words": word("I differ")}
    scene.by(scene.therapist, actions.record_judgment, screening=screening, **view)
    scene.by(lead, actions.sign_screening, screening=screening)
    referral = _refer(scene, screening, word)
    older = referrals.screening_of(scene, client)
    scene.by(scene.therapist, actions.enter_in_error, screening=older, reason=word("wrong"))
    requests.answered(scene, client, lead, word("given"))
    requests.amendment(scene, client, *requests.DISAGREED, sections=("mood",), words=word("not so"))
    requests.amendment(scene, client, StepKind.EXTENDED, words=word("later"))
    outsider = accounts.therapist(organization=practice, name="Out Sider")
    scene.by(lead, actions.open_emergency_access, client=client, user=outsider, reason=word("urgent"))
    cover(scene, lead, scene.therapist, Assigned(Role.THERAPIST, client.pk, colleague))
    return Whole(scene, lead, client, referral, written)


def _sign(therapist: User, supervisor: User) -> None:
    User.objects.filter(pk=therapist.pk).update(needs_signature_from=supervisor)
    therapist.refresh_from_db()


def _refer(scene: Scene, screening: object, word: object) -> Referral:
    draft = scene.by(
        scene.therapist, referral_actions.start_referral, screening=screening, listing=scene.listing
    )
    asked = {
        "reason": word("Reason"),
        "question": word("Question"),
        "meets": word("Meets"),
        "role": "prepares",
    }
    scene.by(scene.therapist, referral_actions.write_request, referral=draft, **asked)
    part2 = {"part2": {"substances": "yes"}, "part2_sections": ["substances"]}
    sections = (*referrals.SECTIONS, "substances")
    referral = referrals.consented(
        scene, draft, sections=sections, how="verbal", witness=word("Witness"), **part2
    )
    referrals.take(scene, referral, "send", "open")
    say = {"questions": [word("asked")], "note": word("noted")}
    scene.by(scene.provider, referral_actions.ask, referral=referral, **say)
    scene.by(scene.therapist, referral_actions.reply, referral=referral, answers=[{"text": word("replied")}])
    scene.by(scene.provider, referral_actions.accept, referral=referral, note=word("accepted"))
    referrals.take(scene, referral, "schedule")
    outcome = {"kind": "proceeding", "note": word("outcome")}
    scene.by(scene.provider, referral_actions.record_outcome, referral=referral, **outcome)
    scene.by(scene.therapist, referral_actions.send_message, referral=referral, text=word("message"))
    day = scene.now.astimezone(scene.practice.zone).date()
    measure = {"kind": "measure", "day": day, "measure": word("scale"), "result": word("result"), "notes": ""}
    scene.by(scene.therapist, referral_actions.add_course_entry, referral=referral, **measure)
    dosing = {"kind": "dosing", "day": day, "form": "iv", "notes": word("session")}
    scene.by(scene.provider, referral_actions.add_course_entry, referral=referral, **dosing)
    return scene.reload(referral)


def cover(scene: Scene, lead: User, person: User, *assigned: Assigned) -> None:
    """Let colleagues cover for somebody for nine days."""
    at = scene.later()
    with context.enter(scene.practice.pk):
        referral_actions.hand_over(
            by=lead,
            person=person,
            kind=HandOverKind.AWAY,
            reason="Colleague’s own affair",
            assigned=assigned,
            until=at + timedelta(days=9),
            at=at,
        )
