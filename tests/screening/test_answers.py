"""Saving answers: revisions, conflicts, problems, lists, and the age that nobody types."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from privacy import context
from screening import actions
from screening.engine import Problem
from screening.models import Client, Screening, SectionAnswers
from screening.reading import Reading, answers_of
from tests.factories import screening as screenings

pytestmark = pytest.mark.usefixtures("inside")

YES, NO = {"value": True}, {"value": False}


def save(by: User, opened: Screening, section: str = "depression", **values: Any) -> actions.Saved:
    return actions.save_answers(by=by, screening=opened, section=section, **values)


def test_an_answer_is_stored_with_its_revision_and_who_gave_it_when(rowan: User, opened: Screening) -> None:
    noon = datetime(2026, 11, 24, 20, tzinfo=UTC)
    first = save(rowan, opened, answers={"mdd_recorded": YES}, at=noon)
    second = save(rowan, opened, answers={"mdd_recorded": NO}, expected={"mdd_recorded": 1})
    assert (first.changed, second.changed, second.is_whole) == (("mdd_recorded",), ("mdd_recorded",), True)
    stored = Reading(opened).records["depression"].answers["mdd_recorded"]
    assert (stored.answer, stored.revision, stored.by) == (NO, 2, rowan.pk)
    assert Reading(opened).answers == {"age": {"value": 34}, "mdd_recorded": NO}


def test_not_answered_not_known_and_declined_are_three_things(rowan: User, opened: Screening) -> None:
    given = {"mdd_recorded": {"unknown": "not_known"}, "mania_now": {"unknown": "declined"}}
    save(rowan, opened, answers=given)
    facts = {fact.key: str(fact.missing) for fact in Reading(opened).answered_sections[1].facts}
    assert (facts["mdd_recorded"], facts["mania_now"], facts["bipolar_history"]) == (
        "not_known",
        "declined",
        "not_answered",
    )


def test_taking_an_answer_back_leaves_no_answer_and_a_revision(rowan: User, opened: Screening) -> None:
    save(rowan, opened, answers={"mdd_recorded": YES})
    save(rowan, opened, answers={"mdd_recorded": {}})
    assert answers_of(opened) == {"age": {"value": 34}}
    assert Reading(opened).records["depression"].revision("mdd_recorded") == 2


def test_a_second_window_is_a_conflict_that_overwrites_nothing(rowan: User, opened: Screening) -> None:
    """CHECKS 43."""
    save(rowan, opened, answers={"phq9_3": {"value": "1"}}, expected={"phq9_3": 0})
    saved = save(
        rowan,
        opened,
        answers={"phq9_3": {"value": "2"}, "phq9_4": {"value": "0"}},
        expected={"phq9_3": 0, "phq9_4": 0},
    )
    (conflict,) = saved.conflicts
    assert (conflict.key, conflict.mine, conflict.theirs, conflict.revision, conflict.by) == (
        "phq9_3",
        {"value": "2"},
        {"value": "1"},
        1,
        rowan.pk,
    )
    assert saved.changed == ("phq9_4",)
    assert Reading(opened).answers["phq9_3"] == {"value": "1"}


def test_the_same_answer_from_two_windows_is_no_conflict(rowan: User, opened: Screening) -> None:
    save(rowan, opened, answers={"phq9_3": {"value": "1"}}, expected={"phq9_3": 0})
    again = save(rowan, opened, answers={"phq9_3": {"value": "1"}}, expected={"phq9_3": 0})
    assert (again.changed, again.conflicts) == ((), ())


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"age": {"value": 17}}, "This question isn't in this section."),
        ({"nothing": YES}, "This question isn't in this section."),
        ({"mdd_recorded": {"value": "yes"}}, "This must be true or false."),
        ({"phq9_1": {"value": "9"}}, "There is no choice with this key."),
        (
            {"phq9_1": {"value": "1", "unknown": "declined"}},
            "An answer has exactly one of value, unknown and entries.",
        ),
        ({"trials": {"value": []}}, "This question is answered with a list of entries."),
        ({"trials": {"entries": [{"trial_weeks": {"value": "9"}}]}}, "There is no choice with this key."),
        ({"trials": {"entries": [{"dose": {"value": "9"}}]}}, "There is no such question in this list."),
        ({"trials": {"entries": "many"}}, "A list of entries is a list of objects."),
        ({"trials": {"entries": [{}] * 61}}, "This list has more than 60 entries."),
    ],
)
def test_what_cannot_be_read_is_left_out_and_the_rest_is_stored(
    rowan: User, opened: Screening, answers: dict[str, Any], problem: str
) -> None:
    saved = save(rowan, opened, answers=answers | {"bipolar_history": NO})
    assert [each.problem for each in saved.problems] == [problem]
    assert saved.problems[0].place.startswith(f"answers.{next(iter(answers))}")
    assert set(answers_of(opened)) == {"age", "bipolar_history"}


def test_an_answer_behind_a_closed_gate_is_checked_too(rowan: User, opened: Screening) -> None:
    """Else opening the gate later would bring up an answer that can't be read."""
    save(rowan, opened, answers={"mdd_recorded": NO})
    saved = save(rowan, opened, answers={"trials": {"entries": [{"trial_weeks": {"value": "x"}}]}})
    assert [each.place for each in saved.problems] == ["answers.trials.entries.0.trial_weeks"]


def test_the_age_comes_from_the_birth_date_and_is_never_typed(rowan: User) -> None:
    opened = screenings.started(rowan, screenings.client_of(rowan, birth_date=date(1992, 3, 2)))
    saved = save(rowan, opened, section="about", answers={"age": {"value": 17}})
    place = "answers.age"
    assert saved.problems == (Problem(place, "The age comes from the birth date in the client's record."),)
    before_birthday = Reading(opened, datetime(2027, 3, 2, 7, 59, tzinfo=UTC))
    on_birthday = Reading(opened, datetime(2027, 3, 2, 8, 0, tzinfo=UTC))
    assert (before_birthday.answers["age"], on_birthday.answers["age"]) == ({"value": 34}, {"value": 35})
    assert (before_birthday.as_of, on_birthday.as_of) == (date(2027, 3, 1), date(2027, 3, 2))


def entry(**answers: Any) -> dict[str, Any]:
    return {key: {"value": value} for key, value in answers.items()}


def test_entries_are_added_changed_and_removed_by_their_own_ids(rowan: User, opened: Screening) -> None:
    place: dict[str, Any] = {"by": rowan, "screening": opened, "section": "depression", "question": "trials"}
    actions.save_entry(**place, entry="aa", answers=entry(trial_drug="sertraline"))
    actions.save_entry(**place, entry="bb", answers=entry(trial_drug="bupropion"))
    actions.save_entry(**place, entry="aa", answers=entry(trial_drug="fluoxetine"))
    assert answers_of(opened)["trials"] == {
        "entries": [entry(trial_drug="fluoxetine"), entry(trial_drug="bupropion")]
    }
    actions.remove_entry(**place, entry="aa")
    actions.remove_entry(**place, entry="aa")
    assert answers_of(opened)["trials"] == {"entries": [entry(trial_drug="bupropion")]}
    actions.remove_entry(**place, entry="bb")
    assert answers_of(opened)["trials"] == {"entries": []}


def test_the_same_new_entry_sent_twice_is_one(rowan: User, opened: Screening) -> None:
    """CHECKS 42."""
    place: dict[str, Any] = {"by": rowan, "screening": opened, "section": "depression", "question": "trials"}
    for _press in range(2):
        actions.save_entry(**place, entry="aa", answers=entry(trial_drug="sertraline"), shown="-")
    assert answers_of(opened)["trials"] == {"entries": [entry(trial_drug="sertraline")]}


def test_two_windows_that_change_one_entry_conflict(rowan: User, opened: Screening) -> None:
    place: dict[str, Any] = {"by": rowan, "screening": opened, "section": "depression", "question": "trials"}
    actions.save_entry(**place, entry="aa", answers=entry(trial_drug="sertraline"), shown="-")
    saved = actions.save_entry(**place, entry="aa", answers=entry(trial_drug="bupropion"), shown="-")
    (conflict,) = saved.conflicts
    assert (conflict.mine, conflict.theirs) == (
        {"entries": [entry(trial_drug="bupropion")]},
        {"entries": [entry(trial_drug="sertraline")]},
    )
    assert answers_of(opened)["trials"] == {"entries": [entry(trial_drug="sertraline")]}


def test_marking_the_rest_as_no_fills_only_what_is_unanswered_and_says_so(
    rowan: User, opened: Screening
) -> None:
    given = {"heart": YES, "liver": {"unknown": "not_known"}, "pregnancy": {"value": "not_applicable"}}
    save(rowan, opened, section="safety", answers=given)
    saved = actions.mark_left_as_no(by=rowan, screening=opened, grid="told_by_a_clinician")
    answers = answers_of(opened)
    assert {key: answers[key] for key in given} == given
    assert len(saved.changed) == 10
    assert (answers["vascular"], answers["breastfeeding"]) == (NO, {"value": "no"})
    stored = Reading(opened).records["safety"].answers
    assert set(saved.changed) == {key for key, each in stored.items() if each.read_aloud}
    assert actions.mark_left_as_no(by=rowan, screening=opened, grid="told_by_a_clinician").changed == ()
    assert actions.mark_left_as_no(by=rowan, screening=opened, grid="no_such_grid").changed == ()


@pytest.mark.parametrize("grid", ["phq9", "pcptsd5"])
def test_an_instrument_is_never_marked_as_no(rowan: User, opened: Screening, grid: str) -> None:
    given = {"trauma_exposure": YES, "ptsd_measure": {"value": "pcptsd5"}}
    screenings.answer(rowan, opened, given)
    assert actions.mark_left_as_no(by=rowan, screening=opened, grid=grid).changed == ()
    assert answers_of(opened) == given | {"age": {"value": 34}}


def test_part_2_is_recorded_for_sensitive_sections_only(rowan: User, opened: Screening) -> None:
    assert Reading(opened).part2 == {"substances": None}
    actions.set_part2(by=rowan, screening=opened, section="substances", part2="not_known")
    assert Reading(opened).part2 == {"substances": "not_known"}
    with pytest.raises(actions.NotPossible):
        actions.set_part2(by=rowan, screening=opened, section="safety", part2="yes")


def test_part_2_can_be_said_after_completing_and_answers_cannot_be_changed(rowan: User) -> None:
    done = screenings.completed(rowan)
    actions.set_part2(by=rowan, screening=done, section="substances", part2="no")
    assert Reading(done).part2 == {"substances": "no"}
    with pytest.raises(actions.NotPossible):
        save(rowan, done, answers={"mdd_recorded": NO})
    row = SectionAnswers.objects.get(screening=done, section="depression")
    row.document = {"answers": {}}
    with (
        pytest.raises(IntegrityError, match="answers of a completed screening never change"),
        transaction.atomic(),
    ):
        row.save()


def test_nobody_else_saves_an_answer(
    opened: Screening, willa: User, stranger: User, provider: User, admin: User
) -> None:
    """CHECKS 2 and 4."""
    for person in (willa, stranger, provider, admin):
        with context.enter(person.organization_id), pytest.raises(PermissionDenied):
            save(person, opened, answers={"mdd_recorded": YES})
    assert answers_of(opened) == {"age": {"value": 34}}


def test_a_care_team_member_saves_answers(
    rowan: User, willa: User, client_record: Client, opened: Screening
) -> None:
    actions.add_to_care_team(by=rowan, client=client_record, user=willa)
    save(willa, opened, answers={"mdd_recorded": YES})
    assert Reading(opened).records["depression"].answers["mdd_recorded"].by == willa.pk


def test_a_day_after_today_is_a_problem(rowan: User, opened: Screening) -> None:
    tomorrow = Reading(opened).today + timedelta(days=1)
    saved = save(rowan, opened, answers={"phq9_date": {"value": tomorrow.isoformat()}})
    assert [each.place for each in saved.problems] == ["answers.phq9_date"]
