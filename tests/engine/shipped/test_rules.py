"""Every rule of the shipped questionnaire, compared with tables written from its specification."""

import re

import pytest

from tests.engine.shipped.documents import ALL, MAIN, Document, document
from tests.engine.shipped.saying import say

ADEQUATE = (
    "(trial_current_episode and trial_weeks {weeks} and trial_dose_adequate and "
    "trial_improvement under_25|25_to_49)"
)
FIBROMYALGIA = (
    "(fm_regions and ((fm_wpi >= 7 and fm_sss >= 5) or (fm_wpi >= 4 and fm_wpi <= 6 and fm_sss >= 9)))"
)
CRPS = "(crps_disproportionate and 3 of (crps_sensory, crps_vasomotor, crps_sudomotor, crps_motor))"

# indication -> criterion -> (when, basis, for the provider to judge if it isn't met)
CRITERIA = {
    "trd": {
        "trd_symptoms": ("phq9_total >= 10", "published", False),
        "trd_diagnosis": ("mdd_recorded", "published", False),
        "trd_unipolar": ("(no bipolar_history and no mania_now)", "published", True),
        "trd_trials": (
            "2 different trial_drug in trials (trials_complete) where "
            + ADEQUATE.format(weeks="4_to_5|6_to_7|8_plus"),
            "published",
            False,
        ),
        "trd_trials_six_weeks": (
            "2 different trial_drug in trials (trials_complete) where "
            + ADEQUATE.format(weeks="6_to_7|8_plus"),
            "product_default",
            True,
        ),
    },
    "anxiety": {
        "anxiety_disorder": (
            (
                "((gad_recorded and gad7_total >= 10) or "
                "(sad_recorded and (gad7_total >= 10 or spin_score >= 19 or mini_spin_score >= 6)) or "
                "(panic_recorded and (gad7_total >= 10 or pdss_score >= 8)))"
            ),
            "published",
            False,
        ),
        "anxiety_response": (
            "(anxiety_medicine_inadequate or anxiety_cbt_inadequate)",
            "product_default",
            False,
        ),
        "anxiety_response_both": (
            "(anxiety_medicine_inadequate and anxiety_cbt_inadequate)",
            "product_default",
            True,
        ),
    },
    "ptsd": {
        "ptsd_exposure": ("trauma_exposure", "published", False),
        "ptsd_diagnosis": ("ptsd_recorded", "published", True),
        "ptsd_symptoms": (
            "((ptsd_measure pcl5 and pcl5_total >= 33) or (ptsd_measure pcptsd5 and pcptsd5_total >= 4))",
            "published",
            False,
        ),
        "ptsd_duration": ("ptsd_over_one_month", "published", False),
        "ptsd_response": ("(ptsd_therapy_inadequate or ptsd_medicine_inadequate)", "product_default", False),
    },
    "chronic_pain": {
        "pain_duration": ("pain_three_months", "published", False),
        "pain_severity": ("peg_mean >= 4", "product_default", False),
        "pain_condition": (
            f"(fm_recorded or {FIBROMYALGIA} or crps_recorded or {CRPS} or other_pain_recorded)",
            "product_default",
            False,
        ),
        "pain_condition_studied": (
            f"(fm_recorded or {FIBROMYALGIA} or crps_recorded or {CRPS})",
            "product_default",
            True,
        ),
        "pain_treatments_tried": (
            "2 in pain_treatments (pain_treatments_complete) where pain_relief_inadequate",
            "product_default",
            False,
        ),
        "pain_treatment_kinds": (
            (
                "2 different pain_treatment_type in pain_treatments (pain_treatments_complete) "
                "where pain_relief_inadequate"
            ),
            "product_default",
            True,
        ),
    },
}


def known(*keys: str) -> str:
    """Each of these is a yes or a no."""
    each = " and ".join(f"({key} or no {key})" for key in keys)
    return f"({each})" if len(keys) > 1 else each


# key -> (level, when, unless)
CONSIDERATIONS: dict[str, tuple[str, str, str]] = {
    "suicide_high": ("urgent", "(cssrs_4 or cssrs_5 or cssrs_6_recent)", ""),
    "suicide_screen_due": ("urgent", "phq9_9 >= 1", known("cssrs_1", "cssrs_2", "cssrs_6")),
    "suicide_recency_due": ("urgent", "cssrs_6", known("cssrs_6_recent")),
    "suicide_intent_due": ("urgent", "cssrs_2", known("cssrs_3", "cssrs_4", "cssrs_5")),
    "suicide_moderate": ("discuss", "(cssrs_3 or cssrs_6)", ""),
    "suicide_low": ("discuss", "(cssrs_1 or cssrs_2)", ""),
    "psychosis_danger": ("urgent", "psychosis_danger", ""),
    "psychosis_now": ("discuss", "(psychosis_now or psychotic_features)", ""),
    "psychosis_history": ("discuss", "psychosis_history", ""),
    "mania_now": ("discuss", "mania_now", ""),
    "bipolar_history": ("discuss", "bipolar_history", ""),
    "intoxication_now": ("urgent", "intoxication_now", ""),
    "violence_risk": ("urgent", "violence_risk", ""),
    "duty_to_report": ("urgent", "duty_to_report", ""),
    "unsafe_home": ("discuss", "unsafe_home", ""),
    "vascular": ("discuss", "vascular", ""),
    "brain_haemorrhage": ("discuss", "brain_haemorrhage", ""),
    "ketamine_allergy": ("discuss", "ketamine_allergy", ""),
    "blood_pressure": ("discuss", "(systolic >= 141 or diastolic >= 91 or bp_uncontrolled)", ""),
    "bp_crisis": ("urgent", "bp_crisis", ""),
    "heart": ("discuss", "heart", ""),
    "pregnancy": ("discuss", "pregnancy yes", ""),
    "breastfeeding": ("discuss", "breastfeeding yes", ""),
    "liver_severe": ("discuss", "liver severe", ""),
    "liver": ("inform", "liver yes|severe", ""),
    "pressure_head_eye": ("discuss", "pressure_head_eye", ""),
    "thyroid": ("discuss", "thyroid", ""),
    "bladder": ("discuss", "bladder", ""),
    "ketamine_misuse": ("discuss", "ketamine_misuse", ""),
    "substance_active": ("discuss", "substance_active", ""),
    "substance_history": ("inform", "substance_history", ""),
    "alcohol_screen": ("discuss", "auditc_total >= 3", "(auditc_cut four and auditc_total <= 3)"),
    "drug_screen": ("discuss", "drug_single >= 1", ""),
    "cannabis": ("inform", "cannabis", ""),
    "dissociation": ("discuss", "dissociation", ""),
    "sedatives": ("discuss", "sedatives", ""),
    "stimulants": ("inform", "stimulants", ""),
    "maoi": ("discuss", "maoi", ""),
    "theophylline": ("discuss", "theophylline", ""),
    "lamotrigine": ("inform", "lamotrigine", ""),
    "breathing": ("inform", "breathing", ""),
    "seizures": ("inform", "seizures", ""),
    "cognition": ("inform", "cognition", ""),
    "capacity_doubt": ("discuss", "capacity_doubt", ""),
    "consent_by_other": ("discuss", "no consents_for_self", ""),
    "under_18": ("discuss", "age <= 17", ""),
    "young_adult": ("inform", "(age >= 18 and age <= 24)", ""),
    "older_adult": ("inform", "age >= 65", ""),
    "no_consent": ("discuss", "no client_wants_referral", ""),
    "not_informed": ("inform", "no client_informed", ""),
    "no_ride_home": ("inform", "no ride_home", ""),
    "no_support_person": ("inform", "no support_person", ""),
    "recent_admission": ("discuss", "recent_admission", ""),
    "admission_ever": ("inform", "admission_ever", ""),
    "at_home_ketamine": ("inform", "at_home_ketamine", ""),
}
MODIFIABLE = {
    "blood_pressure",
    "pregnancy",
    "breastfeeding",
    "thyroid",
    "substance_active",
    "no_ride_home",
    "no_support_person",
}
BLOCKS_SENDING = {"under_18", "no_consent"}
LABEL_LISTS = {"vascular", "brain_haemorrhage", "ketamine_allergy"}


def criteria() -> list[Document]:
    return [c for i in document(MAIN)["indications"] for c in i["criteria"]]


def considerations() -> list[Document]:
    return document(MAIN)["considerations"]


def test_the_criteria_are_these():
    found = {
        indication["key"]: {
            c["key"]: (say(c["when"]), c["basis"], c.get("if_not_met") == "provider_judges")
            for c in indication["criteria"]
        }
        for indication in document(MAIN)["indications"]
    }
    assert found == CRITERIA
    assert [list(criteria) for criteria in found.values()] == [list(c) for c in CRITERIA.values()]


def test_the_considerations_are_these_in_this_order():
    found = {
        c["key"]: (c["level"], say(c["when"]), say(c["unless"]) if "unless" in c else "")
        for c in considerations()
    }
    assert found == CONSIDERATIONS
    assert list(found) == list(CONSIDERATIONS)


def test_what_can_be_worked_on_and_what_blocks_sending():
    assert {c["key"] for c in considerations() if c.get("modifiable")} == MODIFIABLE
    assert {c["key"] for c in considerations() if c.get("blocks_sending")} == BLOCKS_SENDING


def test_a_title_names_a_consideration_in_any_of_its_states():
    """It also stands under "not raised" and "not assessed", so it is a name and never a sentence."""
    titles = [c["title"] for c in considerations()]
    assert len(titles) == len(set(titles))
    assert [t for t in titles if re.search(r"[.?!]$|\b(is|are|has|have|does|was not)\b", t)] == []


def test_the_labels_contraindications_are_left_to_the_provider():
    sentence = "The esketamine label lists this as a contraindication; the provider decides."
    assert {c["key"] for c in considerations() if c.get("guidance") == sentence} == LABEL_LISTS


def test_a_product_default_says_so_and_which_part_is_published():
    for criterion in criteria():
        default = criterion["basis"] == "product_default"
        assert ("product default" in criterion["statement"]) == default, criterion["key"]
        assert ("product_default" in criterion["sources"]) == default, criterion["key"]
        if default and criterion["sources"] != ["product_default"]:
            assert "Published:" in criterion["statement"], criterion["key"]


def test_what_nobody_recorded_is_said_to_be_recorded_and_not_to_exist():
    by_key = {c["key"]: c["statement"] for c in criteria()}
    for key in ("trd_diagnosis", "ptsd_diagnosis", "anxiety_disorder", "pain_condition"):
        assert "is recorded" in by_key[key], key


def test_crps_by_symptoms_says_that_signs_were_not_assessed():
    by_key = {c["key"]: c["statement"] for c in criteria()}
    for key in ("pain_condition", "pain_condition_studied"):
        assert "symptom part reported; examination signs not assessed" in by_key[key]


# --- sources


def sources(key: str) -> dict[str, Document]:
    return {source["key"]: source for source in document(key)["sources"]}


def used_sources(key: str) -> set[str]:
    rules = [c for i in document(key)["indications"] for c in (*i["criteria"], *i["notes"])]
    return {source for rule in (*rules, *document(key)["considerations"]) for source in rule["sources"]}


def test_every_rule_and_note_has_a_source_and_every_source_is_used():
    rules = [c for i in document(MAIN)["indications"] for c in (*i["criteria"], *i["notes"])]
    assert [rule for rule in (*rules, *considerations()) if not rule["sources"]] == []
    assert used_sources(MAIN) == set(sources(MAIN))


@pytest.mark.parametrize("key", ALL)
def test_sources_are_reviewed_within_a_year_of_publication_but_the_law_by_its_end(key: str):
    dates = {source["key"]: source["review_by"] for source in sources(key).values()}
    law = {"dea_flexibilities": "2026-12-31"} if key == MAIN else {}
    assert dates == {**dict.fromkeys(dates, "2027-11-24"), **law}


@pytest.mark.parametrize("key", ALL)
def test_every_citation_has_a_year(key: str):
    citations = {s["key"]: s["citation"] for s in sources(key).values()}
    assert [k for k, text in citations.items() if not re.search(r"\b(19|20)\d\d\b", text)] == []


def test_how_well_each_source_was_read():
    """What was not read is shown as to be verified by the clinical owner, until somebody did."""
    by_read: dict[str, set[str]] = {}
    for source in sources(MAIN).values():
        by_read.setdefault(source["read"], set()).add(source["key"])
    assert by_read["no"] == {"product_default", "dsm5tr", "icd11", "domschke_2024", "ketamine_label"}
    assert by_read["secondary"] == {"vadod_mdd_2022", "cssrs_screener", "phq9_item9"}


def notes(indication: str) -> list[Document]:
    return next(i["notes"] for i in document(MAIN)["indications"] if i["key"] == indication)


def test_the_guideline_against_ketamine_for_ptsd_is_printed_first_and_alone_suggests_against():
    assert notes("ptsd")[0]["sources"] == ["vadod_ptsd_2023"]
    assert "suggests against ketamine for PTSD (very low quality evidence)" in notes("ptsd")[0]["text"]
    against = [s["key"] for s in sources(MAIN).values() if "against" in s["strength"]]
    assert against == ["vadod_ptsd_2023"]


def test_the_evidence_and_the_law_are_printed_with_each_indication():
    cited = {
        i["key"]: [source for note in i["notes"] for source in note["sources"]]
        for i in document(MAIN)["indications"]
    }
    assert cited == {
        "trd": ["vadod_mdd_2022", "spravato_label", "fda_ketamine_2023", "dea_flexibilities"],
        "anxiety": [
            "taylor_2018",
            "whittaker_2021",
            "whittaker_2021",
            "fda_ketamine_2023",
            "dea_flexibilities",
        ],
        "ptsd": ["vadod_ptsd_2023", "dea_flexibilities"],
        "chronic_pain": ["cohen_2018", "dea_flexibilities"],
    }
