"""The verifier over every small change of the shipped rules: `make mutants` writes docs/mutants.md.

Each change is noticed by a vignette, or told apart by the verifier with answers for which the two differ, or
proved to change no outcome and no consideration.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from time import monotonic
from typing import Any

from screening.engine import Definition, DocumentProblems, parse
from screening.verification.asking import compared
from screening.verification.proving import Prover
from screening.verification.report import State
from tests.engine.shipped.equivalents import EQUIVALENTS
from tests.engine.shipped.mutations import Mutant, mutants, only
from tests.engine.shipped.test_mutations import bare, unnoticed

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "mutants.md"
SECONDS_EACH = 60.0
REFUSED, TOLD_APART, EQUAL, NOT_PROVED = "refused", "told apart", "equal", "not proved"


@dataclass(frozen=True)
class Verdict:
    """What the verifier said of one change, by its name, and whether no vignette notices it."""

    name: str
    said: str
    unnoticed: bool = False


def verdict(mutant: Mutant) -> str:
    """What the verifier says of a change: an indication or a consideration depends on no other."""
    base = bare()
    try:
        changed = parse(only(base, mutant))
    except DocumentProblems:
        return REFUSED
    return _said(changed, parse(only(base, Mutant("", "", mutant.path[:2], _at(base, mutant.path[:2])))))


def _at(node: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        node = node[step]
    return node


def _said(changed: Definition, base: Definition) -> str:
    prover = Prover(changed, base, SECONDS_EACH)
    results = [prover.result(about) for about in compared(changed, base)]
    if any(result.state is State.DOES_NOT_HOLD and result.witness for result in results):
        return TOLD_APART
    return EQUAL if all(result.state is State.HOLDS for result in results) else NOT_PROVED


def verdicts(processes: int) -> Iterator[Verdict]:
    """Every change with what the verifier and the vignettes say of it."""
    made = list(mutants(bare()))
    with Pool(processes) as pool:
        said = pool.map_async(verdict, made, chunksize=8)
        missed = {mutant.name for mutant in unnoticed("ketamine_referral")}
        for mutant, found in zip(made, said.get(), strict=True):
            yield Verdict(mutant.name, found, mutant.name in missed)


def why(name: str) -> str:
    """Why a change makes no difference, as tests/engine/shipped/equivalents.py says it."""
    return next(
        (e.proof for e in EQUIVALENTS for m in mutants(bare()) if m.name == name and e.covers(m)),
        "(not in tests/engine/shipped/equivalents.py)",
    )


def as_document(found: Sequence[Verdict], seconds: float) -> str:
    """The page: how many of which sort, and each that was proved equal, with why."""
    count = {
        "all": len(found),
        "refused": sum(v.said == REFUSED for v in found),
        "noticed": sum(v.said != REFUSED and not v.unnoticed for v in found),
        "apart": sum(v.said == TOLD_APART for v in found),
        "only": sum(v.said == TOLD_APART and v.unnoticed for v in found),
        "equal": sum(v.said == EQUAL for v in found),
        "open": sum(v.said == NOT_PROVED for v in found),
        "both": sum(v.said == EQUAL and not v.unnoticed for v in found),
    }
    rows = [f"| {name} | {why(name)} |" for name in (v.name for v in found if v.said == EQUAL)]
    return _PAGE.format(**count, seconds=round(seconds), rows="\n".join(rows))


_PAGE = """# Every small change of the shipped rules

Made by `make mutants`; do not edit. Each threshold, operator, answer, operand, gate, score and age of the
shipped questionnaire is changed in turn (tests/engine/shipped/mutations.py). The verifier compares the
outcome of every indication and the state of every consideration with those of the shipped rules, over all
answers.

| What | Changes |
|---|---|
| made | {all} |
| refused, because the document can't be read | {refused} |
| noticed by a vignette | {noticed} |
| told apart by the verifier, with answers for which the two differ | {apart} |
| told apart by the verifier and noticed by no vignette | {only} |
| proved equal by the verifier | {equal} |
| proved equal by the verifier, though a vignette notices it | {both} |
| not proved | {open} |

The verifier and the vignettes took {seconds} seconds together.

## Proved equal

| Change | Why it makes no difference |
|---|---|
{rows}
"""


def main() -> int:
    """Ask of every change, write the page; 1 if something is open or contradicts itself."""
    started = monotonic()
    found = list(verdicts(os.cpu_count() or 1))
    DOCUMENT.write_text(as_document(found, monotonic() - started), encoding="utf-8")
    wrong = [v for v in found if v.said == NOT_PROVED or (v.said == EQUAL and not v.unnoticed)]
    for one in wrong:
        sys.stderr.write(f"{one.said}: {one.name}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
