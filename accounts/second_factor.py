"""What a session says about proof: who gave a second factor in it, and when they last proved themselves.

A password alone begins a session that belongs to nobody yet: `accounts.middleware.SecondFactor` keeps its
person apart from `request.user` until `prove` has put the stamp into the session. The stamp is the session's,
not the person's: somebody who has a factor has proved nothing by that.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User

STAMP, PROVED_AT, BEGAN_AT = "second_factor", "proved_at", "password_at"

# How long a password waits for its second factor, and how long a proof opens what asks for a fresh one.
PENDING_LASTS = timedelta(minutes=15)
PROOF_LASTS = timedelta(minutes=5)


class Proof(StrEnum):
    """How somebody proved who they are. A password is no second factor: it counts only as a fresh proof."""

    KNOWLEDGE = "password"
    APP = "app"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"
    # The provider of the person's organization asked for both, and says so.
    PROVIDER = "provider"
    DEMONSTRATION = "demonstration"


def begin(session: SessionBase) -> None:
    """Note that a password was right: nothing is proved yet."""
    for name in (STAMP, PROVED_AT):
        session.pop(name, None)
    session[BEGAN_AT] = _now()


def prove(session: SessionBase, person: User, proof: Proof) -> None:
    """Stamp the session as this person's with both factors."""
    session.pop(BEGAN_AT, None)
    session[STAMP] = {"person": str(person.pk), "proof": proof}
    prove_again(session)


def prove_again(session: SessionBase) -> None:
    """Note that the person has just proved themselves once more."""
    session[PROVED_AT] = _now()


def proof_of(session: SessionBase, person: Any) -> str | None:
    """Return how this person gave the second factor in this session, or None."""
    stamp = session.get(STAMP)
    if not isinstance(stamp, dict) or stamp.get("person") != str(person.pk):
        return None
    return str(stamp.get("proof"))


def is_proved(session: SessionBase, person: Any) -> bool:
    """Say whether this person has given both factors in this session."""
    return proof_of(session, person) is not None


def is_too_late(session: SessionBase) -> bool:
    """Say whether the password was given too long ago to be followed by a second factor."""
    return not _lies_within(session.get(BEGAN_AT), PENDING_LASTS)


def proved_lately(session: SessionBase) -> bool:
    """Say whether the person proved themselves within the last five minutes."""
    return _lies_within(session.get(PROVED_AT), PROOF_LASTS)


def pending(request: HttpRequest) -> User | None:
    """Return whoever has given a password in this session and no second factor yet."""
    person = vars(request).get("pending_person")
    return person if isinstance(person, User) else None


def _now() -> int:
    return int(timezone.now().timestamp())


def _lies_within(moment: object, lasts: timedelta) -> bool:
    return isinstance(moment, int) and 0 <= _now() - moment < lasts.total_seconds()
