"""Scores as intervals, their age, and scores that were never administered."""

from __future__ import annotations

from datetime import date

import pytest

from screening.engine import ScoreFinding, evaluate
from tests.engine.documents import AS_OF, answers, consideration, defined, question, score, section, truth

ITEMS = ("one", "two", "three")
ASKED = section(*(question(key, "one_choice") for key in ITEMS))


def finding(*sections, given, as_of=AS_OF, **more) -> ScoreFinding:
    """What is found of the score `total` of the three items."""
    definition = defined(*sections, scores=[score("total", *more.pop("of", ITEMS), **more)])
    return evaluate(definition, given, as_of).scores["total"]


def interval(given, **more) -> tuple:
    found = finding(ASKED, given=given, **more)
    return found.low, found.high, found.complete


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answers(one="1", two="2", three="3"), (6, 6, True)),
        (answers(one="1", two="2"), (3, 6, False)),
        (answers(one="1", two=..., three={"unknown": "declined"}), (1, 7, False)),
        ({}, (0, 9, False)),
    ],
)
def test_a_missing_item_adds_its_lowest_and_its_highest(given, expected):
    assert interval(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answers(one="1", two="2", three="3"), (2, 2, True)),
        (answers(one="0", two="0", three="1"), (0.33, 0.33, True)),
        (answers(one="0", two="1", three="1"), (0.67, 0.67, True)),
        (answers(one="1", two="3"), (1.33, 2.33, False)),
    ],
)
def test_a_mean_divides_by_all_items_and_is_rounded_when_printed(given, expected):
    assert interval(given, kind="mean") == expected


@pytest.mark.parametrize(("eighths", "printed"), [(1, 0.13), (3, 0.38), (5, 0.63), (-1, -0.12), (-3, -0.37)])
def test_means_are_rounded_half_up(eighths, printed):
    asked = section(*(question(f"n{i}", "number", minimum=-9, maximum=9) for i in range(8)))
    given = answers(**{f"n{i}": eighths if i == 0 else 0 for i in range(8)})
    found = finding(asked, given=given, of=[f"n{i}" for i in range(8)], kind="mean")
    assert (found.low, found.high) == (printed, printed)


def test_a_mean_is_compared_exactly_and_not_as_printed():
    asked = section(*(question(key, "number", minimum=0, maximum=10) for key in ITEMS))
    given = answers(one=4, two=4, three=3)
    when = {"fact": "total", "at_least": 3.67}
    mean = [score("total", *ITEMS, kind="mean")]
    assert finding(asked, given=given, kind="mean").low == 3.67
    assert truth(when, asked, given=given, scores=mean) is False


def test_decimals_are_summed_exactly():
    asked = section(*(question(key, "number", minimum=0, maximum=1, decimals=1) for key in ITEMS))
    given = answers(one=0.1, two=0.2, three=0)
    sums = [score("total", *ITEMS)]
    assert truth({"fact": "total", "is": 0.3}, asked, given=given, scores=sums) is True
    assert finding(asked, given=given).low == 0.3


def test_a_yes_counts_one_and_a_number_its_value():
    asked = section(question("one"), question("two"), question("three", "number", minimum=2, maximum=5))
    assert finding(asked, given=answers(one=True, two=False, three=4)).low == 5
    blank = finding(asked, given={})
    assert (blank.low, blank.high) == (2, 7)


LOW_3_HIGH_6 = answers(one="1", two="2")


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ({"at_least": 3}, True),
        ({"at_least": 4}, None),
        ({"at_least": 6}, None),
        ({"at_least": 7}, False),
        ({"at_most": 6}, True),
        ({"at_most": 5}, None),
        ({"at_most": 3}, None),
        ({"at_most": 2}, False),
        ({"is": 2}, False),
        ({"is": 3}, None),
        ({"is": 6}, None),
        ({"is": 7}, False),
        ({"is_not": 2}, True),
        ({"is_not": 4}, None),
        ({"is_not": 7}, True),
    ],
)
def test_an_interval_is_compared_as_far_as_it_is_known(comparison, expected):
    when = {"fact": "total", **comparison}
    assert truth(when, ASKED, given=LOW_3_HIGH_6, scores=[score("total", *ITEMS)]) is expected


@pytest.mark.parametrize(("comparison", "expected"), [({"is": 6}, True), ({"is_not": 6}, False)])
def test_a_complete_score_is_one_number(comparison, expected):
    given = answers(one="1", two="2", three="3")
    when = {"fact": "total", **comparison}
    assert truth(when, ASKED, given=given, scores=[score("total", *ITEMS)]) is expected


DATED = section(*ASKED["questions"], question("day", "date"))
AGED = {"max_age_days": 30, "dated_by": "day"}
NINE = answers(one="3", two="3", three="3")


@pytest.mark.parametrize(
    ("day", "stale", "at_least_5"),
    [
        ({"value": "2026-11-23"}, False, True),
        ({"value": "2026-10-24"}, False, True),
        ({"value": "2026-10-23"}, True, None),
        ({"unknown": "not_known"}, None, None),
        ({"unknown": "declined"}, None, None),
        (None, None, None),
    ],
    ids=["today", "30 days", "31 days", "not known", "declined", "blank"],
)
def test_an_old_or_undated_score_is_unknown_to_rules_and_still_shown(day, stale, at_least_5):
    given = {**NINE, **({"day": day} if day else {})}
    found = finding(DATED, given=given, **AGED)
    assert found == ScoreFinding(9, 9, complete=True, stale=stale, administered=True, band=None)
    when = {"fact": "total", "at_least": 5}
    assert truth(when, DATED, given=given, scores=[score("total", *ITEMS, **AGED)]) is at_least_5
    never = {"fact": "total", "at_least": 10}
    not_reached = None if at_least_5 is None else False
    assert truth(never, DATED, given=given, scores=[score("total", *ITEMS, **AGED)]) is not_reached


def test_a_score_without_a_limit_is_never_old():
    given = {**NINE, "day": {"value": "1999-01-01"}}
    assert finding(DATED, given=given, dated_by="day").stale is False


def test_a_hidden_date_question_gives_no_age():
    asked = section(
        question("gate"),
        *ASKED["questions"],
        question("day", "date", shown_when={"fact": "gate", "is": True}),
    )
    assert finding(asked, given={**NINE, **answers(gate=False)}, **AGED).stale is False
    assert finding(asked, given={**NINE, **answers(gate=True)}, **AGED).stale is None
    assert finding(asked, given=NINE, **AGED).stale is None


def test_a_hidden_date_question_declared_unknown_is_an_unknown_date():
    gated = {"shown_when": {"fact": "gate", "is": True}, "when_hidden": {"unknown": "not_known"}}
    asked = section(question("gate"), *ASKED["questions"], question("day", "date", **gated))
    assert finding(asked, given={**NINE, **answers(gate=False)}, **AGED).stale is None


GATE = {"shown_when": {"fact": "gate", "is": True}}
BEHIND = section(
    question("gate"), *(question(key, "one_choice", **GATE) for key in ITEMS), question("day", "date", **GATE)
)
COMPARISONS = [{"at_least": 0}, {"at_most": 9}, {"is": 5}, {"is_not": 99}, {"is_not": 5}]


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_a_score_that_was_not_administered_is_false_in_every_comparison(comparison):
    given = {**answers(gate=False), **NINE}
    when = {"fact": "total", **comparison}
    assert truth(when, BEHIND, given=given, scores=[score("total", *ITEMS, **AGED)]) is False
    assert finding(BEHIND, given=given, **AGED) == ScoreFinding(
        None, None, complete=False, stale=False, administered=False, band=None
    )


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ({"at_least": 0}, None),
        ({"at_least": 5}, None),
        ({"at_least": 10}, False),
        ({"at_most": 9}, None),
        ({"at_most": -1}, False),
        ({"is": 5}, None),
        ({"is": 10}, False),
        ({"is_not": 10}, None),
    ],
)
def test_behind_an_unknown_gate_no_comparison_is_true(comparison, expected):
    when = {"fact": "total", **comparison}
    assert truth(when, BEHIND, given=NINE, scores=[score("total", *ITEMS)]) is expected


def test_behind_an_unknown_gate_the_whole_range_is_possible():
    assert finding(BEHIND, given=NINE) == ScoreFinding(
        0, 9, complete=False, stale=False, administered=None, band=None
    )
    assert finding(BEHIND, given=NINE, **AGED).stale is None


PARTLY = section(question("gate"), question("one", "one_choice"), *BEHIND["questions"][2:4])


def test_a_hidden_item_is_worth_its_lowest_points():
    found = finding(PARTLY, given={**answers(gate=False), **NINE})
    assert (found.low, found.high, found.complete, found.administered) == (3, 3, True, True)


def test_an_item_behind_an_unknown_gate_is_missing():
    found = finding(PARTLY, given=NINE)
    assert (found.low, found.high, found.complete, found.administered) == (3, 9, False, True)


TWO_GATES = section(
    question("gate"),
    question("other_gate"),
    question("one", "one_choice", **GATE),
    question("two", "one_choice", shown_when={"fact": "other_gate", "is": True}),
)


def test_one_hidden_item_and_one_behind_an_unknown_gate():
    given = {**answers(gate=False), **NINE}
    of = ["one", "two"]
    found = finding(TWO_GATES, given={k: v for k, v in given.items() if k != "three"}, of=of)
    assert (found.low, found.high, found.administered) == (0, 3, None)
    scores = [score("total", *of)]
    given.pop("three")
    assert truth({"fact": "total", "at_least": 0}, TWO_GATES, given=given, scores=scores) is None
    assert truth({"fact": "total", "at_least": 4}, TWO_GATES, given=given, scores=scores) is False


UNKNOWN_WHEN_HIDDEN = section(
    question("gate"),
    *(question(key, "one_choice", **GATE, when_hidden={"unknown": "not_known"}) for key in ITEMS),
)


def test_an_item_that_is_unknown_when_hidden_is_missing_and_never_hidden():
    found = finding(UNKNOWN_WHEN_HIDDEN, given={**answers(gate=False), **NINE})
    assert found == ScoreFinding(0, 9, complete=False, stale=False, administered=True, band=None)


BANDS = {"bands": [{"from": 0, "label": "low"}, {"from": 4, "label": "middle"}, {"from": 7, "label": "high"}]}


@pytest.mark.parametrize(
    ("given", "band"),
    [
        (answers(one="3", two="0", three="0"), "low"),
        (answers(one="3", two="1", three="0"), "middle"),
        (answers(one="3", two="3", three="1"), "high"),
        (answers(one="1", two="3"), None),
        (answers(one="2", two="2", three=...), None),
        (answers(one="0", two="0"), "low"),
        ({}, None),
    ],
)
def test_a_band_is_named_if_the_whole_interval_lies_in_it(given, band):
    assert finding(ASKED, given=given, **BANDS).band == band


def test_below_the_first_band_there_is_none():
    bands = {"bands": [{"from": 4, "label": "some"}]}
    assert finding(ASKED, given=answers(one="1", two="1", three="1"), **bands).band is None


def test_an_old_score_keeps_its_band():
    given = {**NINE, **answers(day="2026-01-01")}
    found = finding(DATED, given=given, **AGED, **BANDS)
    assert (found.stale, found.band) == (True, "high")


def test_the_day_of_evaluation_is_what_ages_a_score():
    given = {**NINE, **answers(day="2026-11-01")}
    definition = defined(
        DATED,
        scores=[score("total", *ITEMS, **AGED)],
        considerations=[consideration({"fact": "total", "at_least": 5})],
    )
    assert evaluate(definition, given, date(2026, 12, 1)).considerations["rule"] == "raised"
    assert evaluate(definition, given, date(2026, 12, 2)).considerations["rule"] == "not_assessed"
