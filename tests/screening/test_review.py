"""What a version's checks and vignettes say, and how the version's page words it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from screening.engine import parse, parse_text
from screening.models import QuestionnaireVersion
from screening.review import (
    Checked,
    Coverage,
    Difference,
    IndicationCoverage,
    Review,
    VignetteReview,
    review,
    review_of,
)
from screening.standing import Line, lines_of
from tests.factories import small_questionnaire
from tests.factories.screening import SHIPPED

COUNTS = "4 sections, 10 questions, 2 indications, 4 considerations"
TODAY = date(2026, 11, 23)
LOW: dict[str, Any] = {"low_mood": {"value": True}, "how_low": {"value": "3"}, "age": {"value": 40}}


def vignette(key: str, answers: Mapping[str, Any], **expect: Mapping[str, str]) -> dict[str, Any]:
    expected = {"indications": {}, "considerations": {}} | expect
    return {
        "key": key,
        "title": key.capitalize(),
        "as_of": "2026-11-23",
        "answers": answers,
        "expect": expected,
    }


def document(*vignettes: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {**small_questionnaire.DOCUMENT, "vignettes": list(vignettes), **changes}


def names(reviewed: Review) -> list[str]:
    return [each.name for each in reviewed.checks if each.problems]


def lines(made: Mapping[str, Any], today: date = TODAY) -> list[Line]:
    definition = parse(made)
    return lines_of(definition, review(definition), today)


def test_a_vignette_is_told_by_what_it_expects_and_what_is_found() -> None:
    holds = vignette("holds", LOW, indications={"low": "indicators_present"})
    differs = vignette(
        "differs",
        {"age": {"value": 40}},
        indications={"low": "indicators_present"},
        considerations={"danger_now": "not_assessed"},
    )
    reviewed = review(parse(document(holds, differs)))
    assert reviewed.vignettes == (
        VignetteReview("holds", "Holds", (), ()),
        VignetteReview(
            "differs",
            "Differs",
            (Difference("Low mood", "indicators_present", "not_enough_information"),),
            (),
        ),
    )
    assert (reviewed.vignettes_that_hold, reviewed.is_ready, names(reviewed)) == (
        1,
        False,
        ["vignettes", "coverage"],
    )


def test_answers_that_cannot_be_read_have_their_place() -> None:
    reviewed = review(parse(document(vignette("bad", {"low_mood": {"value": "perhaps"}}))))
    (told,) = reviewed.vignettes
    assert (told.holds, [problem.place for problem in told.problems]) == (
        False,
        ["vignettes.0.answers.low_mood"],
    )
    assert not reviewed.is_ready


def test_coverage_counts_what_the_vignettes_have_seen() -> None:
    seen = review(parse(document(vignette("low", LOW), vignette("none", {"low_mood": {"value": False}}))))
    low = IndicationCoverage(
        "Low mood",
        (
            Coverage("low_said", "Statement of low_said", met=1, not_met=1, unknown=0),
            Coverage("low_much", "Statement of low_much", met=1, not_met=0, unknown=1),
        ),
    )
    assert seen.coverage[0] == low
    assert (low.never_seen, seen.never_seen) == (2, 5)


def test_a_warning_stands_in_nobodys_way() -> None:
    assert not Checked("hidden", ()).blocks
    reviewed = review(parse_text((SHIPPED / "ketamine_referral.json").read_text()))
    assert names(reviewed) == ["hidden"]
    assert reviewed.is_ready


def test_a_review_is_made_once_a_document() -> None:
    text = json.dumps(document(vignette("low", LOW)))
    assert review(parse_text(text)) is review(parse_text(text))


def test_a_stored_document_that_cannot_be_read_any_more_is_one_problem() -> None:
    reviewed = review_of(QuestionnaireVersion(document='{"schema": 7}'))
    assert (names(reviewed), reviewed.is_ready, reviewed.vignettes) == (["document"], False, ())
    first = lines_of(None, reviewed, TODAY)[0]
    assert (first.title, first.state) == ("The document can't be read any more", "work")


def test_the_lines_say_what_needs_work_first_then_what_is_worth_a_look() -> None:
    broken = document(
        vignette("low", {}, indications={"low": "indicators_present"}),
        scores=[
            {
                "key": "low_total",
                "title": "Low total",
                "kind": "sum",
                "of": ["how_low"],
                "bands": [{"from": 9, "label": "x"}],
            }
        ],
    )
    told = [(line.state, line.title, line.detail, line.anchor) for line in lines(broken, date(2031, 1, 1))]
    assert told == [
        ("work", "Bands lie outside their score, overlap, or leave a gap", "", ""),
        ("work", "1 vignette differs from what it expects", "", "vignettes"),
        ("work", "8 states of criteria were never seen by a vignette", "", "cover"),
        ("look", "1 source is past the day to look at it again", "", ""),
        (
            "holds",
            "The document can be read",
            "4 sections, 10 questions, 2 indications, 4 considerations",
            "",
        ),
        ("holds", "Every “at least so many of” can come true", "", ""),
        ("holds", "Every published criterion names its source", "", ""),
        ("holds", "Nothing is found present with nothing answered", "", ""),
        ("holds", "Every rule and every question can occur, and not only one way", "", ""),
        ("holds", "No text decides, advises or judges", "", ""),
        ("holds", "No rule reads a “no” out of a question that can be hidden", "", ""),
        ("holds", "No criterion rests on an optional question", "", ""),
        ("holds", "Every comparison can come out either way", "", ""),
    ]


def test_a_short_measure_has_nothing_to_cover() -> None:
    titles = [line.title for line in lines(json.loads((SHIPPED / "phq9.json").read_text()))]
    assert "No source is past the day to look at it again" in titles
    assert not [title for title in titles if "never seen" in title]
