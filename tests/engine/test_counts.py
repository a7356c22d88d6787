"""Counts over lists: matching, unknown and different values, with the list complete or not."""

from __future__ import annotations

import pytest

from tests.engine.documents import answers, entries, question, section, truth

TRIALS = question(
    "trials", "entries", entry=[question("drug", "one_choice", choices="drugs"), question("ok")]
)
ASKED = section(TRIALS, question("complete"))


def count(at_least: int = 2, **more) -> dict:
    """Entries in which `ok` is yes."""
    where = {"fact": "ok", "is": True}
    return {"count": {"of": "trials", "where": where, "at_least": at_least, "complete": "complete", **more}}


def rows(letters: str) -> dict:
    """One entry a letter: y yes, n no, u unknown."""
    return entries(*({"ok": {"y": True, "n": False, "u": ...}[letter]} for letter in letters))


COMPLETE = {"yes": answers(complete=True), "no": answers(complete=False), "blank": {}}


@pytest.mark.parametrize("complete", COMPLETE)
@pytest.mark.parametrize(
    ("letters", "when_complete", "when_not"),
    [
        ("", False, None),
        ("n", False, None),
        ("y", False, None),
        ("yn", False, None),
        ("nu", False, None),
        ("yu", None, None),
        ("uu", None, None),
        ("yy", True, True),
        ("yyu", True, True),
        ("yny", True, True),
    ],
)
def test_a_count_is_false_only_if_the_list_is_complete(letters, when_complete, when_not, complete):
    given = {"trials": rows(letters), **COMPLETE[complete]}
    expected = when_complete if complete == "yes" else when_not
    assert truth(count(), ASKED, given=given) is expected


@pytest.mark.parametrize("complete", COMPLETE)
@pytest.mark.parametrize(
    "trials", [{}, {"trials": {"unknown": "not_known"}}, {"trials": {"unknown": "declined"}}]
)
def test_an_unknown_list_leaves_the_count_unknown_whatever_complete_says(trials, complete):
    assert truth(count(1), ASKED, given={**trials, **COMPLETE[complete]}) is None


def drugs(text: str) -> dict:
    """Entries such as `ay bu ?y oy`: a drug (a, b, o for other, ? for unknown) and a letter for `ok`."""
    names = {"a": "a", "b": "b", "o": "other", "?": ...}
    marks = {"y": True, "n": False, "u": ...}
    return entries(*({"drug": names[one[0]], "ok": marks[one[1]]} for one in text.split()))


@pytest.mark.parametrize(
    ("text", "when_complete", "when_not"),
    [
        ("ay by", True, True),
        ("ay ay", False, None),
        ("ay ay ay", False, None),
        ("ay bn", False, None),
        ("ay bu", None, None),
        ("au bu", None, None),
        ("ay au", False, None),
        # "other" is one more value, and two of them may be two
        ("ay oy", True, True),
        ("oy", False, None),
        ("oy oy", None, None),
        ("oy ou", None, None),
        ("oy on", False, None),
        # an entry without a value adds nothing, and may be one more
        ("ay ?y", None, None),
        ("?y", False, None),
        ("?y ?y", None, None),
        ("?y ?n", False, None),
        ("ay by ?y", True, True),
        ("?u", False, None),
        ("?u ?u", None, None),
        ("an bn oy", False, None),
    ],
)
def test_distinct_values(text, when_complete, when_not):
    when = count(distinct_by="drug")
    assert truth(when, ASKED, given={"trials": drugs(text), "complete": {"value": True}}) is when_complete
    assert truth(when, ASKED, given={"trials": drugs(text), "complete": {"value": False}}) is when_not


def test_matching_entries_without_any_value_are_one_together():
    given = {"trials": drugs("?y ?y ?y")}
    assert truth(count(1, distinct_by="drug"), ASKED, given=given) is True


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("yes_no", [True, False], True),
        ("yes_no", [True, True], False),
        ("number", [1, 2], True),
        ("number", [1, 1.0], False),
        ("date", ["2026-01-01", "2026-01-02"], True),
        ("date", ["2026-01-01", "2026-01-01"], False),
    ],
)
def test_entries_are_told_apart_by_other_kinds(kind, values, expected):
    asked = section(
        question("trials", "entries", entry=[question("by", kind), question("ok")]), question("complete")
    )
    given = {
        "trials": entries(*({"by": value, "ok": True} for value in values)),
        "complete": {"value": True},
    }
    assert truth(count(distinct_by="by"), asked, given=given) is expected


GATE = {"shown_when": {"fact": "gate", "is": True}}
GATED = section(question("gate"), {**TRIALS, **GATE}, question("complete", **GATE))


@pytest.mark.parametrize(
    ("gate", "expected"), [({"gate": {"value": False}}, False), ({}, None), ({"gate": {"value": True}}, True)]
)
def test_a_hidden_list_counts_none_and_complete(gate, expected):
    """What is kept behind a gate that isn't true is not read, `complete` included."""
    kept = {"trials": rows("yy"), "complete": {"value": False}}
    assert truth(count(), GATED, given={**gate, **kept}) is expected


def test_a_hidden_list_declared_unknown_leaves_the_count_unknown():
    unknown = {**GATE, "when_hidden": {"unknown": "not_known"}}
    asked = section(question("gate"), {**TRIALS, **unknown}, question("complete", **GATE))
    assert truth(count(), asked, given=answers(gate=False)) is None


def test_a_condition_inside_looks_at_each_entry_alone():
    where = {"all": [{"fact": "ok", "is": True}, {"fact": "drug", "one_of": ["a", "b"]}]}
    when = {"count": {"of": "trials", "where": where, "at_least": 2, "complete": "complete"}}
    given = {"trials": drugs("ay bn oy ay"), "complete": {"value": True}}
    assert truth(when, ASKED, given=given) is True
    given = {"trials": drugs("ay bn oy"), "complete": {"value": True}}
    assert truth(when, ASKED, given=given) is False


ENTRY_GATE = {"shown_when": {"fact": "drug", "is": "a"}}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"drug": "a", "ok": True}, True),
        ({"drug": "a"}, None),
        # hidden: counts as no, whatever is kept
        ({"drug": "b", "ok": True}, False),
        # behind an unknown gate
        ({"ok": True}, None),
    ],
)
def test_a_question_inside_an_entry_can_be_hidden_by_an_earlier_one(row, expected):
    entry = [question("drug", "one_choice", choices="drugs"), question("ok", **ENTRY_GATE)]
    asked = section(question("trials", "entries", entry=entry), question("complete"))
    given = {"trials": entries(row), "complete": {"value": True}}
    assert truth(count(1), asked, given=given) is expected


def test_a_hidden_value_to_tell_apart_by_is_like_an_unknown_one():
    entry = [
        question("ok"),
        question("drug", "one_choice", choices="drugs", shown_when={"fact": "ok", "is": False}),
    ]
    asked = section(question("trials", "entries", entry=entry), question("complete"))
    given = {"trials": entries({"ok": True}, {"ok": True}), "complete": {"value": True}}
    assert truth(count(2, distinct_by="drug"), asked, given=given) is None
    assert truth(count(1, distinct_by="drug"), asked, given=given) is True
