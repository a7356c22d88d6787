"""Cases worked out by hand from the clinical text alone, before its rules were written as a document.

`independent_cases.json` holds one set of answers with which all four indications are present, all
criteria met and nothing raised. Each case changes some of them (null: left blank) and says all that
differs then; everything else must stay as it was found.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from screening.engine import Findings, evaluate
from tests.engine.shipped.documents import definition

TOLD = json.loads(Path(__file__).with_name("independent_cases.json").read_text(encoding="utf-8"))
AS_OF = date.fromisoformat(TOLD["as_of"])
CRITERIA = [key for key in TOLD["found"] if "." in key]
INDICATIONS = sorted({key.split(".")[0] for key in CRITERIA})
CONSIDERATIONS = [key for key in TOLD["found"] if key not in ("scope", *INDICATIONS, *CRITERIA)]


def answer(short: Any) -> dict[str, Any]:
    """An answer written out: a value, a list of entries, or an unknown as it is."""
    if isinstance(short, dict):
        return short
    if isinstance(short, list):
        return {"entries": [answers(row) for row in short]}
    return {"value": short}


def answers(short: dict[str, Any]) -> dict[str, Any]:
    return {key: answer(value) for key, value in short.items() if value is not None}


def flat(findings: Findings) -> dict[str, str]:
    """Scope, outcomes, criteria (as `indication.criterion`) and considerations by key."""
    found: dict[str, str] = {"scope": findings.scope, **findings.considerations}
    for key, indication in findings.indications.items():
        found[key] = indication.outcome
        found |= {f"{key}.{inner}": state for inner, state in indication.criteria.items()}
    return found


def test_with_the_answers_that_cases_start_from_everything_is_present_and_nothing_raised():
    assert flat(evaluate(definition(), answers(TOLD["base"]), AS_OF)) == TOLD["found"]
    assert len(CONSIDERATIONS) == 55
    assert {TOLD["found"][key] for key in INDICATIONS} == {"indicators_present"}
    assert {TOLD["found"][key] for key in CRITERIA} == {"met"}
    assert {TOLD["found"][key] for key in CONSIDERATIONS} == {"not_raised"}


@pytest.mark.parametrize("case", TOLD["cases"], ids=lambda case: f"{case['row']}: {case['case']}")
def test_case(case):
    findings = evaluate(definition(), answers({**TOLD["base"], **case["set"]}), AS_OF)
    assert flat(findings) == {**TOLD["found"], **case["expect"]}
    printed = findings.as_document()["scores"]
    assert {key: printed[key] for key in case.get("scores", {})} == case.get("scores", {})


@pytest.mark.parametrize("unknown", [None, {"unknown": "not_known"}, {"unknown": "declined"}])
def test_nothing_known_settles_nothing_and_raises_nothing(unknown):
    nothing = dict.fromkeys(TOLD["base"], unknown)
    assert flat(evaluate(definition(), answers(nothing), AS_OF)) == {
        "scope": "unknown",
        **dict.fromkeys(INDICATIONS, "not_enough_information"),
        **dict.fromkeys(CRITERIA, "unknown"),
        **dict.fromkeys(CONSIDERATIONS, "not_assessed"),
    }
