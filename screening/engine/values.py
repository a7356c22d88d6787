"""Numbers and days, exactly: no rounding, no guessing, no number that is really a yes."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

Number = int | Fraction
Value = bool | str | int | Fraction | date

LARGEST_NUMBER = 10**15


def exact(value: object) -> Number | None:
    """The number that JSON wrote, exactly (34.0 is 34, 0.1 is a tenth); None for anything else.

    Numbers beyond a thousand million million are refused: no question has such an answer.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_NUMBER else None
    if isinstance(value, float) and math.isfinite(value) and abs(value) <= LARGEST_NUMBER:
        return int(value) if value.is_integer() else Fraction(repr(value))
    return None


def plain(number: Number) -> int | float:
    """The number as JSON prints it: a whole value without a point."""
    if isinstance(number, int):
        return number
    return number.numerator if number.denominator == 1 else float(number)


def places(number: Number) -> int:
    """How many decimals it takes to write the number (a float never needs more than 400)."""
    if isinstance(number, int):
        return 0
    digits, left = 0, number
    while left.denominator != 1:
        digits, left = digits + 1, left * 10
    return digits


def half_up(number: Number) -> Number:
    """Rounded half up to two decimals, as means are printed."""
    rounded = Fraction(math.floor(Fraction(number) * 100 + Fraction(1, 2)), 100)
    return rounded.numerator if rounded.denominator == 1 else rounded


def day(value: object) -> date | None:
    """The day written as YYYY-MM-DD, and in no other way; None if there is no such day."""
    if not isinstance(value, str) or len(value) != 10 or not value.isascii():
        return None
    if value[4] != "-" or value[7] != "-" or not (value[:4] + value[5:7] + value[8:]).isdigit():
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
