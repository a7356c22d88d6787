"""What docs/asvs.md and docs/hipaa.md claim stands in the code: the files and tests they name are there."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LEVELS = ROOT / "tests" / "docs" / "asvs_levels.txt"
MET = {"yes", "partly", "no", "operator", "n/a"}
DOCUMENTS = ("asvs", "hipaa")


@dataclass(frozen=True)
class Row:
    """One requirement: its id, whether it is met, where, which test shows it."""

    name: str
    level: str
    met: str
    where: str
    test: str


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_row_says_whether_it_is_met(document):
    assert [row for row in _rows(document) if row.met not in MET] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_and_test_that_a_row_names_is_there(document):
    named = {path for row in _rows(document) for path in _paths(f"{row.where} {row.test}")}
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_met_says_where_and_what_is_not_says_why(document):
    assert [row.name for row in _rows(document) if not row.where] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_met_in_the_code_is_shown_by_a_test(document):
    claimed = [row for row in _rows(document) if row.met == "yes" and _is_code(row.where)]
    assert claimed != []
    assert [row.name for row in claimed if not re.search(r"`tests/[^`]+\.py`", row.test)] == []


def test_the_standard_is_covered_whole():
    """All requirements of levels 1 and 2, each once, with its level."""
    wanted = [tuple(line.split()) for line in LEVELS.read_text(encoding="utf-8").splitlines()]
    assert [(row.name, row.level) for row in _rows("asvs")] == wanted


def _rows(document: str) -> list[Row]:
    text = (ROOT / "docs" / f"{document}.md").read_text(encoding="utf-8")
    table = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row] for row in table]
    return [Row(c[0], c[1], c[3], c[4], c[5]) for c in cells if len(c) == 6 and re.match(r"[\d(§]", c[0])]


def _paths(text: str) -> list[str]:
    """Return what stands in backquotes and looks like a file or a folder of this repository."""
    return [name for name in re.findall(r"`([^`\s]+)`", text) if "/" in name or name.endswith((".md", ".py"))]


def _is_code(where: str) -> bool:
    return any(path.endswith((".py", ".js", ".html")) for path in _paths(where))
