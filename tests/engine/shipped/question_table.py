"""Which questions the shipped questionnaire must have, written from its specification.

A row is `key | kind and what can be answered | shown when | flags`. `phq9_1..9` stands for nine rows.
Flags: optional, self (the client may fill it in), grid=NAME, hidden=not_known, packet (no rule reads it).
"""

STATES = (
    "al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc "
    "nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy as gu mp pr vi elsewhere"
)
DRUGS = (
    "sertraline fluoxetine paroxetine citalopram escitalopram fluvoxamine venlafaxine desvenlafaxine "
    "duloxetine levomilnacipran milnacipran bupropion dextromethorphan_bupropion mirtazapine vilazodone "
    "vortioxetine gepirone trazodone nefazodone amitriptyline nortriptyline imipramine desipramine "
    "clomipramine doxepin protriptyline trimipramine amoxapine maprotiline phenelzine tranylcypromine "
    "isocarboxazid selegiline other"
)
TYPES = "medicine physical psychological procedure self_management"
ANY_PHQ9 = "(" + " or ".join(f"phq9_{i} >= 1" for i in range(1, 10)) + ")"

TABLE = {
    "about": f"""
        age | number 0-120 years | |
        residence_state | one_choice {STATES} | | packet
        client_wants_referral | yes_no | |
        client_informed | yes_no | |
        consents_for_self | yes_no | |
        therapy_ongoing | yes_no | | packet
        setting_preference | one_choice in_clinic at_home no_preference | | optional self packet
        goals | text | | optional self packet
    """,
    "depression": f"""
        mdd_recorded | yes_no | |
        bipolar_history | yes_no | |
        mania_now | yes_no | |
        phq9_1..9 | one_choice 0 1 2 3 | | self grid=phq9
        phq9_date | date | |
        phq9_10 | one_choice 0 1 2 3 | {ANY_PHQ9} | optional self packet
        episode_length | one_choice under_1 1_to_2 over_2 | | optional packet
        trials | entries | mdd_recorded |
        trials.trial_drug | one_choice {DRUGS} | |
        trials.trial_current_episode | yes_no | |
        trials.trial_weeks | one_choice under_4 4_to_5 6_to_7 8_plus | |
        trials.trial_dose_adequate | yes_no | |
        trials.trial_improvement | one_choice under_25 25_to_49 50_to_74 75_plus | |
        trials.trial_stopped | one_choice no_benefit side_effects cost still_taking other | | optional packet
        trials_complete | yes_no | mdd_recorded |
        augmentation_tried | yes_no | mdd_recorded | optional packet
        psychotherapy_tried | yes_no | mdd_recorded | optional packet
        ect_tried | yes_no | mdd_recorded | optional packet
        tms_tried | yes_no | mdd_recorded | optional packet
        prior_ketamine | one_choice never helped did_not_help stopped_side_effects | | packet
    """,
    "anxiety": """
        anxiety_recorded | yes_no | |
        gad_recorded | yes_no | anxiety_recorded |
        sad_recorded | yes_no | anxiety_recorded |
        panic_recorded | yes_no | anxiety_recorded |
        gad7_1..7 | one_choice 0 1 2 3 | anxiety_recorded | self grid=gad7
        gad7_date | date | anxiety_recorded |
        anxiety_other_scale | one_choice none spin mini_spin pdss | anxiety_recorded |
        spin_total | number 0-68 | anxiety_other_scale spin |
        mini_spin_total | number 0-12 | anxiety_other_scale mini_spin |
        pdss_total | number 0-28 | anxiety_other_scale pdss |
        anxiety_other_date | date | anxiety_other_scale spin|mini_spin|pdss |
        anxiety_medicine_inadequate | yes_no | anxiety_recorded |
        anxiety_cbt_inadequate | yes_no | anxiety_recorded |
    """,
    "trauma": """
        trauma_exposure | yes_no | | self
        ptsd_recorded | yes_no | trauma_exposure |
        ptsd_measure | one_choice pcptsd5 pcl5 | trauma_exposure |
        pcptsd5_1..5 | yes_no | ptsd_measure pcptsd5 | self grid=pcptsd5
        pcl5_1..20 | one_choice 0 1 2 3 4 | ptsd_measure pcl5 | self grid=pcl5
        ptsd_measure_date | date | trauma_exposure |
        ptsd_over_one_month | yes_no | trauma_exposure |
        ptsd_therapy_inadequate | yes_no | trauma_exposure |
        ptsd_medicine_inadequate | yes_no | trauma_exposure |
    """,
    "pain": f"""
        pain_three_months | yes_no | |
        peg_1..3 | number 0-10 | pain_three_months | self
        peg_date | date | pain_three_months |
        fm_recorded | yes_no | pain_three_months |
        crps_recorded | yes_no | pain_three_months |
        other_pain_recorded | yes_no | pain_three_months |
        fm_criteria_known | yes_no | pain_three_months |
        fm_regions | yes_no | fm_criteria_known |
        fm_wpi | number 0-19 | fm_criteria_known |
        fm_sss | number 0-12 | fm_criteria_known |
        crps_symptoms_known | yes_no | pain_three_months |
        crps_disproportionate | yes_no | crps_symptoms_known |
        crps_sensory | yes_no | crps_symptoms_known |
        crps_vasomotor | yes_no | crps_symptoms_known |
        crps_sudomotor | yes_no | crps_symptoms_known |
        crps_motor | yes_no | crps_symptoms_known |
        pain_treatments | entries | pain_three_months |
        pain_treatments.pain_treatment_name | text | | packet
        pain_treatments.pain_treatment_type | one_choice {TYPES} | |
        pain_treatments.pain_relief_inadequate | yes_no | |
        pain_treatments_complete | yes_no | pain_three_months |
    """,
    "safety": """
        cssrs_1..2 | yes_no | |
        cssrs_3..5 | yes_no | cssrs_2 |
        cssrs_6 | yes_no | |
        cssrs_6_recent | yes_no | cssrs_6 |
        cssrs_date | date | | packet
        safety_plan | yes_no | | optional packet
        psychosis_now | yes_no | |
        psychotic_features | yes_no | |
        psychosis_danger | yes_no | (psychosis_now or psychotic_features) |
        psychosis_history | yes_no | |
        intoxication_now | yes_no | |
        violence_risk | yes_no | |
        duty_to_report | yes_no | |
        unsafe_home | yes_no | |
        recent_admission | yes_no | |
        admission_ever | yes_no | |
        dissociation | yes_no | |
        capacity_doubt | yes_no | |
        vascular | yes_no | | grid=told_by_a_clinician
        brain_haemorrhage | yes_no | | grid=told_by_a_clinician
        ketamine_allergy | yes_no | | grid=told_by_a_clinician
        heart | yes_no | | grid=told_by_a_clinician
        pressure_head_eye | yes_no | | grid=told_by_a_clinician
        liver | one_choice no yes severe | | grid=told_by_a_clinician
        thyroid | yes_no | | grid=told_by_a_clinician
        bladder | yes_no | | grid=told_by_a_clinician
        breathing | yes_no | | grid=told_by_a_clinician
        seizures | yes_no | | grid=told_by_a_clinician
        cognition | yes_no | | grid=told_by_a_clinician
        pregnancy | one_choice no yes not_applicable | | grid=told_by_a_clinician
        breastfeeding | one_choice no yes not_applicable | | grid=told_by_a_clinician
        bp_uncontrolled | yes_no | |
        bp_crisis | yes_no | |
        bp_reading | yes_no | |
        systolic | number 50-300 mmHg | bp_reading | hidden=not_known
        diastolic | number 20-200 mmHg | bp_reading | hidden=not_known
        bp_date | date | bp_reading | packet
    """,
    "medicines": """
        medicines | entries | | packet
        medicines.medicine_name | text | | packet
        medicines.medicine_dose | text | | packet
        medicines.medicine_source | one_choice client pharmacy_list prescriber | | packet
        medicines_complete | yes_no | | packet
        allergies | text | | packet
        sedatives | yes_no | |
        stimulants | yes_no | |
        maoi | yes_no | |
        theophylline | yes_no | |
        lamotrigine | yes_no | |
        other_history | text | | optional packet
    """,
    "substances": """
        substance_active | yes_no | |
        substance_history | yes_no | |
        ketamine_misuse | yes_no | |
        at_home_ketamine | yes_no | |
        cannabis | yes_no | |
        drug_single | number 0-366 times | | self
        auditc_1 | one_choice 0 1 2 3 4 | | self
        auditc_2..3 | one_choice 0 1 2 3 4 | auditc_1 >= 1 | self
        auditc_cut | one_choice four three | |
    """,
    "support": """
        ride_home | yes_no | |
        support_person | yes_no | |
        access_needs | text | | optional packet
    """,
}
