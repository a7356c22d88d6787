"""A table for a spreadsheet: nothing in it is run, everything in it is read back."""

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from privacy.spreadsheets import FORMULA, MARK, as_csv, harmless

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
HARMFUL = st.builds(str.__add__, st.sampled_from(sorted(FORMULA)), CELLS)


def read(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8")
    assert text.startswith(MARK)
    return list(csv.reader(StringIO(text.removeprefix(MARK), newline="")))


def test_a_cell_that_could_be_a_formula_is_shown_as_text():
    """CHECKS 27."""
    attacks = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0", "＝1", " =1", "\ufeff=1"]
    rows = read(as_csv(["What"], [[attack] for attack in attacks]))
    assert rows[1:] == [[f"'{attack}"] for attack in attacks]


def test_plain_cells_numbers_and_nothing_stay_as_they_are():
    rows = read(as_csv(["a", "b", "c", "d"], [["Rowan Ellis, LMFT", -3, None, 'said "no"; then\nleft']]))
    assert rows == [["a", "b", "c", "d"], ["Rowan Ellis, LMFT", "-3", "", 'said "no"; then\nleft']]


def test_the_file_is_utf_8_with_a_mark_lines_end_in_crlf_and_every_cell_is_quoted():
    assert as_csv(["Who"], [["Zoë"]]) == b'\xef\xbb\xbf"Who"\r\n"Zo\xc3\xab"\r\n'


def test_a_heading_is_made_harmless_too():
    assert read(as_csv(["=x"], [])) == [["'=x"]]


@given(HARMFUL)
def test_no_text_that_begins_like_a_formula_still_does(text: str):
    """CHECKS 27."""
    assert harmless(text)[0] == "'"


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_what_is_written_is_read_back_cell_by_cell(rows: list[list[str]]):
    """CHECKS 27: no cell opens another one, whatever quotes, commas and line ends it holds."""
    found = read(as_csv(["a", "b"], rows))[1:]
    assert found == [[harmless(cell) for cell in row] for row in rows]
    assert all(cell[:1] not in FORMULA for row in found for cell in row if cell)
