"""The handout and the primer read at grade 6 or below, in words that the test counts itself."""

from datetime import date

import pytest
from django.template.loader import render_to_string

from guidance import evidence
from tests.guidance import reading

HAND_COUNTED = {
    "ask": 1, "hope": 1, "hopes": 1, "hoped": 1, "used": 1, "whose": 1, "place": 1, "people": 2,
    "table": 2, "boxes": 2, "wanted": 2, "studied": 2, "settled": 2, "being": 2, "pressure": 2,
    "outside": 2, "prescribes": 2, "area": 3, "media": 3, "video": 3, "serious": 3, "suicide": 3,
    "ketamine": 3, "medicine": 3, "provider": 3, "anxiety": 4, "esketamine": 4, "inflammation": 4,
    "neuroplasticity": 6, "fibromyalgia": 6,
}  # fmt: skip


class Reader:
    is_authenticated = False
    organization = {"name": "Harbor Counseling", "phone": "503-555-0142"}


def page(name: str) -> str:
    held = evidence.shipped_library(date(2026, 11, 24))
    return render_to_string(
        f"guidance/{name}.html", {"library": held, "known": held.known(), "user": Reader()}
    )


@pytest.mark.parametrize(("word", "count"), HAND_COUNTED.items())
def test_syllables_are_counted_as_by_hand(word: str, count: int):
    assert reading.syllables(word) == count


def test_the_grade_is_the_published_formula():
    assert reading.Reading(sentences=2, words=20, syllables=30).grade == pytest.approx(
        0.39 * 10 + 11.8 * 1.5 - 15.59
    )


def test_hard_prose_is_above_grade_twelve():
    hard = (
        "The administration of dissociative anesthetics necessitates comprehensive cardiovascular evaluation."
    )
    assert reading.read([hard]).grade > 12


@pytest.mark.parametrize("name", ["handout", "primer"])
def test_a_sheet_reads_at_grade_six_or_below(name: str):
    blocks = reading.paragraphs(page(name))
    assert len(blocks) > 30
    assert reading.read(blocks).grade <= 6


@pytest.mark.parametrize("name", ["handout", "primer"])
def test_no_paragraph_of_a_sheet_is_far_above_it(name: str):
    grades = {block: reading.read([block]).grade for block in reading.paragraphs(page(name))}
    assert {block: grade for block, grade in grades.items() if grade > 9} == {}


def test_sources_and_quoted_lines_are_not_counted():
    text = (
        '<article><p>Own.</p><p class="source-line">Theirs.</p><p class="quoted">Quoted.</p></article>'
        "<p>Outside.</p>"
    )
    assert reading.paragraphs(text) == ["Own."]
