"""A long audit log: rightly linked chains, copied into the table as no request could write them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from privacy import chain
from privacy.work import Draft

COLUMNS = chain.Link.__slots__
COPY = "COPY privacy_entry ({}) FROM STDIN".format(", ".join(f'"{name}"' for name in COLUMNS))
FIRST_DAY = datetime(2025, 1, 6, 8, tzinfo=UTC)
SECTIONS = ("about", "mood", "safety", "anxiety", "trauma", "pain", "substances")

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Length:
    """How many entries were added, in how many chains."""

    entries: int
    chains: int


def add(owner: Connection, organizations: list[UUID], count: int) -> Length:
    """Add so many entries behind those that stand in the organizations' chains, evenly."""
    each = count // len(organizations)
    with owner.transaction():
        # Copying asks for it: row security is back before anybody else can see the table.
        owner.execute("ALTER TABLE privacy_entry NO FORCE ROW LEVEL SECURITY")
        for organization in organizations:
            _lengthen(owner, organization, each)
        owner.execute("ALTER TABLE privacy_entry FORCE ROW LEVEL SECURITY")
    owner.execute("VACUUM ANALYZE privacy_entry")
    return Length(each * len(organizations), len(organizations))


def _lengthen(owner: Connection, organization: UUID, count: int) -> None:
    select = "SELECT number, hash FROM privacy_chainhead WHERE chain = %s FOR UPDATE"
    head = owner.execute(select, [organization]).fetchone()
    number, previous = head or (0, chain.BEGINNING)
    with owner.cursor() as cursor, cursor.copy(COPY) as copy:
        for link in _links(organization, number, previous, count):
            values = (getattr(link, name) for name in COLUMNS)
            copy.write_row([json.dumps(value) if isinstance(value, dict) else value for value in values])
            number, previous = link.number, link.hash
    update = "UPDATE privacy_chainhead SET number = %s, hash = %s WHERE chain = %s"
    owner.execute(update, [number, previous, organization])


def _links(organization: UUID, number: int, previous: str, count: int) -> Iterator[chain.Link]:
    """Yield entries such as a day of screening leaves: mostly reads and saved answers."""
    people, clients = [uuid4() for _ in range(8)], [uuid4() for _ in range(400)]
    for step in range(count):
        codes = {
            "section": SECTIONS[step % len(SECTIONS)],
            "read_aloud": False,
            "questions": [f"q_{step % 90}"],
        }
        draft = Draft(
            at=FIRST_DAY + timedelta(seconds=40 * step),
            action="screening.read" if step % 3 else "screening.answered",
            by=people[step % len(people)],
            organization=organization,
            owner=organization,
            kind="screening.screening",
            record=clients[step % 397],
            client=clients[step % len(clients)],
            codes=codes,
        )
        link = chain.link(uuid4(), organization, number + step + 1, previous, draft)
        previous = link.hash
        yield link
