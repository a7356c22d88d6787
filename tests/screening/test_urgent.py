"""Urgent considerations: raised at once, due until acknowledged or until their `unless` holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from screening import actions
from screening.blocks import blocks
from screening.models import Acknowledgement, Screening
from screening.reading import Reading, urgent_due
from tests.factories import screening as screenings

pytestmark = pytest.mark.usefixtures("inside")

YES, NO = {"value": True}, {"value": False}
ITEM_9 = {"phq9_9": {"value": "1"}}


def acknowledge(by: User, opened: Screening, key: str, **values: Any) -> Acknowledgement:
    said: dict[str, Any] = {"done": "Asked directly.", "told": ["Supervisor, Nadia Haddad"]} | values
    return actions.acknowledge_urgent(by=by, screening=opened, consideration=key, **said)


def test_it_is_raised_by_the_save_that_raises_it_with_the_answers_of_then(
    rowan: User, opened: Screening
) -> None:
    (saved,) = screenings.answer(rowan, opened, ITEM_9)
    assert saved.urgent == ("suicide_screen_due",)
    row = Acknowledgement.objects.get()
    assert (row.raised_by, row.raised_by_answers) == (rowan, ITEM_9)
    assert urgent_due(opened) == ("suicide_screen_due",)
    (again,) = screenings.answer(rowan, opened, {"phq9_1": {"value": "0"}})
    assert again.urgent == ()


def test_it_stays_due_when_its_answer_is_changed(rowan: User, opened: Screening) -> None:
    screenings.answer(rowan, opened, ITEM_9)
    screenings.answer(rowan, opened, {"phq9_9": {"value": "0"}})
    assert Reading(opened).findings.considerations["suicide_screen_due"] == "not_raised"
    assert urgent_due(opened) == ("suicide_screen_due",)


def test_it_stays_due_when_its_question_is_no_longer_asked(rowan: User, opened: Screening) -> None:
    screenings.answer(rowan, opened, {"cssrs_2": YES, "cssrs_4": YES})
    screenings.answer(rowan, opened, {"cssrs_2": NO})
    assert Reading(opened).gates["cssrs_4"] is False
    assert "suicide_high" in urgent_due(opened)


def test_it_is_settled_by_its_unless_and_due_again_when_that_is_taken_back(
    rowan: User, opened: Screening
) -> None:
    screenings.answer(rowan, opened, ITEM_9)
    screenings.answer(rowan, opened, {"cssrs_1": NO, "cssrs_2": NO})
    assert urgent_due(opened) == ("suicide_screen_due",)
    screenings.answer(rowan, opened, {"cssrs_6": NO})
    assert urgent_due(opened) == ()
    (saved,) = screenings.answer(rowan, opened, {"cssrs_6": {"unknown": "declined"}})
    assert saved.urgent == ("suicide_screen_due",)
    assert urgent_due(opened) == ("suicide_screen_due",)


def test_an_unknown_never_silences_it(rowan: User, opened: Screening) -> None:
    unknown = {key: {"unknown": "not_known"} for key in ("cssrs_1", "cssrs_2", "cssrs_6")}
    screenings.answer(rowan, opened, unknown | ITEM_9)
    assert urgent_due(opened) == ("suicide_screen_due",)


def test_acknowledging_records_what_was_done_who_was_told_and_when(rowan: User, opened: Screening) -> None:
    screenings.answer(rowan, opened, ITEM_9)
    before = timezone.now() - timedelta(hours=1)
    acknowledge(rowan, opened, "suicide_screen_due", happened_at=before)
    row = Acknowledgement.objects.get()
    assert (row.done, row.told, row.happened_at, row.acknowledged_by) == (
        "Asked directly.",
        ["Supervisor, Nadia Haddad"],
        before,
        rowan,
    )
    assert urgent_due(opened) == ()


def test_acknowledging_twice_keeps_the_first(rowan: User, opened: Screening) -> None:
    """CHECKS 42."""
    screenings.answer(rowan, opened, ITEM_9)
    acknowledge(rowan, opened, "suicide_screen_due")
    acknowledge(rowan, opened, "suicide_screen_due", done="Something else.")
    assert Acknowledgement.objects.get().done == "Asked directly."


def test_what_was_not_raised_cannot_be_acknowledged_nor_without_words(rowan: User, opened: Screening) -> None:
    with pytest.raises(actions.NotPossible, match="was not raised"):
        acknowledge(rowan, opened, "suicide_high")
    screenings.answer(rowan, opened, ITEM_9)
    with pytest.raises(actions.NotPossible, match="Say what was done"):
        acknowledge(rowan, opened, "suicide_screen_due", done=" ")


def test_a_due_one_blocks_sending_until_it_is_acknowledged(rowan: User) -> None:
    done = screenings.completed(rowan, **ITEM_9, cssrs_1={"unknown": "declined"})
    assert [block.code for block in blocks(done)] == ["urgent_due"]
    acknowledge(rowan, done, "suicide_screen_due")
    assert blocks(done) == ()


def test_a_copy_that_amends_raises_its_own(rowan: User) -> None:
    done = screenings.completed(rowan, **ITEM_9, cssrs_1={"unknown": "declined"})
    acknowledge(rowan, done, "suicide_screen_due")
    copy = actions.replace_screening(by=rowan, screening=done, reason="A slip.")
    assert urgent_due(copy) == ("suicide_screen_due",)
    assert Acknowledgement.objects.due().visible_to(rowan).count() == 1


def test_home_finds_those_that_are_due_for_the_people_who_see_the_client(
    rowan: User, willa: User, opened: Screening
) -> None:
    screenings.answer(rowan, opened, ITEM_9)
    assert Acknowledgement.objects.due().visible_to(rowan).count() == 1
    assert Acknowledgement.objects.due().visible_to(willa).count() == 0
    actions.enter_in_error(by=rowan, screening=opened, reason="Another client.")
    assert Acknowledgement.objects.due().visible_to(rowan).count() == 0


@pytest.mark.parametrize(
    ("answers", "keys"),
    [
        ({"cssrs_2": YES, "cssrs_5": YES}, {"suicide_high", "suicide_intent_due"}),
        ({"cssrs_6": YES, "cssrs_6_recent": YES}, {"suicide_high"}),
        ({"cssrs_6": YES}, {"suicide_recency_due"}),
        ({"psychosis_now": YES, "psychosis_danger": YES}, {"psychosis_danger"}),
        ({"intoxication_now": YES, "violence_risk": YES}, {"intoxication_now", "violence_risk"}),
        ({"bp_crisis": YES, "duty_to_report": YES}, {"bp_crisis", "duty_to_report"}),
    ],
)
def test_the_urgent_rules_of_the_shipped_questionnaire(
    rowan: User, opened: Screening, answers: dict[str, Any], keys: set[str]
) -> None:
    screenings.answer(rowan, opened, answers)
    assert set(urgent_due(opened)) == keys


def test_the_moment_is_the_one_of_the_save(rowan: User, opened: Screening) -> None:
    noon = datetime(2026, 11, 24, 20, tzinfo=UTC)
    screenings.answer(rowan, opened, ITEM_9, at=noon)
    assert Acknowledgement.objects.get().raised_at == noon
