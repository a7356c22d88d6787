"""An intake in which every question is answered and nothing is raised, to change one thing at a time.

The intake and the cases that use it are worked out from the specification of the rules alone.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from screening.engine import Findings, evaluate
from tests.engine.shipped.documents import definition
from tests.engine.shipped.proof_cases import answered

DAY = date(2026, 6, 1)
DECLINED, NOT_KNOWN = {"unknown": "declined"}, {"unknown": "not_known"}

Values = dict[str, Any]


def days_ago(days: int) -> str:
    return (DAY - timedelta(days=days)).isoformat()


def points(stem: str, *of: int) -> Values:
    return {f"{stem}_{i}": str(p) for i, p in enumerate(of, 1)}


def trial(drug: str | None, weeks: str, improvement: str, dose: Any = True, episode: Any = True) -> Values:
    return {
        "trial_drug": drug,
        "trial_current_episode": episode,
        "trial_weeks": weeks,
        "trial_dose_adequate": dose,
        "trial_improvement": improvement,
    }


def treatment(kind: str, inadequate: Any = True) -> Values:
    return {"pain_treatment_type": kind, "pain_relief_inadequate": inadequate}


DEPRESSION: Values = {
    "mdd_recorded": True,
    "bipolar_history": False,
    "mania_now": False,
    **points("phq9", 3, 3, 2, 2, 1, 1, 1, 1, 0),
    "phq9_date": days_ago(3),
    "trials": [trial("fluoxetine", "8_plus", "25_to_49"), trial("venlafaxine", "6_to_7", "under_25")],
    "trials_complete": True,
}
ANXIETY: Values = {
    "anxiety_recorded": True,
    "gad_recorded": True,
    "sad_recorded": False,
    "panic_recorded": False,
    **points("gad7", 2, 2, 2, 2, 2, 2, 2),
    "gad7_date": days_ago(3),
    "anxiety_other_scale": "none",
    "anxiety_medicine_inadequate": True,
    "anxiety_cbt_inadequate": True,
}
PTSD: Values = {
    "trauma_exposure": True,
    "ptsd_recorded": True,
    "ptsd_measure": "pcl5",
    **points("pcl5", *[2] * 20),
    "ptsd_measure_date": days_ago(3),
    "ptsd_over_one_month": True,
    "ptsd_therapy_inadequate": True,
    "ptsd_medicine_inadequate": False,
}
PAIN: Values = {
    "pain_three_months": True,
    "peg_1": 6,
    "peg_2": 7,
    "peg_3": 5,
    "peg_date": days_ago(3),
    "fm_recorded": True,
    "crps_recorded": False,
    "other_pain_recorded": False,
    "fm_criteria_known": False,
    "crps_symptoms_known": False,
    "pain_treatments": [treatment("medicine"), treatment("psychological")],
    "pain_treatments_complete": True,
}
NO = (
    "cssrs_1 cssrs_2 cssrs_6 psychosis_now psychotic_features psychosis_history intoxication_now "
    "violence_risk duty_to_report unsafe_home recent_admission admission_ever dissociation "
    "capacity_doubt vascular brain_haemorrhage ketamine_allergy heart pressure_head_eye thyroid "
    "bladder breathing seizures cognition bp_uncontrolled bp_crisis sedatives stimulants maoi "
    "theophylline lamotrigine substance_active substance_history ketamine_misuse at_home_ketamine "
    "cannabis"
)
YES = "client_wants_referral client_informed consents_for_self ride_home support_person"
INTAKE: Values = {
    "age": 37,
    **dict.fromkeys(NO.split(), False),
    **dict.fromkeys(YES.split(), True),
    **DEPRESSION,
    **ANXIETY,
    **PTSD,
    **PAIN,
    "liver": "no",
    "pregnancy": "no",
    "breastfeeding": "not_applicable",
    "bp_reading": True,
    "systolic": 122,
    "diastolic": 78,
    "drug_single": 0,
    "auditc_1": "0",
    "auditc_cut": "three",
}


def found(changes: Mapping[str, Any]) -> Findings:
    """What is found in the intake with these changes; None takes an answer away."""
    values = {**INTAKE, **changes}
    unknown = {key: v for key, v in values.items() if isinstance(v, dict)}
    plain = {key: v for key, v in values.items() if not isinstance(v, dict)}
    return evaluate(definition(), {**answered(plain), **unknown}, DAY)


def in_state(findings: Findings, state: str) -> set[str]:
    """The considerations in a state."""
    return {key for key, found_state in findings.considerations.items() if found_state == state}


def without(stem: str, last: int) -> Values:
    """These answers taken away."""
    return {f"{stem}_{i}": None for i in range(1, last + 1)}
