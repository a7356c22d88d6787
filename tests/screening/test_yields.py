"""What each question brings: counted over every practice, told as sums, with nobody in them."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser

from accounts.models import User
from privacy import context
from privacy.models import Entry
from screening import actions
from screening.engine import Outcome, evaluate, parse
from screening.jobs.yields import count_all_questions
from screening.models import QuestionnaireVersion, QuestionYield, Screening
from screening.yields import Cells, Tally, settling
from tests.factories import screening as screenings
from tests.factories import small_questionnaire as small
from tests.jobs import run_jobs, waiting
from tests.screening.versions import address, words

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 5)
DEFINITION = parse(small.DOCUMENT)
ADULT = {"age": {"value": 30}}
LOW = ADULT | {"low_mood": {"value": True}, "how_low": {"value": "3"}, "low_after_use": {"value": False}}


def tally(*of: dict[str, Any]) -> Tally:
    counted = Tally()
    for answers in of:
        counted.add(DEFINITION, answers, DAY)
    return counted


def test_a_question_settles_where_the_outcome_is_open_without_it() -> None:
    assert "low_mood" in settling(DEFINITION, LOW, DAY)
    assert settling(DEFINITION, ADULT, DAY) == set()
    assert settling(DEFINITION, LOW | {"age": {"value": 12}}, DAY) == set()


def test_every_settling_question_is_found_though_few_are_tried() -> None:
    """Trying every answer finds the same ones."""
    for vignette in DEFINITION.vignettes:
        found = evaluate(DEFINITION, vignette.answers, vignette.as_of)
        settled = [k for k, f in found.indications.items() if f.outcome is not Outcome.NOT_ENOUGH_INFORMATION]
        slow = set()
        for key in vignette.answers:
            less = {name: answer for name, answer in vignette.answers.items() if name != key}
            without = evaluate(DEFINITION, less, vignette.as_of)
            opened = [
                each
                for each in settled
                if without.indications[each].outcome is Outcome.NOT_ENOUGH_INFORMATION
            ]
            if opened and key != "age" and "unknown" not in vignette.answers[key]:
                slow.add(key)
        assert settling(DEFINITION, vignette.answers, vignette.as_of) == slow


def test_the_three_kinds_of_missing_answers_are_counted_apart() -> None:
    counted = tally(
        *[LOW] * 10,
        *[ADULT] * 6,
        *[ADULT | {"low_mood": {"unknown": "declined"}}] * 7,
        *[ADULT | {"low_mood": {"unknown": "not_known"}}] * 8,
    )
    told = counted.cells(DEFINITION)["low_mood"]
    assert told == Cells(shown=31, answered=10, blank=6, declined=7, not_known=8, settled=told.settled)
    assert "age" not in counted.cells(DEFINITION)


def test_small_numbers_are_hidden_with_what_would_give_them_away() -> None:
    told = tally(*[LOW] * 10, *[ADULT | {"low_mood": {"unknown": "declined"}}] * 3).cells(DEFINITION)
    assert told["low_mood"].shown == 13
    assert (told["low_mood"].answered, told["low_mood"].declined) == (None, None)
    assert told["low_mood"].settled is None
    few = tally(*[LOW] * 4)
    assert (few.total, set(few.cells(DEFINITION).values())) == (None, {Cells()})


@pytest.fixture
def version(db: None) -> QuestionnaireVersion:
    return screenings.published()


@pytest.fixture
def done(version: QuestionnaireVersion, rowan: User, stranger: User) -> list[Screening]:
    """Four screenings of one practice and two of another."""
    return [screenings.completed(person) for person in (rowan, rowan, rowan, rowan, stranger, stranger)]


def count(by: User, version: QuestionnaireVersion) -> QuestionYield:
    with context.enter(by.organization_id):
        actions.ask_for_count(by=by, version=version)
    assert waiting()[-1][1].keys() == {"organization", "by", "version"}
    run_jobs()
    return QuestionYield.objects.get(version_id=version.pk)


def test_only_sums_over_every_practice_are_kept(
    admin: User, version: QuestionnaireVersion, done: list[Screening]
) -> None:
    counted = count(admin, version)
    assert counted.screenings == 6
    assert counted.cells["mdd_recorded"]["answered"] == 6
    numbers = {number for cells in counted.cells.values() for number in cells.values()}
    assert numbers <= {None, 0, 5, 6}
    assert "Vega" not in json.dumps(counted.cells)


def test_each_practices_log_says_that_it_was_counted(
    admin: User, rowan: User, version: QuestionnaireVersion, done: list[Screening]
) -> None:
    """CHECKS 35."""
    count(admin, version)
    for practice, counted in ((rowan.organization_id, 4), (done[-1].organization_id, 2)):
        with context.enter(practice):
            rows = list(Entry.objects.filter(action="screening.questions_counted", owner=practice))
        assert [(row.codes, row.by, row.client) for row in rows] == [
            ({"screenings": counted}, admin.pk, None)
        ]


def test_old_screenings_and_those_of_other_states_are_not_counted(
    admin: User, rowan: User, version: QuestionnaireVersion, done: list[Screening]
) -> None:
    screenings.started(rowan)
    with context.enter(rowan.organization_id):
        actions.enter_in_error(by=rowan, screening=done[0], reason="Wrong client.")
    assert count(admin, version).screenings == 5


def test_a_count_that_would_tell_of_a_few_is_not_kept(
    admin: User, rowan: User, version: QuestionnaireVersion, done: list[Screening]
) -> None:
    first = count(admin, version)
    for _each in range(4):
        screenings.completed(rowan)
    assert count(admin, version).counted_at == first.counted_at
    screenings.completed(rowan)
    assert count(admin, version).screenings == 11


def test_every_night_each_version_in_use_is_counted(
    version: QuestionnaireVersion, done: list[Screening]
) -> None:
    count_all_questions()
    assert run_jobs() == ["screening.count_questions"]
    assert QuestionYield.objects.get().version_id == version.pk


def test_the_page_says_it_in_words_and_judges_nothing(
    pages: Browser, admin: User, version: QuestionnaireVersion, done: list[Screening]
) -> None:
    url = address("question_yield", version)
    assert "Not counted yet." in words(pages.get(url))
    asked = pages.post(address("count_now", version), follow=True)
    assert "Counting has begun. Look again in a minute." in words(asked)
    run_jobs()
    page = words(pages.get(url))
    assert "6 screenings." in page
    assert "Is a depressive disorder or a current major depressive episode recorded? Asked 6 times" in page
    assert "minutes" not in page.partition("A question settled")[2]


@pytest.mark.parametrize("sort", ["settled", "shown", "blank", "declined", "not_known", "", "text", "\x00"])
def test_it_is_sorted_by_fixed_names(
    pages: Browser, admin: User, version: QuestionnaireVersion, done: list[Screening], sort: str
) -> None:
    """CHECKS 31."""
    count(admin, version)
    assert pages.get(address("question_yield", version), {"sort": sort}).status_code == 200


def test_only_an_admin_has_questions_counted(rowan: User, version: QuestionnaireVersion) -> None:
    with context.enter(rowan.organization_id), pytest.raises(PermissionDenied):
        actions.ask_for_count(by=rowan, version=version)
