"""What was found, as values: facts, scores, criteria, sources, and which sections a rule reads."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest

from screening.engine import evaluate, gates, parse_text
from screening.explanation import (
    Explanation,
    FactReader,
    Missing,
    adverse_notes,
    explain,
    first_sentence,
    read_sections,
    read_source,
    sections_of_consideration,
    sections_of_indication,
    sections_of_question,
    sections_of_score,
)
from tests.factories import screening

DEFINITION = parse_text(screening.document())
DAY = date(2026, 11, 24)
YES, NO = {"value": True}, {"value": False}


def explained(answers: dict[str, Any], today: date = DAY, **options: Any) -> Explanation:
    given = {"age": {"value": 34}} | answers
    return explain(DEFINITION, given, evaluate(DEFINITION, given, DAY), today=today, **options)


def case(key: str, **answers: Any) -> Explanation:
    return explained(screening.vignette(key, DAY) | answers)


def indication(found: Explanation, key: str) -> Any:
    return next(each for each in found.indications if each.key == key)


def criterion(found: Explanation, key: str, name: str) -> Any:
    return next(each for each in indication(found, key).criteria if each.key == name)


def test_everything_of_the_definition_is_explained() -> None:
    found = explained({})
    assert [each.key for each in found.indications] == [each.key for each in DEFINITION.indications]
    assert [each.key for each in found.scores] == [each.key for each in DEFINITION.scores]
    assert [each.key for each in found.considerations] == [each.key for each in DEFINITION.considerations]
    for each, defined in zip(found.indications, DEFINITION.indications, strict=True):
        assert [rule.key for rule in each.criteria] == [rule.key for rule in defined.criteria]


@pytest.mark.parametrize(
    ("answer", "text", "missing"),
    [
        ({"value": True}, "Yes", Missing.NONE),
        ({"value": False}, "No", Missing.NONE),
        ({"unknown": "not_known"}, "", Missing.NOT_KNOWN),
        ({"unknown": "declined"}, "", Missing.DECLINED),
        ({}, "", Missing.NOT_ANSWERED),
    ],
)
def test_a_fact_is_an_answer_or_the_kind_that_is_missing(answer: Any, text: str, missing: Missing) -> None:
    given = {"mdd_recorded": answer} if answer else {}
    (fact,) = criterion(explained(given), "trd", "trd_diagnosis").facts
    assert (fact.label, fact.section, fact.text, fact.missing) == (
        "Is a depressive disorder or a current major depressive episode recorded?",
        "depression",
        text,
        missing,
    )


def test_an_answer_behind_a_closed_gate_is_never_shown() -> None:
    answers = {"mdd_recorded": NO, "trials": {"entries": [{"trial_drug": {"value": "sertraline"}}]}}
    reader = FactReader(DEFINITION, answers, gates(DEFINITION, answers, DAY))
    assert reader.question("trials").missing is Missing.NOT_APPLICABLE
    depression = read_sections(DEFINITION, reader)[1]
    assert "trials" not in [fact.key for fact in depression.facts]
    found = criterion(explained(answers), "trd", "trd_trials")
    assert [(fact.key, fact.text) for fact in found.facts] == [("mdd_recorded", "No")]


def test_entries_are_told_by_what_the_rule_reads_in_them() -> None:
    found = criterion(case("trd_stopped_for_side_effects"), "trd", "trd_trials")
    trials = found.facts[0]
    assert [row.title for row in trials.rows][:1] == ["Sertraline (Zoloft)"]
    assert {part.key for row in trials.rows for part in row.facts} == {
        "trial_current_episode",
        "trial_weeks",
        "trial_dose_adequate",
        "trial_improvement",
    }
    assert [fact.key for fact in found.facts] == ["trials", "trials_complete"]


def test_a_score_is_an_interval_with_its_missing_items_band_and_day() -> None:
    score = next(each for each in case("trd_missing_at_10").scores if each.key == "phq9_total")
    assert (score.text, score.band, score.stale) == ("10 to 13 of 27", "moderate", False)
    assert score.date is not None
    assert score.age_days == (DAY - score.date).days <= 30
    assert [fact.missing for fact in score.missing_items] == [Missing.DECLINED]
    assert score.missing_text == "1 item declined"


@pytest.mark.parametrize(
    ("days", "stale", "age"),
    [
        (0, False, ""),
        (1, False, "1 day old"),
        (30, False, "30 days old"),
        (31, True, "31 days old: older than 30 days, so no rule uses it"),
    ],
)
def test_the_age_of_a_score_counts_to_today(days: int, stale: bool, age: str) -> None:
    given = {f"phq9_{n}": {"value": "1"} for n in range(1, 10)}
    score = explained(given | {"phq9_date": {"value": (DAY - timedelta(days=days)).isoformat()}}).scores[0]
    assert (score.text, score.stale, score.age_text) == ("9 of 27", stale, age)


def test_a_score_without_its_day_says_so_and_one_not_given_is_missing() -> None:
    given = {f"phq9_{n}": {"value": "1"} for n in range(1, 10)}
    undated, blank = explained(given).scores[0], explained({}).scores[0]
    assert (undated.stale, undated.age_text) == (None, "its date is missing, so no rule uses it")
    assert (blank.is_given, blank.as_fact().missing) == (False, Missing.NOT_ANSWERED)
    pcl5 = next(each for each in explained({"trauma_exposure": NO}).scores if each.key == "pcl5_total")
    assert (pcl5.administered, pcl5.as_fact().missing) == (False, Missing.NOT_APPLICABLE)


def test_a_mean_is_printed_with_two_decimals_of_ten() -> None:
    given = {"pain_three_months": YES, "peg_1": {"value": 5}, "peg_2": {"value": 6}, "peg_3": {"value": 6}}
    peg = next(each for each in explained(given).scores if each.key == "peg_mean")
    assert peg.text == "5.67 of 10"


@pytest.mark.parametrize(
    ("key", "name", "outcome", "summary"),
    [
        (
            "typical_intake",
            "anxiety",
            "indicators_not_present",
            "2 criteria are not met by the recorded answers",
        ),
        ("trd_stopped_for_side_effects", "trd", "indicators_present", "All 5 criteria met"),
        ("trd_bipolar", "trd", "not_enough_information", "Criteria: 4 met, 1 for the provider to judge"),
    ],
)
def test_an_outcome_says_in_words_what_it_rests_on(key: str, name: str, outcome: str, summary: str) -> None:
    found = indication(case(key), name)
    assert (found.outcome, found.summary) == (outcome, summary)


def test_a_criterion_for_the_provider_is_left_out_where_the_outcome_is_not_present() -> None:
    shown = {each.key for each in indication(case("trd_bipolar"), "trd").criteria}
    assert "trd_unipolar" in shown
    not_present = indication(case("trd_bipolar", mdd_recorded=NO), "trd")
    assert (not_present.outcome, "trd_unipolar" in {each.key for each in not_present.criteria}) == (
        "indicators_not_present",
        False,
    )


def test_outside_the_scope_the_scope_is_the_reason() -> None:
    found = explained({"age": {"value": 12}})
    assert (found.scope, found.indications[0].summary) == (
        "not_met",
        "Outside the scope of this questionnaire: Adult, 18 or over",
    )
    unknown = explained({"age": {"unknown": "declined"}})
    assert (unknown.scope, unknown.indications[0].summary) == (
        "unknown",
        "Whether the client is in scope is not known: Adult, 18 or over",
    )


def test_only_ptsd_has_a_line_that_speaks_against() -> None:
    lines = {
        each.key: [first_sentence(note.text) for note in adverse_notes(DEFINITION, each)]
        for each in DEFINITION.indications
    }
    assert lines == {
        "trd": [],
        "anxiety": [],
        "ptsd": ["VA/DoD 2023 suggests against ketamine for PTSD (very low quality evidence)."],
        "chronic_pain": [],
    }
    assert [note.short for note in indication(explained({}), "ptsd").adverse] == lines["ptsd"]


def test_a_source_says_whether_it_was_read_and_when_it_is_out_of_date() -> None:
    icd11, dea = DEFINITION.source("icd11"), DEFINITION.source("dea_flexibilities")
    assert read_source(icd11, today=DAY, verified=frozenset()).to_be_verified
    assert not read_source(icd11, today=DAY, verified=frozenset({"icd11"})).to_be_verified
    on_the_day = read_source(dea, today=date(2026, 12, 31), verified=frozenset())
    after = read_source(dea, today=date(2027, 1, 1), verified=frozenset())
    assert (on_the_day.out_of_date_since, after.out_of_date_since) == (None, date(2026, 12, 31))
    assert (
        after.year,
        read_source(DEFINITION.source("kroenke_2001"), today=DAY, verified=frozenset()).short,
    ) == (
        2025,
        "Kroenke 2001",
    )


def test_the_considerations_keep_their_three_states_apart() -> None:
    found = explained({"seizures": YES, "cognition": NO, "violence_risk": YES})
    states = {each.key: each.state.value for each in found.considerations}
    assert (states["seizures"], states["cognition"], states["breathing"]) == (
        "raised",
        "not_raised",
        "not_assessed",
    )
    assert [each.key for each in found.raised("urgent")] == ["violence_risk"]
    everywhere = [*found.in_state("raised"), *found.in_state("not_raised"), *found.in_state("not_assessed")]
    assert sorted(each.key for each in everywhere) == sorted(states)


def test_the_sections_a_rule_reads_follow_scores_lists_and_gates() -> None:
    assert sections_of_score(DEFINITION, "phq9_total") == {"depression"}
    assert sections_of_question(DEFINITION, "trial_weeks") == {"depression"}
    assert sections_of_question(DEFINITION, "psychosis_danger") == {"safety"}
    assert sections_of_consideration(DEFINITION, "suicide_screen_due") == {"depression", "safety"}
    assert sections_of_indication(DEFINITION, "ptsd") == {"about", "trauma"}
    assert sections_of_indication(DEFINITION, "trd") == {"about", "depression"}


def test_every_part_of_an_explanation_is_a_frozen_value() -> None:
    found = explained({})
    for name in (each.name for each in fields(found)):
        with pytest.raises(AttributeError):
            setattr(found, name, None)
        assert not isinstance(getattr(found, name), list | dict)
