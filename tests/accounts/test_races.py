"""Two people at one moment: an e-mail is invited once, an invitation accepted once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts import actions
from accounts.models import Invitation, User
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """Run all at the same moment and return, sorted, how each ended."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> str:
        start.wait()
        try:
            call()
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


def test_an_invitation_accepted_twice_at_once_makes_one_person(committed: object) -> None:
    """CHECKS 42, for joining."""
    made = people.in_context(
        None,
        actions.invite,
        by=people.admin(),
        organization=people.practice(),
        email="new@example.org",
        name="New",
    )

    def accept() -> None:
        people.in_context(
            None,
            actions.accept_invitation,
            invitation=made.invitation,
            name="New",
            password=people.PASSWORD,
        )

    assert at_once(accept, accept, accept) == ["done", "refused", "refused"]
    assert User.objects.filter(email="new@example.org").count() == 1


def test_one_email_invited_by_two_organizations_at_once_waits_for_one(committed: object) -> None:
    admin, places = people.admin(), [people.practice(), people.practice()]

    def invite(place: Any) -> Callable[[], Any]:
        values = {"by": admin, "organization": place, "email": "new@example.org", "name": "New"}
        return lambda: people.in_context(None, actions.invite, **values)

    ended = at_once(*(invite(place) for place in places))
    assert "done" in ended
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    assert waiting.count() == 1
