"""Between a packet and its bytes: canonical JSON, its hash, and back."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from referrals.packet.parts import Packet


@dataclass(frozen=True, slots=True)
class Sealed:
    """The very text that is previewed and sent, and the hash that tells whether it changed."""

    body: str
    hash: str


def seal(packet: Packet) -> Sealed:
    """Return the packet as canonical JSON (keys sorted, no spaces) with its SHA-256."""
    body = json.dumps(asdict(packet), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Sealed(body, "sha256:" + hashlib.sha256(body.encode()).hexdigest())


def read(body: str) -> Packet:
    """Return the packet that was sealed as this text."""
    packet = _value(Packet, json.loads(body))
    if not isinstance(packet, Packet):
        raise TypeError("The text holds no packet.")
    return packet


def _value(kind: Any, document: Any) -> Any:
    """Read one value of a part: a part, a tuple of them, a part or None, or plain text, number or truth."""
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], item) for item in document)
    if get_origin(kind) in (Union, UnionType):
        inner = next(option for option in get_args(kind) if option is not type(None))
        return None if document is None else _value(inner, document)
    if hasattr(kind, "__dataclass_fields__"):
        hints = get_type_hints(kind)
        known = (field.name for field in fields(kind) if field.name in document)
        return kind(**{name: _value(hints[name], document[name]) for name in known})
    return document
