"""Sign-in, reset and invitation tell nothing about who exists: words, status, length, and the work they cost.

Work stands in for time: a test that measures a clock fails on a busy computer and passes on a fast one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation, User
from tests.accounts.test_passwords import ask_for_reset
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db

hashed: list[str] = []


class CountingHasher(MD5PasswordHasher):
    """The tests' own hasher, which notes that it was used."""

    def encode(self, password: str, salt: str) -> str:
        hashed.append("once")
        return super().encode(password, salt)


@dataclass(frozen=True)
class Seen:
    """What somebody sees of an answer, and what a stopwatch could tell of it."""

    status: int
    location: str
    page: str
    length: int
    hashes: int
    mails: int
    statements: tuple[str, ...]


def seen(call: Callable[[], Any], email: str) -> Seen:
    hashed.clear()
    mails = len(mail.outbox)
    with CaptureQueriesContext(connection) as queries:
        answer = call()
    page = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(email, "EMAIL")
    statements = tuple(_kind_of(query["sql"]) for query in queries.captured_queries)
    return Seen(
        answer.status_code,
        answer.headers.get("Location", ""),
        page,
        len(answer.content) - answer.content.decode().count(email) * len(email),
        len(hashed),
        len(mail.outbox) - mails,
        statements,
    )


def sign_in(email: str, password: str) -> Any:
    return Client().post("/account/login/", {"login": email, "password": password})


def ask(email: str) -> Any:
    return Client().post("/account/password/reset/", {"email": email})


def _kind_of(statement: str) -> str:
    """Return a statement's verb and its table, without values and without the names of savepoints."""
    words = re.sub(r'"s\d+_x\d+"', "", statement).split()
    table = re.search(r'(?:FROM|INTO|UPDATE) "?(\w+)', statement)
    return " ".join([words[0], table.group(1) if table else ""])


@pytest.fixture
def counted(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.accounts.test_enumeration.CountingHasher"]


@pytest.fixture
def emails(counted: None) -> list[str]:
    """Of somebody who is here, who is disabled, whose organization is, who has no password, and of nobody."""
    person, disabled = people.therapist(email="a@example.org"), people.therapist(email="bb@example.org")
    outside, joined = people.therapist(email="c@example.org"), people.practice()
    people.UserFactory(organization=joined, password=None, email="d@example.org")
    for action, whom in (
        (actions.disable_user, {"user": disabled}),
        (actions.disable_organization, {"organization": outside.organization}),
    ):
        people.in_context(None, action, by=people.admin(), **whom)
    assert User.objects.filter(email=person.email).exists()
    return ["a@example.org", "bb@example.org", "c@example.org", "d@example.org", "nobody@example.org"]


def test_a_wrong_password_looks_and_costs_the_same_for_everybody(emails: list[str]) -> None:
    """CHECKS 14."""
    answers = {seen(partial(sign_in, email, "wrong"), email) for email in emails}
    assert len(answers) == 1
    one = answers.pop()
    assert one.hashes == 1
    assert "SELECT accounts_user" in one.statements


def test_a_right_password_of_somebody_who_may_not_come_in_is_a_wrong_one(emails: list[str]) -> None:
    """CHECKS 14."""
    tried = [(email, people.PASSWORD) for email in ("bb@example.org", "c@example.org")]
    tried.append(("nobody@example.org", "wrong"))
    assert len({seen(partial(sign_in, email, password), email) for email, password in tried}) == 1


def test_asking_for_a_reset_looks_and_costs_the_same_for_everybody(emails: list[str]) -> None:
    """CHECKS 14: no mail is written while the answer is made."""
    answers = {seen(partial(ask, email), email) for email in emails}
    assert len(answers) == 1
    one = answers.pop()
    assert (one.status, one.location, one.hashes, one.mails) == (302, "/account/password/reset/done/", 0, 0)


def test_asking_twice_looks_and_costs_the_same_for_everybody(emails: list[str]) -> None:
    """CHECKS 14: what waits already waits for nobody too."""
    for email in emails:
        ask(email)
    answers = {seen(partial(ask, email), email) for email in emails}
    assert len(answers) == 1


def test_only_who_may_come_in_gets_a_link(emails: list[str]) -> None:
    for email in emails:
        ask_for_reset(email)
    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "d@example.org"]


def test_every_closed_invitation_looks_and_costs_the_same(counted: None) -> None:
    """CHECKS 14: expired, withdrawn, used, of a disabled organization, and never sent."""
    urls = [reverse("people:join", args=["never-existed"])]
    for ending in ("expired", "withdrawn", "used", "disabled"):
        place = people.practice()
        values = {"organization": place, "email": f"{ending}@example.org", "name": "New"}
        made = people.in_context(None, actions.invite, by=people.admin(), **values)
        _close(ending, made, place)
        urls.append(reverse("people:join", args=[made.token]))
    for method in ("get", "post"):
        answers = {seen(partial(getattr(Client(), method), url), "@") for url in urls}
        assert len(answers) == 1
        assert answers.pop().status == 404


def _close(ending: str, made: actions.Invited, place: Any) -> None:
    match ending:
        case "expired":
            now = timezone.now()
            Invitation.objects.filter(pk=made.invitation.pk).update(
                invited_at=now - actions.invitations.INVITATION_LASTS, expires_at=now
            )
        case "withdrawn":
            people.in_context(
                None, actions.withdraw_invitation, by=people.admin(), invitation=made.invitation
            )
        case "used":
            values = {"invitation": made.invitation, "name": "New", "password": people.PASSWORD}
            people.in_context(None, actions.accept_invitation, **values)
        case "disabled":
            people.in_context(None, actions.disable_organization, by=people.admin(), organization=place)


def test_a_network_tries_so_many_closed_links_and_no_more(invitation: actions.Invited) -> None:
    """An open one is refused with the rest, and opens again later or from elsewhere."""
    statuses = [Client().get(f"/people/join/guess-{number}/").status_code for number in range(31)]
    assert statuses == [404] * 30 + [429]
    url = reverse("people:join", args=[invitation.token])
    refused = Client().get(url)
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
    assert "new@example.org" not in refused.content.decode()
    assert Client().get(url, REMOTE_ADDR="198.51.100.1").status_code == 200
