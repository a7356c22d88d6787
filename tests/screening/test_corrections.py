"""Safety corrections: who declares them, which screenings they touch, and who learns of it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from privacy import context
from privacy.models import Entry, Notice
from screening import actions
from screening.models import (
    CorrectionSearch,
    QuestionnaireVersion,
    SafetyCorrection,
    Screening,
    TouchedScreening,
)
from tests.factories import accounts, corrections, small_questionnaire
from tests.factories import screening as screenings
from tests.jobs import run_jobs
from tests.screening.conftest import signed_in

pytestmark = pytest.mark.django_db

GIVEN = {key: answer for part in small_questionnaire.ANSWERS.values() for key, answer in part.items()}


@pytest.fixture
def owner(db: None) -> User:
    return accounts.admin(name="Tomas Berg", duties=["clinical_owner"])


@pytest.fixture
def first(db: None) -> QuestionnaireVersion:
    return screenings.published("small", small_questionnaire.TEXT)


def screened(by: User, version: QuestionnaireVersion, given: Any = GIVEN, complete: bool = True) -> Screening:
    client = screenings.client_of(by)
    with context.enter(by.organization_id):
        opened = actions.start_screening(by=by, client=client, version=version)
    screenings.answer(by, opened, given)
    with context.enter(by.organization_id):
        return actions.complete_screening(by=by, screening=opened) if complete else opened


def touched(person: User) -> list[TouchedScreening]:
    with context.enter(person.organization_id):
        return list(TouchedScreening.objects.all())


def test_screenings_that_read_otherwise_are_touched_and_others_are_not(
    rowan: User, first: QuestionnaireVersion, owner: User
) -> None:
    done, begun = screened(rowan, first), screened(rowan, first, complete=False)
    screened(rowan, first, {"danger": {"value": False}})
    corrections.declared(owner)
    found = {row.screening_id: row for row in touched(rowan)}
    assert set(found) == {done.pk, begun.pk}
    differs = found[done.pk].differs
    assert differs["outcomes"]["low"] == ["indicators_present", "indicators_not_present"]
    assert differs["criteria"]["low.low_said"] == ["met", "not_met"]
    (search,) = CorrectionSearch.objects.filter(organization=rowan.organization_id)
    assert (search.looked_through, search.touched) == (3, 2)


def test_whoever_answered_a_named_question_is_on_the_list_whatever_is_found(
    rowan: User, first: QuestionnaireVersion, owner: User
) -> None:
    answered = screened(rowan, first, {"pressure": {"value": False}})
    screened(rowan, first, {"danger": {"value": False}})
    same = small_questionnaire.TEXT.replace("High blood pressure?", "Blood pressure above 140?")
    corrections.declared(owner, same, questions=["pressure"])
    (row,) = [row for row in touched(rowan) if "questions" in row.differs]
    assert (row.screening_id, row.differs["questions"]) == (answered.pk, ["pressure"])


def test_each_therapist_is_told_by_a_link_and_a_line_at_home(
    rowan: User, first: QuestionnaireVersion, owner: User
) -> None:
    """CHECKS 38."""
    done = screened(rowan, first)
    corrections.declared(owner)
    (notice,) = Notice.objects.filter(kind="screening.corrected")
    assert (notice.recipient, notice.path) == (rowan.pk, "/screenings/corrections/")
    browser = signed_in(rowan)
    assert "A questionnaire was corrected" in browser.get("/").content.decode()
    page = browser.get("/screenings/corrections/").content.decode()
    assert corrections.TOLD in page and done.client.last_name in page
    assert "Low mood: Indicators present before, Indicators not present now" in page
    assert f'href="/screenings/{done.pk}/amend/"' in page


def test_looking_at_one_is_recorded_once_and_takes_it_off_the_home_page(
    rowan: User, first: QuestionnaireVersion, owner: User
) -> None:
    """CHECKS 42."""
    screened(rowan, first)
    corrections.declared(owner)
    (row,) = touched(rowan)
    browser = signed_in(rowan)
    for _time in range(2):
        assert browser.post(f"/screenings/corrections/{row.pk}/looked/").status_code == 302
    (after,) = touched(rowan)
    assert (after.looked_by_id, after.is_waiting) == (rowan.pk, False)
    with context.enter(rowan.organization_id):
        assert Entry.objects.filter(action="correction.looked").count() == 1
    assert "A questionnaire was corrected" not in browser.get("/").content.decode()


def test_one_that_is_amended_no_longer_waits(rowan: User, first: QuestionnaireVersion, owner: User) -> None:
    done = screened(rowan, first)
    corrections.declared(owner)
    with context.enter(rowan.organization_id):
        actions.replace_screening(by=rowan, screening=done, reason="The correction")
        assert TouchedScreening.objects.waiting().count() == 0
    assert (
        "moved, amended or set aside since"
        in signed_in(rowan).get("/screenings/corrections/").content.decode()
    )


def test_a_colleague_and_another_practice_see_none_of_it(
    rowan: User, first: QuestionnaireVersion, owner: User
) -> None:
    screened(rowan, first)
    corrections.declared(owner)
    (row,) = touched(rowan)
    for stranger in (accounts.UserFactory(organization=rowan.organization), accounts.UserFactory()):
        browser = signed_in(stranger)
        assert corrections.TOLD not in browser.get("/screenings/corrections/").content.decode()
        assert browser.post(f"/screenings/corrections/{row.pk}/looked/").status_code == 404
    assert touched(owner) == []


def test_a_lead_sees_how_far_the_practice_is(rowan: User, first: QuestionnaireVersion, owner: User) -> None:
    screened(rowan, first)
    screened(rowan, first)
    corrections.declared(owner)
    with context.enter(rowan.organization_id):
        actions.look_at_touched(by=rowan, touched=touched(rowan)[0])
    lead = accounts.UserFactory(organization=rowan.organization, duties=["lead"])
    page = signed_in(lead).get("/screenings/corrections/").content.decode()
    assert "In your practice 1 of 2 touched screenings were looked at." in page


def test_only_a_clinical_owner_declares_and_admins_see_no_small_count(
    rowan: User, first: QuestionnaireVersion, owner: User, author: User
) -> None:
    screened(rowan, first)
    newer = screenings.published("small", corrections.turned_round())
    here = f"/questionnaires/{newer.pk}/correction/"
    assert "A clinical owner declares it." in signed_in(author).get(here).content.decode()
    sent = {"since": "1", "words": corrections.TOLD}
    assert signed_in(author).post(here, sent).status_code == 403
    with pytest.raises(PermissionDenied), context.enter(author.organization_id):
        actions.declare_correction(by=author, version=newer, since=1, words=corrections.TOLD)
    assert signed_in(owner).post(here, sent).status_code == 302
    run_jobs()
    page = signed_in(author).get(here).content.decode()
    assert corrections.TOLD in page and page.count("fewer than 5") == 2


def test_words_that_are_never_used_are_refused_beside_the_field(
    first: QuestionnaireVersion, owner: User
) -> None:
    newer = screenings.published("small", corrections.turned_round())
    answer = signed_in(owner).post(
        f"/questionnaires/{newer.pk}/correction/", {"since": "1", "words": "They are not eligible for it."}
    )
    assert (answer.status_code, SafetyCorrection.objects.count()) == (422, 0)


def test_a_correction_is_declared_once_and_never_rewritten(first: QuestionnaireVersion, owner: User) -> None:
    correction = corrections.declared(owner)
    with pytest.raises(actions.NotPossible), context.enter(owner.organization_id):
        actions.declare_correction(by=owner, version=correction.version, since=1, words=corrections.TOLD)
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyCorrection.objects.update(words="Other")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_whatever_its_length(
    rowan: User, first: QuestionnaireVersion, owner: User, django_assert_num_queries: Any, rows: int
) -> None:
    for _row in range(rows):
        screened(rowan, first)
    corrections.declared(owner)
    browser = signed_in(rowan)
    browser.get("/screenings/corrections/")
    with django_assert_num_queries(8):
        browser.get("/screenings/corrections/")
