"""The evidence desk: every source once in its words, what is overdue first, and who has read it."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import User
from privacy import context
from screening import actions
from screening.evidence import Due, Show, held_sources, shown
from screening.models import QuestionnaireVersion
from tests.factories import small_questionnaire as small
from tests.screening.conftest import Counted, signed_in
from tests.screening.versions import draft, words

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
DESK = "/questionnaires/evidence/"


def source(key: str, review_by: str, **changed: str) -> dict[str, Any]:
    return {
        "key": key,
        "citation": f"{key.title()} A. A paper. 2020.",
        "supports": "a threshold",
        "strength": "one study",
        "read": "no",
        "review_by": review_by,
    } | changed


def with_sources(by: User, *sources: dict[str, Any], key: str = "small") -> QuestionnaireVersion:
    document = json.loads(json.dumps(small.DOCUMENT)) | {"key": key, "sources": list(sources)}
    for indication in document["indications"]:
        indication["notes"] = []
        for criterion in indication["criteria"]:
            criterion |= {"sources": [sources[0]["key"]]}
    for consideration in document["considerations"]:
        consideration["sources"] = []
    return draft(by, json.dumps(document))


@pytest.fixture
def version(author: User) -> QuestionnaireVersion:
    return with_sources(
        author,
        source("later", "2027-11-24"),
        source("over", "2026-11-23"),
        source("today", "2026-11-24"),
        source("soon", "2027-01-23"),
        source("known", "2027-01-24", read="yes"),
    )


def test_what_is_overdue_stands_first(author: User, version: QuestionnaireVersion) -> None:
    held = held_sources(author, TODAY)
    assert [(each.source.key, each.due) for each in held] == [
        ("over", Due.OVERDUE),
        ("today", Due.SOON),
        ("soon", Due.SOON),
        ("known", Due.LATER),
        ("later", Due.LATER),
    ]
    assert [each.source.key for each in shown(held, Show.OVERDUE)] == ["over"]
    assert [each.source.key for each in shown(held, Show.SOON)] == ["today", "soon"]
    assert [each.source.key for each in shown(held, Show.UNVERIFIED)] == ["over", "today", "soon", "later"]


def test_a_source_that_two_versions_word_alike_stands_there_once(
    author: User, version: QuestionnaireVersion
) -> None:
    newer = with_sources(author, source("later", "2027-11-24"), source("over", "2026-11-23", supports="two"))
    held = {(each.source.key, each.source.supports): each for each in held_sources(author, TODAY)}
    assert [each.number for each in held["later", "a threshold"].versions] == [2, 1]
    assert [each.pk for each in held["over", "two"].versions] == [newer.pk]
    assert [each.pk for each in held["over", "a threshold"].versions] == [version.pk]


def test_what_rests_on_a_source_leads_into_the_sheet(author: User, version: QuestionnaireVersion) -> None:
    later = next(each for each in held_sources(author, TODAY) if each.source.key == "later")
    keys = [rule["key"] for each in small.DOCUMENT["indications"] for rule in each["criteria"]]
    assert [each.anchor for each in later.rests_on] == [f"c-{key}" for key in keys]


def test_a_clinical_owner_marks_what_they_have_read(
    owner: User, author: User, version: QuestionnaireVersion
) -> None:
    """CHECKS 1 and 8."""
    verify = reverse("questionnaires:verify_evidence", args=[version.pk, "over"])
    page = reverse("questionnaires:evidence_source", args=[version.questionnaire_id, "over"])
    assert "I have read it" not in words(signed_in(author).get(DESK))
    assert signed_in(author).post(verify).status_code == 403
    assert "Nobody has marked it yet." in words(signed_in(owner).get(page))
    assert signed_in(owner).post(verify).headers["Location"] == page
    said = words(signed_in(owner).get(page))
    assert f"Verified by {owner.name}" in said
    assert "in these words" in said


def test_new_words_have_to_be_read_again(owner: User, author: User, version: QuestionnaireVersion) -> None:
    with context.enter(owner.organization_id):
        actions.verify_source(by=owner, version=version, source="over")
    document = json.loads(version.document)
    for each in document["sources"]:
        each["supports"] = "something else"
    with context.enter(author.organization_id):
        actions.replace_draft_document(by=author, version=version, document=json.dumps(document))
    page = reverse("questionnaires:evidence_source", args=[version.questionnaire_id, "over"])
    said = words(signed_in(owner).get(page))
    assert "To be verified by the clinical owner" in said
    assert "in earlier words: it has to be read again" in said


@pytest.mark.parametrize("show", ["overdue", "soon", "unverified", "all", "", "nothing", "\x00"])
def test_the_list_is_narrowed_by_fixed_names(
    pages: Browser, version: QuestionnaireVersion, show: str
) -> None:
    """CHECKS 31."""
    assert pages.get(DESK, {"show": show}).status_code == 200


def test_it_asks_as_often_for_many_sources(pages: Browser, author: User) -> None:
    with_sources(author, source("one", "2027-01-01"))
    pages.get(DESK)
    with Counted() as one:
        pages.get(DESK)
    with_sources(author, *(source(f"s{n}", "2027-01-01") for n in range(9)), key="other")
    pages.get(DESK)
    with Counted() as many:
        pages.get(DESK)
    assert len(one.statements) == len(many.statements)


def test_a_source_that_no_version_has_is_missing(pages: Browser, version: QuestionnaireVersion) -> None:
    assert pages.get(f"{DESK}{version.questionnaire_id}/nothing/").status_code == 404
    assert (
        pages.post(reverse("questionnaires:verify_evidence", args=[version.pk, "nothing"])).status_code == 404
    )
