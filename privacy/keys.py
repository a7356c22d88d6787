"""Keys: one data key an organization, wrapped by a master key that never reaches the database."""

import base64
import binascii
import hashlib
import hmac
import os
import re
import time
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from privacy.models import DataKey

KEY_BYTES = 32
NONCE_BYTES = 12
# What an audit entry and the database's column can hold.
KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")

# How long a process trusts a key that it has opened: an erased one works nowhere for longer than this.
SECONDS_OPEN = 300


class KeyMissing(Exception):
    """The organization has no data key, or none that a configured master key opens."""


class KeyErased(KeyMissing):
    """The organization's data key was destroyed on purpose: nothing it sealed opens again."""


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The master keys by their id; the first of the setting wraps what is new."""

    current: str
    by_id: dict[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrganizationKey:
    """An organization's opened key: a cipher for values and a secret for blind indexes."""

    cipher: AESGCM
    index_secret: bytes = field(repr=False)
    other_secret: bytes = field(repr=False)
    opened_at: float


def parse_master_keys(text: str) -> MasterKeys:
    """Read `id:base64` pairs separated by commas or line ends, the current one first."""
    by_id: dict[str, bytes] = {}
    for pair in text.replace("\n", ",").split(","):
        if not pair.strip():
            continue
        name, colon, encoded = (part.strip() for part in pair.partition(":"))
        if not colon or not name:
            raise ImproperlyConfigured("MASTER_KEYS takes pairs of id:base64, separated by commas.")
        if not KEY_ID.fullmatch(name):
            raise ImproperlyConfigured(
                "MASTER_KEYS: a key's id is at most 64 letters, digits, dots, dashes and underscores."
            )
        if name in by_id:
            raise ImproperlyConfigured(f"MASTER_KEYS names the key {name} twice.")
        by_id[name] = _key_bytes(name, encoded)
    if not by_id:
        raise ImproperlyConfigured("MASTER_KEYS names no key: it takes pairs of id:base64.")
    return MasterKeys(current=next(iter(by_id)), by_id=by_id)


def _key_bytes(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ImproperlyConfigured(f"The master key {name} in MASTER_KEYS is not base64.") from None
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"The master key {name} in MASTER_KEYS has {len(key)} bytes, not 32.")
    return key


@lru_cache(maxsize=4)
def _parsed(text: str) -> MasterKeys:
    return parse_master_keys(text)


def master_keys() -> MasterKeys:
    """Return the configured master keys."""
    return _parsed(getattr(settings, "MASTER_KEYS", ""))


# Opened keys of this process.
_opened: dict[UUID, OrganizationKey] = {}


def create(organization_id: UUID) -> None:
    """Make the organization's data key and store it wrapped by the current master key."""
    masters = master_keys()
    data_key = AESGCM.generate_key(bit_length=KEY_BYTES * 8)
    wrapped = wrap(organization_id, masters.current, data_key)
    DataKey.objects.create(organization_id=organization_id, master_key=masters.current, wrapped=wrapped)
    _opened.pop(organization_id, None)


def of(organization_id: UUID) -> OrganizationKey:
    """Return the organization's opened key: the first use in a process costs one query, later ones none.

    Rotation rewraps a key and never changes it. It is read again every few minutes only because it may have
    been erased meanwhile, by another process.
    """
    opened = _opened.get(organization_id)
    if opened is None or time.monotonic() - opened.opened_at > SECONDS_OPEN:
        _opened.pop(organization_id, None)
        opened = _opened[organization_id] = _open(organization_id)
    return opened


def derived(organization_id: UUID, purpose: str) -> bytes:
    """Return 32 bytes of the organization's own for one purpose; they outlive a rotation, not an erasure."""
    return hmac.digest(of(organization_id).other_secret, purpose.encode(), hashlib.sha256)


def forget() -> None:
    """Drop every opened key of this process."""
    _opened.clear()


def _open(organization_id: UUID) -> OrganizationKey:
    row = DataKey.objects.filter(organization_id=organization_id).first()
    if row is None:
        raise KeyMissing(f"Organization {organization_id} has no data key.")
    return opened_from(unwrap(row))


def opened_from(data_key: bytes) -> OrganizationKey:
    """Return what an opened data key is used for."""
    # Each use has a key of its own: what the index reveals about its key says nothing about the cipher's.
    return OrganizationKey(
        cipher=AESGCM(hmac.digest(data_key, b"warm-handoff values", hashlib.sha256)),
        index_secret=hmac.digest(data_key, b"warm-handoff blind index", hashlib.sha256),
        other_secret=hmac.digest(data_key, b"warm-handoff other uses", hashlib.sha256),
        opened_at=time.monotonic(),
    )


def wrap(organization_id: UUID, master_key: str, data_key: bytes) -> bytes:
    """Return the data key sealed by the named master key, for this organization alone."""
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(master_keys().by_id[master_key])
    return nonce + cipher.encrypt(nonce, data_key, _binding(organization_id, master_key))


def unwrap(row: DataKey) -> bytes:
    """Return the data key that a row wraps, or raise KeyMissing."""
    if row.erased_at is not None:
        raise KeyErased(f"The data key of organization {row.organization_id} was destroyed.")
    master = master_keys().by_id.get(row.master_key)
    if master is None:
        raise KeyMissing(f"MASTER_KEYS has no key {row.master_key}, which wraps an organization's data key.")
    wrapped = bytes(row.wrapped)
    binding = _binding(row.organization_id, row.master_key)
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], binding)
    except InvalidTag:
        raise KeyMissing(f"The master key {row.master_key} does not open a data key.") from None


def _binding(organization_id: UUID, master_key: str) -> bytes:
    return f"data key|{organization_id}|{master_key}".encode()
