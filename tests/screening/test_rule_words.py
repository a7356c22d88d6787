"""Conditions in plain words, as the transparency sheet and the comparison of versions print them."""

from datetime import date
from typing import Any

import pytest

from screening.engine import Comparison, Operator, parse_text
from screening.explanation.rule_words import RuleWords, rule_words
from tests.factories import screening as screenings

SHIPPED = parse_text((screenings.SHIPPED / "ketamine_referral.json").read_text())


def lines(words: RuleWords, depth: int = 0) -> list[str]:
    """Return the rule's lines, each set in by its depth."""
    return ["  " * depth + words.text, *(line for part in words.parts for line in lines(part, depth + 1))]


def rule(indication: str, criterion: str) -> RuleWords:
    return rule_words(SHIPPED, SHIPPED.indication(indication).criterion(criterion).when)


def test_a_score_is_named_by_its_title() -> None:
    assert lines(rule("trd", "trd_symptoms")) == ["“PHQ-9 total” is 10 or more"]


def test_a_list_says_how_many_rows_and_when_too_few_are_too_few() -> None:
    weeks = "“4 to 5 weeks”, “6 to 7 weeks”, “8 weeks or more”"
    better = "“Under 25 percent better”, “25 to 49 percent better”"
    head = "at least 2 rows, different by “Which medicine was it?”, in each of which"
    complete = "“Is this list of antidepressants complete?” is yes; otherwise it is unknown."
    assert lines(rule("trd", "trd_trials")) == [
        f"In “Which antidepressants has the client tried?”: {head}",
        "  All of these:",
        "    “Was it tried in this episode?” is yes",
        f"    “How many weeks was it taken at a full dose?” is one of: {weeks}",
        "    “Was the dose adequate?” is yes",
        f"    “How much better did the client get?” is one of: {better}",
        f"  Fewer count as too few only when {complete}",
    ]


def test_a_choice_of_measures_is_told_by_its_words() -> None:
    assert lines(rule("ptsd", "ptsd_symptoms")) == [
        "Any one of these:",
        "  All of these:",
        "    “Which PTSD measure are you recording?” is “PCL-5”",
        "    “PCL-5 total” is 33 or more",
        "  All of these:",
        "    “Which PTSD measure are you recording?” is “PC-PTSD-5”",
        "    “PC-PTSD-5 total” is 4 or more",
    ]


@pytest.mark.parametrize(
    ("fact", "operator", "value", "said"),
    [
        ("mdd_recorded", Operator.IS, False, "is no"),
        ("mdd_recorded", Operator.IS_NOT, True, "is not yes"),
        ("phq9_9", Operator.AT_LEAST, 1, "is 1 point or more"),
        ("phq9_9", Operator.AT_MOST, 2, "is 2 points or less"),
        ("systolic", Operator.AT_LEAST, 141, "is 141 mmHg or more"),
        ("phq9_date", Operator.AT_LEAST, date(2026, 3, 5), "is Mar 5, 2026 or later"),
        ("phq9_date", Operator.AT_MOST, date(2026, 3, 5), "is Mar 5, 2026 or earlier"),
    ],
)
def test_a_comparison_speaks_in_its_questions_kind(
    fact: str, operator: Operator, value: Any, said: str
) -> None:
    words = rule_words(SHIPPED, Comparison(fact, operator, value))
    assert words.text.replace("\N{NO-BREAK SPACE}", " ") == f"“{SHIPPED.question(fact).text}” {said}"


def test_on_one_line_the_parts_stand_in_brackets() -> None:
    assert rule("trd", "trd_unipolar").flat == (
        "All of these: “Is a bipolar disorder recorded, now or in the past?” is no; "
        "“Does the client have symptoms of mania or hypomania now?” is no"
    )
