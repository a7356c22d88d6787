"""What may be typed into a question, and what a form says when it can't be read."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from screening.engine import Question, parse_text
from screening.forms.questions import Parsed, Typed, parse, typed_of
from tests.factories import screening

TODAY = date(2026, 11, 24)
DEFINITION = parse_text(screening.document())


def parsed(key: str, *pairs: tuple[str, str]) -> Parsed:
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    return parse(question(key), data, key, TODAY)


def question(key: str) -> Question:
    return DEFINITION.question(key)


@pytest.mark.parametrize(
    ("key", "typed", "answer"),
    [
        ("mdd_recorded", "yes", {"value": True}),
        ("mdd_recorded", "no", {"value": False}),
        ("mdd_recorded", "not_known", {"unknown": "not_known"}),
        ("mdd_recorded", "declined", {"unknown": "declined"}),
        ("phq9_1", "2", {"value": "2"}),
        ("residence_state", "or", {"value": "or"}),
        ("systolic", " 148 ", {"value": 148}),
        ("systolic", "148.0", {"value": 148}),
        ("phq9_date", "11/23/2026", {"value": "2026-11-23"}),
        ("phq9_date", "2026-11-23", {"value": "2026-11-23"}),
        ("phq9_date", "2-9-2026", {"value": "2026-02-09"}),
        ("phq9_date", "02/29/2024", {"value": "2024-02-29"}),
        ("allergies", "  none\r\nknown ", {"value": "none\nknown"}),
        ("allergies", "   ", {}),
        ("systolic", "", {}),
    ],
)
def test_what_can_be_read_becomes_an_answer(key: str, typed: str, answer: dict[str, Any]) -> None:
    found = parsed(key, (key, typed))
    assert (found.answer, found.error) == (answer, "")


@pytest.mark.parametrize(
    ("key", "typed", "error"),
    [
        ("mdd_recorded", "perhaps", "Choose one of the answers shown."),
        ("phq9_1", "4", "Choose one of the answers shown."),
        ("residence_state", "zz", "Choose one of the answers shown."),
        ("systolic", "1480", "1480 is more than 300. Check the digits."),
        ("systolic", "-5", "-5 is less than 50. Check the digits."),
        ("systolic", "148.5", "Write a whole number."),
        ("systolic", "high", "Write a number in digits."),
        ("systolic", "1e3", "Write a number in digits."),
        ("systolic", "٣", "Write a number in digits."),
        ("systolic", "NaN", "Write a number in digits."),
        ("systolic", "9" * 5000, "Write a number in digits."),
        ("phq9_date", "02/30/2026", "2/30/2026 is not a day that exists."),
        ("phq9_date", "11/25/2026", "Nov\xa025,\xa02026 is after today."),
        ("phq9_date", "yesterday", "Write the day as month/day/year, such as 02/27/2026."),
        ("phq9_date", "1/2/26", "Write the year with four digits."),
        ("phq9_date", "99999999999/1/2026", "Write the day as month/day/year, such as 02/27/2026."),
        ("allergies", "a\0b", "Remove the control characters: they can't be stored."),
        ("allergies", "a\ud800b", "Remove the damaged characters: they can't be stored."),
        ("allergies", "x" * 4001, "Use at most 4000 characters. You used 4001."),
        ("systolic", "1\0", "Write a number in digits."),
        ("mdd_recorded", "yes\0", "Choose one of the answers shown."),
    ],
)
def test_what_cannot_be_read_is_a_sentence_and_stays_typed(key: str, typed: str, error: str) -> None:
    """CHECKS 30."""
    found = parsed(key, (key, typed))
    assert (found.answer, found.error) == ({}, error)
    assert found.typed.text.encode()


def test_a_field_and_an_unknown_beside_it_exclude_each_other() -> None:
    both = parsed("systolic", ("systolic", "148"), ("systolic.unknown", "declined"))
    assert both == Parsed(
        Typed(("148",), "declined"), {}, "Give an answer, or choose Not known or Declined, not both."
    )
    alone = parsed("systolic", ("systolic", ""), ("systolic.unknown", "declined"))
    assert alone == Parsed(Typed((), "declined"), {"unknown": "declined"})
    invented = parsed("systolic", ("systolic.unknown", "maybe"))
    assert (invented.answer, invented.error) == ({}, "Choose one of the answers shown.")


def test_two_different_choices_are_an_error_and_both_stay_typed() -> None:
    found = parsed("phq9_3", ("phq9_3", "1"), ("phq9_3", "2"))
    assert found == Parsed(Typed(("1", "2")), {}, "Two different answers were given. Choose one.")


@pytest.mark.parametrize(
    ("key", "answer", "typed"),
    [
        ("mdd_recorded", {"value": True}, Typed(("yes",))),
        ("phq9_1", {"value": "2"}, Typed(("2",))),
        ("systolic", {"value": 148}, Typed(("148",))),
        ("phq9_date", {"value": "2026-02-09"}, Typed(("02/09/2026",))),
        ("allergies", {"value": "none known"}, Typed(("none known",))),
        ("phq9_date", {"unknown": "not_known"}, Typed((), "not_known")),
        ("phq9_date", {}, Typed()),
    ],
)
def test_a_stored_answer_shows_the_way_it_is_typed(key: str, answer: dict[str, Any], typed: Typed) -> None:
    assert typed_of(question(key), answer) == typed
    names = [(key, value) for value in typed.values]
    if typed.unknown:
        names.append((f"{key}.unknown" if key != "mdd_recorded" else key, typed.unknown))
    assert parsed(key, *names).answer == answer
