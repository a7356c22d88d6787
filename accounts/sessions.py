"""Where sessions are kept: rows with stamps of the server's clock, which end them whatever the browser says.

A session ends after 15 minutes without input and 12 hours after it began (CHECKS 16). Both are checked here,
where a session is read, so that no code can meet one that is over. Only `stamp` moves the first limit, and
only `accounts.middleware.Sessions` calls it; nothing moves the second one, a new key neither.
"""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.browsers import Browser
from accounts.models import Session
from accounts.second_factor import STAMP

WRITE_EVERY_SECONDS = 60
# Towards the end a page gets the exact seconds: it warns two minutes before.
ASKED_SOON_SECONDS = 240


class SessionStore(SessionBase):
    """Django's session interface over rows of `accounts.models.Session`."""

    # Why there is nothing left of the session that the cookie named: "idle", "total", or "" where none ended.
    ended = ""
    # What the browser says of itself; the middleware sets it before anything is saved.
    browser = Browser("", "")
    row: Session | None = None

    if TYPE_CHECKING:
        # Django's stubs leave out what a store is written with.
        _session: dict[str, Any]

        def _get_session(self, no_load: bool = False) -> dict[str, Any]: ...
        def _get_new_session_key(self) -> str: ...

    def load(self) -> dict[str, Any]:
        """Read the session, unless it is over: then its row goes, and the browser is nobody's."""
        row = Session.objects.filter(session_key=hashed(self.session_key)).first()
        if row is None:
            self._session_key = None
            return {}
        self.ended = why_over(row, timezone.now())
        if self.ended:
            Session.objects.filter(pk=row.pk).delete()
            self._session_key = None
            return {}
        self.row = row
        data: dict[str, Any] = self.decode(row.session_data)
        return data

    def exists(self, session_key: str) -> bool:
        """Say whether there is such a session."""
        return Session.objects.filter(session_key=hashed(session_key)).exists()

    def create(self) -> None:
        """Begin a row under a new key."""
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write the data. The stamps stay as they are: a save is no input."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)
        stamp = data.get(STAMP) or {}
        values = {
            "session_data": self.encode(data),
            "person_id": data.get(SESSION_KEY),
            "proof": str(stamp.get("proof", "")),
        }
        if must_create:
            self._insert(values)
        elif not Session.objects.filter(session_key=hashed(self.session_key)).update(**values):
            raise UpdateError

    def _insert(self, values: dict[str, Any]) -> None:
        now = timezone.now()
        started_at = self.row.started_at if self.row is not None else now
        row = Session(
            session_key=hashed(self.session_key),
            started_at=started_at,
            last_input_at=now,
            expire_date=started_at + settings.SESSION_TOTAL,
            browser=self.browser.family,
            system=self.browser.system,
            **values,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as taken:
            raise CreateError from taken
        self.row = row

    def cycle_key(self) -> None:
        """Go on under a new key. The 12 hours of somebody who has given their password go on as well."""
        data, key = self._session, self.session_key
        if SESSION_KEY not in data:
            self.row = None
        self.create()
        self._session_cache = data
        if key:
            self.delete(key)

    def delete(self, session_key: str | None = None) -> None:
        """Remove the row."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=hashed(key)).delete()

    def flush(self) -> None:
        """Remove the session; what comes next in this browser is another one."""
        super().flush()
        self.row = None

    def stamp(self, now: datetime) -> None:
        """Note that the person did something now; within the same minute nothing is written."""
        row = self.row
        if row is None or (now - row.last_input_at).total_seconds() < WRITE_EVERY_SECONDS:
            return
        Session.objects.filter(pk=row.pk, last_input_at__lt=now).update(last_input_at=now)
        row.last_input_at = now

    @property
    def seconds_left(self) -> int:
        """Whole seconds until one of the limits ends this session if nothing more is done."""
        if self.row is None:
            return 0
        return max(int((ends_at(self.row) - timezone.now()).total_seconds()), 0)

    @property
    def seconds_until_asked(self) -> int:
        """Seconds that a page counts on: whole minutes, a little early, and exact towards the end.

        Before it warns, the page asks for the exact ones: two pages of a minute are the same, byte for byte.
        """
        left = self.seconds_left
        return left if left < ASKED_SOON_SECONDS else (left - 1) // 60 * 60

    @property
    def ends_for_good(self) -> bool:
        """Whether no input moves the end any more, because the 12 hours come first."""
        row = self.row
        return (
            row is not None
            and row.started_at + settings.SESSION_TOTAL <= timezone.now() + settings.SESSION_IDLE
        )

    @property
    def idle_minutes(self) -> int:
        """How many minutes without input end a session."""
        return int(settings.SESSION_IDLE.total_seconds()) // 60

    @property
    def total_hours(self) -> int:
        """How many hours a session lasts at most."""
        return int(settings.SESSION_TOTAL.total_seconds()) // 3600

    @classmethod
    def clear_expired(cls) -> None:
        """Delete what is over."""
        Session.objects.over_at(timezone.now()).delete()


def ends_at(row: Session) -> datetime:
    """Return when the session ends if nothing more is done in it."""
    return min(row.last_input_at + settings.SESSION_IDLE, row.started_at + settings.SESSION_TOTAL)


def why_over(row: Session, now: datetime) -> str:
    """Return "total" or "idle" for a session that is over, "" for one that runs."""
    if now >= row.started_at + settings.SESSION_TOTAL:
        return "total"
    return "idle" if now >= row.last_input_at + settings.SESSION_IDLE else ""


def hashed(session_key: str | None) -> str:
    """Return what is kept of a session's key; it is random, so a plain hash can't be guessed back."""
    return hashlib.blake2b((session_key or "").encode(), digest_size=20).hexdigest()
