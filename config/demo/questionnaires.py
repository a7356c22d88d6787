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
DAYS_AHEAD = 6


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
        _discuss(cast, calendar, draft)
        for key in SHORT_MEASURES:
            _publish(cast, calendar, (DOCUMENT.parent / f"{key}.json").read_text(), 90)
        _await_day(cast, calendar)
        _begin_draft(cast, calendar)
    return present


def _publish(cast: Cast, calendar: Calendar, document: str, days: int) -> QuestionnaireVersion:
    draft = actions.create_draft(by=cast[AUTHOR], document=document, at=calendar.at(days + 8, 11))
    actions.submit_for_review(by=cast[AUTHOR], version=draft, at=calendar.at(days + 4, 15))
    return actions.approve_and_publish(by=cast[OWNER], version=draft, at=calendar.at(days, 9))


def _discuss(cast: Cast, calendar: Calendar, version: QuestionnaireVersion) -> None:
    """Let the reviewers ask about a version, one thing of which has to be settled first."""
    asked = actions.comment(
        by=cast[SECOND_OWNER],
        version=version,
        place="question",
        key="goals",
        text="Is “went well” clear enough for somebody who has never had this treatment?",
        at=calendar.at(1, 9),
    )
    actions.reply(
        by=cast[AUTHOR],
        comment=asked,
        text="Two therapists read it to us in their own words and meant the same.",
        at=calendar.at(1, 11),
    )
    actions.comment(
        by=cast[SECOND_OWNER],
        version=version,
        place="source",
        key="dea_flexibilities",
        text="Look at this one again before it is approved: the rule runs out at the end of the year.",
        must_be_settled=True,
        at=calendar.at(1, 9, 20),
    )


def _await_day(cast: Cast, calendar: Calendar) -> None:
    """Leave a version approved that is published by itself on a day to come."""
    version = actions.create_draft(by=cast[AUTHOR], document=_short("gad7"), at=calendar.at(6, 10))
    actions.submit_for_review(
        by=cast[AUTHOR],
        version=version,
        note="Says when the measure is used. No rule changes.",
        at=calendar.at(5, 10),
    )
    actions.approve(by=cast[OWNER], version=version, at=calendar.at(4, 14))
    when = calendar.at(-DAYS_AHEAD, 9)
    actions.set_publishing_day(by=cast[OWNER], version=version, when=when, at=calendar.at(4, 14))


def _begin_draft(cast: Cast, calendar: Calendar) -> None:
    """Leave a draft that a reviewer has read already."""
    version = actions.create_draft(by=cast[AUTHOR], document=_short("peg"), at=calendar.at(2, 10))
    actions.comment(
        by=cast[OWNER],
        version=version,
        place="question",
        key="peg_1",
        text="The anchors stay as they were published, don’t they?",
        at=calendar.at(1, 15),
    )


def _short(key: str) -> str:
    """Return a short measure with a word on when it is used."""
    document = json.loads((DOCUMENT.parent / f"{key}.json").read_text())
    document["intended_use"] += " Used for follow-up between visits."
    return json.dumps(document)


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
