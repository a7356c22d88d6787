"""The scores of the shipped documents: what they add up, when they are too old, and what their bands say."""

from datetime import date, timedelta
from typing import Any

import pytest

from screening.engine import evaluate
from tests.engine.shipped.documents import MAIN, SHORT_MEASURES, definition, document
from tests.engine.shipped.proof_cases import answered

DAY = date(2026, 11, 23)


def numbered(stem: str, last: int) -> list[str]:
    return [f"{stem}_{i}" for i in range(1, last + 1)]


# key -> (kind, items, dated by)
SCORES = {
    "phq9_total": ("sum", numbered("phq9", 9), "phq9_date"),
    "gad7_total": ("sum", numbered("gad7", 7), "gad7_date"),
    "spin_score": ("sum", ["spin_total"], "anxiety_other_date"),
    "mini_spin_score": ("sum", ["mini_spin_total"], "anxiety_other_date"),
    "pdss_score": ("sum", ["pdss_total"], "anxiety_other_date"),
    "pcptsd5_total": ("sum", numbered("pcptsd5", 5), "ptsd_measure_date"),
    "pcl5_total": ("sum", numbered("pcl5", 20), "ptsd_measure_date"),
    "peg_mean": ("mean", numbered("peg", 3), "peg_date"),
    "auditc_total": ("sum", numbered("auditc", 3), None),
}
BANDS = {
    "phq9": [(0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately severe"), (20, "severe")],
    "gad7": [(0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")],
}
ITEMS = {"phq9": 9, "gad7": 7}


def test_the_scores_are_these_and_dated_ones_count_for_thirty_days():
    found = {s["key"]: (s["kind"], s["of"], s.get("dated_by")) for s in document(MAIN)["scores"]}
    assert found == SCORES
    ages = {s["key"]: s.get("max_age_days") for s in document(MAIN)["scores"]}
    assert ages == {key: 30 if dated_by else None for key, (_, _, dated_by) in SCORES.items()}


def test_only_the_phq9_and_the_gad7_have_bands():
    assert {s["key"] for s in document(MAIN)["scores"] if "bands" in s} == {"phq9_total", "gad7_total"}


@pytest.mark.parametrize("document_key", [MAIN, "own"])
@pytest.mark.parametrize("key", BANDS)
def test_each_total_falls_in_its_band(key: str, document_key: str):
    of = definition(MAIN if document_key == MAIN else key)
    for total in range(3 * ITEMS[key] + 1):
        expected = [label for start, label in BANDS[key] if start <= total][-1]
        assert finding(of, key, total).band == expected, total


def finding(of: Any, key: str, total: int) -> Any:
    left, points = total, []
    for _ in range(ITEMS[key]):
        points.append(min(3, left))
        left -= points[-1]
    items = {f"{key}_{i}": str(p) for i, p in enumerate(points, 1)}
    values = {**items, f"{key}_date": "2026-11-23", "anxiety_recorded": True}
    asked = {question.key for question in of.questions}
    answers = answered({k: v for k, v in values.items() if k in asked})
    return evaluate(of, answers, DAY).scores[f"{key}_total"]


def test_a_band_is_named_only_where_the_open_items_cannot_leave_it():
    of = definition()
    seven = {f"phq9_{i}": "1" for i in range(1, 9)} | {"phq9_date": "2026-11-23"}
    found = evaluate(of, answered(seven), DAY).scores["phq9_total"]
    assert (found.low, found.high, found.complete, found.band) == (8, 11, False, None)
    five = {f"phq9_{i}": "2" if i < 3 else "0" for i in range(1, 9)} | {"phq9_9": "1"}
    del five["phq9_8"]
    found = evaluate(of, answered(five), DAY).scores["phq9_total"]
    assert (found.low, found.high, found.band) == (5, 8, "mild")


@pytest.mark.parametrize("key", SHORT_MEASURES)
def test_a_short_measure_is_too_old_after_thirty_days(key: str):
    of = definition(key)
    dated_by = of.scores[0].dated_by
    assert dated_by is not None
    for days, stale in ((0, False), (30, False), (31, True)):
        answers = answered({dated_by: (DAY - timedelta(days=days)).isoformat(), **_all_ones(key)})
        assert evaluate(of, answers, DAY).scores[of.scores[0].key].stale is stale


def _all_ones(key: str) -> dict[str, Any]:
    return dict.fromkeys(definition(key).scores[0].of, 1 if key == "peg" else "1")


def test_a_pain_mean_is_exact_and_rounded_only_in_print():
    of = definition("peg")
    answers = answered({"peg_1": 3, "peg_2": 4, "peg_3": 4, "peg_date": "2026-11-23"})
    found = evaluate(of, answers, DAY).scores["peg_mean"]
    assert (found.low, found.high) == (3.67, 3.67)
