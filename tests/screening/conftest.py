"""A fixed cast: the owner of a client, a colleague, a supervisor, strangers of three kinds."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from privacy import context
from screening.models import Client, Screening
from tests.factories import accounts, screening


@pytest.fixture
def rowan(db: None) -> User:
    practice = accounts.practice(name="Harbor Counseling", crisis_plan="On call: Nadia Haddad, 503-555-0142.")
    return accounts.therapist(organization=practice, name="Rowan Ellis", credentials="LMFT")


@pytest.fixture
def willa(rowan: User) -> User:
    """A colleague of the same practice, on no care team."""
    return accounts.therapist(organization=rowan.organization, name="Willa Chen")


@pytest.fixture
def nadia(rowan: User) -> User:
    """A supervisor of the same practice."""
    return accounts.therapist(
        organization=rowan.organization, name="Nadia Haddad", credentials="PsyD", duties=["supervisor"]
    )


@pytest.fixture
def associate(rowan: User, nadia: User) -> User:
    """A therapist whose screenings Nadia signs."""
    return accounts.therapist(organization=rowan.organization, name="Asa Lind", needs_signature_from=nadia)


@pytest.fixture
def stranger(db: None) -> User:
    """A therapist of another practice."""
    return accounts.therapist(name="Stran Ger")


@pytest.fixture
def provider(db: None) -> User:
    return accounts.provider(name="Ines Calder")


@pytest.fixture
def admin(db: None) -> User:
    return accounts.admin()


@pytest.fixture
def client_record(rowan: User) -> Client:
    return screening.client_of(rowan)


@pytest.fixture
def opened(rowan: User, client_record: Client) -> Screening:
    """A screening that was started and not answered."""
    return screening.started(rowan, client_record)


@pytest.fixture
def inside(rowan: User) -> Iterator[None]:
    """The rest of the test sees what Rowan's practice sees."""
    with context.enter(rowan.organization_id):
        yield


def signed_in(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


@pytest.fixture
def browser(rowan: User) -> Browser:
    return signed_in(rowan)


@pytest.fixture
def author(db: None) -> User:
    return accounts.admin(name="Priya Natarajan", email="priya@example.org")


@pytest.fixture
def owner(author: User) -> User:
    return accounts.admin(name="Tomas Berg", email="tomas@example.org", duties=["clinical_owner"])


@pytest.fixture
def pages(author: User) -> Browser:
    return signed_in(author)


class Counted:
    """The statements of a block, without BEGIN, COMMIT and savepoints."""

    def __enter__(self) -> "Counted":
        self.captured = CaptureQueriesContext(connection)
        self.captured.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self.captured.__exit__(*raised)

    @property
    def statements(self) -> list[str]:
        aside = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
        return [each["sql"] for each in self.captured.captured_queries if not each["sql"].startswith(aside)]
