"""The way in for commands, jobs and tests: one organization, one transaction, its audit entries."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from privacy import audit, work


@contextmanager
def enter(organization_id: UUID | None) -> Iterator[None]:
    """Run a block in a transaction that sees this organization's rows (None: no client's rows at all).

    What `audit.record` collects in the block is written just before the commit; if that fails, nothing of the
    block is kept. Entered inside another one, it leaves its entries to the outer one, whose organization
    returns afterwards: a chain is locked once, at the very end.
    """
    outer = work.current()
    with work.begin() as current:
        if organization_id is not None:
            work.set_organization(organization_id)
        yield
        if outer is None:
            audit.write(current)
    if outer is not None:
        outer.collected.extend(current.collected)


def organization() -> UUID | None:
    """Return the organization whose rows the running transaction may see."""
    current = work.current()
    return current.organization if current is not None else None
