"""Signing in and out, passwords, and how a session ends."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts import actions
from accounts.models import User
from privacy import context
from privacy.models import Entry
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db

LOGIN, LOGOUT, PROFILE = "/account/login/", "/account/logout/", "/account/profile/"
NEW_PASSWORD = "another walk in the snow"


def sign_in(browser: Client, email: str, password: str = people.PASSWORD, **more: Any) -> Any:
    return browser.post(LOGIN, {"login": email, "password": password} | more)


def actions_of(person: User) -> list[str]:
    with context.enter(person.organization_id):
        found = Entry.objects.filter(chain=person.organization_id, by=person.pk).order_by("number")
        return [entry.action for entry in found]


def test_somebody_signs_in_whatever_the_case_of_their_email(lead: User) -> None:
    """CHECKS 35: a sign-in is an entry."""
    browser = Client()
    answer = sign_in(browser, "Rowan@EXAMPLE.org")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert browser.get(PROFILE).status_code == 200
    assert actions_of(lead) == ["session.sign_in"]


def test_signing_in_leads_to_the_page_that_was_asked_for(lead: User) -> None:
    browser = Client()
    asked = browser.get(PROFILE)
    assert asked.headers["Location"] == f"{LOGIN}?next={PROFILE}"
    page = browser.get(asked.headers["Location"])
    assert f'name="next" value="{PROFILE}"' in page.content.decode()
    assert sign_in(browser, lead.email, next=PROFILE).headers["Location"] == PROFILE


@pytest.mark.parametrize(
    "payload",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "/%09/evil.example",
        "https:/evil.example",
        "///evil.example",
        "/\t/evil.example",
        "http://testserver@evil.example/",
    ],
)
def test_signing_in_never_leads_elsewhere(lead: User, payload: str) -> None:
    """CHECKS 23."""
    location = sign_in(Client(), lead.email, next=payload).headers["Location"]
    assert location.startswith("/")
    assert not re.match(r"[/\\\s]{2}|/[\t\\]", location)


def test_a_form_that_was_sent_signed_out_has_to_be_sent_again(lead: User) -> None:
    answer = Client().post("/account/profile/edit/", {"name": "x"})
    assert answer.headers["Location"] == f"{LOGIN}?next=/"


def test_every_failure_to_sign_in_looks_the_same(lead: User, admin: User) -> None:
    """CHECKS 14: a wrong password, nobody's e-mail, a disabled person, one of a disabled organization."""
    gone = people.therapist(is_active=False)
    closed = people.therapist()
    people.in_context(None, actions.disable_organization, by=admin, organization=closed.organization)
    pages = []
    for email, password in (
        (lead.email, "a wrong one"),
        ("nobody@example.org", people.PASSWORD),
        (gone.email, people.PASSWORD),
        (closed.email, people.PASSWORD),
    ):
        browser = Client()
        answer = sign_in(browser, email, password)
        assert answer.status_code == 200
        assert "_auth_user_id" not in browser.session
        page = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        pages.append(page.replace(email, "EMAIL"))
    assert len(set(pages)) == 1
    assert "The email address and/or password you specified are not correct." in pages[0]


def test_a_failure_is_an_entry_that_keeps_nothing_of_what_was_typed(lead: User, admin: User) -> None:
    """CHECKS 35."""
    sign_in(Client(), "MySecret@example.org", "hunter2")
    network = admin.organization_id
    with context.enter(network):
        entry = Entry.objects.filter(chain=network).latest("number")
    assert (entry.action, entry.by, entry.codes) == ("session.sign_in_failed", None, {})


def test_the_sixth_wrong_password_for_an_account_is_throttled(lead: User) -> None:
    """CHECKS 12, in one process."""
    pages = [sign_in(Client(), lead.email, "a wrong one").content.decode() for _ in range(6)]
    assert ["Too many failed login attempts" in page for page in pages] == [False] * 5 + [True]
    assert "Too many failed" in sign_in(Client(), lead.email).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"login": "", "password": ""},
        {"login": "no-address", "password": "x"},
        {"login": "a\0b@example.org", "password": "x"},
        {"login": "a@example.org", "password": "x\0"},
        {"login": "a@example.org", "password": "x" * 300},
        {"login": "x" * 5000 + "@example.org", "password": "x"},
        {},
    ],
)
def test_whatever_is_typed_the_form_answers(typed: dict[str, str]) -> None:
    """CHECKS 30."""
    answer = Client().post(LOGIN, typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" in page
    assert "<title>Error: " in page


def test_the_session_id_changes_at_sign_in(lead: User) -> None:
    """CHECKS 15."""
    browser = Client()
    session = browser.session
    session["before"] = 1
    session.save()
    browser.cookies["sessionid"] = session.session_key
    sign_in(browser, lead.email)
    assert browser.session.session_key != session.session_key


def test_signing_out_ends_the_session_on_the_server(lead: User) -> None:
    """CHECKS 17 and 35."""
    browser, copy = Client(), Client()
    sign_in(browser, lead.email)
    copy.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert copy.get(PROFILE).status_code == 200
    assert browser.get(LOGOUT).status_code == 200
    assert browser.post(LOGOUT).headers["Location"] == LOGIN
    assert (browser.get(PROFILE).status_code, copy.get(PROFILE).status_code) == (302, 302)
    assert actions_of(lead) == ["session.sign_in", "session.sign_out"]


def test_a_disabled_person_is_refused_at_the_very_next_request(
    lead: User, colleague: User, admin: User
) -> None:
    """CHECKS 10."""
    browser, other = Client(), Client()
    sign_in(browser, lead.email)
    sign_in(other, colleague.email)
    people.in_context(None, actions.disable_user, by=admin, user=lead)
    assert browser.get(PROFILE).headers["Location"] == f"{LOGIN}?next={PROFILE}"
    assert other.get(PROFILE).status_code == 200
    people.in_context(None, actions.enable_user, by=admin, user=lead)
    assert browser.get(PROFILE).status_code == 302
    assert sign_in(browser, lead.email).status_code == 302


def test_people_of_a_disabled_organization_are_refused_at_the_very_next_request(
    lead: User, colleague: User, provider: User, admin: User
) -> None:
    """CHECKS 10."""
    browsers = {person.pk: Client() for person in (lead, colleague, provider)}
    for person in (lead, colleague, provider):
        sign_in(browsers[person.pk], person.email)
    people.in_context(None, actions.disable_organization, by=admin, organization=lead.organization)
    assert [browsers[person.pk].get(PROFILE).status_code for person in (lead, colleague, provider)] == [
        302,
        302,
        200,
    ]
    people.in_context(None, actions.enable_organization, by=admin, organization=lead.organization)
    assert browsers[lead.pk].get(PROFILE).status_code == 302


def test_a_new_password_ends_every_other_session(lead: User) -> None:
    """CHECKS 18."""
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        sign_in(browser, lead.email)
    typed = {"oldpassword": people.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post("/account/password/change/", typed).headers["Location"] == PROFILE
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
    browser = Client()
    sign_in(browser, lead.email)
    right = {"oldpassword": people.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = browser.post("/account/password/change/", right | typed)
    assert sentence in answer.content.decode()
    lead.refresh_from_db()
    assert lead.check_password(people.PASSWORD)


def ask_for_reset(email: str, capture: Any, **more: Any) -> Any:
    with capture(execute=True):
        return Client().post("/account/password/reset/", {"email": email}, **more)


def test_a_forgotten_password_is_replaced_through_a_link_that_works_once(
    lead: User, django_capture_on_commit_callbacks: Any
) -> None:
    """CHECKS 18 and 38."""
    elsewhere = Client()
    sign_in(elsewhere, lead.email)
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


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_inactive",
        "account_set_password",
        "account_confirm_email",
        "account_reauthenticate",
        "account_request_login_code",
    ],
)
def test_what_the_product_does_not_need_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "path", ["/account/signup/", "/account/email/", "/account/", "/admin/", "/accounts/login/"]
)
def test_nobody_signs_up(path: str) -> None:
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"email": "a@example.org", "password1": NEW_PASSWORD}).status_code == 404
    assert User.objects.filter(email="a@example.org").count() == 0
