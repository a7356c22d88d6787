"""Documents: every problem with its place, limits, rendering and the hash."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from datetime import date
from fractions import Fraction

import pytest

from screening.engine import (
    AllOf,
    Comparison,
    Count,
    DocumentProblems,
    Operator,
    Some,
    canonical,
    digest,
    facts_of,
    parse,
    parse_text,
    render,
)
from tests.engine.documents import (
    consideration,
    document,
    question,
    section,
)
from tests.engine.whole import found, whole


def test_a_document_is_rendered_as_it_was_written():
    written = whole()
    definition = parse(written)
    assert render(definition) == written
    assert parse(render(definition)) == definition
    assert canonical(render(definition)) == canonical(written)


def test_the_hash_is_over_the_canonical_text():
    written = whole()
    text = json.dumps(written, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    expected = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    assert parse(written).hash == digest(written) == expected
    shuffled = dict(reversed(written.items()))
    assert parse_text(json.dumps(shuffled, indent=3)).hash == expected


@pytest.mark.parametrize("part", ["title", "vignettes", "intended_use"])
def test_the_hash_covers_everything(part):
    changed = whole()
    changed[part] = [] if part == "vignettes" else "Changed"
    assert parse(changed).hash != parse(whole()).hash


def test_canonical_json():
    value = {"b": [1.0, 0.5, True, None], "a": "é\u2028", "A": {}}
    assert canonical(value) == '{"A":{},"a":"é\u2028","b":[1,0.5,true,null]}'


def test_a_whole_number_is_written_without_a_point_and_means_the_same():
    one, other = whole(), whole()
    other["sections"][0]["questions"][1]["maximum"] = 120.0
    assert parse(one) == parse(other)
    assert parse(one).hash == parse(other).hash


def test_a_definition_finds_things_by_key():
    definition = parse(whole())
    assert definition.question("ok").key == "ok"
    assert definition.section_of("ok").key == "second"
    assert definition.question("day").shown_when == Comparison("gate", Operator.IS, True)
    own = Comparison("age", Operator.AT_LEAST, Fraction(37, 2))
    assert definition.question("words").own_shown_when == own
    assert definition.question("words").shown_when == AllOf((Comparison("gate", Operator.IS, True), own))
    assert definition.score("total").max_age_days == 30
    assert definition.indication("indication").criterion("two").provider_judges
    assert definition.consideration("more").guidance == "Read this."
    assert definition.source("paper").review_by == date(2027, 11, 1)
    assert definition.instrument("other").permission is None
    assert definition.section("first").always_shared
    assert definition.question("choice").choice("3").points == 3
    for lookup in (definition.question, definition.score, definition.section, definition.source):
        with pytest.raises(KeyError):
            lookup("nothing")


def test_the_facts_of_a_condition_are_in_reading_order_once():
    definition = parse(whole())
    first, second = definition.indication("indication").criteria
    assert facts_of(first.when) == ("trials", "trials_complete")
    assert facts_of(second.when) == ("gate", "choice")
    assert isinstance(first.when, Count)
    assert isinstance(second.when, Some)


def nested(depth: int) -> dict:
    """A document with a condition so many operators deep."""
    condition: dict = {"fact": "q", "is": True}
    for level in range(depth):
        condition = {"not": condition} if level % 2 else {"all": [condition]}
    return {**document(), "considerations": [consideration(condition)]}


def test_conditions_can_be_fifty_deep_and_no_deeper():
    """CHECKS 47."""
    assert parse(nested(50)).considerations[0].when
    for depth in (51, 5_000):
        place, problem = found(nested(depth))[0]
        assert place.startswith("considerations.0.when.")
        assert problem in ("Conditions can't be more than 50 deep.", "This is nested too deeply.")


def test_a_condition_inside_itself_is_refused():
    """CHECKS 47."""
    circle: dict = {}
    circle["not"] = circle
    scope = {"statement": "Round and round.", "when": circle}
    deepest = "scope.when" + ".not" * 51
    assert (deepest, "Conditions can't be more than 50 deep.") in found({**document(), "scope": scope})


def test_lists_can_be_a_thousand_wide_and_no_wider():
    """CHECKS 47."""
    yes = {"fact": "q", "is": True}
    assert parse(document(considerations=[consideration({"any": [yes] * 1_000})]))
    wide = document(considerations=[consideration({"any": [yes] * 1_001})])
    assert found(wide) == [("considerations.0.when.any", "This list has more than 1,000 items.")]


def test_a_document_can_have_a_thousand_questions_and_no_more():
    """CHECKS 47. The questions inside entries count."""
    half = [question(f"a{n}") for n in range(500)]
    rest = [question(f"b{n}") for n in range(498)]
    with_entry = question("list", "entries", entry=[question("inside")])
    assert parse(document(section(*half), section(*rest, with_entry, key="more")))
    many = document(section(*half), section(*rest, with_entry, question("one_too_many"), key="more"))
    assert found(many) == [("sections", "There are more than 1,000 questions.")]


def refused(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(DocumentProblems) as caught:
        parse_text(text)
    return [(problem.place, problem.problem) for problem in caught.value.problems]


def test_a_text_that_is_no_json():
    assert refused("{") == [
        ("", "This is not JSON: Expecting property name enclosed in double quotes at line 1, column 2.")
    ]
    assert refused(b"\xff\xfe") == [("", "This is not UTF-8 text.")]
    assert refused("[" * 100_000) == [("", "This is nested too deeply.")]


def test_a_whole_number_of_five_thousand_digits_is_refused_in_its_place():
    """CHECKS 30."""
    text = json.dumps(whole()).replace('"schema": 1', '"schema": 1' + "0" * 5_000)
    assert refused(text) == [
        ("schema", "This is not a finite number."),
        ("schema", "This must be 1."),
    ]


def test_json_five_thousand_deep_is_a_problem_and_no_traceback():
    """CHECKS 30."""
    text = json.dumps(whole())
    deep = '{"all":[' * 5_000 + "]}" * 5_000
    assert refused(text[:-1] + f', "scope": {deep}}}') == [("", "This is nested too deeply.")]


def test_a_document_larger_than_a_megabyte_is_refused():
    large = whole()
    large["intended_use"] = "é" * 600_000
    assert refused(json.dumps(large, ensure_ascii=False)) == [("", "The document is larger than 1 MB.")]
    assert found(large) == [("", "The document is larger than 1 MB.")]


def test_keys_given_twice_are_refused_with_their_place():
    text = json.dumps(whole())
    assert refused(text[:-1] + ', "title": "Again"}') == [("title", "This key is given twice.")]
    twice = text.replace(
        '"kind": "yes_no", "text": "Text of gate"', '"kind": "yes_no", "kind": "yes_no", "text": "x"'
    )
    assert refused(twice) == [("sections.0.questions.0.kind", "This key is given twice.")]


def test_nan_in_a_text_is_refused():
    text = json.dumps(whole()).replace('"at_least": 18.5', '"at_least": NaN')
    places = [place for place, _ in refused(text)]
    assert set(places) == {"sections.1.questions.1.shown_when.at_least"}


def test_what_python_alone_can_hold_is_refused():
    changed = whole()
    changed["vignettes"][0]["answers"] = {"gate": {"value": {1, 2}}}
    assert found(changed) == [("vignettes.0.answers.gate.value", "This is not JSON.")]
    changed["vignettes"][0]["answers"] = {7: {}}
    assert found(changed) == [("vignettes.0.answers.7", "This key can't be stored.")]


def test_parsing_leaves_the_document_as_it_was():
    written = whole()
    before = deepcopy(written)
    parse(written)
    assert written == before
