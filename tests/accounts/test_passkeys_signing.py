"""Passkeys that really sign: the right one opens, and each thing that is wrong with one closes."""

from dataclasses import replace

import pytest
from django.test import Client

from accounts import actions
from accounts.models import Factor, User
from tests.accounts.conftest import signed_in
from tests.factories import accounts as people
from tests.factories import factors, passkeys
from tests.factories.passkeys import PRESENT, Device

pytestmark = pytest.mark.django_db

PROFILE = "/account/profile/"


@pytest.fixture
def device(lead: User) -> Device:
    """A device whose passkey the lead has taken into use."""
    made = Device()
    answer = passkeys.add(passkeys.at_localhost(signed_in(lead)), made)
    assert answer.headers["Location"] == "/account/recovery-codes/"
    return made


def newcomer() -> Client:
    return passkeys.at_localhost(Client())


def is_in(browser: Client) -> bool:
    return bool(browser.get(PROFILE).status_code == 200)


def test_a_passkey_alone_signs_its_owner_in(lead: User, device: Device) -> None:
    """CHECKS 11 and 15: it stands for both factors, and the session gets a new id."""
    browser = newcomer()
    asked = passkeys.asked_by(browser, passkeys.ASK)
    before = browser.session.session_key
    answer = browser.post(passkeys.ENTER, {"credential": device.sign(asked), "next": PROFILE})
    assert (answer.headers["Location"], is_in(browser)) == (PROFILE, True)
    assert browser.session.session_key != before
    assert browser.get(PROFILE).wsgi_request.user == lead
    assert Factor.objects.visible_to(lead).get().authenticator.last_used_at is not None


def test_a_passkey_follows_the_password(lead: User, device: Device) -> None:
    browser = passkeys.at_localhost(factors.with_password(lead))
    credential = device.sign(passkeys.asked_by(browser, passkeys.ASK))
    assert browser.post(factors.CODE, {"credential": credential}).status_code == 302
    assert is_in(browser)


def test_a_locked_device_is_no_second_factor_either(lead: User, device: Device) -> None:
    browser = passkeys.at_localhost(factors.with_password(lead))
    credential = replace(device, flags=PRESENT).sign(passkeys.asked_by(browser, passkeys.ASK))
    assert browser.post(factors.CODE, {"credential": credential}).status_code == 422
    assert not is_in(browser)


def test_an_answer_works_once(device: Device) -> None:
    """CHECKS 13: a copy of it answers a challenge that is over."""
    browser, thief = newcomer(), newcomer()
    credential = device.sign(passkeys.asked_by(browser, passkeys.ASK))
    browser.post(passkeys.ENTER, {"credential": credential})
    browser.post("/account/logout/")
    for replaying in (browser, thief):
        passkeys.asked_by(replaying, passkeys.ASK)
        replaying.post(passkeys.ENTER, {"credential": credential})
    assert (is_in(browser), is_in(thief)) == (False, False)


@pytest.mark.parametrize(
    "change",
    [
        {"flags": PRESENT},
        {"flags": 0},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost.evil.example"},
        {"key": Device().key},
        {"id": b"sixteen bytes id"},
        {"handle": ""},
    ],
    ids=["locked", "nobody there", "elsewhere", "looks alike", "another key", "another id", "nobody's"],
)
def test_what_is_wrong_with_an_answer_closes_the_door(device: Device, change: dict[str, object]) -> None:
    """A page elsewhere that asks for the passkey gets nothing that opens this one."""
    browser = newcomer()
    answer = passkeys.enter(browser, replace(device, **change))
    assert (answer.headers["Location"], is_in(browser)) == ("/account/login/", False)


def test_a_passkey_opens_its_owners_account_alone(device: Device, colleague: User) -> None:
    other = Device()
    passkeys.add(passkeys.at_localhost(signed_in(colleague)), other)
    browser = newcomer()
    passkeys.enter(browser, replace(other, handle=device.handle))
    assert not is_in(browser)
    waiting = passkeys.at_localhost(factors.with_password(colleague))
    credential = device.sign(passkeys.asked_by(waiting, passkeys.ASK))
    assert waiting.post(factors.CODE, {"credential": credential}).status_code == 422


def test_a_device_that_stays_locked_makes_no_passkey(lead: User) -> None:
    answer = passkeys.add(passkeys.at_localhost(signed_in(lead)), Device(flags=PRESENT))
    assert answer.status_code == 422
    assert "The passkey was not accepted." in answer.content.decode()
    assert Factor.objects.visible_to(lead).count() == 0


def test_a_passkey_that_was_removed_opens_nothing(lead: User, device: Device) -> None:
    factors.app_of(lead)
    key = Factor.objects.visible_to(lead).get(name="My key")
    people.in_context(lead.organization_id, actions.remove_factor, by=lead, factor=key)
    browser = newcomer()
    passkeys.enter(browser, device)
    assert not is_in(browser)


def test_the_passkey_of_a_disabled_person_opens_nothing(lead: User, device: Device, admin: User) -> None:
    """CHECKS 10."""
    people.in_context(None, actions.disable_user, by=admin, user=lead)
    browser = newcomer()
    passkeys.enter(browser, device)
    assert "_auth_user_id" not in browser.session


def test_a_passkey_proves_once_more_who_somebody_is(lead: User, device: Device) -> None:
    """CHECKS 19."""
    browser = newcomer()
    passkeys.enter(browser, device)
    session = browser.session
    session["proved_at"] -= 301
    session.save()
    assert browser.get("/account/email/").status_code == 302
    credential = device.sign(passkeys.asked_by(browser, passkeys.ASK))
    again = browser.post("/account/again/?next=/account/email/", {"again-credential": credential})
    assert again.headers["Location"] == "/account/email/"
    assert browser.get("/account/email/").status_code == 200
