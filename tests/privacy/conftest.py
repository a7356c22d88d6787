"""Organizations with keys, and the sample table, in a database where commits are real."""

from uuid import UUID, uuid4

import psycopg
import pytest

from privacy import audit, context, keys
from tests.privacy import samples


def new_organization() -> UUID:
    """Return the id of an organization that has a key and a chain."""
    organization_id = uuid4()
    with context.enter(None):
        keys.create(organization_id)
        audit.open_chain(organization_id)
    return organization_id


@pytest.fixture
def letters(committed: object, as_owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """The sample tables."""
    samples.build(as_owner)


@pytest.fixture
def ours(letters: None) -> UUID:
    """One organization."""
    return new_organization()


@pytest.fixture
def theirs(letters: None) -> UUID:
    """Another organization."""
    return new_organization()
