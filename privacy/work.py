"""What the running transaction is for: whose organization it acts in, and what it owes the audit log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction

SET_ORGANIZATION = "SELECT set_config('app.organization', %s, true)"


@dataclass(frozen=True, slots=True)
class Draft:
    """An audit entry that has been collected and has no place in a chain yet."""

    at: datetime
    action: str
    by: UUID | None
    organization: UUID | None
    owner: UUID | None
    kind: str
    record: UUID | None
    client: UUID | None
    codes: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Collected:
    """A draft that Django holds among a commit's callbacks; called, it does nothing."""

    draft: Draft

    def __call__(self) -> None:
        """Do nothing: the entry was written before the commit."""


@dataclass(slots=True)
class Work:
    """One transaction: the organization set in the database, and the entries collected so far."""

    organization: UUID | None = None
    collected: list[Collected] = field(default_factory=list)
    # Codes that every entry about a client carries from now on, by client.
    marks: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    # What stays even if all else is taken back: done once more, in a transaction of its own.
    kept: list[Callable[[], object]] = field(default_factory=list)
    failed: bool = False

    def collect(self, draft: Draft) -> None:
        """Keep an entry for as long as what it tells of is kept."""
        collected = Collected(draft)
        self.collected.append(collected)
        # Django forgets a commit's callbacks when their savepoint goes back: so it knows which drafts count.
        transaction.on_commit(collected, using=DEFAULT_DB_ALIAS)

    def take(self) -> list[Draft]:
        """Return the entries of what was not taken back, oldest first, and hold them no longer."""
        standing = {id(waiting[1]) for waiting in connections[DEFAULT_DB_ALIAS].run_on_commit}
        taken = [each.draft for each in self.collected if id(each) in standing]
        self.collected = []
        return taken


_current: ContextVar[Work | None] = ContextVar("privacy_work", default=None)


def current() -> Work | None:
    """Return the running work, or None outside a request and outside `privacy.context.enter`."""
    return _current.get()


def keep(action: Callable[[], object]) -> None:
    """Have a request that is taken back do this once more, such as counting a wrong password.

    A command, or a test that enters a context, has nobody to answer: there nothing is done again.
    """
    work = current()
    if work is not None:
        work.kept.append(action)


def set_organization(organization_id: UUID | None) -> None:
    """Tell the database, until this transaction ends, whose rows may be seen."""
    work = current()
    if work is None:
        raise RuntimeError("An organization is set inside a request or inside privacy.context.enter.")
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(SET_ORGANIZATION, [str(organization_id or "")])
    work.organization = organization_id


@contextmanager
def begin() -> Iterator[Work]:
    """Open a transaction of no organization, with nothing collected.

    Inside another transaction (a test, or a command that goes organization by organization) the outer
    organization is hidden while this one runs and put back afterwards: a local setting outlives a savepoint.
    """
    outer = current()
    connection = connections[DEFAULT_DB_ALIAS]
    nested = connection.in_atomic_block
    work = Work()
    token = _current.set(work)
    try:
        with transaction.atomic(using=DEFAULT_DB_ALIAS):
            if nested and outer is not None and outer.organization is not None:
                _set_quietly(None)
            yield work
    finally:
        _current.reset(token)
        if nested and connection.in_atomic_block and not connection.needs_rollback:
            _set_quietly(outer.organization if outer is not None else None)


def _set_quietly(organization_id: UUID | None) -> None:
    """Set the organization past Django's query log: a request on a connection of its own never does this."""
    connections[DEFAULT_DB_ALIAS].connection.execute(SET_ORGANIZATION, [str(organization_id or "")])
