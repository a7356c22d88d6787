"""Every case that could tell an equivalent change from the shipped rule.

Each function enumerates the facts that the changed rule reads, and the gates before them, with every
value that its comparisons tell apart.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

AS_OF = "2026-11-23"
FRESH, OLD = "2026-11-20", "2026-01-05"
YES_NO_OPEN = (True, False, None)

Answers = dict[str, Any]


def answered(values: Mapping[str, Any]) -> Answers:
    """Plain values as answers; None is left open, lists are entries."""
    found: Answers = {}
    for key, value in values.items():
        if isinstance(value, list):
            found[key] = {"entries": [answered(row) for row in value]}
        elif value is not None:
            found[key] = {"value": value}
    return found


def every(**facts: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    """Every combination of these values."""
    for values in product(*facts.values()):
        yield dict(zip(facts, values, strict=True))


def _adult(values: Mapping[str, Any]) -> Answers:
    return answered({"age": 40, **values})


def _phq9(total: int | None) -> dict[str, Any]:
    points = [3, 3, 3, 1, 0, 0, 0, 0, 0] if total == 10 else [3, 3, 3, 0, 0, 0, 0, 0, 0]
    items = {f"phq9_{i}": str(p) for i, p in enumerate(points, 1)}
    return {**items, "phq9_date": FRESH} if total is not None else {}


def _trial(drug: str | None, adequate: bool | None) -> dict[str, Any]:
    return {
        "trial_drug": drug,
        "trial_current_episode": True,
        "trial_weeks": "8_plus",
        "trial_dose_adequate": adequate,
        "trial_improvement": "under_25",
    }


def _trial_lists() -> tuple[list[dict[str, Any]] | None, ...]:
    rows = [
        _trial(drug, adequate)
        for drug in ("sertraline", "bupropion", "other", None)
        for adequate in YES_NO_OPEN
    ]
    return (None, [], *([row] for row in rows), *(list(pair) for pair in product(rows, rows)))


def trd_lists() -> Iterator[Answers]:
    base = {"mdd_recorded": True, "bipolar_history": False, "mania_now": False, **_phq9(10)}
    for trials, complete, other in product(_trial_lists(), YES_NO_OPEN, YES_NO_OPEN):
        others = dict.fromkeys(("augmentation_tried", "psychotherapy_tried", "ect_tried", "tms_tried"), other)
        yield _adult({**base, "trials": trials, "trials_complete": complete, **others})


def trd_gate() -> Iterator[Answers]:
    two = [_trial("sertraline", True), _trial("bupropion", True)]
    for case in every(
        mdd=YES_NO_OPEN,
        bipolar=YES_NO_OPEN,
        mania=YES_NO_OPEN,
        phq9=(10, 9, None),
        trials=(two, two[:1], [], None),
        complete=YES_NO_OPEN,
    ):
        yield _adult(
            {
                "mdd_recorded": case["mdd"],
                "bipolar_history": case["bipolar"],
                "mania_now": case["mania"],
                **_phq9(case["phq9"]),
                "trials": case["trials"],
                "trials_complete": case["complete"],
            }
        )


def measures() -> Iterator[Answers]:
    pcl5 = (
        {f"pcl5_{i}": "2" for i in range(1, 21)},
        {f"pcl5_{i}": "1" for i in range(1, 21)},
        {"pcl5_1": "4"},
        {},
    )
    pcptsd5 = (
        {f"pcptsd5_{i}": True for i in range(1, 6)},
        {f"pcptsd5_{i}": False for i in range(1, 6)},
        {"pcptsd5_1": True},
        {},
    )
    rest = {"ptsd_recorded": True, "ptsd_over_one_month": True, "ptsd_therapy_inadequate": True}
    for case in every(
        exposure=YES_NO_OPEN,
        measure=("pcl5", "pcptsd5", None),
        pcl5=pcl5,
        pcptsd5=pcptsd5,
        date=(FRESH, OLD, None),
    ):
        yield _adult(
            {
                "trauma_exposure": case["exposure"],
                "ptsd_measure": case["measure"],
                "ptsd_measure_date": case["date"],
                **case["pcl5"],
                **case["pcptsd5"],
                **rest,
            }
        )


PAIN = {"pain_three_months": True, "peg_1": 5, "peg_2": 5, "peg_3": 5, "peg_date": FRESH}


def _treatment(kind: str | None, inadequate: bool | None) -> dict[str, Any]:
    return {"pain_treatment_type": kind, "pain_relief_inadequate": inadequate}


TWO_KINDS = [_treatment("medicine", True), _treatment("physical", True)]


def pain_lists() -> Iterator[Answers]:
    rows = [
        _treatment(kind, inadequate) for kind in ("medicine", "physical", None) for inadequate in YES_NO_OPEN
    ]
    lists = (None, [], *([row] for row in rows), *(list(pair) for pair in product(rows, rows)))
    for treatments, complete, other in product(lists, YES_NO_OPEN, YES_NO_OPEN):
        recorded = {"fm_recorded": other, "crps_recorded": other, "other_pain_recorded": other}
        known = {"fm_criteria_known": other, "crps_symptoms_known": other}
        yield _adult(
            {**PAIN, **recorded, **known, "pain_treatments": treatments, "pain_treatments_complete": complete}
        )


def pain_gate() -> Iterator[Answers]:
    for case in every(
        gate=YES_NO_OPEN,
        peg=(5, 1, None),
        fm=YES_NO_OPEN,
        treatments=(TWO_KINDS, [], None),
        complete=YES_NO_OPEN,
    ):
        yield _adult(
            {
                **PAIN,
                "pain_three_months": case["gate"],
                "peg_1": case["peg"],
                "peg_2": case["peg"],
                "peg_3": case["peg"],
                "fm_recorded": case["fm"],
                "crps_recorded": False,
                "other_pain_recorded": False,
                "fm_criteria_known": False,
                "crps_symptoms_known": False,
                "pain_treatments": case["treatments"],
                "pain_treatments_complete": case["complete"],
            }
        )


def fibromyalgia() -> Iterator[Answers]:
    for other in YES_NO_OPEN:
        base = {**PAIN, "fm_recorded": False, "crps_recorded": False, "other_pain_recorded": other}
        rest = {"crps_symptoms_known": False, "pain_treatments": TWO_KINDS, "pain_treatments_complete": True}
        for case in every(
            fm_criteria_known=YES_NO_OPEN,
            fm_regions=YES_NO_OPEN,
            fm_wpi=(*range(20), None),
            fm_sss=(*range(13), None),
        ):
            yield _adult({**base, **rest, **case})


def other_scales() -> Iterator[Answers]:
    base = {"gad_recorded": False, "anxiety_medicine_inadequate": True, "anxiety_cbt_inadequate": True}
    gad7 = {**{f"gad7_{i}": "1" for i in range(1, 8)}, "gad7_date": FRESH}
    for case in every(
        anxiety_recorded=YES_NO_OPEN,
        sad_recorded=YES_NO_OPEN,
        panic_recorded=YES_NO_OPEN,
        anxiety_other_scale=("none", "spin", "mini_spin", "pdss", None),
        anxiety_other_date=(FRESH, OLD, None),
        spin_total=(18, 19, None),
        mini_spin_total=(5, 6, None),
        pdss_total=(7, 8, None),
    ):
        yield _adult({**base, **gad7, **case})


def one_item_scores() -> Iterator[Answers]:
    base = {"anxiety_recorded": True, "gad_recorded": False, "sad_recorded": True, "panic_recorded": True}
    rest = {"anxiety_medicine_inadequate": True, "anxiety_cbt_inadequate": True, "anxiety_other_date": FRESH}
    gad7 = {**{f"gad7_{i}": "1" for i in range(1, 8)}, "gad7_date": FRESH}
    for scale, most in (("spin", 68), ("mini_spin", 12), ("pdss", 28)):
        for total in (*range(most + 1), None):
            yield _adult({**base, **rest, **gad7, "anxiety_other_scale": scale, f"{scale}_total": total})


def blood_pressure() -> Iterator[Answers]:
    for case in every(
        bp_reading=YES_NO_OPEN,
        bp_uncontrolled=YES_NO_OPEN,
        systolic=(140, 141, None),
        diastolic=(90, 91, None),
    ):
        yield _adult(case)


def alcohol() -> Iterator[Answers]:
    points = (*"01234", None)
    for case in every(auditc_1=points, auditc_2=points, auditc_3=points, auditc_cut=("four", "three", None)):
        yield _adult(case)
