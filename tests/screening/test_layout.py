"""How the shipped sections are laid out."""

from typing import Any

from screening.engine import parse_text
from screening.forms.layout import Look, panels_of
from tests.factories import screening

DEFINITION = parse_text(screening.document())


def drawn(section: str) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    return [
        (panel.heading, [(run.look.value, [each.question.key for each in run.placed]) for run in panel.runs])
        for panel in panels_of(DEFINITION, section)
    ]


def test_every_question_stands_in_its_section_once_and_in_order() -> None:
    for section in DEFINITION.sections:
        placed = [
            question.key for panel in panels_of(DEFINITION, section.key) for question in panel.questions
        ]
        assert placed == [question.key for question in section.questions]


def test_an_instrument_a_list_and_a_named_grid_have_panels_of_their_own() -> None:
    phq9 = [f"phq9_{n}" for n in range(1, 10)]
    headings = [heading for heading, _runs in drawn("depression")]
    assert headings == [
        "",
        "Patient Health Questionnaire-9",
        "",
        "Which antidepressants has the client tried?",
        "",
    ]
    assert drawn("depression")[1][1] == [("grid", phq9), ("questions", ["phq9_date", "phq9_10"])]
    assert drawn("depression")[3][1] == [("entries", ["trials"]), ("questions", ["trials_complete"])]


def test_an_instrument_keeps_its_wording_and_its_notice() -> None:
    panel = panels_of(DEFINITION, "depression")[1]
    assert panel.instrument == DEFINITION.instrument("phq9")
    assert panel.instrument.notice.startswith("Developed by Drs. Robert L. Spitzer")
    assert [column.label for column in panel.runs[0].columns] == [
        "Not at all",
        "Several days",
        "More than half the days",
        "Nearly every day",
    ]


def test_the_medical_grid_has_a_column_for_what_only_some_rows_offer() -> None:
    panel = next(
        each for each in panels_of(DEFINITION, "safety") if each.runs[0].grid == "told_by_a_clinician"
    )
    (run,) = panel.runs
    assert run.look is Look.GRID
    assert run.can_mark_no
    columns: list[tuple[Any, ...]] = [(column.keys, column.label) for column in run.columns]
    assert columns == [(("yes",), "Yes"), (("no",), "No"), (("severe", "not_applicable"), "")]


def test_only_that_grid_offers_to_mark_the_rest_as_no() -> None:
    offered = [
        run.grid
        for section in DEFINITION.sections
        for panel in panels_of(DEFINITION, section.key)
        for run in panel.runs
        if run.can_mark_no
    ]
    assert offered == ["told_by_a_clinician"]
