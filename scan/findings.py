"""What wapiti found: read from its report, without what is known to be none, and told in a table."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LEVELS = ("information", "low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, at an address."""

    kind: str
    level: int
    module: str
    method: str
    path: str
    says: str
    request: str = field(default="", repr=False)
    # Why it is none, where the scan itself has found out.
    refuted: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A finding that was looked into and is none: exactly which, and why."""

    module: str
    method: str
    path: str
    says: str
    why: str

    def is_this(self, finding: Finding) -> bool:
        """Return whether the finding is the one that was looked into."""
        return (
            finding.module == self.module
            and finding.method == self.method
            and re.fullmatch(self.path, finding.path.partition("?")[0]) is not None
            and re.search(self.says, finding.says) is not None
        )


KNOWN: tuple[Known, ...] = ()


def read(report: Path) -> list[Finding]:
    """Return everything that the report holds, information too."""
    document = json.loads(report.read_text(encoding="utf-8"))
    parts = ("vulnerabilities", "anomalies", "additionals")
    return [
        finding
        for part in parts
        for kind, entries in document[part].items()
        for finding in _findings(kind, entries)
    ]


def _findings(kind: str, entries: Sequence[Mapping[str, Any]]) -> list[Finding]:
    return [
        Finding(
            kind=kind,
            level=int(entry["level"]),
            module=str(entry["module"]),
            method=str(entry["method"]),
            path=str(entry["path"]),
            says=str(entry["info"]),
            request=str(entry.get("http_request", "")),
        )
        for entry in entries
    ]


def that_count(found: Sequence[Finding], known: Sequence[Known] = KNOWN) -> list[Finding]:
    """Return what is above information level, but for what was looked into."""
    return [
        finding
        for finding in found
        if finding.level > 0 and not finding.refuted and not any(each.is_this(finding) for each in known)
    ]


def cut_short(log: Path) -> list[str]:
    """Return the modules that had to stop before they had tried everything."""
    return re.findall(
        r"^Max attack time was reached for module (\w+)", log.read_text(errors="replace"), re.MULTILINE
    )


def table(found: Mapping[str, Sequence[Finding]], pages: Mapping[str, int]) -> str:
    """Return one line a person: addresses walked, findings by level, and how many of them count."""
    heads = ["person", "addresses", *LEVELS, "looked into", "count"]
    rows = [heads]
    for person, findings in found.items():
        by_level = [str(sum(finding.level == level for finding in findings)) for level in range(len(LEVELS))]
        counting = that_count(findings)
        above = sum(finding.level > 0 for finding in findings)
        rows.append([person, str(pages[person]), *by_level, str(above - len(counting)), str(len(counting))])
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
