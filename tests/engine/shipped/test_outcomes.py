"""Outcomes and criteria, one answer at a time, on cases worked out from the specification alone."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engine.shipped.cases import (
    DAY,
    DECLINED,
    INTAKE,
    NOT_KNOWN,
    Values,
    days_ago,
    found,
    points,
    treatment,
    trial,
    without,
)
from tests.engine.shipped.documents import MAIN, QUESTIONNAIRES, ROOT
from tests.engine.shipped.proof_cases import answered

PRESENT, NOT, UNSETTLED = "indicators_present", "indicators_not_present", "not_enough_information"
FULL, SHORT, HALF = "8_plus", "under_4", "4_to_5"


def trials(*rows: Values, complete: Any = True) -> Values:
    return {"trials": list(rows), "trials_complete": complete}


def treatments(*rows: Values, complete: Any = True) -> Values:
    return {"pain_treatments": list(rows), "pain_treatments_complete": complete}


ONE = trial("fluoxetine", FULL, "under_25")
NO_FM: Values = {"fm_recorded": False}
OTHER_PAIN: Values = {**NO_FM, "other_pain_recorded": True}


def fm(wpi: Any, sss: Any, regions: Any = True) -> Values:
    return {**NO_FM, "fm_criteria_known": True, "fm_regions": regions, "fm_wpi": wpi, "fm_sss": sss}


def crps(*symptoms: bool, disproportionate: bool = True) -> Values:
    keys = ("crps_sensory", "crps_vasomotor", "crps_sudomotor", "crps_motor")
    known = {"crps_symptoms_known": True, "crps_disproportionate": disproportionate}
    return {**NO_FM, **known, **dict(zip(keys, symptoms, strict=True))}


def scale(name: str, total: int, age: int = 3) -> Values:
    return {"anxiety_other_scale": name, f"{name}_total": total, "anxiety_other_date": days_ago(age)}


def only(disorder: str, gad7: int = 0) -> Values:
    disorders = dict.fromkeys(("gad_recorded", "sad_recorded", "panic_recorded"), False)
    left = [min(3, max(0, gad7 - 3 * i)) for i in range(7)]
    return {**disorders, f"{disorder}_recorded": True, **points("gad7", *left)}


def pcptsd5(yes: int) -> Values:
    return {"ptsd_measure": "pcptsd5", **{f"pcptsd5_{i}": i <= yes for i in range(1, 6)}}


Case = tuple[Values, str, dict[str, str]]

TRD: list[Case] = [
    ({}, PRESENT, {"trd_symptoms": "met", "trd_unipolar": "met", "trd_trials_six_weeks": "met"}),
    (points("phq9", 3, 3, 3, 1, 0, 0, 0, 0, 0), PRESENT, {"trd_symptoms": "met"}),
    (points("phq9", 3, 3, 3, 0, 0, 0, 0, 0, 0), NOT, {"trd_symptoms": "not_met"}),
    ({**points("phq9", 3, 3, 3, 0, 0, 0, 0, 0), "phq9_9": None}, UNSETTLED, {"trd_symptoms": "unknown"}),
    ({**points("phq9", 3, 3, 3, 1, 0, 0, 0, 0), "phq9_9": DECLINED}, PRESENT, {"trd_symptoms": "met"}),
    ({**points("phq9", 3, 3, 0, 0, 0, 0, 0, 0), "phq9_9": NOT_KNOWN}, NOT, {"trd_symptoms": "not_met"}),
    ({"phq9_date": days_ago(30)}, PRESENT, {"trd_symptoms": "met"}),
    ({"phq9_date": days_ago(31)}, UNSETTLED, {"trd_symptoms": "unknown"}),
    ({"phq9_date": None}, UNSETTLED, {"trd_symptoms": "unknown"}),
    ({**without("phq9", 9), "phq9_date": None}, UNSETTLED, {"trd_symptoms": "unknown"}),
    ({"mdd_recorded": False}, NOT, {"trd_diagnosis": "not_met", "trd_trials": "not_met"}),
    ({"mdd_recorded": NOT_KNOWN}, UNSETTLED, {"trd_diagnosis": "unknown", "trd_trials": "unknown"}),
    ({"bipolar_history": True}, UNSETTLED, {"trd_unipolar": "provider_judges"}),
    ({"mania_now": True}, UNSETTLED, {"trd_unipolar": "provider_judges"}),
    ({"bipolar_history": None}, UNSETTLED, {"trd_unipolar": "unknown"}),
    ({"bipolar_history": True, **trials(ONE)}, NOT, {"trd_unipolar": "provider_judges"}),
    (trials(ONE, ONE), NOT, {"trd_trials": "not_met", "trd_trials_six_weeks": "provider_judges"}),
    (trials(ONE, trial("other", FULL, "under_25")), PRESENT, {"trd_trials": "met"}),
    (trials(*[trial("other", FULL, "under_25")] * 2), UNSETTLED, {"trd_trials": "unknown"}),
    (trials(ONE, trial(None, FULL, "under_25")), UNSETTLED, {"trd_trials": "unknown"}),
    (trials(ONE, complete=False), UNSETTLED, {"trd_trials": "unknown"}),
    (trials(ONE, complete=None), UNSETTLED, {"trd_trials": "unknown"}),
    (trials(ONE), NOT, {"trd_trials": "not_met"}),
    (trials(), NOT, {"trd_trials": "not_met"}),
    ({"trials": None}, UNSETTLED, {"trd_trials": "unknown"}),
    ({"trials": NOT_KNOWN}, UNSETTLED, {"trd_trials": "unknown"}),
    (
        trials(ONE, trial("citalopram", HALF, "25_to_49")),
        UNSETTLED,
        {"trd_trials": "met", "trd_trials_six_weeks": "provider_judges"},
    ),
    (trials(ONE, trial("citalopram", SHORT, "under_25")), NOT, {"trd_trials": "not_met"}),
    (trials(ONE, trial("citalopram", FULL, "50_to_74")), NOT, {"trd_trials": "not_met"}),
    (trials(ONE, trial("citalopram", FULL, "75_plus")), NOT, {"trd_trials": "not_met"}),
    (trials(ONE, trial("citalopram", FULL, "under_25", dose=False)), NOT, {"trd_trials": "not_met"}),
    (trials(ONE, trial("citalopram", FULL, "under_25", episode=False)), NOT, {"trd_trials": "not_met"}),
    (trials(ONE, trial("citalopram", FULL, "under_25", dose=None)), UNSETTLED, {"trd_trials": "unknown"}),
]
ANXIETY: list[Case] = [
    ({}, PRESENT, {"anxiety_disorder": "met", "anxiety_response_both": "met"}),
    (only("gad", 10), PRESENT, {"anxiety_disorder": "met"}),
    (only("gad", 9), NOT, {"anxiety_disorder": "not_met"}),
    ({**only("gad", 9), **scale("spin", 68)}, NOT, {"anxiety_disorder": "not_met"}),
    (only("sad", 10), PRESENT, {"anxiety_disorder": "met"}),
    ({**only("sad", 9), **scale("spin", 19)}, PRESENT, {"anxiety_disorder": "met"}),
    ({**only("sad", 9), **scale("spin", 18)}, NOT, {"anxiety_disorder": "not_met"}),
    ({**only("sad"), **scale("mini_spin", 6)}, PRESENT, {"anxiety_disorder": "met"}),
    ({**only("sad"), **scale("mini_spin", 5)}, NOT, {"anxiety_disorder": "not_met"}),
    ({**only("sad"), **scale("pdss", 28)}, NOT, {"anxiety_disorder": "not_met"}),
    (only("panic", 10), PRESENT, {"anxiety_disorder": "met"}),
    ({**only("panic", 9), **scale("pdss", 8)}, PRESENT, {"anxiety_disorder": "met"}),
    ({**only("panic", 9), **scale("pdss", 7)}, NOT, {"anxiety_disorder": "not_met"}),
    ({**only("panic"), **scale("pdss", 8, age=30)}, PRESENT, {"anxiety_disorder": "met"}),
    ({**only("panic"), **scale("pdss", 8, age=31)}, UNSETTLED, {"anxiety_disorder": "unknown"}),
    ({**only("sad"), **scale("spin", 40, age=31)}, UNSETTLED, {"anxiety_disorder": "unknown"}),
    ({"gad7_date": days_ago(31)}, UNSETTLED, {"anxiety_disorder": "unknown"}),
    ({"gad_recorded": False}, NOT, {"anxiety_disorder": "not_met"}),
    ({"anxiety_recorded": False}, NOT, {"anxiety_disorder": "not_met", "anxiety_response": "not_met"}),
    ({"anxiety_recorded": None}, UNSETTLED, {"anxiety_disorder": "unknown", "anxiety_response": "unknown"}),
    (
        {"anxiety_cbt_inadequate": False},
        UNSETTLED,
        {"anxiety_response": "met", "anxiety_response_both": "provider_judges"},
    ),
    ({"anxiety_medicine_inadequate": False}, UNSETTLED, {"anxiety_response": "met"}),
    ({"anxiety_medicine_inadequate": None}, UNSETTLED, {"anxiety_response_both": "unknown"}),
    (
        {"anxiety_medicine_inadequate": False, "anxiety_cbt_inadequate": False},
        NOT,
        {"anxiety_response": "not_met"},
    ),
]
PTSD: list[Case] = [
    ({}, PRESENT, {"ptsd_symptoms": "met", "ptsd_response": "met"}),
    (points("pcl5", *[2] * 16, 1, 0, 0, 0), PRESENT, {"ptsd_symptoms": "met"}),
    (points("pcl5", *[2] * 16, 0, 0, 0, 0), NOT, {"ptsd_symptoms": "not_met"}),
    (pcptsd5(4), PRESENT, {"ptsd_symptoms": "met"}),
    (pcptsd5(3), NOT, {"ptsd_symptoms": "not_met"}),
    ({**pcptsd5(5), "pcptsd5_5": None}, PRESENT, {"ptsd_symptoms": "met"}),
    ({**pcptsd5(3), "pcptsd5_5": None}, UNSETTLED, {"ptsd_symptoms": "unknown"}),
    ({"ptsd_measure": None}, UNSETTLED, {"ptsd_symptoms": "unknown"}),
    ({"ptsd_measure_date": days_ago(30)}, PRESENT, {"ptsd_symptoms": "met"}),
    ({"ptsd_measure_date": days_ago(31)}, UNSETTLED, {"ptsd_symptoms": "unknown"}),
    ({**pcptsd5(5), "ptsd_measure_date": days_ago(31)}, UNSETTLED, {"ptsd_symptoms": "unknown"}),
    ({"trauma_exposure": False}, NOT, {"ptsd_exposure": "not_met", "ptsd_symptoms": "not_met"}),
    ({"trauma_exposure": DECLINED}, UNSETTLED, {"ptsd_exposure": "unknown", "ptsd_duration": "unknown"}),
    ({"ptsd_recorded": False}, UNSETTLED, {"ptsd_diagnosis": "provider_judges"}),
    ({"ptsd_over_one_month": False}, NOT, {"ptsd_duration": "not_met"}),
    ({"ptsd_therapy_inadequate": False, "ptsd_medicine_inadequate": True}, PRESENT, {"ptsd_response": "met"}),
    ({"ptsd_therapy_inadequate": False}, NOT, {"ptsd_response": "not_met"}),
    ({"ptsd_therapy_inadequate": None}, UNSETTLED, {"ptsd_response": "unknown"}),
]
CHRONIC_PAIN: list[Case] = [
    ({}, PRESENT, {"pain_condition": "met", "pain_condition_studied": "met", "pain_treatment_kinds": "met"}),
    ({"peg_1": 4, "peg_2": 4, "peg_3": 4}, PRESENT, {"pain_severity": "met"}),
    ({"peg_1": 4, "peg_2": 4, "peg_3": 3}, NOT, {"pain_severity": "not_met"}),
    ({"peg_3": None}, PRESENT, {"pain_severity": "met"}),
    ({"peg_1": 2, "peg_3": None}, UNSETTLED, {"pain_severity": "unknown"}),
    ({"peg_date": days_ago(31)}, UNSETTLED, {"pain_severity": "unknown"}),
    ({"pain_three_months": False}, NOT, {"pain_duration": "not_met", "pain_treatments_tried": "not_met"}),
    ({"pain_three_months": None}, UNSETTLED, {"pain_duration": "unknown", "pain_severity": "unknown"}),
    (NO_FM, NOT, {"pain_condition": "not_met", "pain_condition_studied": "provider_judges"}),
    (OTHER_PAIN, UNSETTLED, {"pain_condition": "met", "pain_condition_studied": "provider_judges"}),
    ({**NO_FM, "crps_recorded": True}, PRESENT, {"pain_condition_studied": "met"}),
    (fm(7, 5), PRESENT, {"pain_condition": "met", "pain_condition_studied": "met"}),
    (fm(7, 4), NOT, {"pain_condition": "not_met"}),
    (fm(6, 9), PRESENT, {"pain_condition": "met"}),
    (fm(6, 8), NOT, {"pain_condition": "not_met"}),
    (fm(4, 9), PRESENT, {"pain_condition": "met"}),
    (fm(3, 12), NOT, {"pain_condition": "not_met"}),
    (fm(19, 12, regions=False), NOT, {"pain_condition": "not_met"}),
    (fm(19, 12, regions=None), UNSETTLED, {"pain_condition": "unknown"}),
    (fm(5, None), UNSETTLED, {"pain_condition": "unknown"}),
    (crps(True, True, True, False), PRESENT, {"pain_condition": "met", "pain_condition_studied": "met"}),
    (crps(False, True, True, True), PRESENT, {"pain_condition_studied": "met"}),
    (crps(True, True, False, False), NOT, {"pain_condition": "not_met"}),
    (crps(True, True, True, True, disproportionate=False), NOT, {"pain_condition": "not_met"}),
    (
        treatments(treatment("physical"), treatment("physical")),
        UNSETTLED,
        {"pain_treatments_tried": "met", "pain_treatment_kinds": "provider_judges"},
    ),
    (
        treatments(treatment("physical"), treatment("medicine", False)),
        NOT,
        {"pain_treatments_tried": "not_met"},
    ),
    (treatments(treatment("physical"), complete=False), UNSETTLED, {"pain_treatments_tried": "unknown"}),
    (
        treatments(treatment("physical"), treatment("medicine", None)),
        UNSETTLED,
        {"pain_treatments_tried": "unknown"},
    ),
    (treatments(), NOT, {"pain_treatments_tried": "not_met"}),
]
EVERY = [
    (indication, *case)
    for indication, cases in (
        ("trd", TRD),
        ("anxiety", ANXIETY),
        ("ptsd", PTSD),
        ("chronic_pain", CHRONIC_PAIN),
    )
    for case in cases
]


@pytest.mark.parametrize(("indication", "changes", "outcome", "criteria"), EVERY)
def test_the_outcome_and_the_criteria(
    indication: str, changes: Values, outcome: str, criteria: dict[str, str]
):
    finding = found(changes).indications[indication]
    states = {key: finding.criteria[key] for key in criteria}
    assert (finding.outcome, states) == (outcome, criteria)


@pytest.mark.parametrize(("indication", "changes", "outcome", "criteria"), EVERY)
def test_an_answer_of_one_section_leaves_the_other_outcomes_alone(
    indication: str, changes: Values, outcome: str, criteria: dict[str, str]
):
    """All four are present in the intake, and one section's answers change one of them at most."""
    others = {key: f.outcome for key, f in found(changes).indications.items() if key != indication}
    assert others == dict.fromkeys({"trd", "anxiety", "ptsd", "chronic_pain"} - {indication}, PRESENT)


@pytest.mark.parametrize("age", [17, 0, None, DECLINED])
def test_outside_the_scope_nothing_is_said_but_the_criteria(age: Any):
    findings = found({"age": age})
    assert {f.outcome for f in findings.indications.values()} == {UNSETTLED}
    assert findings.scope == ("not_met" if isinstance(age, int) else "unknown")
    assert findings.indications["trd"].criteria == found({}).indications["trd"].criteria


def test_the_command_finds_the_same_with_nothing_but_the_standard_library(tmp_path: Path):
    """The cases without unknowns, in one file, through the engine as a command."""
    plain = [case for case in EVERY if not any(isinstance(v, dict) for v in case[1].values())]
    sets = [{"as_of": DAY.isoformat(), "answers": answered({**INTAKE, **case[1]})} for case in plain]
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(sets), encoding="utf-8")
    document = QUESTIONNAIRES / f"{MAIN}.json"
    command = [sys.executable, "-I", "-c", RUN, str(ROOT), str(document), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    outcomes = [
        f["indications"][case[0]]["outcome"] for f, case in zip(json.loads(done.stdout), plain, strict=True)
    ]
    assert outcomes == [case[2] for case in plain]


# Isolated and without site-packages: an import of anything that has to be installed would be an error.
RUN = """
import sys
sys.path = [p for p in sys.path if "site-packages" not in p] + [sys.argv[1]]
sys.argv = ["screening.engine", "evaluate", *sys.argv[2:]]
import runpy
runpy.run_module("screening.engine", run_name="__main__")
"""
