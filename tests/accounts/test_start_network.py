"""The first minute of an installation: the operator and its first admin."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Organization, User
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db

OPTIONS = {
    "name": "Northwest Network",
    "time_zone": "America/Los_Angeles",
    "admin": "Priya",
    "email": "P@example.org",
}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What somebody types when the password is asked for."""
    answers = [people.PASSWORD]
    monkeypatch.setattr("accounts.management.commands.start_network.getpass", lambda prompt: answers[0])
    return answers


def test_the_first_admin_signs_in(typed: list[str]) -> None:
    call_command("start_network", stdout=StringIO(), **OPTIONS)
    made = User.objects.get()
    assert (made.email, made.organization.name, made.is_admin) == ("p@example.org", "Northwest Network", True)
    answer = Client().post("/account/login/", {"login": "p@example.org", "password": people.PASSWORD})
    assert answer.status_code == 302


def test_it_happens_once(typed: list[str]) -> None:
    call_command("start_network", stdout=StringIO(), **OPTIONS)
    with pytest.raises(CommandError, match="already"):
        call_command("start_network", stdout=StringIO(), **OPTIONS)


@pytest.mark.parametrize(
    ("options", "password", "sentence"),
    [
        ({}, "short", "too short"),
        ({"time_zone": "Mars/Olympus"}, people.PASSWORD, "time zone"),
        ({"name": ""}, people.PASSWORD, "blank"),
        ({"email": "no address"}, people.PASSWORD, "valid email"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(
    typed: list[str], options: dict[str, str], password: str, sentence: str
) -> None:
    typed[0] = password
    with pytest.raises(CommandError, match=sentence):
        call_command("start_network", stdout=StringIO(), **(OPTIONS | options))
    assert (Organization.objects.count(), User.objects.count()) == (0, 0)
