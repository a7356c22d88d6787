"""Joining by invitation, and every way in: app, passkey, recovery code."""

import re
from collections.abc import Callable

from playwright.sync_api import CDPSession

from accounts import actions
from accounts.models import Organization, User
from privacy import context
from tests.factories import factors
from tests.journeys.conftest import PHONE
from tests.journeys.people import Person

EMAIL, PASSWORD = "mara.lindqvist@demo.example", "a lantern beside the harbor"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def at_localhost(person: Person) -> Person:
    """Call the site by its name: a browser makes no passkey for a numeric address."""
    person.address = person.address.replace("127.0.0.1", "localhost")
    return person


def with_a_device(person: Person) -> CDPSession:
    """Give the browser a device that makes passkeys and unlocks itself."""
    device = person.context.new_cdp_session(person.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return device


def invited() -> str:
    """Invite somebody to the demonstration's practice; return the path of their link."""
    admin = User.objects.get(name="Priya Natarajan")
    practice = Organization.objects.get(name="Harbor Counseling")
    with context.enter(admin.organization_id):
        made = actions.invite(by=admin, organization=practice, email=EMAIL, name="Mara Lindqvist")
    return f"/people/join/{made.token}/"


def signs_out(person: Person) -> Person:
    person.opens("/account/logout/")
    return person.leaves_by("Sign out")


def gives_the_password(person: Person) -> Person:
    person.opens("/account/login/").fills("E-mail", EMAIL).fills("Password", PASSWORD)
    return person.presses("Sign in")


def joins_with_an_app(person: Person) -> tuple[str, list[str]]:
    """Join by the invitation's link and take an app into use; return its seed and the recovery codes."""
    person.opens(invited()).fills("Password", PASSWORD).fills("Password, once more", PASSWORD)
    person.presses("Join").reads("Choose a second factor").presses("Use an app")
    seed = person.page.locator("code").inner_text().replace(" ", "")
    assert person.page.locator("svg.qr path").get_attribute("d").startswith("M4 4h1v1h-1z")
    person.fills("Code that the app shows now", factors.shown(seed)).presses("Confirm the app")
    person.reads("Recovery codes")
    codes = person.page.locator(".recovery code").all_inner_texts()
    assert [bool(re.fullmatch(r"[A-Z2-9]{5}-[A-Z2-9]{5}", code)) for code in codes] == [True] * 10
    with person.page.expect_download() as waiting:
        person.page.get_by_role("link", name="Download as text").click()
    assert codes[9] in waiting.value.path().read_text()
    person.presses("I have kept them")
    return seed, codes


def test_somebody_joins_and_comes_back_by_app_passkey_and_recovery_code(
    somebody: Callable[..., Person],
) -> None:
    """CHECKS 11 and 13, in a browser with a device that makes passkeys."""
    mara = at_localhost(somebody())
    with_a_device(mara)
    seed, codes = joins_with_an_app(mara)
    mara.opens("/account/security/").reads("Authenticator app", "10 recovery codes left")

    signs_out(mara)
    gives_the_password(mara).reads("One more step")
    mara.opens("/clients/").reads("One more step")
    mara.fills("Code from your app", factors.wrong(seed)).presses("Continue").reads("is not right")
    mara.fills("Code from your app", factors.shown(seed, 1)).presses("Continue")
    assert mara.page.url.endswith("/clients/")

    mara.opens("/account/security/").follows("Add a passkey").fills("Name", "My laptop")
    mara.leaves_by("Make a passkey").reads("My laptop", "It is in use from now on")

    signs_out(mara)
    mara.opens("/account/login/").leaves_by("Use a passkey")
    mara.opens("/account/security/").reads("My laptop", "10 recovery codes left")

    signs_out(mara)
    gives_the_password(mara)
    mara.page.get_by_text("Use a recovery code").click()
    mara.fills("Recovery code", codes[3].lower().replace("-", " ")).presses("Use the recovery code")
    mara.opens("/account/security/").reads("9 recovery codes left")


def test_a_newcomer_without_an_app_makes_a_passkey_on_the_phone(somebody: Callable[..., Person]) -> None:
    """CHECKS 11."""
    mara = at_localhost(somebody(viewport=PHONE))
    with_a_device(mara)
    mara.opens(invited()).fills("Password", PASSWORD).fills("Password, once more", PASSWORD)
    mara.presses("Join").follows("Make a passkey").leaves_by("Make a passkey").reads("Recovery codes")
    mara.presses("I have kept them").opens("/account/security/").reads("Passkey")

    mara.page.context.clear_cookies()
    gives_the_password(mara).reads("One more step")
    mara.leaves_by("Use a passkey")
    mara.opens("/clients/").reads("Clients")


def test_a_passkey_proves_once_more_who_somebody_is(somebody: Callable[..., Person]) -> None:
    """CHECKS 19."""
    mara = at_localhost(somebody())
    with_a_device(mara)
    mara.opens(invited()).fills("Password", PASSWORD).fills("Password, once more", PASSWORD)
    mara.presses("Join").follows("Make a passkey").leaves_by("Make a passkey")
    mara.presses("I have kept them").opens("/account/again/?next=/account/email/")
    mara.leaves_by("Use a passkey").reads("Change e-mail")


def test_without_javascript_an_app_is_enough(somebody: Callable[..., Person]) -> None:
    mara = somebody(java_script_enabled=False)
    mara.page.goto(mara.address + invited())
    mara.fills("Password", PASSWORD).fills("Password, once more", PASSWORD)
    for button in ("Join", "Use an app"):
        mara.page.get_by_role("button", name=button).first.click()
    seed = mara.page.locator("code").inner_text().replace(" ", "")
    mara.fills("Code that the app shows now", factors.shown(seed))
    for button in ("Confirm the app", "I have kept them"):
        mara.page.get_by_role("button", name=button).first.click()
    mara.reads("Your turn")
