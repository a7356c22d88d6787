"""Counts tries in rows: every process sees the same ones, two at a time included.

What is counted is never stored: a row is found by a keyed hash of it. A counted row stays locked until its
transaction ends, so whoever comes at the same moment waits for the count. An answer that is taken back (404,
an error) takes no count with it: `count_and_keep` has it written again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models.throttling import Attempts
from privacy import work

COUNT = """
    INSERT INTO accounts_attempts AS row (key, count, expires_at) VALUES (%(key)s, 1, %(until)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN row.expires_at <= %(now)s THEN 1 ELSE row.count + 1 END,
        expires_at = CASE
            WHEN row.expires_at <= %(now)s OR row.count + 1 = %(most)s THEN %(until)s
            ELSE row.expires_at
        END
    RETURNING count, expires_at
"""
TAKE_BACK = """
    UPDATE accounts_attempts SET count = count - 1 WHERE key = %s AND count > 0 AND expires_at > %s
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in a window that begins with the first, and once more with the last that is let through."""

    name: str
    most: int
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Count:
    """How many there were, the newest included, and when they are forgotten."""

    number: int
    until: datetime
    limit: Limit

    @property
    def is_too_many(self) -> bool:
        """Whether the newest is one more than is let through."""
        return self.number > self.limit.most


def count(limit: Limit, value: str) -> Count:
    """Count one more of this value (an e-mail, an id, an address); its row is locked until the commit."""
    now = timezone.now()
    values: dict[str, Any] = {
        "key": _key(limit.name, value),
        "now": now,
        "until": now + limit.lasts,
        "most": limit.most,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        number, until = cursor.fetchone()
    return Count(number, until, limit)


def count_and_keep(limit: Limit, value: str) -> Count:
    """Count one more; if the request is taken back, the count is written again and stays."""
    work.keep(lambda: count(limit, value))
    return count(limit, value)


def look(limit: Limit, value: str) -> Count:
    """Return the count as it stands, without adding to it and without waiting for anybody."""
    now = timezone.now()
    row = Attempts.objects.filter(key=_key(limit.name, value), expires_at__gt=now).first()
    return Count(row.count, row.expires_at, limit) if row is not None else Count(0, now, limit)


def take_back(limit: Limit, value: str) -> None:
    """Take one back that should not have counted."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, [_key(limit.name, value), timezone.now()])


def forget(limits: Sequence[Limit], value: str) -> None:
    """Forget every count of this value under these limits."""
    Attempts.objects.filter(key__in=[_key(limit.name, value) for limit in limits]).delete()


def clear_expired(now: datetime) -> int:
    """Delete counts that nothing asks for any more; return how many."""
    counts, _ = Attempts.objects.filter(expires_at__lte=now).delete()
    return counts


def _key(scope: str, value: str) -> str:
    text = f"{scope}\0{value}"
    return salted_hmac("accounts.throttling", text, algorithm="sha256").hexdigest()
