"""Tables for a spreadsheet, as CSV that no spreadsheet program takes for a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

# Excel reads a CSV file as UTF-8 only where it begins with this mark.
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
# What begins a formula, in ASCII and in the wide forms that some programs take for the same.
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")

Cell = str | int | None


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as UTF-8 with a byte order mark: RFC 4180, every cell in quotes.

    A cell of text that a spreadsheet could run as a formula begins with an apostrophe, which it then shows.
    Numbers stay numbers; None is an empty cell.
    """
    text = StringIO()
    text.write(MARK)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in headings])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def harmless(text: str) -> str:
    """Return the text so that a spreadsheet shows it: what may begin a formula gets an apostrophe."""
    if text[:1].isalnum() and "\0" not in text:
        return text
    # A NUL ends a cell in some readers, so that what follows would begin one.
    plain = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    begins = plain.lstrip(" \N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}")[:1]
    return f"'{plain}" if begins in FORMULA and begins else plain


def _cell(value: Cell) -> str | int:
    if value is None:
        return ""
    return value if isinstance(value, int) else harmless(value)
