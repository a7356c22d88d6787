"""Another organization's ids through every action there is: all refused alike, and nothing is written."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import connection
from psycopg import sql

from accounts.models import User
from privacy import context
from referrals import actions as referral_actions
from screening import actions as screening_actions
from tests.factories import accounts as people
from tests.factories import referrals as made
from tests.factories import screening as screenings
from tests.privacy.test_row_security import WITHOUT_CLIENT_DATA, our_tables

pytestmark = pytest.mark.django_db

# The parameters by which an action is given somebody's record.
RECORDS = {"client", "screening", "referral", "access"}


def actions_on_records() -> dict[str, Callable[..., Any]]:
    """Return every action that somebody takes on a record, by its name."""
    found = {}
    for module in (screening_actions, referral_actions):
        for name in module.__all__:
            action = getattr(module, name)
            parameters = inspect.signature(action).parameters if inspect.isfunction(action) else {}
            if "by" in parameters and RECORDS & set(parameters):
                found[f"{module.__name__}.{name}"] = action
    return found


def values_for(action: Callable[..., Any], by: User, records: dict[str, Any]) -> dict[str, Any]:
    """Fill in what an action asks for; a parameter that this test doesn't know fails it."""
    known = {
        **records,
        **screenings.record(),
        "by": by,
        "user": by,
        "to": by,
        "answers": {"low_mood": {"value": False}},
        "asker": "client",
        "include": True,
        "received_on": made.MONDAY.date(),
        "words": "Words.",
        "appointment_at": made.MONDAY + timedelta(days=30),
        "code": "other",
        "consideration": "danger_now",
        "day": made.MONDAY.date(),
        "done": "Nothing.",
        "entry": str(uuid4()),
        "expires_on": made.MONDAY.date() + timedelta(days=90),
        "grid": "how_low",
        "how": "on_paper",
        "indication": "low",
        "kind": "dosing",
        "note": "Words.",
        "part2": True,
        "previewed": "sha256:0",
        "question": "low_mood",
        "questions": ["Words?"],
        "reason": "Words.",
        "report": uuid4(),
        "revision": 0,
        "section": "mood",
        "seen": "sha256:0",
        "sections": made.SECTIONS,
        "text": "Words.",
        "told": [],
        "view": "agree",
    }
    asked = inspect.signature(action).parameters.values()
    return {each.name: known[each.name] for each in asked if each.default is each.empty}


@pytest.fixture
def scene(committed: object) -> made.Scene:
    return made.scene()


def contents(scene: made.Scene) -> dict[str, list[Any]]:
    """Read every row of every guarded table, but for the log, as the two organizations see them."""
    found = {}
    for organization in (scene.practice, scene.prescriber):
        with context.enter(organization.pk), connection.cursor() as cursor:
            for table in sorted(our_tables() - WITHOUT_CLIENT_DATA - {"privacy_entry"}):
                cursor.execute(sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(table)))
                found[f"{organization.pk} {table}"] = cursor.fetchall()
    return found


def how_it_ended(action: Callable[..., Any], by: User, records: dict[str, Any]) -> str:
    try:
        with context.enter(by.organization_id):
            action(**values_for(action, by, records))
    except (PermissionDenied, ObjectDoesNotExist):
        return "refused"
    except Exception as other:  # whatever else it is, it tells a stranger something
        return f"{type(other).__name__}: {other}"
    return "done"


@pytest.mark.parametrize("steps", [(), ("send", "open", "accept", "schedule", "record_outcome")])
def test_nobody_acts_on_a_record_of_others(scene: made.Scene, steps: tuple[str, ...]) -> None:
    """CHECKS 2 and 4: every action, on a draft and after the evaluation, with real commits."""
    referral = made.take(scene, made.ready(scene), *steps)
    lead = people.therapist(organization=scene.practice, duties=["lead"])
    with context.enter(scene.practice.pk):
        access = screening_actions.open_emergency_access(
            by=lead, client=referral.client, user=people.therapist(organization=scene.practice), reason="Now."
        )
        records = {
            "access": access,
            "client": referral.client,
            "screening": referral.screening,
            "referral": referral,
            "version": scene.version,
            "listing": scene.listing,
        }
    strangers = {
        "therapist of another practice": people.therapist(),
        "lead of another practice": people.therapist(duties=["lead", "supervisor"]),
        "colleague outside the care team": people.therapist(organization=scene.practice),
        "provider of another organization": people.provider(),
        "admin": people.admin(),
    }
    actions, before = actions_on_records(), contents(scene)
    ended = {
        (who, name): how_it_ended(action, person, records)
        for who, person in strangers.items()
        for name, action in actions.items()
    }
    assert {key: end for key, end in ended.items() if end != "refused"} == {}
    assert contents(scene) == before
    assert len(actions) > 35
    assert all(before[f"{scene.practice.pk} {table}"] for table in ("screening_client", "referrals_referral"))
    # The values are not what is refused: those who may act get past the door, a provider once it is sent.
    let_in = {
        name
        for person in (scene.therapist, scene.provider, lead)
        for name, action in actions.items()
        if how_it_ended(action, person, records) != "refused"
    }
    assert not steps or set(actions) - let_in == {"screening.actions.sign_screening"}
