"""Keys: one data key an organization, wrapped by a master key that never reaches the database."""

import base64
import binascii
import hashlib
import hmac
import os
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


class KeyMissing(Exception):
    """The organization has no data key, or none that a configured master key opens."""


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


def parse_master_keys(text: str) -> MasterKeys:
    """Read `id:base64` pairs separated by commas or line ends, the current one first."""
    by_id: dict[str, bytes] = {}
    for pair in text.replace("\n", ",").split(","):
        if not pair.strip():
            continue
        name, colon, encoded = (part.strip() for part in pair.partition(":"))
        if not colon or not name:
            raise ImproperlyConfigured("MASTER_KEYS takes pairs of id:base64, separated by commas.")
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


# Opened keys of this process. A key never changes while it lives (rotation rewraps it), so nothing expires.
_opened: dict[UUID, OrganizationKey] = {}


def create(organization_id: UUID) -> None:
    """Make the organization's data key and store it wrapped by the current master key."""
    masters = master_keys()
    data_key = AESGCM.generate_key(bit_length=KEY_BYTES * 8)
    wrapped = _wrap(organization_id, masters.current, data_key)
    DataKey.objects.create(organization_id=organization_id, master_key=masters.current, wrapped=wrapped)
    _opened.pop(organization_id, None)


def of(organization_id: UUID) -> OrganizationKey:
    """Return the organization's opened key: the first use in a process costs one query, later ones none."""
    opened = _opened.get(organization_id)
    if opened is None:
        opened = _opened[organization_id] = _open(organization_id)
    return opened


def forget() -> None:
    """Drop every opened key of this process."""
    _opened.clear()


def rewrap(organization_id: UUID) -> None:
    """Wrap the organization's data key by the current master key: no other row changes."""
    row = DataKey.objects.select_for_update().get(organization_id=organization_id)
    current = master_keys().current
    row.wrapped = _wrap(organization_id, current, _unwrap(row))
    row.master_key = current
    row.save(update_fields=["wrapped", "master_key"])


def _open(organization_id: UUID) -> OrganizationKey:
    row = DataKey.objects.filter(organization_id=organization_id).first()
    if row is None:
        raise KeyMissing(f"Organization {organization_id} has no data key.")
    data_key = _unwrap(row)
    # Two uses, two keys: what the index reveals about its key says nothing about the cipher's.
    return OrganizationKey(
        cipher=AESGCM(hmac.digest(data_key, b"warm-handoff values", hashlib.sha256)),
        index_secret=hmac.digest(data_key, b"warm-handoff blind index", hashlib.sha256),
    )


def _wrap(organization_id: UUID, master_key: str, data_key: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(master_keys().by_id[master_key])
    return nonce + cipher.encrypt(nonce, data_key, _binding(organization_id, master_key))


def _unwrap(row: DataKey) -> bytes:
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
