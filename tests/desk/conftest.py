"""A therapist with a colleague, a provider and an admin, and browsers that are signed in."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import accounts, referrals

Browser = Callable[[User], Client]
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def scene(db: None) -> referrals.Scene:
    return referrals.scene(now=NOW)


@pytest.fixture
def browser() -> Browser:
    def signed_in(person: User) -> Client:
        window = Client()
        window.force_login(person)
        return window

    return signed_in


@pytest.fixture
def colleague(scene: referrals.Scene) -> User:
    return accounts.therapist(organization=scene.practice, name="Col League")
