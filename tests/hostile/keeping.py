"""What a practice writes beside the care itself: requests for records, emergencies, absences, an erasure."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts import actions as people
from accounts.models import Organization, User
from privacy import context
from referrals import actions as referrals
from referrals.actions.hand_overs import Assigned
from referrals.caseloads import caseload
from referrals.models import HandOverKind
from screening import actions as screening
from screening.models import Client, QuestionnaireVersion
from screening.models.requests import Answered, Asker, RequestKind, StepKind
from tests.factories.factors import shown
from tests.hostile.questionnaire import Words

# An authenticator app's secret, as it would be drawn.
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def by(actor: User, action: Callable[..., Any], /, **values: Any) -> Any:
    """Take an action as a person, in the context of their organization."""
    with context.enter(actor.organization_id):
        return action(by=actor, **values)


def records(lead: User, client: Client, words: Words) -> dict[str, UUID]:
    """Ask for a copy of the record and for an amendment, and go the steps that follow but for the last."""
    # A day that has begun wherever the practice is.
    today = timezone.localdate() - timedelta(days=1)
    asked = by(
        lead,
        screening.ask_for_records,
        client=client,
        kind=RequestKind.COPY,
        asker=Asker.REPRESENTATIVE,
        asked_by=words("records.asked_by", 200),
        words=words("records.words", 2000),
        received_on=today,
    )
    extended = words("records.extended_words", 2000)
    by(lead, screening.extend_records_request, request=asked, words=extended)
    answered = words("records.answered_words", 2000)
    by(lead, screening.answer_records_request, request=asked, answer=Answered.PARTLY, words=answered)
    amendment = by(
        lead,
        screening.ask_to_amend,
        client=client,
        words=words("amendment.words", 2000),
        received_on=today,
        sections=["mood"],
    )
    for kind in (StepKind.EXTENDED, StepKind.DENIED, StepKind.DISAGREEMENT):
        step = words(f"amendment.{kind}", 2000)
        by(lead, screening.follow_amendment, amendment=amendment, kind=kind, words=step)
    waiting = by(
        lead,
        screening.ask_for_records,
        client=client,
        kind=RequestKind.DISCLOSURES,
        asker=Asker.CLIENT,
        received_on=today,
    )
    return {"recorded": client.pk, "amendment": amendment.pk, "asked": waiting.pk}


def emergency(lead: User, client: Client, to: User, words: Words) -> UUID:
    """Open a colleague's client to somebody."""
    reason = words("emergency.reason", 1000)
    opened = by(lead, screening.open_emergency_access, client=client, user=to, reason=reason)
    return UUID(str(opened.pk))


def absence(lead: User, person: User, to: User, words: Words) -> UUID:
    """Cover somebody's caseload for some days."""
    with context.enter(lead.organization_id):
        units = [Assigned(each.role, each.record, to) for each in caseload(lead, person)]
    made = by(
        lead,
        referrals.hand_over,
        person=person,
        kind=HandOverKind.AWAY,
        reason=words("hand_over.reason", 1000),
        assigned=units[:2],
        until=timezone.now() + timedelta(days=5),
    )
    return UUID(str(made.pk))


def erasure(admin: User, organization: Organization, words: Words) -> UUID:
    """Ask to erase an organization that has left."""
    by(admin, people.disable_organization, organization=organization)
    organization.refresh_from_db()
    asked = by(admin, people.ask_for_erasure, organization=organization, reason=words("erasure.reason", 500))
    return UUID(str(asked.pk))


def app(person: User, words: Words) -> None:
    """Give somebody an authenticator app with a name of theirs."""
    by(person, people.add_app, seed=SEED, code=shown(SEED, -1), name=words("factor.name", 60))


def building(admin: User, draft: QuestionnaireVersion, words: Words) -> None:
    """Change a draft in a step with words of its own, and leave something unfinished in it."""
    document = json.loads(draft.document)
    document["title"] = words("revision.title", 200)
    said = words("revision.words", 200)
    by(admin, screening.change_draft, version=draft, seen=draft.hash, document=document, words=said)
    by(
        admin,
        screening.keep_unfinished,
        version=draft,
        place="questions/noted",
        part="Everything",
        fields={"text": [words("unfinished.text", 2000)], "kind": ["number"]},
    )
