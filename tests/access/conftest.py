"""The world once a run, in a database of its own that each test clones."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from tests import databases
from tests.access.world import SIGNED_OUT, World, build
from tests.conftest import use


@pytest.fixture(scope="session")
def built(
    server: databases.Server, django_db_setup: databases.Clone, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, World]]:
    """The name of the world's database, and its ids."""
    made = databases.clone(server, kind="loaded")
    with django_db_blocker.unblock():
        use(made)
        world = build()
        use(django_db_setup)
    made.owner.close()
    yield made.name, world
    databases.drop(server, made.name)


@pytest.fixture
def world(
    server: databases.Server,
    built: tuple[str, World],
    django_db_setup: databases.Clone,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[World]:
    """The world's ids, with Django on a fresh copy of its database: commits are real."""
    name, made = built
    own = databases.clone(server, template=name)
    with django_db_blocker.unblock():
        use(own)
        yield made
        use(django_db_setup)
    own.drop()


@pytest.fixture
def browse(world: World) -> Callable[..., Client]:
    """Return what gives a browser to somebody of the world."""

    def as_persona(persona: str, **options: object) -> Client:
        client = Client(raise_request_exception=False, **options)
        if persona != SIGNED_OUT:
            user = User.objects.get(pk=getattr(world, persona))
            client.force_login(user, backend="accounts.backend.People")
        return client

    return as_persona
