"""A report is read whole, nothing above information goes unseen, and an exception takes but what it names."""

import json
from pathlib import Path

import pytest

from scan import findings, modules
from scan.findings import Finding, Known
from scan.site import Visitor

REPORT = {
    "vulnerabilities": {
        "SQL Injection": [
            {"level": 4, "module": "sql", "method": "POST", "path": "/clients/find/?a=1", "info": "in name"}
        ],
        "Backup file": [],
    },
    "anomalies": {
        "Internal Server Error": [
            {"level": 2, "module": "file", "method": "GET", "path": "/inbox/", "info": "a 500"}
        ]
    },
    "additionals": {
        "HTTP Methods": [{"level": 0, "module": "methods", "method": "GET", "path": "/", "info": "OPTIONS"}]
    },
}
SQL = Finding("SQL Injection", 4, "sql", "POST", "/clients/find/?a=1", "in name")
ERROR = Finding("Internal Server Error", 2, "file", "GET", "/inbox/", "a 500")
METHODS = Finding("HTTP Methods", 0, "methods", "GET", "/", "OPTIONS")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report with a finding of each part."""
    path = tmp_path / "therapist.json"
    path.write_text(json.dumps(REPORT))
    return path


def test_a_report_is_read_whole(report: Path) -> None:
    assert findings.read(report) == [SQL, ERROR, METHODS]


def test_all_but_information_counts(report: Path) -> None:
    assert findings.that_count(findings.read(report)) == [SQL, ERROR]


@pytest.mark.parametrize(
    ("known", "left"),
    [
        (Known("sql", "POST", r"/clients/find/", "in name", "why"), [ERROR]),
        (Known("sql", "GET", r"/clients/find/", "in name", "why"), [SQL, ERROR]),
        (Known("xss", "POST", r"/clients/find/", "in name", "why"), [SQL, ERROR]),
        (Known("sql", "POST", r"/clients/", "in name", "why"), [SQL, ERROR]),
        (Known("sql", "POST", r"/clients/find/", "in another field", "why"), [SQL, ERROR]),
    ],
)
def test_what_was_looked_into_is_left_out_where_all_of_it_agrees(known: Known, left: list[Finding]) -> None:
    assert findings.that_count([SQL, ERROR, METHODS], [known]) == left


def test_the_table_tells_each_person_in_a_line(report: Path) -> None:
    told = findings.table({"therapist": findings.read(report)}, {"therapist": 46}).splitlines()
    assert [line.split() for line in told] == [
        [
            "person",
            "addresses",
            "information",
            "low",
            "medium",
            "high",
            "critical",
            "looked",
            "into",
            "count",
        ],
        ["therapist", "46", "1", "0", "1", "0", "1", "0", "2"],
    ]


def test_modules_that_ran_out_of_time_are_named(tmp_path: Path) -> None:
    log = tmp_path / "therapist.log"
    log.write_text("[*] Launching module sql\nMax attack time was reached for module sql, stopping.\n")
    assert findings.cut_short(log) == ["sql"]


def test_every_exception_gives_its_reason_and_every_module_is_chosen_or_left_out() -> None:
    assert all(len(known.why) > 20 for known in findings.KNOWN)
    assert not set(modules.CHOSEN) & modules.LEFT_OUT.keys()
    assert all(len(why) > 20 for why in modules.LEFT_OUT.values())


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("/clients/", "/clients/"),
        ("../find/?q=1", "/find/?q=1"),
        ("https://elsewhere.example/", ""),
        ("//elsewhere.example/", ""),
        ("mailto:a@b.example", ""),
        ("/account/logout/", ""),
        ("/static/app.css", ""),
    ],
)
def test_the_walk_stays_inside_and_ends_no_session(link: str, leads: str) -> None:
    assert Visitor(8000).inside("/clients/", link) == leads
