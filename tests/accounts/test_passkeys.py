"""Passkeys on the server's side: what the browser is asked for, and answers that prove nothing."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import signed_in
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

ASK, ENTER, MAKE = (
    "/account/passkey/request/",
    "/account/passkey/",
    "/account/second-factor/passkey/creation/",
)
ADD = "/account/second-factor/passkey/"
CLIENT_DATA = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiQUFBQSIsIm9yaWdpbiI6Imh0dHA6Ly94In0"
FORGED = {
    "id": "AAAA",
    "rawId": "AAAA",
    "type": "public-key",
    "response": {
        "clientDataJSON": CLIENT_DATA,
        "authenticatorData": "A" * 200,
        "attestationObject": "oA",
        "signature": "AAAA",
        "userHandle": "AAAA",
    },
    "clientExtensionResults": {},
}
DAMAGED = (
    "",
    "null",
    "[]",
    "{",
    "1",
    "{}",
    '"text"',
    json.dumps({"id": 1}),
    json.dumps(FORGED),
    json.dumps(FORGED | {"response": []}),
    json.dumps(FORGED | {"response": {}}),
    json.dumps(FORGED | {"rawId": None, "id": None}),
    json.dumps(FORGED | {"response": FORGED["response"] | {"userHandle": None}}),
    json.dumps(FORGED | {"response": FORGED["response"] | {"clientDataJSON": "////"}}),
    json.dumps(FORGED | {"response": FORGED["response"] | {"attestationObject": "gYGBgYGB" * 400}}),
    "[" * 5000,
    '{"a":' * 5000,
    "x" * 30_000,
)


def test_signed_out_the_browser_is_asked_for_anybodys_passkey_unlocked() -> None:
    """CHECKS 14: the same for everybody, naming no credential of anybody."""
    asked = Client().post(ASK).json()["publicKey"]
    assert asked["userVerification"] == "required"
    assert asked.get("allowCredentials", []) == []
    assert asked["rpId"] == "testserver"


def test_a_new_passkey_has_to_be_found_and_unlocked_by_the_device_itself(lead: User) -> None:
    """It stands for both factors, so it has to be one that asks for a fingerprint, a face or a PIN."""
    asked = signed_in(lead).post(MAKE).json()["publicKey"]
    assert asked["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert asked["rp"] == {"id": "testserver", "name": "Warm Handoff"}


def test_a_request_is_made_by_a_post_alone(lead: User) -> None:
    """CHECKS 8: a challenge is kept in the session, so a look may not make one."""
    assert [signed_in(lead).get(path).status_code for path in (ASK, ENTER, MAKE)] == [405] * 3


@pytest.mark.parametrize("credential", DAMAGED)
def test_a_damaged_answer_signs_nobody_in(lead: User, credential: str) -> None:
    """CHECKS 30."""
    browser = Client()
    browser.post(ASK)
    answer = browser.post(ENTER, {"credential": credential})
    assert answer.headers["Location"] == "/account/login/"
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("credential", DAMAGED)
def test_a_damaged_answer_is_no_second_factor_and_no_new_passkey(lead: User, credential: str) -> None:
    """CHECKS 30."""
    browser = factors.with_password(lead)
    browser.post(MAKE)
    assert browser.post(ADD, {"name": "Key", "credential": credential}).status_code == 422
    factors.app_of(lead)
    answer = browser.post(factors.CODE, {"credential": credential})
    assert answer.status_code == 422
    assert browser.get("/account/profile/").status_code == 302


def test_a_signature_of_nothing_opens_no_session(lead: User) -> None:
    """An answer that names its owner rightly still has to be signed by one of their passkeys."""
    handle = {"userHandle": _handle(lead)}
    browser = Client()
    browser.post(ASK)
    forged: dict[str, Any] = FORGED | {"response": FORGED["response"] | handle}
    assert browser.post(ENTER, {"credential": json.dumps(forged)}).headers["Location"] == "/account/login/"
    assert "_auth_user_id" not in browser.session


def _handle(person: User) -> str:
    return base64.urlsafe_b64encode(person.pk.hex.encode()).decode().rstrip("=")


def test_a_disabled_person_has_no_passkey_to_sign_in_with(lead: User) -> None:
    User.objects.filter(pk=lead.pk).update(is_active=False)
    browser = Client()
    browser.post(ASK)
    forged: dict[str, Any] = FORGED | {"response": FORGED["response"] | {"userHandle": _handle(lead)}}
    assert browser.post(ENTER, {"credential": json.dumps(forged)}).headers["Location"] == "/account/login/"


@pytest.mark.parametrize(
    "payload", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_the_second_step_never_leads_elsewhere(lead: User, payload: str) -> None:
    """CHECKS 23."""
    seed, _ = factors.app_of(lead)
    answer = factors.with_password(lead).post(factors.CODE, {"code": factors.shown(seed), "next": payload})
    assert answer.headers["Location"] == "/"
    proved = signed_in(lead).post(f"/account/again/?next={payload}", {"again-password": people.PASSWORD})
    assert proved.headers["Location"] == "/account/security/"
