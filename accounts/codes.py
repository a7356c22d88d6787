"""Codes: six digits of an authenticator app, and recovery codes to write down."""

import secrets
from datetime import datetime

from allauth.mfa.totp.internal import auth as totp
from django.utils.crypto import constant_time_compare

SECONDS, DIGITS = 30, 6
# A clock may be half a minute off either way.
DRIFT = (0, -1, 1)

# No I, L, O, 0 and 1: they are misread. Ten of 31 letters are 49 bits, behind a key and a throttle.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
HALF = 5
RECOVERY_CODES = 10


def new_seed() -> str:
    """Return a new secret for an authenticator app, as it is typed."""
    return str(totp.generate_totp_secret())


def in_fours(seed: str) -> str:
    """Return the seed in groups of four, for whoever types it."""
    return " ".join(seed[start : start + 4] for start in range(0, len(seed), 4))


def step_of(seed: str, code: str, now: datetime) -> int | None:
    """Return the half minute that shows this code, or None; a clock may be one of them off."""
    typed = "".join(code.split())
    current = int(now.timestamp()) // SECONDS
    matching = [
        current + drift
        for drift in DRIFT
        if constant_time_compare(totp.format_hotp_value(totp.hotp_value(seed, current + drift)), typed)
    ]
    return matching[0] if matching else None


def new_recovery_codes() -> list[str]:
    """Return ten new codes as they are shown: `7KQ2M-XN4RT`."""
    return [f"{_letters()}-{_letters()}" for _ in range(RECOVERY_CODES)]


def _letters() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(HALF))


def plain(code: str) -> str:
    """Return a recovery code without what people add or leave out when they type it."""
    return "".join(letter for letter in code.upper() if letter.isalnum())
