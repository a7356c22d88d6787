"""Two practices, two clinics, the network, and one of everything that an address can name."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from accounts import actions as accounts_actions
from accounts.models import User
from privacy import context
from referrals.workflow import Status
from screening import actions as screening_actions
from tests.factories import accounts, factors, referrals, small_questionnaire

SIGNED_OUT = "signed out"
# A person of the world's own practice or clinic, somebody beside them, and somebody from elsewhere.
PERSONAS = (
    SIGNED_OUT,
    "therapist",
    "colleague",
    "stranger",
    "provider",
    "other_provider",
    "admin",
    "disabled",
    # Both gave their password and no second factor: one has none yet, one has one.
    "enrolling",
    "half_signed_in",
)
PENDING = PERSONAS[-2:]


@dataclass(frozen=True)
class World:
    """Ids of people and records; plain, so that they outlive the database they were made in."""

    therapist: UUID
    colleague: UUID
    stranger: UUID
    provider: UUID
    other_provider: UUID
    admin: UUID
    disabled: UUID
    enrolling: UUID
    half_signed_in: UUID

    client: UUID
    emergency_access: UUID
    records_request: UUID
    amendment: UUID
    open_screening: UUID
    urgent_screening: UUID
    done_screening: UUID
    draft_referral: UUID
    sent_referral: UUID
    review_referral: UUID
    version: UUID
    draft_version: UUID
    comment: UUID
    listing: UUID
    practice: UUID
    invitation: UUID
    token: str

    def named(self, names: dict[str, str]) -> dict[str, Any]:
        """Return an address's values: a name of the world is its id, anything else stands for itself."""
        known = {each.name for each in fields(self)}
        return {key: getattr(self, name) if name in known else name for key, name in names.items()}


ASKED = {"kind": "copy", "asker": "client", "received_on": date(2026, 11, 20)}
AMENDED = {"words": "I moved.", "received_on": date(2026, 11, 20)}


def build() -> World:
    """Make the world through the product's own actions."""
    scene = referrals.scene()
    therapist, provider, practice = scene.therapist, scene.provider, scene.practice
    disabled, enrolling, half = (accounts.therapist(organization=practice) for _ in range(3))
    factors.app_of(half)
    admin = accounts.admin()
    client = referrals.client_of(scene)
    urgent = _opened(scene, danger=True)
    invited = accounts.in_context(
        admin.organization_id,
        accounts_actions.invite,
        by=admin,
        organization=practice,
        email="new@example.org",
        name="New",
    )
    draft = _draft(admin)
    world = World(
        therapist=therapist.pk,
        colleague=accounts.therapist(organization=practice).pk,
        stranger=accounts.therapist().pk,
        provider=provider.pk,
        other_provider=accounts.provider().pk,
        admin=admin.pk,
        disabled=disabled.pk,
        enrolling=enrolling.pk,
        half_signed_in=half.pk,
        client=client.pk,
        emergency_access=_opened_in_an_emergency(client, practice).pk,
        records_request=scene.by(therapist, screening_actions.ask_for_records, client=client, **ASKED).pk,
        amendment=scene.by(therapist, screening_actions.ask_to_amend, client=client, **AMENDED).pk,
        open_screening=_opened(scene).pk,
        urgent_screening=urgent.pk,
        done_screening=referrals.screening_of(scene).pk,
        draft_referral=referrals.ready(scene).pk,
        sent_referral=referrals.at(Status.SENT, scene).pk,
        review_referral=referrals.at(Status.IN_REVIEW, scene).pk,
        version=scene.version.pk,
        draft_version=draft.pk,
        comment=_said(admin, draft).pk,
        listing=scene.listing.pk,
        practice=practice.pk,
        invitation=invited.invitation.pk,
        token=invited.token,
    )
    with context.enter(admin.organization_id):
        accounts_actions.disable_user(by=admin, user=disabled)
    return world


def _opened(scene: referrals.Scene, danger: bool = False) -> Any:
    """Start a screening and answer its safety section."""
    screening = scene.by(
        scene.therapist,
        screening_actions.start_screening,
        client=referrals.client_of(scene),
        version=scene.version,
    )
    answers = {"danger": {"value": danger}}
    scene.by(
        scene.therapist,
        screening_actions.save_answers,
        screening=screening,
        section="safety",
        answers=answers,
    )
    return screening


def _opened_in_an_emergency(client: Any, practice: Any) -> Any:
    """Let a lead of the practice open the client for themselves."""
    lead = accounts.therapist(organization=practice, duties=["lead"])
    return accounts.in_context(
        practice.pk,
        screening_actions.open_emergency_access,
        by=lead,
        client=client,
        user=lead,
        reason="The client calls from a hospital.",
    )


def _said(admin: User, draft: Any) -> Any:
    with context.enter(admin.organization_id):
        return screening_actions.comment(by=admin, version=draft, text="Which week?")


def _draft(admin: User) -> Any:
    with context.enter(admin.organization_id):
        return screening_actions.create_draft(by=admin, document=small_questionnaire.TEXT)
