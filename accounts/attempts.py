"""Wrong passwords and codes: five for an account, whatever the address, and a way in for its owner.

Passwords and codes share one counter, found by the e-mail that was typed: whether anybody has that e-mail
makes no difference. Whoever signed in before in the same browser has a counter of their own there, which no
stranger can fill; a passkey isn't counted at all; a new password by e-mail empties the counter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import addresses, devices, throttling
from accounts.throttling import Count, Limit
from privacy import work

WINDOW = timedelta(minutes=15)
# Patience alone guesses no password: NIST SP 800-63B-4 (3.2.2) allows a hundred wrong ones in a row at most.
MONTH = timedelta(days=30)

ACCOUNT = (Limit("account", 5, WINDOW), Limit("account.month", 100, MONTH))
DEVICE = (Limit("device", 5, WINDOW), Limit("device.month", 100, MONTH))
# Generous: a whole clinic may stand behind one address.
NETWORK = Limit("network", 100, WINDOW)

MINUTE = 60
HOUR = 60 * MINUTE


class TooMany(ValidationError):
    """Too many were wrong: nothing was checked. It says when to try again and what can be done meanwhile."""

    def __init__(self, until: datetime, words: str = "") -> None:
        self.until = until
        super().__init__((words or _words()) % {"wait": wait_in_words(until)}, code="too_many")


@dataclass(slots=True)
class Attempt:
    """One try at a password or a code, counted before it is checked."""

    limits: Sequence[Limit]
    value: str
    is_right: bool = field(default=False, init=False)

    def was_right(self) -> None:
        """Take this try out of the count; earlier wrong ones stay in it."""
        if not self.is_right:
            self.is_right = True
            for limit in self.limits:
                throttling.take_back(limit, self.value)

    def count(self) -> None:
        """Count it, or refuse it; a refused one was not checked and doesn't count for the month."""
        for limit in self.limits:
            counted = throttling.count(limit, self.value)
            if counted.is_too_many:
                raise TooMany(counted.until)

    def count_again(self) -> None:
        """Count it once more, for a request that was taken back after it was wrong."""
        if not self.is_right:
            for limit in self.limits:
                throttling.count(limit, self.value)


def begin(request: HttpRequest, *, email: str) -> Attempt:
    """Count one try at this account's password or code, before it is checked, or raise `TooMany`.

    Until the answer is committed the count is locked: of many at the same moment five are let through.
    """
    email = canonical(email)
    device = devices.known(request, email)
    attempt = Attempt(DEVICE, str(device.pk)) if device is not None else Attempt(ACCOUNT, email)
    try:
        if device is None:
            _refuse_network(request)
        attempt.count()
    except TooMany as refused:
        vars(request)["refused_until"] = refused.until
        raise
    work.keep(attempt.count_again)
    vars(request).setdefault("attempts", []).append(attempt)
    return attempt


def finish(request: HttpRequest) -> None:
    """Count what was wrong against the network it came from: last, so that nobody waits for this row."""
    network = addresses.network_of(request)
    for attempt in vars(request).get("attempts", ()):
        if network and not attempt.is_right:
            throttling.count_and_keep(NETWORK, network)


def forget(email: str) -> None:
    """Empty the account's counter: its owner has just set a new password by e-mail."""
    throttling.forget(ACCOUNT, canonical(email))


def refuse(request: HttpRequest, counted: Count, words: str) -> None:
    """Raise `TooMany` with these words, and have the answer say 429, where a count has gone too far."""
    if counted.is_too_many:
        vars(request)["refused_until"] = counted.until
        raise TooMany(counted.until, words)


def canonical(email: str) -> str:
    """Return the e-mail as people are looked up by it, so that one account has one counter."""
    return email.strip().lower()


def _refuse_network(request: HttpRequest) -> None:
    network = addresses.network_of(request)
    seen = throttling.look(NETWORK, network)
    if network and seen.number >= NETWORK.most:
        raise TooMany(seen.until)


def _words() -> str:
    return _(
        "There were too many wrong tries, so nothing was checked. Try again %(wait)s. You need not wait if "
        "you have a passkey, if you use a browser in which you have signed in before, or if you set a new "
        "password by e-mail."
    )


def wait_in_words(until: datetime) -> str:
    """Return how long to wait: "in 12 minutes". The reader is signed out, so there is no zone for a time."""
    seconds = max((until - timezone.now()).total_seconds(), 1)
    if seconds <= HOUR:
        minutes = ceil(seconds / MINUTE)
        return ngettext("in %(number)d minute", "in %(number)d minutes", minutes) % {"number": minutes}
    hours = ceil(seconds / HOUR)
    return ngettext("in %(number)d hour", "in %(number)d hours", hours) % {"number": hours}
