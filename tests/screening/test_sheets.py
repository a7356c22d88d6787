"""The transparency sheet: what it says, and who may read it."""

import json

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import User
from screening.catalog import definition_of_version
from screening.models import QuestionnaireVersion
from tests.factories import screening as screenings
from tests.factories import small_questionnaire as small
from tests.screening.conftest import signed_in
from tests.screening.versions import PEG, address, draft, published, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped(author: User, rowan: User) -> QuestionnaireVersion:
    return draft(author, (screenings.SHIPPED / "ketamine_referral.json").read_text())


def test_it_says_who_it_is_for_and_what_it_never_gives(pages: Browser, shipped: QuestionnaireVersion) -> None:
    page = words(pages.get(address("sheet", shipped)))
    assert "Its user is a licensed clinician" in page
    assert "It gives no probability and no score of anybody’s risk." in page
    assert "It gives no directive" in page
    assert "outcomes and considerations are for clinicians alone" in page
    assert shipped.hash in page


def test_each_rule_stands_there_in_words_with_its_basis_and_sources(
    pages: Browser, shipped: QuestionnaireVersion
) -> None:
    page = words(pages.get(address("sheet", shipped)))
    said = page.partition("1 Treatment")[2] or page
    assert (
        "The PHQ-9 total is 10 or more. Met when: “PHQ-9 total” is 10 or more Basis: published. "
        "Sources: Kroenke 2001"
    ) in said
    assert "it is for the provider to judge: it counts as unknown." in said
    assert "Basis: product default, editable; no field consensus." in said


def test_no_question_rule_source_or_vignette_is_left_out(
    pages: Browser, shipped: QuestionnaireVersion
) -> None:
    page, definition = pages.get(address("sheet", shipped)).content.decode(), definition_of_version(shipped)
    ids = [f"q-{each.key}" for top in definition.questions for each in (top, *top.entry)]
    ids += [f"c-{rule.key}" for each in definition.indications for rule in each.criteria]
    ids += [f"k-{rule.key}" for rule in definition.considerations]
    ids += [f"score-{score.key}" for score in definition.scores]
    ids += [f"source-{source.key}" for source in definition.sources]
    assert [each for each in ids if page.count(f'id="{each}"') != 1] == []
    assert page.count("<li>", page.index('class="sheet-vignettes"')) >= len(definition.vignettes)


def test_sources_that_nobody_has_read_are_named_as_limits(
    pages: Browser, shipped: QuestionnaireVersion
) -> None:
    page = words(pages.get(address("sheet", shipped)))
    limits = page.partition("Limits, and what is unknown A question")[2].partition("Indicators present: ")[0]
    assert "never a no, and never zero" in limits
    assert "To be verified by the clinical owner: Domschke" in limits
    assert "no rule uses it once it is more than 30 days old" in limits


def test_whoever_relies_on_a_published_version_reads_its_sheet(
    author: User, owner: User, rowan: User, provider: User
) -> None:
    """CHECKS 1."""
    shown, unseen = published(author, owner), draft(author)
    for person in (rowan, provider, author):
        assert signed_in(person).get(address("sheet", shown)).status_code == 200
    answers = [signed_in(person).get(address("sheet", unseen)).status_code for person in (rowan, provider)]
    assert answers == [404, 404]
    assert Browser().get(address("sheet", shown)).status_code == 302


def test_a_documents_digest_leads_to_its_sheet(author: User, owner: User, provider: User) -> None:
    shown = published(author, owner)
    asked = reverse("questionnaires:sheet_of", args=[shown.hash.removeprefix("sha256:")])
    assert signed_in(provider).get(asked).headers["Location"] == address("sheet", shown)
    assert signed_in(provider).get(reverse("questionnaires:sheet_of", args=["0" * 64])).status_code == 404


def test_a_short_measure_has_a_sheet_too(pages: Browser, author: User) -> None:
    page = words(pages.get(address("sheet", draft(author))))
    assert PEG["title"] in page
    assert "The document has none." in page or "Example answers of nobody" in page


def test_it_says_what_was_proved_of_the_rules(pages: Browser, shipped: QuestionnaireVersion) -> None:
    page = words(pages.get(address("sheet", shipped)))
    said = page.partition("A solver looked at all answers")[2]
    assert said
    assert " hold" in said


def test_it_says_where_nothing_is_proved_yet(pages: Browser, author: User) -> None:
    page = words(pages.get(address("sheet", draft(author, json.dumps(small.DOCUMENT)))))
    assert "Nothing is proved yet: nobody has had these rules verified." in page
