"""Two versions: answers for which they say different things, or the proof that there are none."""

from datetime import date

import pytest

from screening.engine import evaluate, parse
from screening.verification.report import Asked, Note
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
from tests.verification.proved import DOES_NOT_HOLD, HOLDS, example, result, said

P, Q, R = ({"fact": key, "is": True} for key in "pqr")
PAIRS = [[P, Q], [P, R], [Q, R]]
THREE = [question(key) for key in "pqr"]


def rule(when, *questions, **more):
    parts = {key: more.pop(key) for key in ("scores", "choice_sets") if key in more}
    made = [consideration(when, **more)]
    return document(section(*(questions or THREE)), considerations=made, **parts)


def compared(now, before):
    return result(now, Asked.SAME_STATE, "rule", before=before)


@pytest.mark.parametrize(
    "now, before",
    [
        ({"not": {"all": [P, Q]}}, {"any": [{"not": P}, {"not": Q}]}),
        ({"any": [P, {"all": [Q, R]}]}, {"any": [{"all": [R, Q]}, P]}),
        (
            {"some": {"at_least": 2, "of": [P, Q, R]}},
            {"any": [{"all": pair} for pair in ([P, Q], [P, R], [Q, R])]},
        ),
        ({"fact": "p", "is_not": True}, {"fact": "p", "is": False}),
    ],
    ids=["De Morgan", "in another order", "some written out", "is not"],
)
def test_a_condition_written_otherwise_is_proved_to_say_the_same(now, before):
    found = compared(rule(now), rule(before))
    assert (found.state, found.note) == (HOLDS, Note.NONE)


def test_choices_written_one_by_one_say_the_same():
    asked = question("a", "one_choice")
    each = {"any": [{"fact": "a", "is": "2"}, {"fact": "a", "is": "3"}]}
    for now in ({"fact": "a", "one_of": ["2", "3"]}, {"fact": "a", "at_least": 2}):
        assert compared(rule(now, asked), rule(each, asked)).state is HOLDS


def test_a_rule_that_only_looks_the_same_differs_on_what_is_unknown():
    """No answer to q raises the first; but while it is open, so is the rule."""
    found = compared(rule({"any": [P, {"all": [Q, {"not": Q}]}]}), rule(P))
    assert found.state is DOES_NOT_HOLD
    assert found.witness is not None and found.witness.answers == answers(p=False)


def test_a_changed_threshold_is_found_with_the_answers_between():
    asked = question("n", "number", minimum=0, maximum=20)
    now, before = (rule({"fact": "n", "at_least": least}, asked) for least in (11, 10))
    assert example(now, Asked.SAME_STATE, "rule", before=before) == answers(n=10)


def test_a_changed_operator_is_found():
    now, before = rule({"all": [P, Q]}), rule({"any": [P, Q]})
    found = compared(now, before)
    assert found.state is DOES_NOT_HOLD
    states = [
        evaluate(parse(one), found.witness.answers, found.witness.as_of).considerations["rule"]
        for one in (now, before)
    ]
    assert states[0] != states[1]


def test_changed_points_of_a_choice_are_found():
    points = [{"key": key, "label": key, "points": n} for n, key in enumerate("0123")]
    more = [{**choice, "points": 2 * choice["points"]} for choice in points]
    asked, when = question("a", "one_choice"), {"fact": "total", "at_least": 2}
    now, before = (
        rule(when, asked, scores=[score("total", "a")], choice_sets={"points": made})
        for made in (more, points)
    )
    assert example(now, Asked.SAME_STATE, "rule", before=before) == answers(a="1")


def aged_score(days):
    return score("total", "q", dated_by="day", max_age_days=days)


def test_a_changed_age_of_a_score_is_found_on_the_day_between():
    asked = [question("q"), question("day", "date")]
    now, before = (
        rule({"fact": "total", "at_least": 1}, *asked, scores=[aged_score(days)]) for days in (31, 30)
    )
    witness = compared(now, before).witness
    assert (witness.as_of - date.fromisoformat(witness.answers["day"]["value"])).days == 31


def test_one_entry_more_is_found():
    inner = [question("helped")]
    asked = [question("rows", "entries", entry=inner), question("whole")]
    count = {"of": "rows", "where": {"fact": "helped", "is": False}, "complete": "whole"}
    now, before = (rule({"count": {**count, "at_least": n}}, *asked) for n in (3, 2))
    found = example(now, Asked.SAME_STATE, "rule", before=before)
    assert found == {"rows": entries({"helped": False}, {"helped": False})}


def test_words_alone_change_nothing():
    before = rule(P)
    now = {**before, "title": "Another title"}
    found = compared(now, before)
    assert (found.state, found.note) == (HOLDS, Note.SAME_RULES)


def test_a_gate_of_what_a_rule_reads_is_compared_too():
    now = rule(Q, question("p"), question("q", shown_when=P))
    before = rule(Q, question("p"), question("q"))
    assert compared(now, before).state is DOES_NOT_HOLD


def test_what_only_one_version_has_is_said():
    now = document(section(*THREE), considerations=[consideration(P, "new")])
    before = document(section(*THREE), indications=[indication(criterion(P), key="old")])
    added = result(now, Asked.SAME_STATE, "new", before=before)
    removed = result(now, Asked.SAME_OUTCOME, "old", before=before)
    assert (added.state, added.note, added.witness) == (DOES_NOT_HOLD, Note.ADDED, None)
    assert (removed.state, removed.note, removed.witness) == (DOES_NOT_HOLD, Note.REMOVED, None)


def test_a_question_that_only_one_version_has_is_read_by_that_one():
    now, before = rule({"any": [P, Q]}, *THREE), rule(P, question("p"))
    found = example(now, Asked.SAME_STATE, "rule", before=before)
    assert found is not None and set(found) <= {"p", "q"}


def test_a_question_of_another_kind_has_no_answer_that_fits_both():
    now = rule({"fact": "p", "at_least": 2}, question("p", "number", minimum=0, maximum=9))
    before = rule(P, question("p"))
    assert compared(now, before).state is HOLDS


def test_a_choice_that_only_one_version_has_fits_neither():
    longer = [{"key": str(n), "label": str(n), "points": n} for n in range(5)]
    asked = question("a", "one_choice")
    now = rule({"fact": "a", "one_of": ["3", "4"]}, asked, choice_sets={"points": longer})
    before = rule({"fact": "a", "is": "3"}, asked)
    assert compared(now, before).state is HOLDS


def test_what_the_provider_judges_changes_an_outcome():
    now, before = (
        document(section(*THREE), indications=[indication(criterion(P, "c", **more))])
        for more in ({"if_not_met": "provider_judges"}, {})
    )
    assert example(now, Asked.SAME_OUTCOME, "indication", before=before) == answers(p=False)


def test_a_changed_scope_changes_every_outcome():
    made = [indication(criterion(P), key="one"), indication(criterion(Q), key="two")]
    before = document(section(*THREE), indications=made)
    now = {**before, "scope": {"statement": "Some", "when": R}}
    for key in ("one", "two"):
        assert said(now, Asked.SAME_OUTCOME, key, before=before) is DOES_NOT_HOLD


def test_totals_of_many_items_are_compared_by_their_items():
    """A gate of twenty items that is written otherwise, and says the same."""
    keys = [f"i{number}" for number in range(20)]

    def made(**gate):
        rules = [consideration({"all": [P, {"fact": "total", "at_least": 33}]})]
        items = [question(key, "one_choice", **gate) for key in keys]
        return document(section(*THREE, *items), scores=[score("total", *keys)], considerations=rules)

    assert compared(made(shown_when=P), made(shown_when={"any": [P, {"all": [P, Q]}]})).state is HOLDS
