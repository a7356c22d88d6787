"""The preview: a section as a therapist meets it, with answers that are tried and stored nowhere."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser

from accounts.models import User
from privacy import context
from screening import actions
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
    assert "Considerations raised" in words(back)


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


def test_a_changed_document_keeps_the_answers_that_still_fit(
    pages: Browser, author: User, version: QuestionnaireVersion
) -> None:
    begun = sent(pages.get(section(version, "mood"), {"vignette": "low"}))
    changed = json.loads(version.document)
    for each in changed["sections"]:
        each["questions"] = [asked for asked in each["questions"] if asked["key"] not in ("uses_daily",)]
    for rule in changed["considerations"]:
        rule["when"] = {"fact": "uses", "is": True}
    changed["vignettes"] = []
    with context.enter(author.organization_id):
        newer = actions.replace_draft_document(by=author, version=version, document=json.dumps(changed))
    page = pages.post(section(newer, "mood"), begun)
    assert page.status_code == 200
    kept = {key: answer for key, answer in VIGNETTE["answers"].items() if key != "uses_daily"}
    assert carried(newer, page) == kept


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


def test_what_the_rules_find_stands_beside_the_questions(
    pages: Browser, shipped: QuestionnaireVersion
) -> None:
    page = words(pages.get(section(shipped, "depression")))
    found = page.partition("What the rules find")[2].partition("Example answers")[0]
    assert "With 0 answers, as of" in found
    assert "Treatment-resistant depression Not enough information" in found
    assert "Unknown The PHQ-9 total is 10 or more." in found
    assert "One answer could settle it: " in found
    assert "considerations not assessed" in found


def test_an_urgent_consideration_is_told_as_it_would_interrupt(
    pages: Browser, shipped: QuestionnaireVersion
) -> None:
    url = section(shipped, "safety")
    page = pages.post(url, sent(pages.get(url), cssrs_2="yes"))
    page = pages.post(url, sent(page, cssrs_4="yes"))
    assert "Here a therapist is interrupted at once" in words(page)


def test_a_score_is_told_as_an_interval(pages: Browser, shipped: QuestionnaireVersion) -> None:
    url = section(shipped, "depression")
    page = pages.post(url, sent(pages.get(url), phq9_1="3", phq9_2="2"))
    assert "PHQ-9 total: 5 to 26 of 27" in words(page)


def test_what_the_last_answer_changed_is_said(pages: Browser, version: QuestionnaireVersion) -> None:
    begun = pages.get(section(version, "mood"), {"vignette": "low"})
    assert "Preview: nothing is stored." in words(begun)
    about = pages.post(section(version, "about"), sent(begun))
    grown = pages.post(section(version, "about"), sent(about, **{".age": "30"}))
    assert "Low mood: not enough information, now indicators present ." in words(grown)


def test_an_example_begins_again_from_a_vignette_or_from_nothing(
    pages: Browser, version: QuestionnaireVersion
) -> None:
    page = pages.post(section(version, "mood"), sent(pages.get(section(version, "mood")), low_mood="no"))
    used = pages.post(section(version, "mood"), sent(page, **{".vignette": "low", ".do": "use"}))
    assert carried(version, used) == VIGNETTE["answers"]
    assert 'name=".as_of" value="03/05/2026"' in used.content.decode()
    cleared = pages.post(section(version, "mood"), sent(used, **{".do": "clear"}))
    assert carried(version, cleared) == {"age": {"value": 40}}


@pytest.mark.parametrize("day", ["", "x", "02/30/2026", "\x00", "1" * 400])
def test_a_day_that_is_none_is_told_beside_its_field(
    pages: Browser, version: QuestionnaireVersion, day: str
) -> None:
    """CHECKS 30."""
    page = sent(pages.get(section(version, "mood"), {"vignette": "low"}), **{".as_of": day})
    answer = pages.post(section(version, "mood"), page)
    assert (answer.status_code, 'id="example-day-error"' in answer.content.decode()) == (422, True)
    assert carried(version, answer) == VIGNETTE["answers"]


def test_scores_age_from_the_day_of_the_example(pages: Browser, shipped: QuestionnaireVersion) -> None:
    url = section(shipped, "depression")
    items = {f"phq9_{n}": "2" for n in range(1, 10)}
    page = pages.post(url, sent(pages.get(url), phq9_date="01/05/2026", **items, **{".as_of": "01/06/2026"}))
    assert "PHQ-9 total: 18 of 27" in words(page)
    assert "Met The PHQ-9 total is 10 or more." in words(page)
    later = pages.post(url, sent(page, **{".as_of": "05/01/2026"}))
    assert "older than 30 days, so no rule uses it" in words(later)
    assert "Unknown The PHQ-9 total is 10 or more." in words(later)


def test_a_state_that_no_vignette_shows_begins_with_the_verifications_example(
    pages: Browser, author: User
) -> None:
    document = json.loads((screenings.SHIPPED / "ketamine_referral.json").read_text())
    version = draft(author, json.dumps(document | {"vignettes": []}))
    start = pages.get(address("preview", version)).content.decode()
    assert "states that no vignette shows" in start
    begin = {"state": "trd.trd_symptoms.met"}
    assert "?state=trd.trd_symptoms.met" in start
    page = words(pages.get(section(version, "depression"), begin))
    assert "Met The PHQ-9 total is 10 or more." in page
    unknown = pages.get(section(version, "depression"), {"state": "trd.nothing.met"})
    assert carried(version, unknown) == {"age": {"value": 40}}


def test_without_a_verification_a_lacking_state_has_no_example(pages: Browser, author: User) -> None:
    version = draft(author, json.dumps(small.DOCUMENT | {"vignettes": []}))
    page = words(pages.get(address("preview", version)))
    assert "Verify the rules to have an example." in page


def test_a_section_asks_as_often_whatever_is_answered(pages: Browser, shipped: QuestionnaireVersion) -> None:
    url = section(shipped, "depression")
    page = pages.get(url)
    with Counted() as blank:
        pages.get(url)
    with Counted() as answered:
        pages.post(url, sent(page, mdd_recorded="yes"))
    # Session, person, context, the version, the log's head and its entry.
    assert (len(blank.statements), len(answered.statements)) == (6, 6)
