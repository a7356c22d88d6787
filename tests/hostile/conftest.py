"""The world once a run, in a database that tests clone or share."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests.conftest import use
from tests.hostile.crawl import PERSONAS, forms_in, pages_of
from tests.hostile.pages import Form
from tests.hostile.seeded import Met, look_at_all
from tests.hostile.world import Builder, Plain, World


@dataclass(frozen=True)
class Built:
    """The name of the world's database, the world, and what everybody meets in it."""

    name: str
    world: World
    pages: dict[str, dict[str, str]]
    forms: dict[str, list[Form]]


@pytest.fixture(scope="session")
def built(
    server: databases.Server, django_db_setup: databases.Clone, django_db_blocker: DjangoDbBlocker
) -> Iterator[Built]:
    """Build the world, and open every page that each of its people can come to."""
    made = databases.clone(server, kind="loaded")
    with django_db_blocker.unblock():
        use(made)
        world = Builder(Plain()).build()
        met = [page for persona in PERSONAS for page in pages_of(world, persona)]
        use(django_db_setup)
    made.owner.close()
    forms = forms_in(met)
    yield Built(
        made.name,
        world,
        {persona: {page.path: page.name for page in met if page.persona == persona} for persona in PERSONAS},
        {persona: [form for form in forms if form.persona == persona] for persona in PERSONAS},
    )
    databases.drop(server, made.name)


@pytest.fixture(scope="session")
def shared(server: databases.Server, built: Built) -> Iterator[databases.Clone]:
    """A copy of the world's database for all tests that undo what they do."""
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
    """The world, with Django on the copy that these tests share."""
    with django_db_blocker.unblock():
        use(shared)
        yield built.world
        use(django_db_setup)


@pytest.fixture(scope="session")
def met(
    server: databases.Server, django_db_setup: databases.Clone, django_db_blocker: DjangoDbBlocker
) -> Iterator[Met]:
    """All that is shown of a world full of scripts."""
    own = databases.clone(server)
    with django_db_blocker.unblock():
        use(own)
        seen = look_at_all()
        use(django_db_setup)
    own.drop()
    yield seen
