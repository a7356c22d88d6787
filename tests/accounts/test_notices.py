"""The outbox: a notice commits with what it tells of, leaves once, and says nothing but where to look."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import override_settings

from accounts import notices
from accounts.models import User
from privacy import outbox
from privacy.models import Notice
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db

PATH = "/inbox/5f0c9a52-8f0e-4c5e-9c39-0f4ad2b2c6de/"


def leave(person: User, path: str = PATH) -> None:
    outbox.notify(recipient=person.pk, kind="referral.sent", path=path)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("referral sent", PATH),
        ("", PATH),
        ("referral.sent", "/clients/?name=Marisol"),
        ("referral.sent", "https://evil.example/"),
        ("referral.sent", "/clients/Marisol Vega/"),
    ],
)
def test_a_notice_has_no_room_for_client_data(kind: str, path: str) -> None:
    """CHECKS 38."""
    with pytest.raises(ValueError, match="nothing about a client"):
        outbox.notify(recipient=uuid4(), kind=kind, path=path)


def test_a_notice_leaves_once_with_a_link_only(provider: User, settings: Any) -> None:
    """CHECKS 38 and 41."""
    settings.PUBLIC_ADDRESS = "https://handoff.example"
    for _ in range(2):
        leave(provider)
    assert [notices.send_waiting(), notices.send_waiting()] == [(1, 0), (0, 0)]
    assert [message.to for message in mail.outbox] == [[provider.email]]
    assert f"https://handoff.example{PATH}" in mail.outbox[0].body
    assert "Ines" not in mail.outbox[0].body + mail.outbox[0].subject
    leave(provider)
    assert notices.send_waiting() == (1, 0)


def test_a_notice_goes_back_with_what_it_told_of(provider: User) -> None:
    with pytest.raises(KeyError), transaction.atomic():
        leave(provider)
        raise KeyError
    assert notices.send_waiting() == (0, 0)


def test_a_mail_server_that_is_away_leaves_it_waiting(provider: User) -> None:
    """CHECKS 41."""
    leave(provider)
    with override_settings(EMAIL_BACKEND="tests.accounts.broken_mail.Backend"):
        said = StringIO()
        call_command("send_notices", stdout=said)
    assert said.getvalue() == "0 sent, 1 still waiting.\n"
    assert notices.send_waiting() == (1, 0)
    assert len(mail.outbox) == 1


def test_somebody_who_cannot_sign_in_is_told_nothing(provider: User, admin: User) -> None:
    gone = people.therapist(is_active=False)
    leave(gone)
    leave(provider, "/inbox/")
    assert notices.send_waiting() == (1, 0)
    assert [message.to for message in mail.outbox] == [[provider.email]]


def test_two_runs_at_a_time_send_nothing_twice(committed: object) -> None:
    """CHECKS 41."""
    person = people.provider()
    for number in range(20):
        leave(person, f"/inbox/{number}/")
    start = threading.Barrier(2)

    def run(_: int) -> int:
        start.wait()
        try:
            return notices.send_waiting()[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 20
    assert len(mail.outbox) == 20
    assert Notice.objects.filter(sent_at__isnull=True).count() == 0
