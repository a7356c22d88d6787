"""The world once a run, everybody signed in, in a database that tests clone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from tests import databases
from tests.access.world import PENDING, PERSONAS, SIGNED_OUT, World, build
from tests.conftest import use
from tests.factories import factors

Browse = Callable[..., Client]


@dataclass(frozen=True)
class Built:
    """The name of the world's database, its ids, and everybody's session."""

    name: str
    world: World
    sessions: dict[str, str]


@pytest.fixture(scope="session")
def built(
    server: databases.Server, django_db_setup: databases.Clone, django_db_blocker: DjangoDbBlocker
) -> Iterator[Built]:
    """Build the world and sign everybody in."""
    made = databases.clone(server, kind="loaded")
    with django_db_blocker.unblock():
        use(made)
        world = build()
        sessions = {persona: _session_of(world, persona) for persona in PERSONAS if persona != SIGNED_OUT}
        use(django_db_setup)
    made.owner.close()
    yield Built(made.name, world, sessions)
    databases.drop(server, made.name)


def _session_of(world: World, persona: str) -> str:
    person = User.objects.get(pk=getattr(world, persona))
    client = factors.with_password(person) if persona in PENDING else Client()
    if persona not in PENDING:
        client.force_login(person, backend="accounts.backend.People")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def world(
    server: databases.Server,
    built: Built,
    django_db_setup: databases.Clone,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[World]:
    """The world's ids, with Django on a copy of its database for this test alone: commits are real."""
    own = databases.clone(server, template=built.name)
    with django_db_blocker.unblock():
        use(own)
        yield built.world
        use(django_db_setup)
    own.drop()


@pytest.fixture(scope="session")
def shared(server: databases.Server, built: Built) -> Iterator[databases.Clone]:
    """A copy of the world's database for all tests that only look, or are refused."""
    own = databases.clone(server, template=built.name)
    yield own
    own.drop()


@pytest.fixture
def standing_world(
    shared: databases.Clone,
    built: Built,
    django_db_setup: databases.Clone,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[World]:
    """The world's ids, with Django on the copy that these tests share."""
    with django_db_blocker.unblock():
        use(shared)
        yield built.world
        use(django_db_setup)


@pytest.fixture
def browse(built: Built) -> Browse:
    """Return what gives a browser to somebody of the world."""

    def as_persona(persona: str, **options: object) -> Client:
        client = Client(raise_request_exception=False, **options)
        if persona != SIGNED_OUT:
            client.cookies[settings.SESSION_COOKIE_NAME] = built.sessions[persona]
        return client

    return as_persona
