"""Passwords: changed, forgotten, and replaced through a link that works once."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import signed_in
from tests.accounts.test_sign_in import PROFILE, actions_of, sign_in
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "another walk in the snow"


def test_a_new_password_ends_every_other_session(lead: User) -> None:
    """CHECKS 18."""
    here, elsewhere = signed_in(lead), signed_in(lead)
    typed = {"oldpassword": people.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post("/account/password/change/", typed).headers["Location"] == "/account/security/"
    assert (here.get(PROFILE).status_code, elsewhere.get(PROFILE).status_code) == (200, 302)
    assert "person.set_password" in actions_of(lead)
    lead.refresh_from_db()
    assert lead.check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"oldpassword": "wrong"}, "Please type your current password."),
        ({"password2": "something else"}, "You must type the same password each time."),
        ({"password1": "short", "password2": "short"}, "This password is too short."),
        ({"password1": "a\x01" * 9, "password2": "a\x01" * 9}, "Remove the control characters"),
    ],
)
def test_a_bad_change_of_password_says_what_is_wrong(
    lead: User, typed: dict[str, str], sentence: str
) -> None:
    browser = signed_in(lead)
    right = {"oldpassword": people.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = browser.post("/account/password/change/", right | typed)
    assert sentence in answer.content.decode()
    lead.refresh_from_db()
    assert lead.check_password(people.PASSWORD)


def test_somebody_without_a_password_reads_how_to_get_one(admin: User) -> None:
    person = people.UserFactory(organization=people.practice(), password=None)
    browser = Client()
    browser.force_login(person)
    page = browser.get("/account/password/change/", follow=True)
    assert page.redirect_chain == [("/account/security/", 302)]
    assert "You have no password." in page.content.decode()
    assert Client().get("/account/password/change/").headers["Location"].startswith("/account/login/?next=")


def ask_for_reset(email: str, capture: Any, **more: Any) -> Any:
    with capture(execute=True):
        return Client().post("/account/password/reset/", {"email": email}, **more)


def test_a_forgotten_password_is_replaced_through_a_link_that_works_once(
    lead: User, django_capture_on_commit_callbacks: Any
) -> None:
    """CHECKS 18 and 38."""
    elsewhere = signed_in(lead)
    ask_for_reset("ROWAN@example.org", django_capture_on_commit_callbacks)
    assert [message.to for message in mail.outbox] == [["rowan@example.org"]]
    link = re.findall(r"https?://testserver(\S+)", mail.outbox[0].body)[0]
    browser = Client()
    page = browser.get(link)
    form = page.headers["Location"]
    assert "set-password" in form
    answer = browser.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert answer.headers["Location"] == "/account/password/reset/key/done/"
    assert elsewhere.get(PROFILE).status_code == 302
    assert sign_in(Client(), lead.email, NEW_PASSWORD).status_code == 302
    again = Client().get(link)
    assert (again.status_code, "works no more" in again.content.decode()) == (200, True)


def test_an_email_about_a_password_carries_a_link_only(
    lead: User, django_capture_on_commit_callbacks: Any
) -> None:
    """CHECKS 38."""
    ask_for_reset(lead.email, django_capture_on_commit_callbacks)
    text = mail.outbox[0].subject + mail.outbox[0].body
    assert "Rowan" not in text
    assert "Practice" not in text
    assert len(re.findall(r"https?://", text)) == 1


def test_asking_for_a_link_tells_nothing_about_who_exists(
    lead: User, django_capture_on_commit_callbacks: Any
) -> None:
    """CHECKS 14: text, status and length; the mail itself leaves after the answer is made."""
    answers = [
        ask_for_reset(email, django_capture_on_commit_callbacks)
        for email in (lead.email, "nobody@example.org")
    ]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (302, "/account/password/reset/done/")
    ] * 2
    assert answers[0].content == answers[1].content
    assert len(mail.outbox) == 1


def test_a_forged_host_changes_no_link(lead: User, django_capture_on_commit_callbacks: Any) -> None:
    """CHECKS 18 and 24."""
    answer = ask_for_reset(lead.email, django_capture_on_commit_callbacks, HTTP_HOST="evil.example")
    assert (answer.status_code, mail.outbox) == (400, [])
    ask_for_reset(lead.email, django_capture_on_commit_callbacks, HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil.example" not in mail.outbox[0].body


def test_a_mail_server_that_is_away_breaks_no_page(
    lead: User, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.broken_mail.Backend"
    assert ask_for_reset(lead.email, django_capture_on_commit_callbacks).status_code == 302


@pytest.mark.parametrize(
    "link",
    [
        "/account/password/reset/key/0-0/",
        "/account/password/reset/key/zz-set-password/",
        "/account/password/reset/key/" + "a" * 32 + "-x-y/",
        "/account/password/reset/key/" + "a" * 500 + "-x-y/",
    ],
)
def test_a_link_that_was_never_sent_opens_nothing(link: str) -> None:
    assert "works no more" in Client().get(link).content.decode()
