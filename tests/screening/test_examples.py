"""A preview's example answers kept as a vignette."""

import json
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import User
from screening.forms.previews import CARRIED
from screening.models import QuestionnaireVersion
from tests.factories import small_questionnaire as small
from tests.screening.test_previews import section, sent
from tests.screening.test_sections import fields
from tests.screening.versions import address, draft, published, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(author: User) -> QuestionnaireVersion:
    return draft(author, json.dumps(small.DOCUMENT))


def asked(pages: Browser, version: QuestionnaireVersion, **answers: str) -> Any:
    """Answer the section about mood and ask for it to be kept."""
    page = pages.get(section(version, "mood"))
    page = pages.post(section(version, "mood"), sent(page, **answers))
    return pages.post(section(version, "mood"), sent(page, **answers, **{".do": "vignette"}))


def vignettes(version: QuestionnaireVersion) -> list[Any]:
    version.refresh_from_db()
    return list(json.loads(version.document)["vignettes"])


def test_what_is_found_now_is_what_is_expected(pages: Browser, version: QuestionnaireVersion) -> None:
    page = asked(pages, version, low_mood="yes", how_low="3")
    assert "Save these answers as a vignette" in words(page)
    values = fields(page.content.decode())
    assert values["indication-low"] == "indicators_present"
    before = vignettes(version)
    saved = pages.post(address("save_vignette", version), {**values, "title": "Low and sure"})
    assert saved.headers["Location"] == address("version", version)
    (added,) = [each for each in vignettes(version) if each not in before]
    assert (added["key"], added["title"]) == ("low_and_sure", "Low and sure")
    assert added["answers"]["low_mood"] == {"value": True}
    assert added["expect"]["indications"] == {"low": "indicators_present", "mixed": "not_enough_information"}


def test_another_expectation_is_kept_only_knowingly(pages: Browser, version: QuestionnaireVersion) -> None:
    page = asked(pages, version, low_mood="yes", how_low="3")
    values = {**fields(page.content.decode()), "title": "Other", "indication-low": "indicators_not_present"}
    values.pop("differs", None)
    before = vignettes(version)
    refused = pages.post(address("save_vignette", version), values)
    assert refused.status_code == 422
    assert "Found now: indicators present." in words(refused)
    assert vignettes(version) == before
    known = pages.post(address("save_vignette", version), {**values, "differs": "on"})
    assert known.status_code == 302
    assert vignettes(version)[-1]["expect"]["indications"]["low"] == "indicators_not_present"


@pytest.mark.parametrize("title", ["", "x" * 500, "a\x00b"])
def test_a_title_that_is_none_is_told_beside_its_field(
    pages: Browser, version: QuestionnaireVersion, title: str
) -> None:
    """CHECKS 30."""
    values = fields(asked(pages, version, low_mood="no").content.decode())
    before = vignettes(version)
    answer = pages.post(address("save_vignette", version), {**values, "title": title})
    assert (answer.status_code, 'href="#id_title"' in answer.content.decode()) == (422, True)
    assert vignettes(version) == before


def test_a_version_in_use_begins_a_draft_with_the_vignette(pages: Browser, author: User, owner: User) -> None:
    used = published(author, owner, json.dumps(small.DOCUMENT))
    before = vignettes(used)
    page = asked(pages, used, low_mood="no")
    assert "Saving begins a new draft" in words(page)
    values = {**fields(page.content.decode()), "title": "Not low"}
    assert pages.post(address("save_vignette", used), values).status_code == 302
    made = QuestionnaireVersion.objects.get(made_from=used)
    assert (made.state, vignettes(made)[-1]["title"]) == ("draft", "Not low")
    assert vignettes(used) == before


def test_two_vignettes_of_one_title_have_two_keys(pages: Browser, version: QuestionnaireVersion) -> None:
    for _each in range(2):
        values = fields(asked(pages, version, low_mood="no").content.decode())
        assert pages.post(address("save_vignette", version), {**values, "title": "Same"}).status_code == 302
    assert [each["key"] for each in vignettes(version)[-2:]] == ["same", "same_2"]


def test_answers_that_no_preview_made_become_no_vignette(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    answer = pages.post(address("save_vignette", version), {CARRIED: "made up", "title": "x"})
    assert answer.headers["Location"] == address("preview", version)
