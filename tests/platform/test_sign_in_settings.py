"""What production sets for cookies, sessions and proxies, and what nobody can set."""

import json
import subprocess
import sys

import pytest
from gunicorn.config import Config

from config import gunicorn as served
from tests import databases
from tests.platform.test_production import ENVIRONMENT

NAMES = """
import datetime, json
from config import settings
plain = (str, int, tuple, type(None), datetime.timedelta)
print(json.dumps({name: str(value) for name, value in vars(settings).items() if isinstance(value, plain)}))
"""


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    """Read the product's settings in a process with this environment."""
    return subprocess.run(
        [sys.executable, "-c", NAMES],
        cwd=databases.ROOT,
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(**environment: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(started(**environment).stdout)
    return found


def test_production_gives_cookies_that_no_other_host_and_no_script_can_touch() -> None:
    """`__Host-`: this very host, HTTPS, every path; a session ends with the browser too."""
    found = settings_of()
    for kind in ("SESSION", "CSRF"):
        assert found[f"{kind}_COOKIE_NAME"] == f"__Host-{kind.lower()}"
        assert found[f"{kind}_COOKIE_SECURE"] == "True"
        assert found[f"{kind}_COOKIE_HTTPONLY"] == "True"
        assert found[f"{kind}_COOKIE_SAMESITE"] == "Lax"
        # The prefix asks for both: no domain, and the path of everything.
        assert f"{kind}_COOKIE_DOMAIN" not in found
        assert f"{kind}_COOKIE_PATH" not in found
    assert found["DEVICE_COOKIE_NAME"] == "__Host-device"
    assert found["SESSION_EXPIRE_AT_BROWSER_CLOSE"] == "True"


def test_only_the_demonstration_takes_cookies_over_plain_http() -> None:
    found = settings_of(WARM_HANDOFF_DEMO="yes")
    assert (found["SESSION_COOKIE_NAME"], found["SESSION_COOKIE_SECURE"]) == ("session", "False")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_IDLE_MINUTES", "16"),
        ("SESSION_IDLE_MINUTES", "0"),
        ("SESSION_TOTAL_HOURS", "13"),
        ("SESSION_TOTAL_HOURS", "0"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "all"),
    ],
)
def test_what_would_weaken_sign_in_stops_the_start(name: str, value: str) -> None:
    """CHECKS 12 and 16: no parameter turns it off."""
    failed = started(**{name: value})
    assert failed.returncode != 0
    assert f"{name} takes a whole number" in failed.stderr.strip().splitlines()[-1]


def test_shorter_limits_are_taken() -> None:
    found = settings_of(SESSION_IDLE_MINUTES="5", SESSION_TOTAL_HOURS="8")
    assert (found["SESSION_IDLE"], found["SESSION_TOTAL"]) == ("0:05:00", "8:00:00")
    found = settings_of()
    assert (found["SESSION_IDLE"], found["SESSION_TOTAL"]) == ("0:15:00", "12:00:00")


def test_no_header_is_believed_before_a_proxy_is_declared() -> None:
    """CHECKS 12: neither by Django, nor by allauth, nor by gunicorn, which would believe its own computer."""
    found = settings_of()
    proxies = (
        found["TRUSTED_PROXIES"],
        found["ALLAUTH_TRUSTED_PROXY_COUNT"],
        found["SECURE_PROXY_SSL_HEADER"],
    )
    assert proxies == ("0", "0", "None")
    found = settings_of(TRUSTED_PROXIES="2")
    assert (found["TRUSTED_PROXIES"], found["ALLAUTH_TRUSTED_PROXY_COUNT"]) == ("2", "2")
    assert found["SECURE_PROXY_SSL_HEADER"] == "('HTTP_X_FORWARDED_PROTO', 'https')"
    config = Config()
    for name in ("secure_scheme_headers", "forwarder_headers"):
        config.set(name, getattr(served, name))
    assert (config.secure_scheme_headers, config.forwarder_headers) == ({}, [])


def test_nothing_that_signing_in_counts_stands_in_a_cache() -> None:
    """CHECKS 12 and 13: a cache belongs to one process."""
    found = settings_of()
    assert (found["ACCOUNT_RATE_LIMITS"], found["MFA_RATE_LIMITS"]) == ("False", "False")
