"""The shipped questionnaires: drafted, reviewed and published by the operator's people."""

import json
from pathlib import Path

from config.demo.calendar import Calendar
from config.demo.cases import DOCUMENT
from config.demo.people import Cast
from privacy.context import enter
from screening import actions
from screening.models import QuestionnaireVersion

SHORT_MEASURES = ("phq9", "gad7", "pcl5", "peg")
AUTHOR, OWNER, SECOND_OWNER = "Priya Natarajan", "Tomas Berg", "Ngozi Adeyemi"
VERIFIED = 6


def load(cast: Cast, calendar: Calendar) -> QuestionnaireVersion:
    """Publish an older and the present version, leave a third in review; return the present one."""
    with enter(cast[AUTHOR].organization_id):
        _publish(cast, calendar, _older(), 130)
        present = _publish(cast, calendar, DOCUMENT.read_text(), 95)
        _verify_sources(cast, calendar, present)
        draft = actions.create_draft(by=cast[AUTHOR], document=_next(), at=calendar.at(3, 10))
        actions.submit_for_review(
            by=cast[AUTHOR],
            version=draft,
            note="Says in plainer words what the goals are for. No rule changes.",
            at=calendar.at(2, 16),
        )
        for key in SHORT_MEASURES:
            _publish(cast, calendar, (DOCUMENT.parent / f"{key}.json").read_text(), 90)
    return present


def _publish(cast: Cast, calendar: Calendar, document: str, days: int) -> QuestionnaireVersion:
    draft = actions.create_draft(by=cast[AUTHOR], document=document, at=calendar.at(days + 8, 11))
    actions.submit_for_review(by=cast[AUTHOR], version=draft, at=calendar.at(days + 4, 15))
    return actions.approve_and_publish(by=cast[OWNER], version=draft, at=calendar.at(days, 9))


def _verify_sources(cast: Cast, calendar: Calendar, version: QuestionnaireVersion) -> None:
    """Mark some sources as read; the others go on saying that they have to be verified."""
    document = json.loads(version.document)
    for days, source in enumerate(document["sources"][:VERIFIED]):
        actions.verify_source(
            by=cast[SECOND_OWNER], version=version, source=source["key"], at=calendar.at(80 - days, 14)
        )


def _older() -> str:
    """Return the document as it was before its words about goals were added."""
    return _with_goals_help("")


def _next() -> str:
    """Return the document with other words about goals."""
    return _with_goals_help("In the client's own words: what would be different if this went well?")


def _with_goals_help(words: str) -> str:
    document = json.loads(Path(DOCUMENT).read_text())
    goals = next(
        question
        for section in document["sections"]
        for question in section["questions"]
        if question["key"] == "goals"
    )
    goals.pop("help", None)
    if words:
        goals["help"] = words
    return json.dumps(document)
