"""The vignettes of the shipped documents agree with their rules, and show each outcome, state and trap."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from screening.engine import ConsiderationState, CriterionState, Outcome, Vignette, check, run_vignettes
from tests.engine.shipped.documents import ALL, MAIN, QUESTIONNAIRES, ROOT, definition

PRESENT, NOT, UNSETTLED = (
    Outcome.INDICATORS_PRESENT,
    Outcome.INDICATORS_NOT_PRESENT,
    Outcome.NOT_ENOUGH_INFORMATION,
)


def vignettes() -> dict[str, Vignette]:
    return {vignette.key: vignette for vignette in definition().vignettes}


@pytest.mark.parametrize("key", ALL)
def test_every_vignette_finds_what_it_expects(key: str):
    assert [str(p) for result in run_vignettes(definition(key)) for p in result.problems] == []


@pytest.mark.parametrize("key", ALL)
def test_nothing_stands_in_the_way_of_publishing(key: str):
    """The only warnings are of `unless` that asks whether a question that can be hidden was answered.

    It is shown whenever the same consideration's `when` is true, so hiding it can't silence anything.
    """
    found = check(definition(key))
    assert [str(problem) for problem in found if not problem.warning] == []
    warned = sorted(p.problem.split(" of ")[1].split(",")[0] for p in found)
    assert warned == (["cssrs_3", "cssrs_4", "cssrs_5", "cssrs_6_recent"] if key == MAIN else [])


@pytest.mark.parametrize("key", ALL)
def test_the_command_finds_no_problem_and_answers_zero(key: str):
    path = QUESTIONNAIRES / f"{key}.json"
    command = [sys.executable, "-m", "screening.engine", "check", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["problems"]) == (0, [])


def test_each_indication_is_expected_present_not_present_and_unsettled():
    seen = {
        indication.key: {v.indications[indication.key] for v in definition().vignettes}
        for indication in definition().indications
    }
    assert seen == {key: {PRESENT, NOT, UNSETTLED} for key in seen}


def test_every_vignette_expects_all_four_outcomes():
    keys = {indication.key for indication in definition().indications}
    assert [v.key for v in definition().vignettes if set(v.indications) != keys] == []


def test_each_consideration_is_expected_raised_not_raised_and_not_assessed():
    seen: dict[str, set[str]] = {consideration.key: set() for consideration in definition().considerations}
    for vignette in definition().vignettes:
        for key, state in vignette.considerations.items():
            seen[key].add(state)
    assert seen == {key: set(ConsiderationState) for key in seen}


def test_each_criterion_is_seen_met_not_met_and_unknown():
    seen: dict[str, set[str]] = {}
    for result in run_vignettes(definition()):
        assert result.findings is not None
        for finding in result.findings.indications.values():
            for key, state in finding.criteria.items():
                seen.setdefault(key, set()).add(state)
    met, unmet, unknown = CriterionState.MET, CriterionState.NOT_MET, CriterionState.UNKNOWN
    for indication in definition().indications:
        for criterion in indication.criteria:
            judged = CriterionState.PROVIDER_JUDGES if criterion.provider_judges else unmet
            assert seen[criterion.key] == {met, judged, unknown}, criterion.key


def test_each_criterion_for_the_provider_to_judge_is_once_all_that_stands_between():
    alone = set()
    for result in run_vignettes(definition()):
        assert result.findings is not None
        for finding in result.findings.indications.values():
            rest = [key for key, state in finding.criteria.items() if state != CriterionState.MET]
            if len(rest) == 1 and finding.criteria[rest[0]] is CriterionState.PROVIDER_JUDGES:
                assert finding.outcome is UNSETTLED
                alone.add(rest[0])
    judged = {c.key for i in definition().indications for c in i.criteria if c.provider_judges}
    assert alone == judged


# --- the traps: what must be true of the answers, and what must be expected


def value(vignette: Vignette, key: str) -> Any:
    return _value(vignette.answers.get(key))


def _value(answer: Any) -> Any:
    return answer.get("value") if isinstance(answer, Mapping) else None


def entries(vignette: Vignette, key: str) -> list[dict[str, Any]]:
    answer: Any = vignette.answers[key]
    return [{k: _value(a) for k, a in row.items()} for row in answer["entries"]]


def phq9(vignette: Vignette) -> list[int]:
    return [
        int(value(vignette, f"phq9_{i}")) for i in range(1, 10) if value(vignette, f"phq9_{i}") is not None
    ]


def expects(indication: str, outcome: Outcome, **considerations: str) -> Callable[[Vignette], bool]:
    def holds(vignette: Vignette) -> bool:
        return vignette.indications[indication] == outcome and all(
            vignette.considerations.get(key) == state for key, state in considerations.items()
        )

    return holds


def _same_drug_twice(vignette: Vignette, drug: str) -> bool:
    return [row["trial_drug"] for row in entries(vignette, "trials")] == [drug, drug]


TRAPS: dict[str, tuple[Callable[[Vignette], bool], Callable[[Vignette], bool]]] = {
    "question 9 and the screener blank": (
        lambda v: not v.answers.keys() & {"phq9_9", "cssrs_1", "cssrs_2", "cssrs_6"} and len(phq9(v)) == 8,
        expects("trd", PRESENT, suicide_screen_due="not_assessed"),
    ),
    "one PHQ-9 question missing at 9 points": (
        lambda v: len(phq9(v)) == 8 and sum(phq9(v)) == 9,
        expects("trd", UNSETTLED),
    ),
    "a PHQ-9 of 31 days, question 9 above zero": (
        lambda v: value(v, "phq9_date") == (v.as_of - timedelta(days=31)).isoformat() and sum(phq9(v)) >= 10,
        expects("trd", UNSETTLED, suicide_screen_due="raised"),
    ),
    "two trials of one medicine on a complete list": (
        lambda v: (
            "trials" in v.answers
            and value(v, "trials_complete") is True
            and _same_drug_twice(v, "sertraline")
        ),
        expects("trd", NOT),
    ),
    "two other medicines": (lambda v: _same_drug_twice(v, "other"), expects("trd", UNSETTLED)),
    "a list that is not complete": (
        lambda v: len(entries(v, "trials")) == 1 and value(v, "trials_complete") is False,
        expects("trd", UNSETTLED),
    ),
    "a gate answered no with answers kept behind it": (
        lambda v: value(v, "mdd_recorded") is False and len(entries(v, "trials")) == 2,
        expects("trd", NOT),
    ),
    "PCL-5 not administered, its points kept": (
        lambda v: value(v, "ptsd_measure") == "pcptsd5" and value(v, "pcl5_1") is not None,
        expects("ptsd", NOT),
    ),
    "bipolar disorder recorded": (
        lambda v: value(v, "bipolar_history") is True and len(phq9(v)) == 9,
        expects("trd", UNSETTLED, bipolar_history="raised"),
    ),
    "under 18 with everything else met": (
        lambda v: value(v, "age") == 17 and len(phq9(v)) == 9,
        expects("trd", UNSETTLED, under_18="raised"),
    ),
    "everything declined": (
        lambda v: len(v.answers) > 80 and all(a == {"unknown": "declined"} for a in v.answers.values()),
        expects("trd", UNSETTLED, suicide_high="not_assessed", under_18="not_assessed"),
    ),
    "the screener partly answered with question 9 above zero": (
        lambda v: value(v, "phq9_9") == "1" and value(v, "cssrs_1") is False and "cssrs_6" not in v.answers,
        expects("trd", NOT, suicide_screen_due="raised"),
    ),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_each_trap_has_a_vignette(trap: str):
    is_it, expected = TRAPS[trap]
    found = [v for v in definition().vignettes if _holds(is_it, v)]
    assert found
    assert [v.key for v in found if expected(v)]


def _holds(condition: Callable[[Vignette], bool], vignette: Vignette) -> bool:
    try:
        return condition(vignette)
    except (KeyError, TypeError):
        return False


def test_whole_intakes_expect_the_state_of_every_consideration():
    keys = {consideration.key for consideration in definition().considerations}
    whole = [v.key for v in definition().vignettes if set(v.considerations) == keys]
    assert len(whole) >= 12
    assert {"typical_intake", "nothing_answered", "everything_declined", "every_consideration"} <= set(whole)


def test_no_vignette_is_dated_after_the_documents_sources_were_reviewed():
    assert {v.as_of for v in _all_vignettes()} == {date(2026, 11, 23)}


def _all_vignettes() -> Iterator[Vignette]:
    for key in ALL:
        yield from definition(key).vignettes
