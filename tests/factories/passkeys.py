"""A device for tests that makes passkeys and signs with them, as a browser would hand its answers on."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

HOST, ORIGIN = "localhost", "http://localhost"
ASK, ENTER = "/account/passkey/request/", "/account/passkey/"
ADD, MAKE = "/account/second-factor/passkey/", "/account/second-factor/passkey/creation/"
PRESENT, UNLOCKED, NEW = 0x01, 0x04, 0x40


@dataclass
class Device:
    """A device with one passkey; its owner unlocks it unless `flags` says otherwise."""

    flags: int = PRESENT | UNLOCKED
    origin: str = ORIGIN
    handle: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(16))

    def make(self, asked: Mapping[str, Any]) -> str:
        """Answer a request to make a passkey."""
        self.handle = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = AuthenticatorData.create(sha256(asked["rp"]["id"].encode()), self.flags | NEW, 0, made)
        client_data = self._client_data(CollectedClientData.TYPE.CREATE, asked)
        attestation = bytes(AttestationObject.create("none", data, {}))
        return self._answer(clientDataJSON=client_data, attestationObject=attestation)

    def sign(self, asked: Mapping[str, Any]) -> str:
        """Answer a request for a passkey."""
        data = AuthenticatorData.create(sha256(asked["rpId"].encode()), self.flags, 0)
        client_data = self._client_data(CollectedClientData.TYPE.GET, asked)
        signature = self.key.sign(bytes(data) + sha256(client_data), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=client_data,
            authenticatorData=bytes(data),
            signature=signature,
            userHandle=websafe_decode(self.handle),
        )

    def _client_data(self, kind: Any, asked: Mapping[str, Any]) -> bytes:
        return bytes(CollectedClientData.create(kind, asked["challenge"], self.origin))

    def _answer(self, **parts: bytes) -> str:
        answer = {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {name: websafe_encode(part) for name, part in parts.items()},
            "clientExtensionResults": {},
        }
        return json.dumps(answer)


def at_localhost(browser: Client) -> Client:
    """Let the browser call the site by a name for which passkeys are made."""
    browser.defaults["HTTP_HOST"] = HOST
    return browser


def asked_by(browser: Client, path: str) -> Mapping[str, Any]:
    """Return what the site asks the browser."""
    asked: Mapping[str, Any] = browser.post(path).json()["publicKey"]
    return asked


def add(browser: Client, device: Device, name: str = "My key") -> Any:
    """Take the device's passkey into use for whoever is in the browser."""
    credential = device.make(asked_by(browser, MAKE))
    return browser.post(ADD, {"name": name, "credential": credential})


def enter(browser: Client, device: Device) -> Any:
    """Sign in by the device's passkey alone."""
    return browser.post(ENTER, {"credential": device.sign(asked_by(browser, ASK))})
