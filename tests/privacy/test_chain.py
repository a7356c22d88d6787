"""The verifier of a chain: pure functions over entries that nobody needs a database for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from privacy import chain
from privacy.chain import Fault, Flaw, Head, Link, verify
from privacy.work import Draft

CHAIN = UUID(int=1)
START = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


def draft(number: int) -> Draft:
    return Draft(
        at=START + timedelta(seconds=number),
        action="client.read",
        by=UUID(int=10),
        organization=CHAIN,
        owner=CHAIN,
        kind="screening.client",
        record=UUID(int=100 + number),
        client=None,
        codes={"section": "mood", "count": number},
    )


def sealed(length: int) -> list[Link]:
    links: list[Link] = []
    previous = chain.BEGINNING
    for number in range(1, length + 1):
        links.append(chain.link(UUID(int=1000 + number), CHAIN, number, previous, draft(number)))
        previous = links[-1].hash
    return links


def flaws(links: list[Link], kept: Sequence[Head] = ()) -> tuple[Flaw, ...]:
    """Return what is wrong, with a head row that says what the last entry does."""
    head = Head(links[-1].number, links[-1].hash) if links else Head(0, chain.BEGINNING)
    return verify(links, head, kept)


def test_a_whole_chain_has_no_flaw() -> None:
    links = sealed(5)
    assert flaws(links) == ()
    assert flaws(links, [Head(5, links[4].hash), Head(2, links[1].hash), Head(0, chain.BEGINNING)]) == ()
    assert flaws([]) == ()


CHANGES = {
    "id": UUID(int=9),
    "chain": UUID(int=9),
    "at": START,
    "action": "client.change",
    "by": None,
    "organization": None,
    "owner": UUID(int=9),
    "kind": "screening.screening",
    "record": None,
    "client": UUID(int=9),
    "codes": {"section": "mood", "count": 4},
    "hash": "f" * 64,
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_edit_of_any_value_shows(name: str) -> None:
    """CHECKS 35."""
    links = sealed(4)
    links[2] = replace(links[2], **{name: CHANGES[name]})
    assert Flaw(3, Fault.CHANGED) in flaws(links)


def test_an_edit_that_was_sealed_again_shows_at_the_next_entry() -> None:
    """CHECKS 35."""
    links = sealed(4)
    links[1] = chain.link(links[1].id, CHAIN, 2, links[0].hash, draft(9))
    assert flaws(links) == (Flaw(3, Fault.FORKED),)


def test_a_missing_middle_shows() -> None:
    """CHECKS 35."""
    links = sealed(5)
    assert flaws([links[0], *links[3:]]) == (Flaw(2, Fault.MISSING, until=3),)
    assert flaws(links[1:]) == (Flaw(1, Fault.MISSING),)


def test_a_missing_tail_shows_against_a_kept_head_only() -> None:
    """CHECKS 35."""
    links = sealed(5)
    kept = Head(5, links[4].hash)
    assert flaws(links[:3]) == ()
    assert flaws(links[:3], [kept]) == (Flaw(4, Fault.TAIL_MISSING, until=5),)
    assert flaws([], [kept]) == (Flaw(1, Fault.TAIL_MISSING, until=5),)


def test_a_chain_written_anew_shows_against_a_kept_head() -> None:
    """CHECKS 35."""
    links, forged = sealed(3), []
    previous = chain.BEGINNING
    for number in range(1, 4):
        forged.append(chain.link(UUID(int=number), CHAIN, number, previous, draft(50 + number)))
        previous = forged[-1].hash
    assert flaws(forged) == ()
    assert flaws(forged, [Head(3, links[2].hash)]) == (Flaw(3, Fault.REWRITTEN),)


def test_a_fork_shows() -> None:
    """CHECKS 35."""
    links = sealed(3)
    other = chain.link(UUID(int=77), CHAIN, 3, links[1].hash, draft(77))
    head = Head(3, links[2].hash)
    assert verify([*links, other], head) == (Flaw(3, Fault.FORKED),)


def test_the_zone_in_which_a_moment_comes_back_makes_no_difference() -> None:
    links = sealed(1)
    elsewhere = replace(links[0], at=links[0].at.astimezone(timezone(timedelta(hours=-8))))
    assert flaws([elsewhere]) == ()
