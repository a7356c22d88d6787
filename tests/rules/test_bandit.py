"""bandit finds what it should, and nothing is passed over but by its place (CHECKS 52)."""

import re
from pathlib import Path

from tests.rules import bandit
from tests.rules.bandit import LOOKED_INTO, Found
from tests.rules.sources import PACKAGES, ROOT, TOOLS


def test_nothing_is_found_that_was_not_looked_into() -> None:
    """CHECKS 52: `make lint` asks the same; here it belongs to the proof."""
    assert bandit.problems(bandit.run(*PACKAGES, *TOOLS, "manage.py")) == []


def test_it_finds_a_fault_of_low_severity_and_no_allowance_covers_another_place(tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.py"
    faulty.write_text("import subprocess\nassert True\nsubprocess.run('ls', shell=True)\n")
    found = bandit.run(str(faulty))
    assert {each.test for each in found} >= {"B101", "B404", "B602"}
    told = bandit.problems(found)
    assert len([line for line in told if line.startswith(str(faulty))]) == len(found)


def test_an_allowance_that_nothing_needs_is_told() -> None:
    gone = bandit.problems([Found("B101", "accounts/a.py", 1, "1 assert True", "assert")])
    assert len(gone) == len(LOOKED_INTO) + 1


def test_every_allowance_gives_its_reason_and_no_line_of_the_source_asks_for_one() -> None:
    assert all(len(looked.why) > 20 for looked in LOOKED_INTO)
    asks = re.compile(r"#\s*" + "no" + "sec", re.IGNORECASE)
    sources = [path for package in (*PACKAGES, *TOOLS, "tests") for path in (ROOT / package).rglob("*.py")]
    assert [path.name for path in sources if asks.search(path.read_text(encoding="utf-8"))] == []
