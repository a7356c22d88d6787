"""What a new password may be: long, unknown to breaches, not one's own words, and nothing else."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client

from accounts.models import User
from config import environment
from tests.accounts.conftest import signed_in
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db


def codes(password: str, person: User | None = None) -> list[str]:
    try:
        validate_password(password, person)
    except ValidationError as refused:
        return [problem.code for problem in refused.error_list]
    return []


@pytest.fixture
def listed(tmp_path: Path, settings: Any) -> list[str]:
    """A list of 500 breached passwords, as an operator would put it there."""
    found = [f"breached walk number {number}" for number in range(500)]
    hashes = sorted(hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper() for word in found)
    file = tmp_path / "breached.txt"
    file.write_text("".join(f"{digest}:{number}\r\n" for number, digest in enumerate(hashes)))
    settings.BREACHED_PASSWORDS_FILE = str(file)
    return found


def test_every_password_of_the_operators_list_is_refused_and_no_other(listed: list[str]) -> None:
    assert {tuple(codes(word)) for word in listed} == {("breached",)}
    assert {tuple(codes(f"another {word}")) for word in listed} == {()}


def test_a_list_without_lines_refuses_nothing(tmp_path: Path, settings: Any) -> None:
    settings.BREACHED_PASSWORDS_FILE = str(tmp_path / "empty")
    Path(settings.BREACHED_PASSWORDS_FILE).touch()
    assert codes("a long walk in the rain") == []


def test_a_list_that_cannot_be_read_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BREACHED_PASSWORDS_FILE", str(tmp_path / "missing"))
    with pytest.raises(ImproperlyConfigured, match=r"^BREACHED_PASSWORDS_FILE can't be read: FileNotFound"):
        environment.readable_file("BREACHED_PASSWORDS_FILE")


@pytest.mark.parametrize(
    "password",
    [
        "WarmHandoff2026!",
        "rowan-ellis-1",
        "rowan@example.org",
        "Practice 12",
        "handoff handoff",
        "EllisRowan99",
    ],
)
def test_ones_own_words_are_no_password(lead: User, password: str) -> None:
    lead.organization.name = "Harbor Practice"
    assert "own_words" in codes(password, lead)


@pytest.mark.parametrize(
    "password",
    [
        "rowan ellis walks by the river",
        "lowercase only words",
        "48213370951264",
        "ünïcödé wörds ärë fïnë",
        "密码可以是中文的很长",
        "a" * 10 + "b" * 118,
        " leading and trailing ",
    ],
)
def test_nothing_else_is_asked_of_a_password(lead: User, password: str) -> None:
    """No capitals, digits or signs are demanded, and none is forbidden; 128 characters and more are taken."""
    assert codes(password, lead) == []
    typed = {"oldpassword": people.PASSWORD, "password1": password, "password2": password}
    assert signed_in(lead).post("/account/password/change/", typed).status_code == 302
    lead.refresh_from_db()
    assert lead.check_password(password)


@pytest.mark.parametrize(
    ("password", "code"), [("short", "password_too_short"), ("iloveyou1", "password_too_common")]
)
def test_short_and_common_ones_are_refused(password: str, code: str) -> None:
    assert code in codes(password)


def test_who_joins_is_told_beside_the_field(invitation: Any) -> None:
    """The organization's name counts before there is a person."""
    organization = invitation.invitation.organization.name
    typed = {"name": "New Person", "password": organization, "password_again": organization}
    answer = Client().post(f"/people/join/{invitation.token}/", typed)
    assert answer.status_code == 422
    assert "This is too close to your name" in answer.content.decode()
