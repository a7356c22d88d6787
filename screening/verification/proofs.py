"""The kept proofs of the shipped questionnaires: they can be published without waiting for a run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from screening.engine.json_text import load
from screening.verification.report import Report
from screening.verification.running import run

QUESTIONNAIRES = Path(__file__).resolve().parents[1] / "questionnaires"
PROOFS = QUESTIONNAIRES / "proofs"
SHIPPED = tuple(sorted(path.stem for path in QUESTIONNAIRES.glob("*.json")))


def proof_path(key: str) -> Path:
    """Where the proof of a shipped questionnaire is kept."""
    return PROOFS / f"{key}.json"


def kept_proof(key: str) -> Report | None:
    """The kept proof of a shipped questionnaire, of whatever rules it was; None if there is none."""
    path = proof_path(key)
    return Report.from_json(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def write_proof(key: str) -> Report:
    """Prove a shipped questionnaire and keep what was found, without what it took: that differs each time."""
    report = run(load((QUESTIONNAIRES / f"{key}.json").read_bytes()))
    PROOFS.mkdir(exist_ok=True)
    kept = replace(report, results=tuple(replace(one, seconds=0) for one in report.results), seconds=0)
    text = json.dumps(kept.to_json(), ensure_ascii=False, indent=1, sort_keys=True)
    proof_path(key).write_text(text + "\n", encoding="utf-8")
    return report
