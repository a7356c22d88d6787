"""A network, a practice and a prescriber organization, with the people that most tests need."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import actions
from accounts.models import User
from tests.factories import accounts as people


@pytest.fixture(autouse=True)
def no_throttle_from_before() -> None:
    """Forget how often earlier tests signed in."""
    cache.clear()


@pytest.fixture
def admin(db: None) -> User:
    return people.admin(name="Priya Natarajan", email="priya@example.org")


@pytest.fixture
def lead(db: None) -> User:
    return people.therapist(
        name="Rowan Ellis", credentials="LMFT", email="rowan@example.org", duties=["lead"]
    )


@pytest.fixture
def colleague(lead: User) -> User:
    return people.therapist(name="Willa Chen", email="willa@example.org", organization=lead.organization)


@pytest.fixture
def provider(db: None) -> User:
    return people.provider(name="Ines Calder", email="ines@example.org", credentials="MD")


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def as_admin(admin: User) -> Client:
    return signed_in(admin)


@pytest.fixture
def as_lead(lead: User) -> Client:
    return signed_in(lead)


@pytest.fixture
def invitation(admin: User, lead: User) -> actions.Invited:
    made: actions.Invited = people.in_context(
        None, actions.invite, by=admin, organization=lead.organization, email="new@example.org", name="New"
    )
    return made
