"""What a draft would change in screenings that were completed: counted, and hidden where counts are small."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from screening.engine import ConsiderationState, Findings
from screening.small_cells import SMALLEST_SHOWN, hide_small

# An indication that one of the two versions doesn't have.
ABSENT = "absent"
SAME, NEWLY, NO_LONGER, CHANGED = "same", "newly", "no_longer", "changed"
BETWEEN = ">"


@dataclass(slots=True)
class Tally:
    """What was counted so far, of all organizations together; it is never stored as it is."""

    total: int = 0
    changed: int = 0
    unread: int = 0
    indications: dict[str, Counter[str]] = field(default_factory=dict)
    considerations: dict[str, Counter[str]] = field(default_factory=dict)

    def take(self, before: Findings, after: Findings) -> None:
        """Count one screening: what was found when it was completed, and what the draft finds in it."""
        moves = dict(_moves(before, after))
        self.total += 1
        self.changed += any(move != SAME for move in moves.values())
        for key, move in moves.items():
            self.indications.setdefault(key, Counter())[move] += 1
        for key in {**before.considerations, **after.considerations}:
            self.considerations.setdefault(key, Counter())[_raised(key, before, after)] += 1


def shown(tally: Tally, skipped: int) -> dict[str, Any]:
    """Return what may be stored and shown, as JSON; `skipped` organizations' keys couldn't be opened.

    Only what occurred is a cell. Each table is of the same total, so each is hidden by itself. How many
    changed in any indication would, together with a table, give away what is hidden in it: it is told only
    where nothing is hidden.
    """
    if tally.total < SMALLEST_SHOWN:
        return {"total": None, CHANGED: None, "indications": {}, "considerations": {}, "skipped": skipped}
    indications = {key: dict(hide_small(moves)) for key, moves in tally.indications.items()}
    considerations = {key: dict(hide_small(moves)) for key, moves in tally.considerations.items()}
    is_whole = not any(None in moves.values() for moves in indications.values())
    both = {CHANGED: tally.changed, SAME: tally.total - tally.changed}
    overall = hide_small({name: count for name, count in both.items() if count})
    return {
        "total": tally.total,
        CHANGED: overall.get(CHANGED, 0) if is_whole else None,
        "indications": indications,
        "considerations": considerations,
        "skipped": skipped,
    }


def _moves(before: Findings, after: Findings) -> Mapping[str, str]:
    keys = {**before.indications, **after.indications}
    return {key: _move(_outcome(before, key), _outcome(after, key)) for key in keys}


def _move(before: str, after: str) -> str:
    return SAME if before == after else f"{before}{BETWEEN}{after}"


def _outcome(findings: Findings, key: str) -> str:
    finding = findings.indications.get(key)
    return finding.outcome.value if finding is not None else ABSENT


def _raised(key: str, before: Findings, after: Findings) -> str:
    was = before.considerations.get(key) is ConsiderationState.RAISED
    now = after.considerations.get(key) is ConsiderationState.RAISED
    if was == now:
        return SAME
    return NEWLY if now else NO_LONGER
