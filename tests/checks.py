"""Writes the table of numbered checks: which tests name which check. `python -m tests.checks` renews it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "checks.md"

# "CHECKS 12", "CHECKS 1, 4 and 10": a docstring or a comment that says which checks a test stands for.
NAMED = re.compile(r"CHECKS\s+(\d+(?:(?:,\s*|\s+and\s+|,\s+and\s+)\d+)*)")
# These speak of numbers without standing for a check.
ABOUT_THE_TABLE = {ROOT / "tests" / "checks.py", ROOT / "tests" / "docs" / "test_checks.py"}


@dataclass(frozen=True)
class Row:
    """One numbered check: what must hold, the files that test it, and what there is to say about it."""

    number: int
    text: str
    tests: tuple[str, ...]
    note: str

    def __str__(self) -> str:
        tests = ", ".join(f"`{path}`" for path in self.tests) or "none"
        return f"| {self.number} | {self.text} | {tests} | {self.note} |".replace("|  |", "| |")


def rows(table: str) -> list[Row]:
    """Read the table's rows, in their order."""
    return [_row(line) for line in table.splitlines() if re.match(r"\| \d+ \|", line)]


def _row(line: str) -> Row:
    number, text, tests, note = (cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:5])
    return Row(int(number), text, tuple(re.findall(r"`([^`]+)`", tests)), note)


def tests_by_check() -> dict[int, tuple[str, ...]]:
    """Return, for each check's number, the files below tests/ that name it."""
    found: dict[int, set[str]] = {}
    for path, number in _named():
        found.setdefault(number, set()).add(path)
    return {number: tuple(sorted(paths)) for number, paths in found.items()}


def _named() -> Iterator[tuple[str, int]]:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if path in ABOUT_THE_TABLE:
            continue
        for match in NAMED.finditer(path.read_text(encoding="utf-8")):
            for number in re.findall(r"\d+", match[1]):
                yield path.relative_to(ROOT).as_posix(), int(number)


def renewed(table: str) -> str:
    """Return the same table with the tests that name each check today; texts and notes stay."""
    by_check = tests_by_check()
    fresh = {
        row.number: Row(row.number, row.text, by_check.get(row.number, ()), row.note) for row in rows(table)
    }
    lines = [
        str(fresh[int(match[1])]) if (match := re.match(r"\| (\d+) \|", line)) else line
        for line in table.splitlines()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(renewed(TABLE.read_text(encoding="utf-8")), encoding="utf-8")
