"""Questions that therapists report, and what the network's admins do about them."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from privacy import context
from privacy.models import Entry, Notice
from screening import actions
from screening.models import QuestionReport, Screening
from tests.factories import accounts, small_questionnaire
from tests.factories import screening as screenings
from tests.screening.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(rowan: User) -> Screening:
    first = screenings.published("small", small_questionnaire.TEXT)
    client = screenings.client_of(rowan)
    with context.enter(rowan.organization_id):
        return actions.start_screening(by=rowan, client=client, version=first)


def report(by: User, begun: Screening, question: str = "danger", reason: str = "unclear") -> QuestionReport:
    with context.enter(by.organization_id):
        return actions.report_question(by=by, version=begun.version, question=question, reason=reason)


def settle(by: User, *reports: QuestionReport, **values: Any) -> None:
    with context.enter(by.organization_id):
        actions.settle_reports(by=by, reports=reports, **values)


def address(begun: Screening, section: str = "safety") -> str:
    return f"/screenings/{begun.pk}/sections/{section}/report/"


def test_every_question_of_a_section_has_a_button_that_names_it(rowan: User, begun: Screening) -> None:
    page = signed_in(rowan).get(f"/screenings/{begun.pk}/sections/safety/").content.decode()
    assert re.findall(r'value="report:(\w*)"', page) == ["danger", "pressure", "plan", ""]


def test_the_button_saves_what_was_typed_before_it_leads_away(rowan: User, begun: Screening) -> None:
    browser = signed_in(rowan)
    here = f"/screenings/{begun.pk}/sections/safety/"
    marks = re.findall(r'name="\.shown" id="mark-\w+" value="([^"]+)"', browser.get(here).content.decode())
    answer = browser.post(here, {"danger": "no", ".shown": marks, ".do": "report:danger"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{address(begun)}?question=danger")
    with context.enter(rowan.organization_id):
        (row,) = begun.sections.all()
    assert row.document["answers"]["danger"]["answer"] == {"value": False}


def test_a_key_that_the_section_does_not_ask_leads_to_the_page_without_it(
    rowan: User, begun: Screening
) -> None:
    sent = {".do": "report:https://elsewhere.example"}
    answer = signed_in(rowan).post(f"/screenings/{begun.pk}/sections/safety/", sent)
    assert answer.headers["Location"] == f"{address(begun)}?question="


def test_a_report_holds_question_version_reason_person_and_moment_and_nothing_else(
    rowan: User, begun: Screening
) -> None:
    browser = signed_in(rowan)
    page = browser.get(f"{address(begun)}?question=danger").content.decode()
    assert '<option value="danger" selected>In danger now?</option>' in page
    assert "textarea" not in page
    answer = browser.post(address(begun), {"question": "danger", "reason": "outdated"})
    assert answer.headers["Location"] == f"/screenings/{begun.pk}/sections/safety/#slot-danger"
    (made,) = QuestionReport.objects.all()
    assert (made.version_id, made.question, made.reason, made.by_id) == (
        begun.version_id,
        "danger",
        "outdated",
        rowan.pk,
    )
    assert {field.name for field in QuestionReport._meta.get_fields()}.isdisjoint({"screening", "client"})
    with context.enter(rowan.organization_id):
        entry = Entry.objects.get(action="question.reported")
    assert (entry.client, entry.codes) == (None, {"question": "danger", "version": str(begun.version_id)})


def test_the_same_report_is_kept_once_while_it_waits(rowan: User, begun: Screening, author: User) -> None:
    """CHECKS 42."""
    first = report(rowan, begun)
    assert report(rowan, begun).pk == first.pk
    settle(author, first, words="Worded anew.")
    assert report(rowan, begun).pk != first.pk


@pytest.mark.parametrize(
    ("question", "reason"),
    [("", "unclear"), ("danger", ""), ("elsewhere", "unclear"), ("danger", "invented"), ("\0", "\0")],
)
def test_what_is_not_on_the_lists_is_refused_beside_its_field(
    rowan: User, begun: Screening, question: str, reason: str
) -> None:
    answer = signed_in(rowan).post(address(begun), {"question": question, "reason": reason})
    assert (answer.status_code, QuestionReport.objects.count()) == (422, 0)


def test_a_question_of_another_section_is_not_taken(rowan: User, begun: Screening) -> None:
    answer = signed_in(rowan).post(address(begun), {"question": "low_mood", "reason": "unclear"})
    assert answer.status_code == 422
    with pytest.raises(actions.NotPossible):
        report(rowan, begun, question="never_there")


def test_only_therapists_report_and_only_admins_settle(rowan: User, begun: Screening, author: User) -> None:
    made = report(rowan, begun)
    with pytest.raises(PermissionDenied):
        report(author, begun)
    with pytest.raises(PermissionDenied):
        settle(rowan, made, words="Fine.")
    stranger = signed_in(accounts.UserFactory(organization=rowan.organization))
    assert stranger.get(address(begun)).status_code == 404
    assert signed_in(author).get(address(begun)).status_code == 403


def test_the_admins_desk_gathers_reports_by_question_with_reasons_and_people(
    rowan: User, begun: Screening, author: User
) -> None:
    colleague = accounts.UserFactory(name="Noor Haddad", organization=rowan.organization)
    report(rowan, begun)
    report(rowan, begun, reason="upsetting")
    report(colleague, begun)
    report(colleague, begun, question="pressure")
    page = signed_in(author).get("/questionnaires/reports/").content.decode()
    assert page.index("In danger now?") < page.index("High blood pressure?")
    assert "3 reports" in page and "The wording is unclear: 2" in page and "It upsets clients: 1" in page
    assert "Noor Haddad" in page and rowan.name in page
    assert begun.client.last_name not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_take_as_many_queries_whatever_their_length(
    rowan: User, begun: Screening, author: User, django_assert_num_queries: Any, rows: int
) -> None:
    for question in ("danger", "pressure", "plan")[:rows]:
        report(rowan, begun, question=question)
    for person, page in ((author, "/questionnaires/reports/"), (rowan, "/screenings/reports/")):
        browser = signed_in(person)
        browser.get(page)
        with django_assert_num_queries(6):
            browser.get(page)


def test_settling_answers_all_that_was_shown_and_tells_each_reporter_once(
    rowan: User, begun: Screening, author: User
) -> None:
    """CHECKS 38: by a link only."""
    report(rowan, begun)
    report(rowan, begun, reason="other")
    browser = signed_in(author)
    here = f"/questionnaires/{begun.version_id}/reports/danger/"
    shown = re.findall(r'name="reports" value="([^"]+)"', browser.get(here).content.decode())
    answer = browser.post(here, {"reports": shown, "words": "Worded anew in the next version."})
    assert answer.headers["Location"] == "/questionnaires/reports/"
    assert QuestionReport.objects.waiting().count() == 0
    (notice,) = Notice.objects.filter(kind="question.settled")
    assert (notice.recipient, notice.path) == (rowan.pk, "/screenings/reports/")
    page = signed_in(rowan).get("/screenings/reports/").content.decode()
    assert page.count("Worded anew in the next version.") == 2 and author.name in page


def test_reports_are_taken_up_in_a_draft_of_the_same_questionnaire(
    rowan: User, begun: Screening, author: User
) -> None:
    made = report(rowan, begun)
    with context.enter(author.organization_id):
        draft = actions.create_draft(by=author, document=small_questionnaire.TEXT)
        other = actions.create_draft(by=author, document=screenings.document("peg"))
    browser = signed_in(author)
    here = f"/questionnaires/{begun.version_id}/reports/danger/"
    assert browser.post(here, {"reports": [made.pk], "draft": other.pk}).status_code == 422
    assert browser.post(here, {"reports": [made.pk], "draft": draft.pk}).status_code == 302
    page = signed_in(rowan).get("/screenings/reports/").content.decode()
    assert f"Taken up in draft {draft.number}." in page


def test_settling_without_a_word_and_without_a_draft_is_refused(
    rowan: User, begun: Screening, author: User
) -> None:
    made = report(rowan, begun)
    here = f"/questionnaires/{begun.version_id}/reports/danger/"
    answer = signed_in(author).post(here, {"reports": [made.pk]})
    assert answer.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionReport.objects.filter(pk=made.pk).update(settled_at=made.at, settled_by=author)


def test_of_two_admins_who_settle_the_second_is_told(rowan: User, begun: Screening, author: User) -> None:
    """CHECKS 43."""
    made = report(rowan, begun)
    settle(author, made, words="First.")
    with pytest.raises(actions.ChangedMeanwhile):
        settle(accounts.admin(), made, words="Second.")
    answer = signed_in(author).post(
        f"/questionnaires/{begun.version_id}/reports/danger/", {"reports": [made.pk], "words": "Third."}
    )
    assert answer.status_code == 422
    assert QuestionReport.objects.get(pk=made.pk).words == "First."


def test_a_question_that_the_version_does_not_ask_has_no_reports(begun: Screening, author: User) -> None:
    browser = signed_in(author)
    assert browser.get(f"/questionnaires/{begun.version_id}/reports/elsewhere/").status_code == 404
    assert browser.get(f"/questionnaires/{begun.version_id}/reports/danger/").status_code == 200


def test_the_answers_page_leads_to_a_report_of_each_question(rowan: User, begun: Screening) -> None:
    screenings.answer(rowan, begun, {"danger": {"value": False}})
    page = signed_in(rowan).get(f"/screenings/{begun.pk}/answers/").content.decode()
    assert f'href="{address(begun)}?question=danger"' in page
