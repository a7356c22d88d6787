"""Clients and screenings for tests, on the shipped questionnaire, reached through the actions."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import User
from privacy import context
from screening import actions
from screening.catalog import definition_of
from screening.models import Client, QuestionnaireVersion, Screening
from tests.factories import accounts
from tests.factories.proofs import prove

SHIPPED = Path(__file__).resolve().parents[2] / "screening" / "questionnaires"
REFERRAL = "ketamine_referral"
_numbers = count(1)


@cache
def document(key: str = REFERRAL) -> str:
    """Return a shipped document whose vignettes expect nothing, so that a test may change its rules."""
    shipped = json.loads((SHIPPED / f"{key}.json").read_text())
    for case in shipped["vignettes"]:
        case["expect"] = {"indications": {}, "considerations": {}}
    return json.dumps(shipped)


def vignette(key: str, day: date | None = None) -> dict[str, Any]:
    """Return the answers of a shipped vignette as if they were given on `day`, today unless said otherwise.

    The age is left out: the birth date gives it.
    """
    case = _vignettes()[key]
    later = (day or today()) - date.fromisoformat(case["as_of"])
    return {name: _moved(answer, later) for name, answer in case["answers"].items() if name != "age"}


def today() -> date:
    """Return the day it is where the practices of tests are, which is yesterday's in UTC at night."""
    return timezone.localdate(timezone=ZoneInfo("America/Los_Angeles"))


@cache
def _vignettes() -> dict[str, dict[str, Any]]:
    shipped = json.loads((SHIPPED / f"{REFERRAL}.json").read_text())
    return {case["key"]: case for case in shipped["vignettes"]}


def _moved(answer: dict[str, Any], later: timedelta) -> dict[str, Any]:
    try:
        return {"value": (date.fromisoformat(answer["value"]) + later).isoformat()}
    except (KeyError, TypeError, ValueError):
        return answer


def published(key: str = REFERRAL, text: str | None = None) -> QuestionnaireVersion:
    """Publish a document by one admin and a clinical owner; an unchanged shipped one only once."""
    found = QuestionnaireVersion.objects.filter(state="published", questionnaire__key=key).first()
    if found is not None and text is None:
        return found
    author, owner = accounts.admin(), accounts.admin(duties=["clinical_owner"])
    with context.enter(author.organization_id):
        draft = actions.create_draft(by=author, document=text or document(key))
        prove(draft)
        actions.submit_for_review(by=author, version=draft)
        return actions.approve_and_publish(by=owner, version=draft)


def record(**values: Any) -> dict[str, Any]:
    """Return what adding a client of 34 years takes."""
    return {
        "first_name": "Marisol",
        "last_name": "Vega",
        "birth_date": date(timezone.localdate().year - 34, 1, 1),
        "record_number": f"HC-{next(_numbers)}",
    } | values


def client_of(therapist: User, **values: Any) -> Client:
    """Add a client of the therapist's own."""
    return accounts.in_context(
        therapist.organization_id, actions.add_client, by=therapist, **record(**values)
    )


def started(therapist: User, client: Client | None = None, **values: Any) -> Screening:
    """Start a screening on the shipped questionnaire."""
    return accounts.in_context(
        therapist.organization_id,
        actions.start_screening,
        by=therapist,
        client=client or client_of(therapist),
        version=published(),
        **values,
    )


def answer(
    therapist: User, screening: Screening, answers: Mapping[str, Any], **values: Any
) -> list[actions.Saved]:
    """Save answers, each in the section its question stands in."""
    definition = definition_of(screening.version_id)
    saved = []
    with context.enter(therapist.organization_id):
        for section in definition.sections:
            own = {q.key: answers[q.key] for q in section.questions if q.key in answers}
            if own:
                saved.append(
                    actions.save_answers(
                        by=therapist, screening=screening, section=section.key, answers=own, **values
                    )
                )
    return saved


def completed(
    therapist: User, client: Client | None = None, case: str = "typical_intake", **answers: Any
) -> Screening:
    """Complete a screening with the answers of a vignette, some of them changed."""
    screening = started(therapist, client)
    answer(therapist, screening, vignette(case) | answers)
    with context.enter(therapist.organization_id):
        return actions.complete_screening(by=therapist, screening=screening)
