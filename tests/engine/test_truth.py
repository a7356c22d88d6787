"""Three-valued logic as tables: true, false and unknown, for every operator and every kind."""

from itertools import product

import pytest

from tests.engine.documents import answers, question, section, truth

THREE = (True, False, None)
CAST = (question("x"), question("y"), question("z"))


def is_yes(key: str) -> dict:
    return {"fact": key, "is": True}


def three_facts(x=None, y=None, z=None) -> dict:
    """Answers for x, y and z; what is None is left blank."""
    return answers(**{k: v for k, v in {"x": x, "y": y, "z": z}.items() if v is not None})


AND = {
    (True, True): True, (True, False): False, (True, None): None,
    (False, True): False, (False, False): False, (False, None): False,
    (None, True): None, (None, False): False, (None, None): None,
}  # fmt: skip
OR = {
    (True, True): True, (True, False): True, (True, None): True,
    (False, True): True, (False, False): False, (False, None): None,
    (None, True): True, (None, False): None, (None, None): None,
}  # fmt: skip


@pytest.mark.parametrize(("x", "y"), list(product(THREE, THREE)))
def test_all_is_strong_kleene_and(x, y):
    when = {"all": [is_yes("x"), is_yes("y")]}
    assert truth(when, section(*CAST), given=three_facts(x, y)) is AND[x, y]


@pytest.mark.parametrize(("x", "y"), list(product(THREE, THREE)))
def test_any_is_strong_kleene_or(x, y):
    when = {"any": [is_yes("x"), is_yes("y")]}
    assert truth(when, section(*CAST), given=three_facts(x, y)) is OR[x, y]


@pytest.mark.parametrize(("x", "expected"), [(True, False), (False, True), (None, None)])
def test_not_turns_yes_and_no_and_leaves_unknown(x, expected):
    assert truth({"not": is_yes("x")}, section(*CAST), given=three_facts(x)) is expected


@pytest.mark.parametrize(("at_least", "values"), list(product((1, 2, 3, 4), product(THREE, repeat=3))))
def test_some_counts_what_is_and_what_could_be(at_least, values):
    sure = values.count(True)
    could = sure + values.count(None)
    expected = True if sure >= at_least else False if could < at_least else None
    when = {"some": {"at_least": at_least, "of": [is_yes(key) for key in "xyz"]}}
    assert truth(when, section(*CAST), given=three_facts(*values)) is expected


UNKNOWNS = [{}, {"q": {"unknown": "not_known"}}, {"q": {"unknown": "declined"}}]


@pytest.mark.parametrize("given", UNKNOWNS, ids=["not answered", "not known", "declined"])
@pytest.mark.parametrize(
    ("asked", "when"),
    [
        (question("q"), {"fact": "q", "is": True}),
        (question("q"), {"fact": "q", "is": False}),
        (question("q"), {"fact": "q", "is_not": True}),
        (question("q", "one_choice"), {"fact": "q", "is": "0"}),
        (question("q", "one_choice"), {"fact": "q", "is_not": "0"}),
        (question("q", "one_choice"), {"fact": "q", "one_of": ["0", "1"]}),
        (question("q", "one_choice"), {"fact": "q", "at_least": 0}),
        (question("q", "one_choice"), {"fact": "q", "at_most": 3}),
        (question("q", "many_choices"), {"fact": "q", "includes": "0"}),
        (question("q", "number", minimum=0, maximum=9), {"fact": "q", "at_least": 0}),
        (question("q", "number"), {"fact": "q", "is_not": 4}),
        (question("q", "date"), {"fact": "q", "at_most": "2026-11-23"}),
    ],
)
def test_all_three_unknowns_are_unknown_to_every_comparison(asked, when, given):
    assert truth(when, section(asked), given=given) is None


@pytest.mark.parametrize(
    ("value", "comparison", "expected"),
    [
        (True, {"is": True}, True),
        (True, {"is": False}, False),
        (False, {"is": False}, True),
        (True, {"is_not": True}, False),
        (False, {"is_not": True}, True),
    ],
)
def test_yes_no(value, comparison, expected):
    assert truth({"fact": "q", **comparison}, section(question("q")), given=answers(q=value)) is expected


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ({"is": "2"}, True),
        ({"is": "1"}, False),
        ({"is_not": "2"}, False),
        ({"is_not": "1"}, True),
        ({"one_of": ["0", "2"]}, True),
        ({"one_of": ["0", "1"]}, False),
        ({"at_least": 2}, True),
        ({"at_least": 3}, False),
        ({"at_least": 1.5}, True),
        ({"at_most": 2}, True),
        ({"at_most": 1}, False),
    ],
)
def test_one_choice_compares_keys_and_points(comparison, expected):
    asked = section(question("q", "one_choice"))
    assert truth({"fact": "q", **comparison}, asked, given=answers(q="2")) is expected


@pytest.mark.parametrize(("value", "expected"), [([], False), (["1"], False), (["1", "2"], True)])
def test_many_choices_include(value, expected):
    asked = section(question("q", "many_choices"))
    assert truth({"fact": "q", "includes": "2"}, asked, given=answers(q=value)) is expected


@pytest.mark.parametrize(
    ("value", "comparison", "expected"),
    [
        (34, {"is": 34}, True),
        (34.0, {"is": 34}, True),
        (34, {"is": 34.0}, True),
        (34, {"is_not": 34}, False),
        (33, {"is_not": 34}, True),
        (34, {"at_least": 34}, True),
        (33, {"at_least": 34}, False),
        (34, {"at_most": 34}, True),
        (35, {"at_most": 34}, False),
        (0.1, {"is": 0.1}, True),
        (0.3, {"at_least": 0.3}, True),
        (0.29, {"at_least": 0.3}, False),
    ],
)
def test_numbers_compare_exactly(value, comparison, expected):
    asked = section(question("q", "number", decimals=2))
    assert truth({"fact": "q", **comparison}, asked, given=answers(q=value)) is expected


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ({"is": "2026-02-28"}, True),
        ({"is_not": "2026-02-28"}, False),
        ({"at_least": "2026-02-28"}, True),
        ({"at_least": "2026-03-01"}, False),
        ({"at_most": "2026-02-28"}, True),
        ({"at_most": "2026-02-27"}, False),
    ],
)
def test_dates_compare_as_days(comparison, expected):
    asked = section(question("q", "date"))
    assert truth({"fact": "q", **comparison}, asked, given=answers(q="2026-02-28")) is expected


def test_conditions_fifty_deep_and_a_thousand_wide_are_evaluated():
    """CHECKS 47."""
    deep: dict = {"fact": "x", "is": True}
    for _ in range(50):
        deep = {"not": deep}
    wide = {"any": [{"fact": "y", "is": True}] * 999 + [{"fact": "x", "is": True}]}
    assert truth(deep, section(*CAST), given=three_facts(True)) is True
    assert truth(wide, section(*CAST), given=three_facts(True, False)) is True
