"""Signing in and out, passwords, and how a session ends."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts import actions
from accounts.models import User
from privacy import context
from privacy.models import Entry
from tests.accounts.conftest import signed_in
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

LOGIN, LOGOUT, PROFILE = "/account/login/", "/account/logout/", "/account/profile/"


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
    assert browser.get("/").headers["Location"] == "/account/second-factor/choose/"
    assert actions_of(lead) == ["session.password"]


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
        assert answer.status_code == 422
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
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert "<title>Error: " in page


def test_the_session_id_changes_at_sign_in(lead: User) -> None:
    """CHECKS 15."""
    browser = Client()
    session = browser.session
    session["before"] = 1
    session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    sign_in(browser, lead.email)
    assert browser.session.session_key != session.session_key


def test_signing_out_ends_the_session_on_the_server(lead: User) -> None:
    """CHECKS 17 and 35."""
    seed, _ = factors.app_of(lead)
    browser, copy = factors.with_both(lead, seed), Client()
    copy.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert copy.get(PROFILE).status_code == 200
    assert browser.get(LOGOUT).status_code == 200
    assert browser.post(LOGOUT).headers["Location"] == LOGIN
    assert (browser.get(PROFILE).status_code, copy.get(PROFILE).status_code) == (302, 302)
    assert actions_of(lead)[-3:] == ["session.password", "session.sign_in", "session.sign_out"]


def test_a_disabled_person_is_refused_at_the_very_next_request(
    lead: User, colleague: User, admin: User
) -> None:
    """CHECKS 10."""
    browser, other = signed_in(lead), signed_in(colleague)
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
    browsers = {person.pk: signed_in(person) for person in (lead, colleague, provider)}
    people.in_context(None, actions.disable_organization, by=admin, organization=lead.organization)
    assert [browsers[person.pk].get(PROFILE).status_code for person in (lead, colleague, provider)] == [
        302,
        302,
        200,
    ]
    people.in_context(None, actions.enable_organization, by=admin, organization=lead.organization)
    assert browsers[lead.pk].get(PROFILE).status_code == 302


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
        "mfa_index",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
    ],
)
def test_what_the_product_does_not_need_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "path", ["/account/signup/", "/account/2fa/", "/account/", "/admin/", "/accounts/login/"]
)
def test_nobody_signs_up(path: str) -> None:
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"email": "a@example.org", "password1": people.PASSWORD}).status_code == 404
    assert User.objects.filter(email="a@example.org").count() == 0
