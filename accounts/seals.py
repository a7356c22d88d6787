"""Secrets of sign-in at rest: seeds are sealed, recovery codes are hashed with a key.

Both keys come from the data key of the person's organization: a new master key rewraps that one and touches
nothing here, and a dump without the master key opens nothing. Each value is bound to its person and its use.
"""

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.models import User
from privacy import keys
from privacy.encryption import SealBroken

SEED, NEW_SEED, NEW_CODES = "seed", "new seed", "new recovery codes"


def seal(person: User, use: str, text: str) -> str:
    """Return the text sealed for this person and use, as base64."""
    nonce = os.urandom(keys.NONCE_BYTES)
    body = _cipher(person).encrypt(nonce, text.encode(), _place(person, use))
    return base64.b64encode(nonce + body).decode()


def unseal(person: User, use: str, sealed: str) -> str:
    """Return the text, or raise SealBroken where it was sealed for somebody or something else."""
    try:
        data = base64.b64decode(sealed, validate=True)
        nonce, body = data[: keys.NONCE_BYTES], data[keys.NONCE_BYTES :]
        return _cipher(person).decrypt(nonce, body, _place(person, use)).decode()
    except (InvalidTag, binascii.Error, ValueError):
        raise SealBroken(f"A secret of sign-in does not open as the {use} of {person.pk}.") from None


def digest(person: User, code: str) -> str:
    """Return what is kept of a recovery code: nobody tries codes against it without the key."""
    key = keys.derived(person.organization_id, "accounts recovery codes")
    return hmac.new(key, f"{person.pk}|{code}".encode(), hashlib.sha256).hexdigest()


def _cipher(person: User) -> AESGCM:
    return AESGCM(keys.derived(person.organization_id, "accounts factors"))


def _place(person: User, use: str) -> bytes:
    return f"{use}|{person.pk}".encode()
