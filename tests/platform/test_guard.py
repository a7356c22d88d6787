"""The demonstration's guard where somebody set its variable in production: it serves nothing."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from config.demo import mark
from tests import databases


@pytest.fixture
def guarded() -> Iterator[None]:
    """Put the guard where WARM_HANDOFF_DEMO puts it."""
    with override_settings(MIDDLEWARE=["config.demo.guard.OnlyHere", *settings.MIDDLEWARE]):
        yield


@pytest.mark.usefixtures("guarded")
def test_a_database_without_the_mark_is_not_served(committed: databases.Clone) -> None:
    answer = Client().get("/account/login/")
    assert (answer.status_code, answer.content) == (503, b"This database isn't marked as a demonstration's.")


@pytest.mark.usefixtures("guarded")
def test_a_database_with_the_mark_is_served(committed: databases.Clone) -> None:
    mark.set_comment(committed.owner, mark.MARK)
    assert Client().get("/account/login/").status_code == 200


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("address", ["203.0.113.7", "10.0.0.1", "", "unix:", "::ffff:203.0.113.7"])
def test_another_computer_is_refused(address: str, committed: databases.Clone) -> None:
    mark.set_comment(committed.owner, mark.MARK)
    assert Client().get("/account/login/", REMOTE_ADDR=address).status_code == 400


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_this_computer_is_answered(address: str, committed: databases.Clone) -> None:
    mark.set_comment(committed.owner, mark.MARK)
    assert Client().get("/account/login/", REMOTE_ADDR=address).status_code == 200


@pytest.mark.django_db
def test_the_app_role_cannot_mark_a_database_itself() -> None:
    with connection.cursor() as cursor:
        assert mark.comment_of(cursor) == ""
        with pytest.raises(Exception, match="must be owner of database"):
            mark.set_comment(connection.connection, mark.MARK)


@pytest.mark.django_db
def test_without_the_demonstration_its_address_does_not_exist() -> None:
    assert Client().post("/demo/sign-in/00000000-0000-4000-8000-000000000000/").status_code == 404
