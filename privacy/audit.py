"""The audit log: entries are collected while a request runs and chained once, just before it commits."""

import json
import logging
import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils import timezone

from privacy import chain, work
from privacy.work import Draft, Work

heads = logging.getLogger("privacy.heads")

# A code names a thing: it has no room for words that somebody typed about a client.
CODE = re.compile(r"[A-Za-z0-9_.:/+-]{0,200}")

# Before there is a network nobody can have signed in; what is refused then still gets a chain.
NOBODY = UUID(int=0)

LOCK_HEAD = "SELECT number, hash FROM privacy_chainhead WHERE chain = %s FOR UPDATE"
OPEN_CHAIN = """
    INSERT INTO privacy_chainhead (chain, takes_unknown, number, hash) VALUES (%s, %s, 0, %s)
    ON CONFLICT (chain) DO NOTHING
"""
# One statement for both: an entry without its head, or a head without its entry, can't be written.
APPEND = """
    WITH head AS (UPDATE privacy_chainhead SET number = %s, hash = %s WHERE chain = %s)
    INSERT INTO privacy_entry
        (id, chain, number, at, action, "by", organization, owner,
         kind, record, client, codes, previous, hash)
    SELECT id, chain, number, at, action, "by", organization, owner,
           kind, record, client, codes, previous, hash
    FROM jsonb_to_recordset(%s::jsonb) AS row
        (id uuid, chain uuid, number bigint, at timestamptz, action text, "by" uuid, organization uuid,
         owner uuid, kind text, record uuid, client uuid, codes jsonb, previous text, hash text)
"""


class Person(Protocol):
    """Whoever acts: a signed-in person of an organization."""

    pk: Any
    organization_id: Any


def record(
    action: str,
    *,
    by: Person | None,
    of: models.Model | None = None,
    owner: UUID | None = None,
    client: UUID | None = None,
    **codes: object,
) -> None:
    """Collect one entry: who did what (`client.read`) to which record, whose it is, about which client.

    Codes are keys, ids and whole numbers, never what somebody typed. Nothing is written here: the request, or
    `privacy.context.enter`, writes all entries just before it commits, and fails if it can't.
    """
    current = work.current()
    if current is None:
        raise RuntimeError(
            f"{action}: an entry is recorded inside a request or inside privacy.context.enter."
        )
    checked = {name: _code(name, value) for name, value in codes.items()}
    if client is not None:
        checked |= current.marks.get(client, {})
    current.collect(
        Draft(
            at=timezone.now(),
            action=str(_code("action", action)),
            by=by.pk if by is not None else None,
            organization=by.organization_id if by is not None else current.organization,
            owner=owner if owner is not None else getattr(of, "organization_id", None),
            kind=of._meta.label_lower if of is not None else "",
            record=of.pk if of is not None else None,
            client=client,
            codes=dict(sorted(checked.items())),
        )
    )


def mark(client: UUID, **codes: object) -> None:
    """Let every entry about a client that this transaction records from now on carry these codes too."""
    current = work.current()
    if current is None:
        raise RuntimeError("Entries are marked inside a request or inside privacy.context.enter.")
    checked = {name: _code(name, value) for name, value in codes.items()}
    current.marks.setdefault(client, {}).update(checked)


def _code(name: str, value: object) -> object:
    match value:
        case None | bool() | int():
            return value
        case UUID():
            return str(value)
        case str() if CODE.fullmatch(value):
            return str(value)
        case list() | tuple():
            return [_code(name, item) for item in value]
        case _:
            raise ValueError(f"{name} is not a short code: an audit entry holds no text and no client data.")


def write(current: Work) -> None:
    """Give every collected entry its place in its chain: the acting organization's, or the network's."""
    drafts = current.take()
    if not drafts:
        return
    unknown = _chain_for_unknown() if any(draft.organization is None for draft in drafts) else NOBODY
    placed = sorted(((draft.organization or unknown, draft) for draft in drafts), key=lambda pair: pair[0])
    before = current.organization
    # Always in the order of the ids, so that two requests that write to the same chains can't wait in a ring.
    for chain_id, group in groupby(placed, key=lambda pair: pair[0]):
        if current.organization != chain_id:
            work.set_organization(chain_id)
        _append(chain_id, [draft for _, draft in group])
    if current.organization != before:
        work.set_organization(before)


def open_chain(organization_id: UUID, *, takes_unknown: bool = False) -> None:
    """Begin an organization's chain; the network's also takes what people who aren't known do."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(OPEN_CHAIN, [organization_id, takes_unknown, chain.BEGINNING])


def _chain_for_unknown() -> UUID:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT chain FROM privacy_chainhead WHERE takes_unknown")
        row = cursor.fetchone()
    return row[0] if row is not None else NOBODY


def _append(chain_id: UUID, drafts: Iterable[Draft]) -> None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(LOCK_HEAD, [chain_id])
        head = cursor.fetchone()
        if head is None:
            open_chain(chain_id)
            cursor.execute(LOCK_HEAD, [chain_id])
            head = cursor.fetchone()
        number, previous = head
        rows = []
        for draft in drafts:
            number += 1
            link = chain.link(uuid4(), chain_id, number, previous, draft)
            previous = link.hash
            rows.append(link.as_row())
        cursor.execute(APPEND, [number, previous, chain_id, json.dumps(rows)])
    transaction.on_commit(lambda: _log_head(chain_id, number, previous))


def _log_head(chain_id: UUID, number: int, digest: str) -> None:
    """Say where the chain ends, for keeping elsewhere: a chain alone can't show that its tail is missing."""
    heads.info("chain %s number %d hash %s", chain_id, number, digest)
