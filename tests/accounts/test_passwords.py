"""Passwords: changed, forgotten, and replaced through a link that works once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.forms import default_token_generator as tokens
from allauth.account.utils import user_pk_to_url_str
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import actions, notices
from accounts.models import User
from privacy.models import Notice
from tests.accounts.conftest import signed_in
from tests.accounts.test_sign_in import PROFILE, actions_of, sign_in
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "another walk in the snow"


def test_a_new_password_ends_every_other_session(lead: User) -> None:
    """CHECKS 18."""
    here, elsewhere = signed_in(lead), signed_in(lead)
    typed = {"oldpassword": people.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post("/account/password/change/", typed).headers["Location"] == "/account/security/"
    assert (here.get(PROFILE).status_code, elsewhere.get(PROFILE).status_code) == (200, 302)
    assert "person.set_password" in actions_of(lead)
    assert [told.path for told in Notice.objects.filter(recipient=lead.pk)] == ["/account/security/"]
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


def ask_for_reset(email: str, **more: Any) -> Any:
    """Ask for a link as anybody may, and send what waits, as the server does every minute."""
    answer = Client().post("/account/password/reset/", {"email": email}, **more)
    notices.send_waiting()
    return answer


def sent_link() -> str:
    """Return the path of the one link in the newest e-mail."""
    links = re.findall(r"http://127.0.0.1:8000(\S+)", mail.outbox[-1].body)
    assert len(links) == 1
    return str(links[0])


def chooses(link: str, browser: Client | None = None) -> Any:
    """Follow a link of a reset and choose a password on the page it opens."""
    browser = browser or Client()
    form = browser.get(link).headers["Location"]
    assert "set-password" in form
    return browser.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def opens_nothing(link: str) -> bool:
    answer = Client().get(link)
    return answer.status_code == 200 and "works no more" in answer.content.decode()


def link_of(person: User, *, minutes_ago: int) -> str:
    """Return the link that was sent so many minutes ago."""
    made = tokens._num_seconds(tokens._now() - timedelta(minutes=minutes_ago))
    key = tokens._make_token_with_timestamp(person, made, tokens.secret)
    names = {"uidb36": user_pk_to_url_str(person), "key": key}
    return reverse("account_reset_password_from_key", kwargs=names)


def test_a_forgotten_password_is_replaced_through_a_link_that_works_once(lead: User) -> None:
    """CHECKS 18 and 38."""
    elsewhere = signed_in(lead)
    ask_for_reset("ROWAN@example.org")
    assert [message.to for message in mail.outbox] == [["rowan@example.org"]]
    link = sent_link()
    assert chooses(link).headers["Location"] == "/account/password/reset/key/done/"
    assert elsewhere.get(PROFILE).status_code == 302
    assert sign_in(Client(), lead.email, NEW_PASSWORD).status_code == 302
    assert opens_nothing(link)


def test_a_link_that_was_opened_and_not_used_works_until_it_is_used(lead: User) -> None:
    ask_for_reset(lead.email)
    link = sent_link()
    Client().get(link)
    assert chooses(link).status_code == 302
    assert opens_nothing(link)


def test_a_link_works_for_an_hour(lead: User) -> None:
    """CHECKS 18."""
    assert opens_nothing(link_of(lead, minutes_ago=61))
    assert chooses(link_of(lead, minutes_ago=59)).status_code == 302


def test_a_changed_password_ends_every_link(lead: User) -> None:
    """CHECKS 18."""
    ask_for_reset(lead.email)
    people.in_context(lead.organization_id, actions.set_password, user=lead, password=NEW_PASSWORD)
    assert opens_nothing(sent_link())


def test_no_token_waits_in_the_outbox(lead: User) -> None:
    Client().post("/account/password/reset/", {"email": lead.email})
    notice = Notice.objects.get()
    kept = (notice.recipient, notice.kind, notice.path)
    assert kept == (lead.pk, "account.password_reset", "/account/password/reset/")


def test_a_disabled_person_gets_no_link(lead: User) -> None:
    people.in_context(None, actions.disable_user, by=people.admin(), user=lead)
    ask_for_reset(lead.email)
    assert mail.outbox == []


def test_a_new_password_by_e_mail_opens_what_a_stranger_has_locked(lead: User) -> None:
    """CHECKS 12: a way out for the owner; this browser is theirs from then on."""
    factors.app_of(lead)
    for _ in range(6):
        sign_in(Client(), lead.email, "a wrong one")
    assert sign_in(Client(), lead.email).status_code == 429
    ask_for_reset(lead.email)
    browser = Client()
    chooses(sent_link(), browser)
    assert sign_in(Client(), lead.email, NEW_PASSWORD).status_code == 302
    for _ in range(6):
        sign_in(Client(), lead.email, "a wrong one")
    assert sign_in(browser, lead.email, NEW_PASSWORD).status_code == 302
    assert browser.get(PROFILE).headers["Location"].startswith(factors.CODE)


def test_an_email_about_a_password_carries_a_link_only(lead: User) -> None:
    """CHECKS 38."""
    ask_for_reset(lead.email)
    text = mail.outbox[0].subject + mail.outbox[0].body
    assert "Rowan" not in text
    assert "Practice" not in text
    assert len(re.findall(r"https?://", text)) == 1


def test_a_forged_host_changes_no_link(lead: User) -> None:
    """CHECKS 18 and 24."""
    answer = ask_for_reset(lead.email, HTTP_HOST="evil.example")
    assert (answer.status_code, mail.outbox) == (400, [])
    # The first is a host of ours, and still the link names the public one.
    for more in ({"HTTP_HOST": "localhost"}, {"HTTP_X_FORWARDED_HOST": "evil.example"}):
        ask_for_reset(lead.email, **more)
        assert sent_link()
        mail.outbox.clear()


def test_a_mail_server_that_is_away_breaks_no_page_and_the_link_waits(lead: User, settings: Any) -> None:
    """CHECKS 41, for a reset."""
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.accounts.broken_mail.Backend"
    assert ask_for_reset(lead.email).status_code == 302
    settings.EMAIL_BACKEND = working
    assert notices.send_waiting() == (1, 0)
    assert sent_link()


def test_nobody_is_flooded_with_links(lead: User) -> None:
    """The sixth in an hour is refused, for an e-mail that nobody has as well."""
    for email in (lead.email, "nobody@example.org"):
        answers = [ask_for_reset(email) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert "A link was asked for too often." in answers[-1].content.decode()
    assert len(mail.outbox) == 5


def test_a_network_asks_for_so_many_links_and_no_more() -> None:
    answers = [ask_for_reset(f"somebody{number}@example.org").status_code for number in range(31)]
    assert answers == [302] * 30 + [429]


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
