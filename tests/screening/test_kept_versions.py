"""What screenings keep when versions come and go: CHECKS 48."""

import json
import re
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import User
from privacy import context
from screening import actions, catalog
from screening.models import QuestionnaireVersion, Screening
from tests.factories import accounts
from tests.factories import screening as screenings
from tests.screening.conftest import signed_in
from tests.screening.versions import submitted

pytestmark = pytest.mark.django_db


def every_item_three() -> dict[str, Any]:
    """Return answers with which the stricter rule is met."""
    items = {f"phq9_{number}": {"value": "3"} for number in range(1, 10)}
    day = "2026-11-23"
    return {
        "key": "every_item_three",
        "title": "Every item of the PHQ-9 is three",
        "as_of": day,
        "answers": {**items, "phq9_date": {"value": day}},
        "expect": {"indications": {}, "considerations": {}},
    }


def changed() -> str:
    """Return the document with another title, a stricter rule and no question about the episode's length."""
    document = json.loads(screenings.document())
    document["title"] = "Ketamine referral screening, revised"
    for indication in document["indications"]:
        if indication["key"] == "trd":
            indication["title"] = "Depression, revised"
            indication["criteria"][0]["statement"] = "Revised: the PHQ-9 total is 27 or more."
            indication["criteria"][0]["when"] = {"fact": "phq9_total", "at_least": 27}
    document["vignettes"].append(every_item_three())
    return json.dumps(document)


def publish(owner: User, version: QuestionnaireVersion) -> QuestionnaireVersion:
    with context.enter(owner.organization_id):
        return actions.approve_and_publish(by=owner, version=version)


def pages_of(browser: Browser, screening: Screening) -> list[str]:
    """Return what the screening's pages say, but for tokens."""
    names = ("result", "result/print", "answers")
    shown = [browser.get(f"/screenings/{screening.pk}/{name}/").content.decode() for name in names]
    return [re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page) for page in shown]


def stored(screening: Screening) -> tuple[str | None, object, object]:
    with context.enter(screening.organization_id):
        kept = Screening.objects.get(pk=screening.pk)
        return kept.findings_text, kept.as_of, kept.version_id


@pytest.fixture
def owner(db: None) -> User:
    return accounts.admin(name="Tomas Berg", duties=["clinical_owner"])


@pytest.fixture
def before(rowan: User) -> Screening:
    return screenings.completed(rowan)


def test_a_completed_screening_reads_byte_for_byte_as_it_did(
    rowan: User, before: Screening, author: User, owner: User
) -> None:
    browser = signed_in(rowan)
    read, kept = pages_of(browser, before), stored(before)
    assert all("The PHQ-9 total is 10 or more." in page for page in read[:2])
    newer = publish(owner, submitted(author, changed()))
    with context.enter(author.organization_id):
        actions.retire(by=author, version=newer)
    # A process that has just started has read no version yet.
    catalog._definitions.clear()
    assert (pages_of(browser, before), stored(before)) == (read, kept)


def test_a_screening_that_was_begun_goes_on_with_its_version(rowan: User, author: User, owner: User) -> None:
    begun = screenings.started(rowan)
    publish(owner, submitted(author, changed()))
    screenings.answer(rowan, begun, screenings.vignette("typical_intake"))
    with context.enter(rowan.organization_id):
        finished = actions.complete_screening(by=rowan, screening=begun)
    assert (finished.version.number, finished.version.state) == (1, "retired")
    assert "The PHQ-9 total is 10 or more." in pages_of(signed_in(rowan), finished)[0]


def test_the_next_screening_uses_the_version_in_use(
    rowan: User, before: Screening, author: User, owner: User
) -> None:
    newer = publish(owner, submitted(author, changed()))
    browser = signed_in(rowan)
    started = browser.post(f"/clients/{before.client_id}/screenings/{newer.pk}/")
    page = browser.get(started.headers["Location"]).content.decode()
    assert "Ketamine referral screening, revised" in page
    assert "Questionnaire version 2." in page
    older = browser.post(f"/clients/{before.client_id}/screenings/{before.version_id}/")
    assert older.status_code == 404
