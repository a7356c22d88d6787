"""What a client asks about their record, in every state, reached through the actions."""

from datetime import timedelta
from typing import Any

from screening import actions
from screening.models import Amendment, Client, RecordsRequest
from screening.models.requests import Answered, Asker, RequestKind, StepKind
from tests.factories.referrals import Scene

DISAGREED = (StepKind.DENIED, StepKind.DISAGREEMENT, StepKind.REBUTTAL)


def asked(scene: Scene, client: Client, **values: Any) -> RecordsRequest:
    """Record that the client asked for a copy, yesterday."""
    given: dict[str, Any] = {
        "kind": RequestKind.COPY,
        "asker": Asker.CLIENT,
        "received_on": (scene.now - timedelta(days=1)).date(),
    }
    made: RecordsRequest = scene.by(scene.therapist, actions.ask_for_records, client=client, **given | values)
    return made


def answered(scene: Scene, client: Client, lead: Any, words: str = "Handed over on paper.") -> RecordsRequest:
    """Record a request, give it more time, and answer it."""
    request = asked(scene, client, asker=Asker.OTHER, asked_by=f"Aunt, {words}", words=f"All of it, {words}")
    extended = {"words": f"The archive is closed, {words}"}
    scene.by(lead, actions.extend_records_request, request=request, **extended)
    made: RecordsRequest = scene.by(
        lead, actions.answer_records_request, request=request, answer=Answered.GIVEN, words=words
    )
    return made


def amendment(
    scene: Scene,
    client: Client,
    *steps: StepKind,
    sections: tuple[str, ...] = (),
    words: str = "That is not so.",
) -> Amendment:
    """Record a request to amend, and what followed; each step's words end with the request's."""
    made: Amendment = scene.by(
        scene.therapist,
        actions.ask_to_amend,
        client=client,
        words=words,
        sections=sections,
        received_on=(scene.now - timedelta(days=1)).date(),
    )
    for kind in steps:
        said = {"kind": kind, "words": f"{kind.label}: {words}"}
        scene.by(scene.therapist, actions.follow_amendment, amendment=made, **said)
    return made
