"""A report is read whole, nothing above information goes unseen, and an exception takes but what it names."""

import json
from pathlib import Path

import pytest

from scan import checking, findings, modules
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


SENT = "phone=1%27%29%20AND%2069%3D69%20AND%20%28%2741%27%3D%2741"
TRUE = f"POST /account/profile/edit/ HTTP/1.1\nhost: a\n\n{SENT}"


class Site:
    """A product that takes phones of so many signs, or one whose database decides."""

    def __init__(self, *, longest: int = 999, injected: bool = False) -> None:
        self.longest, self.injected = longest, injected

    def ask(self, method: str, path: str, body: str) -> tuple[int, str, dict[str, str]]:
        assert (method, path) == ("POST", "/account/profile/edit/")
        is_false = self.injected and "69%3D69" not in body
        return (422, "no", {}) if len(body) > self.longest or is_false else (302, "", {"Location": "/"})


def test_a_false_comparison_is_as_long_as_the_true_one() -> None:
    assert checking.falsified(TRUE) == TRUE.replace("69%3D69", "69%3D70")
    assert checking.falsified(TRUE.replace("69", "99")) == TRUE.replace("69%3D69", "99%3D10")
    assert checking.falsified("POST / HTTP/1.1\n\na=%27") == ""


@pytest.mark.parametrize(
    ("site", "module", "counts"),
    [
        (Site(longest=60), "sql", False),
        (Site(injected=True), "sql", True),
        (Site(longest=60), "timesql", True),
    ],
)
def test_a_limit_on_length_is_no_injection(site: Site, module: str, counts: bool) -> None:
    finding = Finding("SQL Injection", 4, module, "POST", "/account/profile/edit/", "in phone", TRUE)
    found = checking.checked(site, finding)
    assert (findings.that_count([found]) == [finding]) == counts
