"""The preview: a section as a therapist meets it, with answers that are tried and stored nowhere."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser

from accounts.models import User
from screening.engine import parse_text
from screening.forms.previews import CARRIED, FROM, Example
from screening.models import QuestionnaireVersion
from tests.factories import screening as screenings
from tests.factories import small_questionnaire as small
from tests.screening.conftest import Counted
from tests.screening.test_sections import fields
from tests.screening.versions import address, draft, submitted, words

pytestmark = pytest.mark.django_db

TABLES = """
    SELECT relname, n_live_tup FROM (
        SELECT c.relname, (xpath('/row/n/text()',
            query_to_xml(format('SELECT count(*) AS n FROM %I', c.relname), false, true, '')))[1]::text::int
            AS n_live_tup
        FROM pg_class c WHERE c.relkind = 'r' AND c.relname LIKE 'screening_%'
    ) counted ORDER BY relname
"""
VIGNETTE = {
    "key": "low",
    "title": "Low mood",
    "as_of": "2026-03-05",
    "answers": {
        "age": {"value": 17},
        "uses": {"value": True},
        "uses_daily": {"unknown": "declined"},
        "low_mood": {"value": True},
        "how_low": {"value": "3"},
    },
    "expect": {"indications": {}, "considerations": {"use": "raised"}},
}


@pytest.fixture
def version(author: User) -> QuestionnaireVersion:
    return draft(author, json.dumps({**small.DOCUMENT, "vignettes": [VIGNETTE]}))


@pytest.fixture
def shipped(author: User) -> QuestionnaireVersion:
    return submitted(author, (screenings.SHIPPED / "ketamine_referral.json").read_text())


def section(version: QuestionnaireVersion, key: str) -> str:
    return address("preview_section", version, section=key)


def sent(page: Any, **values: Any) -> dict[str, Any]:
    """Return what the page's form sends once these fields are filled in."""
    return {**fields(page.content.decode()), **values}


def carried(version: QuestionnaireVersion, page: Any) -> dict[str, Any]:
    """Return the example answers that a page goes on with."""
    example = Example.carried(parse_text(version.document), fields(page.content.decode())[CARRIED])
    assert example is not None
    return dict(example.answers)


def shown(page: Any) -> list[str]:
    """Return the questions that a page shows, in order."""
    return re.findall(r'name="\.shown" id="mark-([^"]*)"', page.content.decode())


def test_the_preview_lists_the_sections_and_offers_the_vignettes(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    page = words(pages.get(address("preview", version)))
    assert "This is a preview. No client is involved, and nothing that you choose is stored." in page
    listed = re.findall(r"(About the client|Substance use|Mood|Safety) +(\d questions?|Not asked)", page)
    assert listed == [
        ("About the client", "2 questions"),
        ("Substance use", "1 question"),
        ("Mood", "2 questions"),
        ("Safety", "3 questions"),
    ]
    assert "Begin with the answers of Nobody: an adult, nothing answered yet Low mood" in page


def test_a_section_is_the_form_that_a_therapist_meets(
    pages: Browser, rowan: User, shipped: QuestionnaireVersion
) -> None:
    """The questions are the same markup, byte for byte, but for who is asked."""
    opened = screenings.started(rowan)
    therapists = Browser()
    therapists.force_login(rowan)
    for key in ("depression", "safety", "substances", "trauma"):
        previewed = pages.get(section(shipped, key)).content.decode()
        real = therapists.get(f"/screenings/{opened.pk}/sections/{key}/").content.decode()
        panels = [re.findall(r'<div class="slot".*?</section>', page, re.S) for page in (previewed, real)]
        assert panels[0]
        assert panels[0] == panels[1]


def test_an_answer_opens_what_it_opens_and_is_stored_nowhere(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    """CHECKS 8."""
    before = stored_rows()
    page = pages.get(section(version, "substances"))
    assert shown(page) == ["uses"]
    opened = pages.post(section(version, "substances"), sent(page, uses="yes"))
    assert (opened.status_code, shown(opened)) == (200, ["uses", "uses_daily"])
    assert carried(version, opened) == {"age": {"value": 40}, "uses": {"value": True}}
    assert shown(pages.get(section(version, "substances"))) == ["uses"]
    assert stored_rows() == before


def stored_rows() -> list[Any]:
    """Count the rows of every table of screenings."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return list(cursor.fetchall())


def test_answers_go_along_to_the_next_section(pages: Browser, version: QuestionnaireVersion) -> None:
    page = pages.get(section(version, "substances"))
    following = pages.post(section(version, "mood"), sent(page, uses="yes"))
    assert "<h1>Mood</h1>" in following.content.decode()
    assert shown(following) == ["low_mood", "how_low", "low_after_use"]
    back = pages.post(section(version, "substances"), sent(following, low_mood="yes", how_low="3"))
    assert shown(back) == ["uses", "uses_daily"]
    assert "Low mood Indicators present" in words(back)
    assert "1 consideration raised" in words(back)


def test_a_wrong_answer_stays_on_its_page_with_what_was_typed(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    page = pages.get(section(version, "about"))
    answer = pages.post(section(version, "mood"), sent(page, **{".age": "400", "client_wants_referral": "?"}))
    text = answer.content.decode()
    assert (answer.status_code, "<h1>About the client</h1>" in text) == (422, True)
    assert "<title>Error: Preview of a section" in text
    assert 'href="#example-age">Age: 400 is more than 120. Check the digits.' in text
    assert "Wants a referral?: Choose one of the answers shown." in words(answer)
    assert 'name=".age" value="400"' in text


def test_while_somebody_answers_a_wrong_answer_is_told_at_its_question(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    page = pages.get(section(version, "about"))
    live = pages.post(section(version, "about"), sent(page, **{".age": "x"}), headers={"HX-Request": "true"})
    assert (live.status_code, "Write a number in digits." in words(live)) == (200, True)
    assert "There is a problem" not in words(live)


def test_a_vignettes_answers_are_where_a_preview_can_begin(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    begun = pages.get(section(version, "mood"), {"vignette": "low"})
    assert carried(version, begun) == VIGNETTE["answers"]
    # It is under 18: outside the scope nothing is found present.
    assert "Low mood Not enough information" in words(begun)
    unknown = pages.get(section(version, "mood"), {"vignette": "no_such"})
    assert carried(version, unknown) == {"age": {"value": 40}}


def test_a_list_is_filled_in_row_by_row(pages: Browser, shipped: QuestionnaireVersion) -> None:
    url = section(shipped, "depression")
    page = pages.post(url, sent(pages.get(url), mdd_recorded="yes"))
    adding = pages.post(url, sent(page, **{".do": "add:trials"}))
    assert 'data-entry="trials.0"' in adding.content.decode()
    assert 'data-land="slot-trials"' in adding.content.decode()
    filled = sent(adding, **{"trials.0.trial_drug": "sertraline", ".do": "done:trials"})
    done = pages.post(url, filled)
    assert carried(shipped, done)["trials"] == {"entries": [{"trial_drug": {"value": "sertraline"}}]}
    assert "1. Sertraline (Zoloft)" in words(done)
    changing = pages.post(url, sent(done, **{".do": "change:trials.0"}))
    assert 'data-entry="trials.0"' in changing.content.decode()
    removed = pages.post(url, sent(changing, **{".do": "remove:trials.0"}))
    assert carried(shipped, removed)["trials"] == {"entries": []}


def test_the_rest_of_a_grid_is_marked_no_as_a_therapist_does(
    pages: Browser, shipped: QuestionnaireVersion
) -> None:
    url = section(shipped, "safety")
    page = pages.get(url)
    grids = re.findall(r'value="mark:([^"]*)"', page.content.decode())
    assert grids
    marked = pages.post(url, sent(page, **{".do": f"mark:{grids[0]}"}))
    answers = {key: value for key, value in carried(shipped, marked).items() if key != "age"}
    assert answers
    assert all(answer in ({"value": False}, {"value": "no"}) for answer in answers.values())
    assert pages.post(url, sent(page, **{".do": "mark:nothing"})).status_code == 200


@pytest.mark.parametrize("what", ["", "x", "eyJhIjoxfQ:1abc:def", "\x00", "é" * 5000])
def test_example_answers_that_no_page_made_begin_the_preview_again(
    pages: Browser, version: QuestionnaireVersion, what: str
) -> None:
    """CHECKS 30."""
    answer = pages.post(section(version, "mood"), {CARRIED: what, FROM: "mood"}, follow=True)
    assert answer.redirect_chain == [(address("preview", version), 302)]
    assert "Begin the preview again." in words(answer)


def test_another_documents_example_answers_are_not_taken(
    pages: Browser, version: QuestionnaireVersion, shipped: QuestionnaireVersion
) -> None:
    elsewhere = fields(pages.get(section(shipped, "depression")).content.decode())[CARRIED]
    assert pages.post(section(version, "mood"), {CARRIED: elsewhere}).status_code == 302


def test_a_section_that_is_not_there_is_missing(pages: Browser, version: QuestionnaireVersion) -> None:
    assert pages.get(section(version, "nothing")).status_code == 404
    page = pages.get(section(version, "mood"))
    assert pages.post(section(version, "mood"), sent(page, **{FROM: "nothing"})).status_code == 404
    for step in ("add:nothing", "change:trials.x", "remove:", "mark:", "fly:away", "add:\x00"):
        answer = pages.post(section(version, "mood"), sent(page, **{".do": step}))
        assert (step, answer.status_code) == (step, 200)


def test_a_section_asks_as_often_whatever_is_answered(pages: Browser, shipped: QuestionnaireVersion) -> None:
    url = section(shipped, "depression")
    page = pages.get(url)
    with Counted() as blank:
        pages.get(url)
    with Counted() as answered:
        pages.post(url, sent(page, mdd_recorded="yes"))
    # Session, person, context, the version, the log's head and its entry.
    assert (len(blank.statements), len(answered.statements)) == (6, 6)
