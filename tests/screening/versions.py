"""Versions in every state, their addresses, and what a page says, for tests of questionnaires."""

import json
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from privacy import context
from screening import actions
from screening.models import QuestionnaireVersion
from tests.factories import screening as screenings
from tests.factories.proofs import prove

PEG = json.loads((screenings.SHIPPED / "peg.json").read_text())
SECTION = PEG["sections"][0]["key"]


def draft(by: User, text: str = json.dumps(PEG)) -> QuestionnaireVersion:
    with context.enter(by.organization_id):
        return actions.create_draft(by=by, document=text)


def submitted(by: User, text: str = json.dumps(PEG), note: str = "") -> QuestionnaireVersion:
    version = draft(by, text)
    with context.enter(by.organization_id):
        prove(version)
        return actions.submit_for_review(by=by, version=version, note=note)


def published(by: User, owner: User, text: str = json.dumps(PEG)) -> QuestionnaireVersion:
    version = submitted(by, text)
    with context.enter(by.organization_id):
        return actions.approve_and_publish(by=owner, version=version)


def address(name: str, version: QuestionnaireVersion, **parts: Any) -> str:
    return reverse(f"questionnaires:{name}", kwargs={"pk": version.pk, **parts})


def words(answer: Any) -> str:
    """Return what stands in the main part of a page, without markup."""
    main = answer.content.decode().partition("<main")[2]
    text = re.sub(r"<[^>]+>", " ", main).replace("\N{NO-BREAK SPACE}", " ").replace("&#x27;", "'")
    return " ".join(text.split())


def file(content: bytes, name: str = "questionnaire.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/json")
