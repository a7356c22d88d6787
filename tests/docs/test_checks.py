"""The table of numbered checks names the tests of each, and none that is due is without one or a reason."""

from tests import checks

# Those whose tests the product must have by now; for the rest a test is welcome, and listed too.
DUE = [*range(1, 39), 51]
ALL = range(1, 53)


def test_every_check_has_one_row():
    assert [row.number for row in _rows()] == list(ALL)


def test_the_table_names_the_tests_of_today():
    table = checks.TABLE.read_text(encoding="utf-8")
    assert checks.renewed(table) == table, "python -m tests.checks renews it"


def test_no_check_that_is_due_is_without_a_test_or_a_written_reason():
    assert [row.number for row in _rows() if row.number in DUE and not row.tests and not row.note] == []


def test_no_test_names_a_check_that_does_not_exist():
    assert set(checks.tests_by_check()) <= set(ALL)


def test_several_numbers_in_one_docstring_all_count():
    assert [match[1] for match in checks.NAMED.finditer("CHECKS 1, 4 and 10. CHECKS 7: 9 pages.")] == [
        "1, 4 and 10",
        "7",
    ]


def _rows():
    return checks.rows(checks.TABLE.read_text(encoding="utf-8"))
