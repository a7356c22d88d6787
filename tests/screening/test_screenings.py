"""The life of a screening: started, completed, amended, set aside."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from privacy import context
from screening import actions
from screening.blocks import blocks
from screening.catalog import definition_of
from screening.engine import evaluate
from screening.models import Client, Finding, Screening, ScreeningState
from screening.reading import Reading, answers_of, findings_of
from tests.factories import accounts
from tests.factories import screening as screenings

pytestmark = pytest.mark.usefixtures("inside")


def test_starting_twice_opens_one(rowan: User, client_record: Client, opened: Screening) -> None:
    """CHECKS 42."""
    again = actions.start_screening(by=rowan, client=client_record, version=screenings.published())
    assert again == opened
    assert Screening.objects.count() == 1


def test_a_retired_version_is_not_started(rowan: User, client_record: Client) -> None:
    version = screenings.published("peg")
    with context.enter(None):
        actions.retire(by=accounts.admin(), version=version)
    with pytest.raises(actions.NotPossible):
        actions.start_screening(by=rowan, client=client_record, version=version)


def test_completing_fixes_the_day_in_the_practices_zone_and_the_findings(
    rowan: User, opened: Screening
) -> None:
    """CHECKS 44 and 48."""
    screenings.answer(rowan, opened, screenings.vignette("trd_stopped_for_side_effects", date(2026, 11, 24)))
    late = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
    done = actions.complete_screening(by=rowan, screening=opened, at=late)
    assert (done.state, done.as_of, done.completed_by, done.completed_at) == (
        "completed",
        date(2026, 11, 24),
        rowan,
        late,
    )
    fresh = Screening.objects.get(pk=done.pk)
    definition = definition_of(done.version_id)
    expected = evaluate(definition, answers_of(fresh), date(2026, 11, 24))
    assert json.loads(fresh.findings_text) == expected.as_document()
    assert findings_of(fresh).as_document() == expected.as_document()
    assert dict(Finding.objects.values_list("indication", "outcome")) == {
        key: found.outcome.value for key, found in expected.indications.items()
    }


def test_completing_twice_changes_nothing(rowan: User, opened: Screening) -> None:
    first = actions.complete_screening(by=rowan, screening=opened)
    second = actions.complete_screening(by=rowan, screening=opened, at=datetime(2030, 1, 1, tzinfo=UTC))
    assert second.completed_at == first.completed_at
    assert Finding.objects.count() == 4


def test_a_completed_screening_never_changes_in_the_database(rowan: User) -> None:
    """CHECKS 48."""
    done = screenings.completed(rowan)
    for change in (
        {"as_of": date(2020, 1, 1)},
        {"state": "in_progress", "completed_at": None, "completed_by": None},
        {"completed_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ):
        with (
            pytest.raises(IntegrityError, match="a completed screening never changes"),
            transaction.atomic(),
        ):
            Screening.objects.filter(pk=done.pk).update(**change)


def test_findings_stay_as_they_were_when_the_client_grows_older(rowan: User) -> None:
    client = screenings.client_of(rowan, birth_date=date(timezone.localdate().year - 17, 1, 1))
    done = screenings.completed(rowan, client)
    assert findings_of(done).scope == "not_met"
    later = Reading(Screening.objects.get(pk=done.pk), timezone.now() + timedelta(days=800))
    assert later.findings.scope == "not_met"
    assert later.answers["age"] == {"value": 17}


def test_a_birth_date_put_right_later_changes_no_old_result(rowan: User) -> None:
    client = screenings.client_of(rowan)
    done = screenings.completed(rowan, client)
    right = screenings.record(birth_date=date(timezone.localdate().year - 12, 1, 1))
    actions.change_client(by=rowan, client=client, revision=1, **right)
    stored = Screening.objects.get(pk=done.pk)
    assert (answers_of(stored)["age"], findings_of(stored).scope) == ({"value": 34}, "met")
    copy = actions.replace_screening(by=rowan, screening=stored, reason="The birth date was wrong.")
    assert (answers_of(copy)["age"], findings_of(copy).scope) == ({"value": 12}, "not_met")


def test_amending_keeps_the_old_result_and_opens_a_copy(rowan: User) -> None:
    done = screenings.completed(rowan)
    before = answers_of(done)
    copy = actions.replace_screening(by=rowan, screening=done, reason="The date was wrong.")
    old = Screening.objects.get(pk=done.pk)
    assert (old.state, old.set_aside_reason, old.replacement) == ("replaced", "The date was wrong.", copy)
    assert (copy.state, copy.replaces, answers_of(copy)) == ("in_progress", old, before)
    assert findings_of(old).as_document() == findings_of(done).as_document()
    assert actions.replace_screening(by=rowan, screening=old, reason="Again.") == copy
    assert [block.code for block in blocks(old)] == ["replaced"]


def test_a_copy_can_be_changed_and_completed(rowan: User) -> None:
    copy = actions.replace_screening(by=rowan, screening=screenings.completed(rowan), reason="A slip.")
    screenings.answer(rowan, copy, {"mdd_recorded": {"value": False}})
    done = actions.complete_screening(by=rowan, screening=copy)
    assert findings_of(done).indications["trd"].outcome == "indicators_not_present"


def test_amending_asks_for_a_reason_and_a_completed_screening(rowan: User, opened: Screening) -> None:
    with pytest.raises(actions.NotPossible, match="Only a completed screening"):
        actions.replace_screening(by=rowan, screening=opened, reason="A slip.")
    done = actions.complete_screening(by=rowan, screening=opened)
    with pytest.raises(actions.NotPossible, match="Say why"):
        actions.replace_screening(by=rowan, screening=done, reason="  ")


def test_amending_waits_for_another_open_screening(rowan: User, client_record: Client) -> None:
    done = screenings.completed(rowan, client_record)
    screenings.started(rowan, client_record)
    with pytest.raises(actions.NotPossible, match="is open"):
        actions.replace_screening(by=rowan, screening=done, reason="A slip.")
    assert Screening.objects.get(pk=done.pk).state == ScreeningState.COMPLETED


@pytest.mark.parametrize("is_completed", [False, True])
def test_entered_in_error_is_said_once_and_stays(rowan: User, opened: Screening, is_completed: bool) -> None:
    if is_completed:
        actions.complete_screening(by=rowan, screening=opened)
    actions.enter_in_error(by=rowan, screening=opened, reason="Another client.")
    actions.enter_in_error(by=rowan, screening=opened, reason="Again.")
    stored = Screening.objects.get(pk=opened.pk)
    assert (stored.state, stored.set_aside_reason) == ("entered_in_error", "Another client.")
    assert "entered_in_error" in [block.code for block in blocks(stored)]
    with pytest.raises(actions.NotPossible):
        actions.save_answers(by=rowan, screening=stored, section="about", answers={})
    if not is_completed:
        with pytest.raises(actions.NotPossible):
            actions.complete_screening(by=rowan, screening=stored)


def test_strangers_and_colleagues_do_nothing_to_a_screening(
    rowan: User, opened: Screening, willa: User, stranger: User, provider: User, admin: User
) -> None:
    """CHECKS 2 and 4: every action with a foreign screening or client."""
    done = screenings.completed(rowan)
    for person in (willa, stranger, provider, admin):
        refused = [
            lambda by: actions.start_screening(by=by, client=opened.client, version=opened.version),
            lambda by: actions.complete_screening(by=by, screening=opened),
            lambda by: actions.replace_screening(by=by, screening=done, reason="x"),
            lambda by: actions.enter_in_error(by=by, screening=opened, reason="x"),
            lambda by: actions.confirm_safety(by=by, screening=done),
            lambda by: actions.record_judgment(by=by, screening=done, indication="trd", view="agree"),
            lambda by: actions.acknowledge_urgent(
                by=by, screening=done, consideration="suicide_high", done="x", told=[]
            ),
            lambda by: actions.sign_screening(by=by, screening=done),
            lambda by: actions.set_part2(by=by, screening=done, section="substances", part2="no"),
            lambda by: actions.mark_left_as_no(by=by, screening=opened, grid="told_by_a_clinician"),
            lambda by: actions.save_entry(
                by=by, screening=opened, section="depression", question="trials", entry="aa", answers={}
            ),
            lambda by: actions.remove_entry(
                by=by, screening=opened, section="depression", question="trials", entry="aa"
            ),
        ]
        for act in refused:
            with context.enter(person.organization_id), pytest.raises(PermissionDenied):
                act(person)
    assert Screening.objects.get(pk=opened.pk).state == "in_progress"
    assert Screening.objects.get(pk=done.pk).safety_confirmed_at is None


def test_a_screening_keeps_its_version_when_another_is_published(rowan: User) -> None:
    """CHECKS 48."""
    done = screenings.completed(rowan)
    kept = done.findings_text
    text = screenings.document().replace("The PHQ-9 total is 10 or more", "The PHQ-9 total is ten or more")
    with context.enter(None):
        newer = screenings.published(text=text)
    stored = Screening.objects.select_related("version").get(pk=done.pk)
    assert (stored.version.state, newer.number, stored.findings_text) == ("retired", 2, kept)
    statement = definition_of(stored.version_id).indication("trd").criterion("trd_symptoms").statement
    assert statement.startswith("The PHQ-9 total is 10 or more")
