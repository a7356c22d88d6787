"""What invented clients answer: put together from the shipped questionnaire's own vignettes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from config.demo.variety import Answer, vary
from screening.engine import Definition, Kind, Section, Vignette, parse_text

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "screening/questionnaires/ketamine_referral.json"
TYPICAL = "typical_intake"
# A measure filled in when the vignettes say "30 days ago", the oldest that still counts, is younger here.
OLDEST_THAT_COUNTS = 30

YES, NO = {"value": True}, {"value": False}
NOT_KNOWN, DECLINED = {"unknown": "not_known"}, {"unknown": "declined"}


@dataclass(frozen=True, slots=True)
class Case:
    """Which vignette each topic follows; everything else is the typical intake, but for `other`."""

    depression: str = "trd_not_recorded"
    anxiety: str = TYPICAL
    trauma: str = TYPICAL
    pain: str = TYPICAL
    other: Mapping[str, Answer] = field(default_factory=dict)
    # Answers that are taken back, as if nobody had come to them yet.
    left_out: tuple[str, ...] = ()

    def vignette_of(self, section: str) -> str:
        """Return the vignette that the section follows."""
        topics = {
            "depression": self.depression,
            "anxiety": self.anxiety,
            "trauma": self.trauma,
            "pain": self.pain,
        }
        return topics.get(section, TYPICAL)


@cache
def shipped() -> Definition:
    """Return the shipped questionnaire."""
    return parse_text(DOCUMENT.read_bytes())


def answers(case: Case, section: Section, day: date, seed: int) -> dict[str, Answer]:
    """Return the case's answers to a section, as a client gives them on that day."""
    vignette = next(each for each in shipped().vignettes if each.key == case.vignette_of(section.key))
    given = {key: _moved(vignette, key, answer, day, seed) for key, answer in vignette.answers.items()}
    varied = {key: vary(key, answer, seed) for key, answer in given.items()} | dict(case.other)
    return {
        question.key: varied[question.key]
        for question in section.questions
        if question.key in varied and question.key not in {"age", *case.left_out}
    }


def _moved(vignette: Vignette, key: str, given: Any, day: date, seed: int) -> Answer:
    """Return a date as far before the day as it is before the vignette's."""
    answer: Answer = given
    question = shipped().question(key)
    if question.kind is not Kind.DATE or "value" not in answer:
        return answer
    days_before = (vignette.as_of - date.fromisoformat(answer["value"])).days
    if days_before == OLDEST_THAT_COUNTS:
        days_before = seed % 13
    return {"value": (day - timedelta(days=days_before)).isoformat()}


CASES: dict[str, Case] = {
    "depression": Case(depression=TYPICAL),
    "depression_and_worry": Case(depression=TYPICAL, anxiety="anxiety_gad"),
    "depression_and_trauma": Case(depression="trd_named_and_other", trauma="ptsd_pcl5"),
    "depression_and_pain": Case(depression="trd_three_six_weeks", pain="pain_fm_7_5"),
    "one_medicine_so_far": Case(depression="trd_one_trial"),
    "list_not_complete": Case(depression="trd_list_not_complete"),
    "weeks_not_known": Case(depression="trd_weeks_not_known", other={"bp_reading": NO}),
    "old_measure": Case(depression="trd_phq9_31_days"),
    "near_misses": Case(depression="trd_near_misses"),
    "bipolar_recorded": Case(depression="trd_bipolar", other={"lamotrigine": YES}),
    "worry": Case(anxiety="anxiety_gad"),
    "panic": Case(anxiety="anxiety_panic_pdss", other={"sedatives": YES}),
    "social_anxiety": Case(anxiety="anxiety_sad_spin"),
    "trauma": Case(trauma="ptsd_pcl5", other={"dissociation": YES}),
    "trauma_short_measure": Case(trauma="ptsd_pcptsd5"),
    "trauma_and_worry": Case(anxiety="anxiety_gad", trauma="ptsd_pcl5"),
    "pain_crps": Case(pain="pain_crps_three"),
    "pain_fibromyalgia": Case(pain="pain_fm_recorded", depression="trd_one_trial"),
    "pain_other": Case(pain="pain_other_recorded", other={"seizures": NOT_KNOWN}),
    "nothing_present": Case(),
    "blood_pressure": Case(
        depression=TYPICAL, other={"systolic": {"value": 168}, "diastolic": {"value": 98}, "heart": YES}
    ),
    "drinking": Case(
        depression=TYPICAL,
        other={
            "auditc_1": {"value": "3"},
            "auditc_2": {"value": "2"},
            "auditc_3": {"value": "2"},
            "substance_history": YES,
            "cannabis": YES,
        },
    ),
    "declines_much": Case(
        depression="trd_item_9_declined",
        trauma="ptsd_exposure_declined",
        other={"drug_single": DECLINED, "substance_active": DECLINED, "goals": {"value": "Sleep again."}},
    ),
    "thoughts_of_death": Case(
        depression=TYPICAL,
        other={
            "phq9_9": {"value": "1"},
            "cssrs_1": YES,
            "cssrs_2": NO,
            "cssrs_6": YES,
            "cssrs_6_recent": NO,
            "safety_plan": YES,
        },
    ),
    "urgent": Case(
        depression=TYPICAL,
        other={"phq9_9": {"value": "2"}},
        left_out=("cssrs_1", "cssrs_2", "cssrs_6", "cssrs_date", "safety_plan"),
    ),
    "does_not_want_it": Case(depression=TYPICAL, other={"client_wants_referral": NO}),
}
