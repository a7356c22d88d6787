"""The changes that no vignette can notice, each with the proof that nothing a vignette expects can differ."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.engine.shipped import proof_cases
from tests.engine.shipped.mutations import Mutant
from tests.engine.shipped.proof_cases import Answers


@dataclass(frozen=True)
class Equivalent:
    """A family of changes, why none of it can be noticed, and where it takes them, the cases that show it."""

    pattern: str
    proof: str
    answers: Callable[[], Iterator[Answers]] | None = None

    def covers(self, mutant: Mutant) -> bool:
        return re.fullmatch(self.pattern, mutant.name) is not None


EQUIVALENTS = (
    Equivalent(
        r"(phq9|gad7)_total: band .*",
        "A band names a stretch of a score. No condition can read a band, so outcomes and considerations "
        "can't depend on it. What the bands say is checked at each of their ends in test_scores.",
    ),
    Equivalent(
        r"gate of (phq9_10|augmentation_tried|psychotherapy_tried|ect_tried|tms_tried|bp_date)\b.*",
        "No rule, score, gate or date reads the question "
        "(test_no_rule_reads_a_question_with_a_free_gate), and an answer that isn't read changes nothing. "
        "Who sees it is checked in test_questions.",
    ),
    Equivalent(
        r"(spin|mini_spin|pdss)_score: kind mean",
        "The mean of one item is its sum.",
        proof_cases.one_item_scores,
    ),
    Equivalent(
        r"trd_diagnosis: (for the provider to judge|criterion taken away)",
        "If a disorder is not recorded, the list of trials is hidden, so trd_trials is false; if that is "
        "unknown, the list is behind an unknown gate, so trd_trials is unknown; if it is recorded, the "
        "criterion is met.",
        proof_cases.trd_gate,
    ),
    Equivalent(
        r"ptsd_exposure: (for the provider to judge|criterion taken away)",
        "Without exposure both measures are hidden, so ptsd_symptoms is false; if exposure is unknown "
        "they are behind an unknown gate, so it is unknown; with exposure the criterion is met.",
        proof_cases.measures,
    ),
    Equivalent(
        r"pain_duration: (for the provider to judge|criterion taken away)",
        "Without three months of pain the PEG is hidden, so pain_severity is false; if that is unknown, "
        "the PEG is behind an unknown gate, so it is unknown; else the criterion is met.",
        proof_cases.pain_gate,
    ),
    Equivalent(
        r"trd_trials_six_weeks / count: complete by \w+",
        "`complete` only tells false from unknown, and a criterion for the provider to judge counts as "
        "unknown when it is false.",
        proof_cases.trd_lists,
    ),
    Equivalent(
        r"pain_treatment_kinds / count: complete by \w+",
        "`complete` only tells false from unknown, and a criterion for the provider to judge counts as "
        "unknown when it is false.",
        proof_cases.pain_lists,
    ),
    Equivalent(
        r"ptsd_symptoms / any \d / all 0 \(ptsd_measure\): operand taken away",
        "The items of a measure are shown only when it is the one chosen: where the operand is false they "
        "are hidden and the comparison is false, where it is unknown the comparison is unknown or false.",
        proof_cases.measures,
    ),
    Equivalent(
        r"gate of (pcptsd5|pcl5)_1 and \d+ more: taken away",
        "Each branch of ptsd_symptoms asks for its own measure beside its total, so the total of the "
        "other is not needed; and while no measure is chosen, the other branch keeps the criterion "
        "unknown.",
        proof_cases.measures,
    ),
    Equivalent(
        r"gate of anxiety_other_date: (taken away|anxiety_other_scale one_of .*'none'.*)",
        "The date only ages the three entered totals. Where none of the scales is chosen, none was "
        "administered, and every comparison with one is false, whatever the date.",
        proof_cases.other_scales,
    ),
    Equivalent(
        r"(systolic|diastolic): when_hidden taken away",
        "Both numbers share a gate: while it is closed, the other one is still unknown, and any() of an "
        "unknown and a false is unknown.",
        proof_cases.blood_pressure,
    ),
    Equivalent(
        r"pain_condition(_studied)? / any 1 / all 1 / any 1 / all 1 \(fm_wpi\): "
        r"(operand taken away|fm_wpi at_most 7)",
        "A WPI of 7 or more with an SSS of 9 or more already matches the first branch (WPI 7, SSS 5).",
        proof_cases.fibromyalgia,
    ),
    Equivalent(
        r"consideration alcohol_screen, unless / all 1 \(auditc_total\): auditc_total is 3",
        "`unless` only matters where the total is at least 3 or may be; a total that is known to be at "
        "most 3 and isn't 3 never raises it, and one with an open answer goes up to 4 or more.",
        proof_cases.alcohol,
    ),
)
