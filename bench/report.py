"""The figures as a table and as files, and whether every limit holds."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measuring import Measured

ROOT = Path(__file__).resolve().parent.parent
RATIOS = ROOT / "build" / "bench.json"
DETAILS = ROOT / "build" / "bench" / "details.json"
WIDTH = 48


@dataclass(frozen=True, slots=True)
class Line:
    """One case: its median in milliseconds, its ratio, what that may be and should be."""

    case: str
    milliseconds: float
    ratio: float
    limit: float
    aim: float

    @property
    def verdict(self) -> str:
        """A word on how it stands."""
        if self.ratio > self.limit:
            return "TOO SLOW"
        return "" if self.ratio <= self.aim else "over its aim"


def say(words: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def write(lines: Sequence[Line], measured: Mapping[str, Measured], notes: Mapping[str, object]) -> int:
    """Write both files and print the table; return 0 where every limit holds, else 1."""
    RATIOS.write_text(json.dumps([_as_ratio(line) for line in lines], indent=1) + "\n", encoding="utf-8")
    details = {"notes": dict(notes), "milliseconds": {name: _spread(m) for name, m in measured.items()}}
    DETAILS.write_text(json.dumps(details, indent=1) + "\n", encoding="utf-8")
    for row in table(lines):
        say(row)
    return int(any(line.ratio > line.limit for line in lines))


def table(lines: Sequence[Line]) -> list[str]:
    """Return the table's rows."""
    head = f"{'case':{WIDTH}} {'median ms':>10} {'ratio':>7} {'limit':>6} {'aim':>5}"
    rows = [
        f"{line.case:{WIDTH}} {line.milliseconds:10.2f} {line.ratio:7.2f} {line.limit:6g} {line.aim:5g}  "
        f"{line.verdict}".rstrip()
        for line in lines
    ]
    return [head, *rows]


def beside(measured: Mapping[str, Measured], bare: str, name: str) -> list[str]:
    """Return the other product's rows: its medians as times its own bare view, and as times ours."""
    theirs = {
        case.removeprefix(f"{name}: "): m.median for case, m in measured.items() if case.startswith(name)
    }
    if not theirs:
        return []
    ours = measured[bare].median
    head = f"{name:{WIDTH}} {'median ms':>10} {'its own':>7} {'ours':>6}"
    rows = [
        f"{case:{WIDTH}} {1000 * median:10.2f} {median / theirs[bare]:7.2f} {median / ours:6.2f}"
        for case, median in theirs.items()
    ]
    return ["", head, *rows, ""]


def _as_ratio(line: Line) -> dict[str, object]:
    return {"case": line.case, "ratio": round(line.ratio, 3), "limit": line.limit}


def _spread(measured: Measured) -> dict[str, float]:
    low, high = measured.quartiles
    values = {"median": measured.median, "low_quartile": low, "high_quartile": high}
    return {name: round(1000 * value, 4) for name, value in values.items()} | {
        "rounds": len(measured.seconds)
    }
