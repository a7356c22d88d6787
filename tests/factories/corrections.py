"""A version of the small questionnaire that turns a rule round, declared a safety correction."""

import json
from datetime import date
from typing import Any

from accounts.models import User
from privacy import context
from screening import actions
from screening.engine import evaluate, parse
from screening.models import SafetyCorrection
from tests.factories import screening, small_questionnaire
from tests.jobs import run_jobs

TOLD = "A rule for low mood was read the wrong way round. Look at whom it concerned."


def turned_round() -> str:
    """Return the small questionnaire with one rule turned round, and vignettes that expect it."""
    document = json.loads(small_questionnaire.TEXT)
    document["indications"][0]["criteria"][0]["when"] = {"fact": "low_mood", "is": False}
    definition = parse(document)
    for case in document["vignettes"]:
        found = evaluate(definition, case["answers"], date.fromisoformat(case["as_of"]))
        case["expect"] = {
            "indications": {key: each.outcome.value for key, each in found.indications.items()},
            "considerations": {key: state.value for key, state in found.considerations.items()},
        }
    return json.dumps(document)


def declared(owner: User, text: str | None = None, **values: Any) -> SafetyCorrection:
    """Publish a correcting version, declare it, and let every practice be looked through."""
    newer = screening.published("small", text or turned_round())
    with context.enter(owner.organization_id):
        correction = actions.declare_correction(
            by=owner, version=newer, **{"since": 1, "words": TOLD, **values}
        )
    run_jobs()
    return correction
