"""Small counts stay hidden, whatever is shown beside them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.small_cells import hide_small

NAMES = ("present", "not present", "not enough", "no answer", "declined", "not known", "other")


def cells(*counts):
    return dict(zip(NAMES, counts, strict=False))


def hidden(*counts, at_least=5):
    return [count is None for count in hide_small(cells(*counts), at_least).values()]


def test_counts_that_are_large_enough_are_shown_as_they_are():
    assert hide_small({"present": 5, "not present": 200}) == {"present": 5, "not present": 200}


def test_a_single_small_count_takes_the_next_one_with_it():
    assert hide_small(cells(2, 9, 200)) == cells(None, None, 200)


def test_two_small_counts_that_add_up_to_enough_hide_each_other():
    assert hide_small(cells(2, 4, 9)) == cells(None, None, 9)


def test_small_counts_whose_sum_is_small_take_the_next_one_with_them():
    assert hide_small(cells(1, 2, 9, 200)) == cells(None, None, None, 200)


def test_nobody_is_a_small_count_too():
    assert hide_small(cells(0, 0, 50, 60)) == cells(None, None, None, 60)


def test_equal_counts_are_hidden_together():
    assert hide_small(cells(4, 7, 7, 30)) == cells(None, None, None, 30)


def test_hidden_counts_that_are_all_the_same_take_another_with_them():
    """Two fours beside a five could be nothing but two fours."""
    assert hide_small(cells(4, 4, 5, 90)) == cells(None, None, None, 90)


def test_a_total_that_is_small_shows_nothing():
    assert hide_small(cells(0, 3, 1)) == cells(None, None, None)


def test_no_cells_are_no_cells():
    assert hide_small({}) == {}


@pytest.mark.parametrize("at_least", [2, 3, 5, 10])
def test_the_limit_is_the_callers(at_least):
    assert hidden(at_least - 1, at_least, at_least + 1, 90, at_least=at_least) == [True, True, False, False]


@given(st.lists(st.integers(0, 40), max_size=7), st.integers(2, 11))
def test_what_is_shown_is_right_and_never_small(counts, at_least):
    shown = hide_small(cells(*counts), at_least)
    assert {name: count for name, count in cells(*counts).items() if shown[name] is not None} == {
        name: count for name, count in shown.items() if count is not None
    }
    assert all(count >= at_least for count in shown.values() if count is not None)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=7), st.integers(2, 11))
def test_what_is_hidden_is_together_never_a_small_group(counts, at_least):
    if sum(counts) >= at_least and any(count < at_least for count in counts):
        shown = hide_small(cells(*counts), at_least)
        assert sum(counts) - sum(count or 0 for count in shown.values()) >= at_least


@pytest.mark.parametrize(("how_many", "total"), [(2, 14), (3, 15), (4, 11)])
@pytest.mark.parametrize("at_least", [2, 3, 5])
def test_nothing_hidden_can_be_worked_out_from_the_total_and_the_rule(how_many, total, at_least):
    """Among all tables of one total that look the same, each hidden count takes two values or more."""
    for whole in range(at_least, total + 1):
        looks: dict[tuple[int | None, ...], list[tuple[int, ...]]] = {}
        for counts in product(range(whole + 1), repeat=how_many):
            if sum(counts) == whole:
                looks.setdefault(tuple(hide_small(cells(*counts), at_least).values()), []).append(counts)
        for look, tables in looks.items():
            for place, shown in enumerate(look):
                values = {table[place] for table in tables}
                assert values == {shown} if shown is not None else len(values) > 1, (whole, look, place)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=7))
def test_the_hidden_counts_could_be_exchanged_unseen(counts):
    """Of a table of any size: turned round among themselves, the hidden counts give the same look."""
    look = hide_small(cells(*counts))
    places = [place for place, shown in enumerate(look.values()) if shown is None]
    turned = list(counts)
    for place, other in zip(places, [*places[1:], *places[:1]], strict=True):
        turned[place] = counts[other]
    assert hide_small(cells(*turned)) == look
