"""Which organizations sign in through a provider of their own (OpenID Connect), by configuration."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY = re.compile(r"[a-z0-9-]{1,40}")
NEEDED = ("key", "name", "organization", "issuer", "client_id", "client_secret")
KNOWN = {*NEEDED, "second_factor", "required"}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Person(Protocol):
    """Whoever signs in."""

    organization_id: Any


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """A provider, the one organization whose people it signs in, and what its word is worth."""

    key: str
    name: str
    organization: UUID
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    # By which values of `acr` and `amr` it says that it asked for a second factor itself.
    acr: frozenset[str] = frozenset()
    amr: frozenset[str] = frozenset()
    # Whether its people sign in in no other way.
    is_required: bool = False

    def vouches(self, claims: dict[str, Any]) -> bool:
        """Say whether these claims stand for both factors."""
        methods = claims.get("amr")
        said = {str(each) for each in methods} if isinstance(methods, list) else set()
        return claims.get("acr") in self.acr or not self.amr.isdisjoint(said)


def parse(text: str) -> tuple[IdentityProvider, ...]:
    """Read a JSON list of providers, or refuse it with a sentence; nothing of a secret is repeated."""
    if not text.strip():
        return ()
    try:
        entries = json.loads(text)
    except ValueError:
        raise ImproperlyConfigured("SINGLE_SIGN_ON is not JSON.") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ImproperlyConfigured("SINGLE_SIGN_ON takes a list of objects, one a provider.")
    found = tuple(_provider(number, entry) for number, entry in enumerate(entries, 1))
    for each in ("key", "organization"):
        if len({getattr(provider, each) for provider in found}) < len(found):
            raise ImproperlyConfigured(f"SINGLE_SIGN_ON names one {each} twice.")
    return found


def _provider(number: int, entry: dict[str, Any]) -> IdentityProvider:
    where = f"SINGLE_SIGN_ON, provider {number}:"
    if unknown := sorted(entry.keys() - KNOWN):
        raise ImproperlyConfigured(f"{where} {unknown[0]} is not known.")
    for name in NEEDED:
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise ImproperlyConfigured(f"{where} {name} is missing.")
    if not KEY.fullmatch(entry["key"]):
        raise ImproperlyConfigured(f"{where} key takes lower case letters, digits and dashes.")
    factor = entry.get("second_factor", {})
    if not isinstance(factor, dict) or factor.keys() - {"acr", "amr"}:
        raise ImproperlyConfigured(f"{where} second_factor takes lists named acr and amr.")
    return IdentityProvider(
        **{name: entry[name].strip() for name in NEEDED if name not in {"organization", "issuer"}},
        organization=_id(where, entry["organization"]),
        issuer=_issuer(where, entry["issuer"].strip()),
        acr=_words(where, factor.get("acr", [])),
        amr=_words(where, factor.get("amr", [])),
        is_required=_flag(where, entry.get("required", False)),
    )


def _id(where: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ImproperlyConfigured(f"{where} organization takes the id of one.") from None


def _issuer(where: str, address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ImproperlyConfigured(f"{where} issuer takes an https:// address.")
    return address


def _words(where: str, value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ImproperlyConfigured(f"{where} acr and amr take lists of words.")
    return frozenset(value)


def _flag(where: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ImproperlyConfigured(f"{where} required takes true or false.")
    return value


def configured() -> tuple[IdentityProvider, ...]:
    """Return the configured providers; none by default."""
    return tuple(settings.SINGLE_SIGN_ON)


def named(key: str) -> IdentityProvider | None:
    """Return the provider with this key."""
    return next((each for each in configured() if each.key == key), None)


def may_use_password(person: Person) -> bool:
    """Say whether this person may sign in without their organization's provider."""
    return required_by(person.organization_id) is None


def required_by(organization_id: UUID) -> IdentityProvider | None:
    """Return the provider through which an organization's people have to sign in, if they have to."""
    found = (each for each in configured() if each.organization == organization_id and each.is_required)
    return next(found, None)
