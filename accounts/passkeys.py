"""Passkeys: what the browser is asked for, and whether its answer holds; allauth and fido2 do the sums."""

import struct
from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.core.exceptions import ValidationError

from accounts.models import Factor, User

# What a damaged or forged answer makes of the libraries that read it: none of it is our mistake.
DAMAGED = (
    ValidationError,
    InvalidSignature,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    struct.error,
)


def creation_request(person: User) -> dict[str, Any]:
    """Return what `navigator.credentials.create` takes: a passkey that the device finds and unlocks."""
    return dict(webauthn.begin_registration(person, passwordless=True))


def request(person: User | None) -> dict[str, Any]:
    """Return what `navigator.credentials.get` takes: one of this person's passkeys, or anybody's."""
    return dict(webauthn.begin_authentication(person))


def is_registered(credential: dict[str, Any]) -> bool:
    """Say whether this answers the latest creation request of the session, with the device unlocked."""
    try:
        webauthn.complete_registration(credential)
    except DAMAGED:
        return False
    return True


def owner(credential: dict[str, Any]) -> User | None:
    """Return the person whom a passkey names; only `proven` says whether it is theirs."""
    try:
        return User.objects.select_related("organization").get(
            pk=webauthn.extract_user_from_response(credential).pk
        )
    except (User.DoesNotExist, *DAMAGED):
        return None


def proven(person: User, credential: dict[str, Any]) -> Factor | None:
    """Return the person's passkey that signed the latest request of the session, or None."""
    try:
        authenticator = webauthn.complete_authentication(person, credential)
    except DAMAGED:
        return None
    return Factor.objects.visible_to(person).filter(authenticator=authenticator).first()
