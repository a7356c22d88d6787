"""What is so for all answers: a proof shows that it is, an example that it isn't."""

from screening.verification.report import Asked
from tests.engine.documents import (
    answers,
    consideration,
    criterion,
    document,
    indication,
    question,
    score,
    section,
)
from tests.verification.proved import DOES_NOT_HOLD, HOLDS, against, example, result, said

HIGH = {"fact": "total", "at_least": 3}
TWO = [question("a", "one_choice"), question("b", "one_choice")]


def urgent(when, *questions, scores=(), **more):
    rules = [consideration(when, level="urgent", **more)]
    return document(section(*questions), scores=list(scores), considerations=rules)


def test_bands_from_the_lowest_score_have_no_gap():
    written = document(section(*TWO), scores=[score("total", "a", "b", bands=[{"from": 0, "label": "all"}])])
    assert against(written) == set()


def test_a_score_below_the_first_band_lies_in_none():
    written = document(section(*TWO), scores=[score("total", "a", "b", bands=[{"from": 1, "label": "some"}])])
    assert against(written) == {(Asked.BANDS_WHOLE, ("total",))}
    assert example(written, Asked.BANDS_WHOLE, "total") == answers(a="0", b="0")


def test_an_urgent_rule_over_an_answer_is_never_silenced():
    assert against(urgent({"fact": "a", "at_least": 1}, *TWO)) == set()


def test_an_urgent_rule_may_be_silenced_by_its_own_unless():
    written = urgent(
        {"fact": "q", "is": True}, question("q"), question("p"), unless={"fact": "p", "is": True}
    )
    assert said(written, Asked.URGENT_KEPT, "rule") is HOLDS


def test_an_urgent_rule_over_a_score_that_can_be_too_old_is_silenced_by_its_age():
    """Its answers stand on the screen, and only the date is missing."""
    dated = score("total", "a", "b", dated_by="day", max_age_days=30)
    written = urgent(HIGH, *TWO, question("day", "date"), scores=[dated])
    assert against(written) == {(Asked.URGENT_KEPT, ("rule",))}
    found = example(written, Asked.URGENT_KEPT, "rule")
    assert found is not None and set(found) <= {"a", "b", "day"}


def test_an_urgent_rule_over_a_score_of_any_age_is_kept():
    assert against(urgent(HIGH, *TWO, scores=[score("total", "a", "b")])) == set()


def of_items_behind_a_gate():
    """A total that is out of reach only while nobody knows whether it is taken at all."""
    gate = {"fact": "q", "is": True}
    return document(
        section(question("q"), question("a", shown_when=gate), question("day", "date")),
        scores=[score("total", "a", dated_by="day", max_age_days=30)],
        indications=[indication(criterion({"fact": "total", "at_least": 2}, "beyond"))],
    )


def test_a_settled_outcome_that_one_more_answer_opens_again():
    found = result(of_items_behind_a_gate(), Asked.INDICATION_LASTS, "indication")
    assert found.state is DOES_NOT_HOLD
    assert found.witness is not None
    assert (found.witness.fewer, found.witness.answers) == ({}, answers(q=True))


def test_outcomes_over_gates_scores_and_lists_last():
    inner = [question("drug", "one_choice", choices="drugs"), question("helped")]
    count = {"of": "rows", "where": {"fact": "helped", "is": False}, "at_least": 2, "distinct_by": "drug"}
    rows = question("rows", "entries", entry=inner, shown_when={"fact": "q", "is": True})
    written = document(
        section(question("q"), rows, question("whole", shown_when={"fact": "q", "is": True}), *TWO),
        scores=[score("total", "a", "b")],
        indications=[
            indication(criterion({"count": {**count, "complete": "whole"}}, "tried"), criterion(HIGH, "high"))
        ],
    )
    assert against(written) == set()


def test_real_answers_to_all_that_is_shown_settle_it():
    written = document(
        section(*TWO), scores=[score("total", "a", "b")], indications=[indication(criterion(HIGH))]
    )
    assert said(written, Asked.INDICATION_SETTLED, "indication") is HOLDS


def told_apart_by_a_hidden_question():
    inner = [question("helped"), question("drug", "one_choice", shown_when={"fact": "helped", "is": True})]
    count = {"of": "rows", "where": {"fact": "helped", "is": False}, "at_least": 1, "distinct_by": "drug"}
    count = {"count": {**count, "at_least": 2, "complete": "whole"}}
    return document(
        section(question("rows", "entries", entry=inner), question("whole")),
        indications=[indication(criterion(count))],
        considerations=[consideration(count)],
    )


def test_entries_told_apart_by_a_question_that_is_hidden_leave_it_open():
    """Two entries without a value may be one and the same, and nothing more can be answered."""
    written = told_apart_by_a_hidden_question()
    for asked, key in ((Asked.INDICATION_SETTLED, "indication"), (Asked.CONSIDERATION_SETTLED, "rule")):
        found = example(written, asked, key)
        assert found is not None
        assert found["whole"] == {"value": True}
        assert [row["helped"] for row in found["rows"]["entries"]].count({"value": False}) >= 2


def test_what_the_design_leaves_open_is_not_held_against_a_rule():
    """An undated score, what the provider judges, other drugs, an incomplete list, a hidden unknown."""
    inner = [question("drug", "one_choice", choices="drugs"), question("helped")]
    count = {"of": "rows", "where": {"fact": "helped", "is": False}, "at_least": 2, "distinct_by": "drug"}
    gate = {"shown_when": {"fact": "q", "is": True}, "when_hidden": {"unknown": "not_known"}}
    written = document(
        section(
            question("q"),
            question("n", "number", minimum=0, maximum=9, **gate),
            question("rows", "entries", entry=inner),
            question("whole"),
            question("day", "date"),
            *TWO,
        ),
        scores=[score("total", "a", "b", dated_by="day", max_age_days=30)],
        indications=[
            indication(
                criterion(HIGH, "high"),
                criterion({"count": {**count, "complete": "whole"}}, "tried"),
                criterion({"fact": "n", "at_least": 3}, "measured"),
                criterion({"fact": "q", "is": True}, "judged", if_not_met="provider_judges"),
            )
        ],
    )
    assert said(written, Asked.INDICATION_SETTLED, "indication") is HOLDS


def test_a_total_of_twenty_items_behind_a_gate_lasts():
    keys = [f"i{number}" for number in range(20)]
    items = [question(key, "one_choice", shown_when={"fact": "q", "is": True}) for key in keys]
    written = document(
        section(question("q"), *items),
        scores=[score("total", *keys)],
        indications=[indication(criterion({"fact": "total", "at_least": 33}))],
    )
    assert against(written) == set()
