"""What can happen: an example shows that it does, a proof that it never does."""

import pytest

from screening.verification.report import Asked
from tests.engine.documents import (
    answers,
    consideration,
    criterion,
    document,
    entries,
    indication,
    question,
    score,
    section,
)
from tests.verification.proved import DOES_NOT_HOLD, HOLDS, against, example, result, said

YES = {"fact": "q", "is": True}
NO = {"fact": "q", "is": False}


def rule(when, **more):
    return document(considerations=[consideration(when, **more)])


def criteria(*whens, sections=(), **more):
    made = [criterion(when, f"c{index}", **more) for index, when in enumerate(whens)]
    return document(*sections, indications=[indication(*made)])


def test_a_question_is_shown_where_answers_open_its_gate():
    written = document(section(question("q"), question("asked", shown_when=YES)))
    assert said(written, Asked.QUESTION_SHOWN, "asked") is HOLDS
    assert example(written, Asked.QUESTION_SHOWN, "asked") == answers(q=True)


def test_a_question_whose_gates_contradict_each_other_over_several_questions_is_never_shown():
    written = document(
        section(
            question("q"),
            question("first", shown_when=YES),
            question("second", shown_when={"fact": "first", "is": True}),
            question("asked", shown_when={"all": [{"fact": "second", "is": True}, NO]}),
        )
    )
    assert against(written) == {(Asked.QUESTION_SHOWN, ("asked",))}
    assert example(written, Asked.QUESTION_SHOWN, "asked") is None


def test_a_section_and_its_question_can_contradict_each_other():
    written = document(
        section(question("q")), section(question("asked", shown_when=NO), key="later", shown_when=YES)
    )
    assert against(written) == {(Asked.QUESTION_SHOWN, ("asked",))}


def test_a_question_inside_a_list_is_shown_where_an_entry_opens_its_gate():
    inner = [question("kind", "one_choice"), question("why", "text", shown_when={"fact": "kind", "is": "2"})]
    rows = question("rows", "entries", entry=inner)
    written = document(section(rows))
    assert example(written, Asked.QUESTION_SHOWN, "rows", "why") == {"rows": entries({"kind": "2"})}


def test_a_question_inside_a_list_that_no_entry_shows():
    gate = {"all": [{"fact": "kind", "is": "2"}, {"fact": "kind", "at_most": 1}]}
    inner = [question("kind", "one_choice"), question("why", "text", shown_when=gate)]
    written = document(section(question("rows", "entries", entry=inner)))
    assert against(written) == {(Asked.QUESTION_SHOWN, ("rows", "why"))}


def test_a_criterion_that_can_be_met_not_met_and_unknown():
    written = criteria(YES)
    assert against(written) == set()
    keys = ("indication", "c0")
    assert example(written, Asked.CRITERION_MET, *keys) == answers(q=True)
    assert example(written, Asked.CRITERION_NOT_MET, *keys) == answers(q=False)
    assert example(written, Asked.CRITERION_UNKNOWN, *keys) == {}


def test_a_dead_criterion_takes_its_indication_along():
    written = criteria({"all": [YES, NO]})
    assert against(written) == {
        (Asked.CRITERION_MET, ("indication", "c0")),
        (Asked.PRESENT, ("indication",)),
    }


def test_criteria_that_contradict_each_other_leave_an_outcome_unreachable():
    assert against(criteria(YES, NO)) == {(Asked.PRESENT, ("indication",))}


def test_a_criterion_for_the_provider_to_judge_is_never_against_anything():
    written = criteria(YES, if_not_met="provider_judges")
    assert against(written) == set()
    assert example(written, Asked.CRITERION_JUDGED, "indication", "c0") == answers(q=False)


def test_a_threshold_beyond_a_score_is_dead():
    written = document(
        section(question("a", "one_choice"), question("b", "one_choice")),
        scores=[score("total", "a", "b")],
        considerations=[consideration({"fact": "total", "at_least": 7})],
    )
    assert (Asked.RAISED, ("rule",)) in against(written)


def test_a_threshold_that_a_score_just_reaches_is_alive():
    written = document(
        section(question("a", "one_choice"), question("b", "one_choice")),
        scores=[score("total", "a", "b")],
        considerations=[consideration({"fact": "total", "at_least": 6})],
    )
    assert against(written) == set()
    assert example(written, Asked.RAISED, "rule") == answers(a="3", b="3")


def between(key, low, high):
    return {"all": [{"fact": key, "at_least": low}, {"fact": key, "at_most": high}]}


def test_a_mean_is_compared_exactly():
    written = document(
        section(*(question(key, "number", minimum=0, maximum=10) for key in "abc")),
        scores=[score("mean", "a", "b", "c", kind="mean")],
        considerations=[
            consideration(
                {"all": [{"fact": "mean", "at_least": 3.4}, {"fact": "mean", "at_most": 3.6}]}, "no"
            ),
            consideration(
                {"all": [{"fact": "mean", "at_least": 3.3}, {"fact": "mean", "at_most": 3.4}]}, "yes"
            ),
        ],
    )
    assert {about for about in against(written) if about[0] is Asked.RAISED} == {(Asked.RAISED, ("no",))}


def test_a_score_that_is_always_too_old_never_raises_anything():
    dated = question("day", "date")
    rules = [
        consideration({"all": [{"fact": "total", "at_least": 1}, {"fact": "day", "at_most": "2000-01-01"}]})
    ]
    scores = [score("total", "q", dated_by="day", max_age_days=0)]
    written = document(section(question("q"), dated), scores=scores, considerations=rules)
    witness = result(written, Asked.RAISED, "rule").witness
    assert witness is not None and witness.answers["day"] == {"value": witness.as_of.isoformat()}
    assert witness.as_of.isoformat() <= "2000-01-01"


@pytest.mark.parametrize("distinct, wanted", [(None, HOLDS), ("kind", DOES_NOT_HOLD)])
def test_entries_can_be_many_and_of_one_kind(distinct, wanted):
    """Only yes and no tell the entries apart: three different ones there never are."""
    inner = [question("kind"), question("helped")]
    count = {"of": "rows", "where": {"fact": "helped", "is": False}, "at_least": 3, "complete": "whole"}
    when = {"count": {**count, "distinct_by": distinct} if distinct else count}
    sections = section(question("rows", "entries", entry=inner), question("whole"))
    written = document(sections, considerations=[consideration(when)])
    assert said(written, Asked.RAISED, "rule") is wanted
    if wanted is HOLDS:
        assert example(written, Asked.RAISED, "rule") == {"rows": entries(*[{"helped": False}] * 3)}


def test_a_consideration_that_says_the_same_whatever_is_answered():
    written = document(
        section(question("n", "number", minimum=0, maximum=5)),
        considerations=[consideration({"fact": "n", "at_least": 0})],
    )
    assert against(written) == {(Asked.NOT_RAISED, ("rule",))}


def test_what_silences_a_consideration_always_leaves_it_dead():
    assert against(rule(YES, unless=YES)) == {(Asked.RAISED, ("rule",))}


def test_a_scope_that_nobody_is_in_leaves_no_outcome_but_one():
    written = document(
        section(question("q"), question("age", "number", minimum=0, maximum=120)),
        scope={"statement": "Nobody", "when": {"fact": "age", "at_least": 121}},
        indications=[indication(criterion(YES, "c0"))],
    )
    assert against(written) == {
        (Asked.SCOPE_MET, ()),
        (Asked.PRESENT, ("indication",)),
        (Asked.NOT_PRESENT, ("indication",)),
    }


def band(start, label):
    return {"from": start, "label": label}


def test_bands_that_start_at_once_leave_one_without_a_score():
    written = document(
        section(question("a", "one_choice")),
        scores=[
            score(
                "total",
                "a",
                bands=[{"from": 0, "label": "low"}, {"from": 2, "label": "x"}, {"from": 2, "label": "y"}],
            )
        ],
    )
    assert against(written) == {(Asked.BAND_NAMED, ("total", "1"))}


def test_a_short_measure_without_indications_has_nothing_against_it():
    written = document(section(question("a", "one_choice")), scores=[score("total", "a")])
    assert against(written) == set()
