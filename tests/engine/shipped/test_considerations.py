"""Considerations, one answer at a time, on cases worked out from the specification alone."""

from typing import Any

import pytest

from tests.engine.shipped.cases import DECLINED, NOT_KNOWN, Values, found, in_state

SCREENER_OPEN: Values = {"cssrs_1": None, "cssrs_2": None, "cssrs_6": None}
THREE_NO: Values = {"cssrs_2": True, "cssrs_3": False, "cssrs_4": False, "cssrs_5": False}
NO_READING: Values = {"bp_reading": False, "systolic": None, "diastolic": None}
BOTH: Values = {"psychosis_now": True, "psychotic_features": True}


def drinks(first: str, second: str, third: str, cut: Any) -> Values:
    return {"auditc_1": first, "auditc_2": second, "auditc_3": third, "auditc_cut": cut}


SAME_NAME = [
    "bipolar_history",
    "mania_now",
    "psychosis_history",
    "intoxication_now",
    "violence_risk",
    "duty_to_report",
    "unsafe_home",
    "recent_admission",
    "admission_ever",
    "dissociation",
    "capacity_doubt",
    "vascular",
    "brain_haemorrhage",
    "ketamine_allergy",
    "heart",
    "pressure_head_eye",
    "thyroid",
    "bladder",
    "breathing",
    "seizures",
    "cognition",
    "bp_crisis",
    "sedatives",
    "stimulants",
    "maoi",
    "theophylline",
    "lamotrigine",
    "substance_active",
    "substance_history",
    "ketamine_misuse",
    "at_home_ketamine",
    "cannabis",
]

# what is changed -> what is raised, and nothing else
RAISED: list[tuple[Values, set[str]]] = [
    ({}, set()),
    *[({key: True}, {key}) for key in SAME_NAME],
    ({"psychosis_now": True, "psychosis_danger": False}, {"psychosis_now"}),
    ({"psychotic_features": True, "psychosis_danger": False}, {"psychosis_now"}),
    ({**BOTH, "psychosis_danger": True}, {"psychosis_now", "psychosis_danger"}),
    ({"psychosis_danger": True}, set()),
    ({"bp_uncontrolled": True}, {"blood_pressure"}),
    ({"systolic": 140, "diastolic": 90}, set()),
    ({"systolic": 141}, {"blood_pressure"}),
    ({"diastolic": 91}, {"blood_pressure"}),
    ({**NO_READING, "bp_uncontrolled": True}, {"blood_pressure"}),
    ({"liver": "yes"}, {"liver"}),
    ({"liver": "severe"}, {"liver", "liver_severe"}),
    ({"pregnancy": "yes"}, {"pregnancy"}),
    ({"pregnancy": "not_applicable"}, set()),
    ({"breastfeeding": "yes"}, {"breastfeeding"}),
    ({"drug_single": 1}, {"drug_screen"}),
    (drinks("1", "1", "0", "three"), set()),
    (drinks("1", "1", "1", "three"), {"alcohol_screen"}),
    (drinks("1", "1", "1", "four"), set()),
    (drinks("2", "1", "1", "four"), {"alcohol_screen"}),
    (drinks("1", "1", "1", None), {"alcohol_screen"}),
    (drinks("0", "4", "4", "three"), set()),
    ({"age": 17}, {"under_18"}),
    ({"age": 18}, {"young_adult"}),
    ({"age": 24}, {"young_adult"}),
    ({"age": 25}, set()),
    ({"age": 64}, set()),
    ({"age": 65}, {"older_adult"}),
    ({"client_wants_referral": False}, {"no_consent"}),
    ({"client_informed": False}, {"not_informed"}),
    ({"consents_for_self": False}, {"consent_by_other"}),
    ({"ride_home": False}, {"no_ride_home"}),
    ({"support_person": False}, {"no_support_person"}),
    ({"cssrs_1": True}, {"suicide_low"}),
    (THREE_NO, {"suicide_low"}),
    ({**THREE_NO, "cssrs_3": True}, {"suicide_low", "suicide_moderate"}),
    ({**THREE_NO, "cssrs_4": True}, {"suicide_low", "suicide_high"}),
    ({**THREE_NO, "cssrs_5": True}, {"suicide_low", "suicide_high"}),
    ({"cssrs_2": True}, {"suicide_low", "suicide_intent_due"}),
    ({**THREE_NO, "cssrs_3": NOT_KNOWN}, {"suicide_low", "suicide_intent_due"}),
    ({**THREE_NO, "cssrs_4": DECLINED}, {"suicide_low", "suicide_intent_due"}),
    ({**THREE_NO, "cssrs_5": None}, {"suicide_low", "suicide_intent_due"}),
    ({"cssrs_6": True}, {"suicide_moderate", "suicide_recency_due"}),
    ({"cssrs_6": True, "cssrs_6_recent": DECLINED}, {"suicide_moderate", "suicide_recency_due"}),
    ({"cssrs_6": True, "cssrs_6_recent": False}, {"suicide_moderate"}),
    ({"cssrs_6": True, "cssrs_6_recent": True}, {"suicide_moderate", "suicide_high"}),
    ({"cssrs_3": True, "cssrs_4": True, "cssrs_5": True, "cssrs_6_recent": True}, set()),
    ({"phq9_9": "1"}, set()),
    ({"phq9_9": "1", "cssrs_1": None}, {"suicide_screen_due"}),
    ({"phq9_9": "2", "cssrs_2": DECLINED}, {"suicide_screen_due"}),
    ({"phq9_9": "3", "cssrs_6": NOT_KNOWN}, {"suicide_screen_due"}),
    ({"phq9_9": "1", **SCREENER_OPEN}, {"suicide_screen_due"}),
    ({"phq9_9": "1", **SCREENER_OPEN, "phq9_date": "2019-01-01"}, {"suicide_screen_due"}),
    ({"phq9_9": "0", **SCREENER_OPEN}, set()),
    ({"phq9_9": None, **SCREENER_OPEN}, set()),
]

LEVELS = {"suicide_high", "suicide_recency_due", "suicide_intent_due", "suicide_moderate", "suicide_low"}

# which answer is taken away -> what is then not assessed, and nothing else
NOT_ASSESSED: list[tuple[Values, set[str]]] = [
    *[({key: None}, {key}) for key in SAME_NAME],
    ({"age": None}, {"under_18", "young_adult", "older_adult"}),
    ({"client_wants_referral": None}, {"no_consent"}),
    ({"client_informed": None}, {"not_informed"}),
    ({"consents_for_self": None}, {"consent_by_other"}),
    ({"ride_home": None}, {"no_ride_home"}),
    ({"support_person": None}, {"no_support_person"}),
    ({"psychosis_now": None}, {"psychosis_now", "psychosis_danger"}),
    ({"psychotic_features": None}, {"psychosis_now", "psychosis_danger"}),
    ({"psychosis_now": True}, {"psychosis_danger"}),
    ({"bp_uncontrolled": None}, {"blood_pressure"}),
    ({"bp_reading": None}, {"blood_pressure"}),
    ({"systolic": None}, {"blood_pressure"}),
    ({"diastolic": None}, {"blood_pressure"}),
    (NO_READING, {"blood_pressure"}),
    ({"liver": None}, {"liver", "liver_severe"}),
    ({"pregnancy": None}, {"pregnancy"}),
    ({"breastfeeding": None}, {"breastfeeding"}),
    ({"drug_single": None}, {"drug_screen"}),
    ({"auditc_1": None}, {"alcohol_screen"}),
    ({"auditc_1": "1", "auditc_2": None, "auditc_3": "0"}, {"alcohol_screen"}),
    ({"auditc_cut": None}, set()),
    ({"cssrs_1": None}, {"suicide_low"}),
    ({"cssrs_2": None}, LEVELS - {"suicide_recency_due"}),
    ({"cssrs_6": None}, {"suicide_high", "suicide_recency_due", "suicide_moderate"}),
    (SCREENER_OPEN, LEVELS),
    ({"phq9_9": None}, set()),
    ({"phq9_9": None, **SCREENER_OPEN}, {*LEVELS, "suicide_screen_due"}),
    ({"phq9_9": None, "cssrs_1": None}, {"suicide_screen_due", "suicide_low"}),
    ({**THREE_NO, "cssrs_3": None}, {"suicide_moderate"}),
    ({**THREE_NO, "cssrs_4": None}, {"suicide_high"}),
    ({**THREE_NO, "cssrs_5": None}, {"suicide_high"}),
    ({"cssrs_6": True}, {"suicide_high"}),
]


@pytest.mark.parametrize(("changes", "raised"), RAISED)
def test_what_an_answer_raises_and_nothing_else(changes: Values, raised: set[str]):
    assert in_state(found(changes), "raised") == raised


@pytest.mark.parametrize(("changes", "open_"), NOT_ASSESSED)
def test_what_a_missing_answer_leaves_not_assessed_and_nothing_else(changes: Values, open_: set[str]):
    assert in_state(found(changes), "not_assessed") == open_


@pytest.mark.parametrize(("changes", "open_"), NOT_ASSESSED)
@pytest.mark.parametrize("unknown", [DECLINED, NOT_KNOWN])
def test_declined_and_not_known_leave_the_same_as_a_blank(unknown: Values, changes: Values, open_: set[str]):
    same = {key: unknown if answer is None else answer for key, answer in changes.items()}
    assert in_state(found(same), "not_assessed") == open_


def test_a_consideration_never_changes_an_outcome():
    """Everything that can be raised without touching a criterion is raised; the outcomes stay."""
    yes = {key: True for key in SAME_NAME if key not in ("bipolar_history", "mania_now")}
    raised = found({**yes, "systolic": 200, "liver": "severe", "client_wants_referral": False})
    assert len(in_state(raised, "raised")) > 30
    before = {key: finding.outcome for key, finding in found({}).indications.items()}
    assert {key: finding.outcome for key, finding in raised.indications.items()} == before
