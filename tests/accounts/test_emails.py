"""Changing the e-mail one signs in with: confirmed from the new address, told to the old one, and silent."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import EmailChange, User
from privacy.models import Notice
from tests.accounts.conftest import signed_in
from tests.factories import factors

pytestmark = pytest.mark.django_db

CHANGE, SECURITY = "/account/email/", "/account/security/"


def asks(browser: Client, email: str, capture: Any) -> Any:
    with capture(execute=True):
        return browser.post(CHANGE, {"email": email})


def link_in(message: Any) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/account/email/[\w-]+/)", message.body)
    assert found is not None
    return found[1]


def test_an_email_counts_once_its_link_was_followed(
    lead: User, django_capture_on_commit_callbacks: Any
) -> None:
    """CHECKS 18 and 19: every session ends, the old address is told, and the link works once."""
    browser, elsewhere = signed_in(lead), signed_in(lead)
    asked = asks(browser, "Rowan.New@example.org", django_capture_on_commit_callbacks)
    assert asked.headers["Location"] == SECURITY
    lead.refresh_from_db()
    assert lead.email == "rowan@example.org"
    assert [message.to for message in mail.outbox] == [["rowan.new@example.org"]]
    link = link_in(mail.outbox[0])
    assert browser.get(link).status_code == 200
    lead.refresh_from_db()
    assert lead.email == "rowan@example.org"
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(link).headers["Location"] == "/account/login/"
    lead.refresh_from_db()
    assert lead.email == "rowan.new@example.org"
    assert mail.outbox[-1].to == ["rowan@example.org"]
    assert [each.get(SECURITY).status_code for each in (browser, elsewhere)] == [302, 302]
    assert signed_in(lead).post(link).status_code == 404
    assert factors.with_password(lead).get("/").headers["Location"] == "/account/second-factor/choose/"


def test_the_old_address_learns_at_once_that_somebody_asked(
    lead: User, django_capture_on_commit_callbacks: Any
) -> None:
    """CHECKS 38."""
    asks(signed_in(lead), "new@example.org", django_capture_on_commit_callbacks)
    assert [notice.kind for notice in Notice.objects.filter(recipient=lead.pk)] == ["security.changed"]


def test_the_page_does_not_say_whether_an_address_is_somebodys(
    lead: User, provider: User, django_capture_on_commit_callbacks: Any
) -> None:
    """CHECKS 14: the same answer, page and number of e-mails; only its owner reads that it was tried."""
    answers = [
        asks(signed_in(lead), email, django_capture_on_commit_callbacks)
        for email in (provider.email, "nobody@example.org")
    ]
    assert [(each.status_code, each.headers["Location"], each.content) for each in answers] == [
        (302, SECURITY, b"")
    ] * 2
    assert [message.to for message in mail.outbox] == [[provider.email], ["nobody@example.org"]]
    assert "http" not in mail.outbox[0].body
    assert EmailChange.objects.count() == 2


def test_a_link_is_its_askers_alone_and_the_newest_counts(
    lead: User, colleague: User, django_capture_on_commit_callbacks: Any
) -> None:
    browser = signed_in(lead)
    for email in ("first@example.org", "second@example.org"):
        asks(browser, email, django_capture_on_commit_callbacks)
    first, second = (link_in(message) for message in mail.outbox)
    assert browser.get(first).status_code == 404
    assert signed_in(colleague).post(second).status_code == 404
    assert Client().get(second).headers["Location"].startswith("/account/login/")
    assert browser.get(second).status_code == 200


def test_a_link_expires(lead: User, django_capture_on_commit_callbacks: Any) -> None:
    browser = signed_in(lead)
    asks(browser, "new@example.org", django_capture_on_commit_callbacks)
    now = timezone.now()
    EmailChange.objects.update(asked_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    assert browser.post(link_in(mail.outbox[0])).status_code == 404


def test_an_address_that_became_somebodys_meanwhile_is_refused(
    lead: User, provider: User, django_capture_on_commit_callbacks: Any
) -> None:
    browser = signed_in(lead)
    asks(browser, "new@example.org", django_capture_on_commit_callbacks)
    User.objects.filter(pk=provider.pk).update(email="new@example.org")
    assert browser.post(link_in(mail.outbox[0])).status_code == 404
    lead.refresh_from_db()
    assert lead.email == "rowan@example.org"


@pytest.mark.parametrize(
    "email", ["", "no address", "rowan@example.org", "ROWAN@example.org", "x" * 300 + "@a.org"]
)
def test_what_cannot_be_is_said_beside_the_field(lead: User, email: str) -> None:
    """CHECKS 30."""
    answer = signed_in(lead).post(CHANGE, {"email": email})
    assert (answer.status_code, "There is a problem" in answer.content.decode()) == (422, True)
    assert EmailChange.objects.count() == 0


def test_nobody_has_mail_sent_to_many_strangers(lead: User, django_capture_on_commit_callbacks: Any) -> None:
    browser = signed_in(lead)
    emails = [f"stranger{number}@example.org" for number in range(6)]
    answers = [asks(browser, email, django_capture_on_commit_callbacks).status_code for email in emails]
    assert answers == [302] * 5 + [422]
    assert [message.to for message in mail.outbox] == [[email] for email in emails[:5]]
