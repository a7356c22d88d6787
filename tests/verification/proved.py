"""What the verifier says of small questionnaires."""

from __future__ import annotations

from typing import Any

from screening.engine import parse
from screening.verification.proving import prove
from screening.verification.report import About, Asked, Result, State

Json = dict[str, Any]
HOLDS, DOES_NOT_HOLD, NOT_PROVED = State.HOLDS, State.DOES_NOT_HOLD, State.NOT_PROVED


def proved(written: Json, before: Json | None = None, seconds_each: float = 20) -> dict[About, Result]:
    """Every result, by what was asked."""
    results = prove(parse(written), before and parse(before), seconds_each=seconds_each, megabytes=1000)
    return {result.about: result for result in results}


def result(written: Json, asked: Asked, *keys: str, before: Json | None = None) -> Result:
    """What was found about one thing."""
    return proved(written, before)[About(asked, keys)]


def said(written: Json, asked: Asked, *keys: str, before: Json | None = None) -> State:
    """Whether it holds."""
    return result(written, asked, *keys, before=before).state


def example(written: Json, asked: Asked, *keys: str, before: Json | None = None) -> Json | None:
    """The answers that show it, or show that it doesn't hold."""
    witness = result(written, asked, *keys, before=before).witness
    return None if witness is None else dict(witness.answers)


def against(written: Json) -> set[tuple[Asked, tuple[str, ...]]]:
    """All that doesn't hold."""
    found = proved(written)
    assert not [result for result in found.values() if result.state is NOT_PROVED]
    return {(about.asked, about.keys) for about, result in found.items() if result.state is DOES_NOT_HOLD}
