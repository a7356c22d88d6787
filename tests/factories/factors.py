"""Second factors for tests: taken into use by the product's own actions, and what an app would show."""

from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils import timezone

from accounts import actions, codes
from accounts.models import User
from privacy import context
from tests.factories import accounts as people

LOGIN, CODE = "/account/login/", "/account/second-factor/"
HALF_MINUTE = timedelta(seconds=codes.SECONDS)


def shown(seed: str, later: int = 0) -> str:
    """Return the code that an app with this seed shows now, or so many half minutes later."""
    step = int(timezone.now().timestamp()) // codes.SECONDS + later
    return str(totp.format_hotp_value(totp.hotp_value(seed, step)))


def wrong(seed: str) -> str:
    """Return six digits that no app with this seed shows around now."""
    right = {shown(seed, later) for later in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)


def app_of(person: User) -> tuple[str, list[str]]:
    """Give somebody an app; return its seed and recovery codes. Its code of half a minute ago is spent."""
    seed = codes.new_seed()
    with context.enter(person.organization_id):
        made = actions.add_app(by=person, seed=seed, code=shown(seed, -1), name="My phone")
    return seed, made


def with_password(person: User, **more: Any) -> Client:
    """Return a browser in which somebody gave their password alone."""
    browser = Client()
    browser.post(LOGIN, {"login": person.email, "password": people.PASSWORD} | more)
    return browser


def with_both(person: User, seed: str) -> Client:
    """Return a browser in which somebody signed in by password and code."""
    browser = with_password(person)
    browser.post(CODE, {"code": shown(seed)})
    return browser
