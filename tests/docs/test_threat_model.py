"""Each threat in docs/threat-model.md says what stops it, where, which test shows it, and what remains."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MODEL = ROOT / "docs" / "threat-model.md"
ID = re.compile(r"[A-Z]\d+")


@dataclass(frozen=True)
class Threat:
    """One row: an actor's letter with a number, and five cells."""

    id: str
    threat: str
    stopped_by: str
    where: str
    test: str
    remains: str


def rows() -> list[list[str]]:
    lines = MODEL.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("|")]


def threats() -> list[Threat]:
    return [Threat(*cells) for cells in rows() if ID.fullmatch(cells[0])]


def paths(text: str) -> list[str]:
    return [name for name in re.findall(r"`([^`\s]+)`", text) if "/" in name]


def test_no_cell_of_a_threat_is_empty():
    assert [each.id for each in threats() if "" in vars(each).values()] == []


def test_every_file_that_a_threat_names_is_there():
    named = {path for each in threats() for path in paths(f"{each.where} {each.test}")}
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_what_stops_a_threat_stands_in_a_file():
    assert [each.id for each in threats() if not paths(each.where)] == []


def test_a_threat_has_a_test_or_says_why_not():
    untested = [each for each in threats() if not re.search(r"`tests/[^`]+\.py`", each.test)]
    assert [each.id for each in untested if not each.test.startswith("none: ")] == []


def test_every_actor_has_threats_counted_from_one():
    actors = [match[1] for cells in rows() if (match := re.search(r"\(([A-Z])\)$", cells[0]))]
    found = [each.id for each in threats()]
    expected = [
        f"{actor}{n}" for actor in actors for n in range(1, sum(id.startswith(actor) for id in found) + 1)
    ]
    assert found == expected
    assert [actor for actor in actors if f"{actor}1" not in found] == []


@pytest.mark.parametrize("document", ["SECURITY.md", "docs/threat-model.md", "docs/hipaa.md"])
def test_every_link_to_a_file_leads_there(document):
    path = ROOT / document
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    ours = [link for link in links if "://" not in link]
    assert ours != []
    assert [link for link in ours if not (path.parent / link).exists()] == []
