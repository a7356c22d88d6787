"""Checks a proof of who somebody is. Wrong passwords and codes of an account are counted together."""

from typing import Any

from django.http import HttpRequest

from accounts import actions, attempts, passkeys
from accounts.models import User
from accounts.second_factor import Proof
from privacy import audit


def by_password(request: HttpRequest, person: User, typed: str) -> Proof | None:
    """Check the password in use; raises `attempts.TooMany` before it is looked at."""
    attempt = attempts.begin(request, email=person.email)
    if not person.check_password(typed):
        _failed(person)
        return None
    attempt.was_right()
    return Proof.KNOWLEDGE


def by_code(request: HttpRequest, person: User, typed: str) -> Proof | None:
    """Use up the code of an app, or a recovery code; raises `attempts.TooMany` before it is looked at."""
    attempt = attempts.begin(request, email=person.email)
    proof = actions.spend_code(person=person, code=typed)
    if proof is None:
        _failed(person)
        return None
    attempt.was_right()
    return proof


def by_passkey(person: User, credential: dict[str, Any]) -> Proof | None:
    """Check a passkey's answer. It can't be guessed, so it isn't counted: a locked-out owner's way in."""
    factor = passkeys.proven(person, credential)
    if factor is None:
        _failed(person)
        return None
    actions.use_passkey(person=person, factor=factor)
    return Proof.PASSKEY


def _failed(person: User) -> None:
    audit.record("session.proof_failed", by=person, of=person)
