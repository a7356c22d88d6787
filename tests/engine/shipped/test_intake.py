"""How much a therapist is asked: a typical intake stays short."""

from datetime import date
from typing import Any

from screening.engine import gates
from tests.engine.shipped.documents import definition
from tests.engine.shipped.proof_cases import answered

DAY = date(2026, 11, 23)
NOTHING_ELSE = {"anxiety_recorded": False, "trauma_exposure": False, "pain_three_months": False}
DEPRESSION = {
    "mdd_recorded": True,
    **{f"phq9_{i}": "2" for i in range(1, 9)},
    "trials": [{"trial_drug": "sertraline"}, {"trial_drug": "bupropion"}, {"trial_drug": "citalopram"}],
}
SAFETY = {"cssrs_2": False, "cssrs_6": False, "psychosis_now": False, "psychotic_features": False}
TYPICAL = {**NOTHING_ELSE, **DEPRESSION, **SAFETY, "bp_reading": True, "auditc_1": "1"}


def shown(values: dict[str, Any]) -> set[str]:
    found = gates(definition(), answered(values), DAY)
    return {key for key, gate in found.items() if gate}


def by_client(keys: set[str]) -> set[str]:
    return {key for key in keys if definition().question(key).self_report}


def test_a_typical_intake_shows_about_90_questions():
    """Depression with three trials; anxiety, trauma and pain "no"; a blood pressure reading; some alcohol."""
    assert len(shown(TYPICAL)) == 90


def test_of_those_the_client_can_fill_in_the_published_self_report_measures():
    """PHQ-9 with its difficulty question, exposure, drug use, AUDIT-C, and two questions of our own."""
    assert by_client(shown(TYPICAL)) == {
        *(f"phq9_{i}" for i in range(1, 11)),
        "trauma_exposure",
        "drug_single",
        "auditc_1",
        "auditc_2",
        "auditc_3",
        "goals",
        "setting_preference",
    }


def test_anxiety_and_trauma_add_mostly_what_the_client_can_fill_in():
    anxious = {**TYPICAL, "anxiety_recorded": True, "anxiety_other_scale": "none"}
    assert len(shown(anxious)) == 90 + 14
    assert len(by_client(shown(anxious))) == 17 + 7
    traumatized = {**anxious, "trauma_exposure": True, "ptsd_measure": "pcl5"}
    assert len(shown(traumatized)) == 104 + 26
    assert len(by_client(shown(traumatized))) == 24 + 20


def test_nothing_behind_a_gate_shows_before_the_gate_is_answered():
    asked = shown({})
    assert {key for key in asked if definition().question(key).shown_when} == set()
    assert len(asked) == sum(1 for question in definition().questions if question.shown_when is None)


def test_a_closed_gate_hides_what_hangs_on_a_question_that_it_hides():
    kept = {
        "anxiety_other_scale": "spin",
        "ptsd_measure": "pcl5",
        "fm_criteria_known": True,
        "crps_symptoms_known": True,
    }
    still = shown({**NOTHING_ELSE, **kept})
    behind = {"spin_total", "anxiety_other_date", "pcl5_1", "ptsd_measure_date", "fm_wpi", "crps_motor"}
    assert still & behind == set()


def test_everything_can_be_shown():
    everything = {
        **TYPICAL,
        "anxiety_recorded": True,
        "trauma_exposure": True,
        "pain_three_months": True,
        "fm_criteria_known": True,
        "crps_symptoms_known": True,
        "cssrs_2": True,
        "cssrs_6": True,
        "psychosis_now": True,
    }
    seen: set[str] = set()
    for measure in ("pcl5", "pcptsd5"):
        for scale in ("spin", "mini_spin", "pdss"):
            seen |= shown({**everything, "ptsd_measure": measure, "anxiety_other_scale": scale})
    assert seen == {question.key for question in definition().questions}
