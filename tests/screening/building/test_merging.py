"""Two people's changes to one document: both stand, unless they are about the same thing."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from screening.editing.merging import NOTHING, Collision, merge
from screening.engine import parse
from tests.screening.building.small import DOCUMENT

Doc = dict[str, Any]


def changed(*edits: Callable[[Doc], object]) -> Doc:
    document = copy.deepcopy(DOCUMENT)
    for edit in edits:
        edit(document)
    return document


def section(document: Doc, key: str) -> Doc:
    return next(each for each in document["sections"] if each["key"] == key)


def reword(document: Doc, section_key: str, index: int, text: str) -> None:
    section(document, section_key)["questions"][index]["text"] = text


def both(mine: Doc, theirs: Doc) -> Doc:
    """Merge both ways round, and hold that it doesn't matter who came first."""
    one, other = merge(DOCUMENT, mine, theirs), merge(DOCUMENT, theirs, mine)
    assert (one.collisions, other.collisions) == ((), ())
    assert one.document == other.document
    assert one.document is not None
    parse(one.document)
    return one.document


def test_changes_of_different_questions_both_stand() -> None:
    """CHECKS 43."""
    merged = both(
        changed(lambda d: reword(d, "mood", 0, "Feeling low?")),
        changed(lambda d: reword(d, "mood", 1, "How low is it?")),
    )
    assert [q["text"] for q in section(merged, "mood")["questions"]] == [
        "Feeling low?",
        "How low is it?",
        "Low after use?",
    ]


def test_two_fields_of_one_question_both_stand() -> None:
    def help_text(document: Doc) -> None:
        section(document, "mood")["questions"][0]["help"] = "In the last two weeks."

    merged = both(changed(lambda d: reword(d, "mood", 0, "Feeling low?")), changed(help_text))
    asked = section(merged, "mood")["questions"][0]
    assert (asked["text"], asked["help"]) == ("Feeling low?", "In the last two weeks.")


def test_a_question_that_one_moved_and_the_other_reworded_is_both() -> None:
    def move(document: Doc) -> None:
        asked = section(document, "safety")["questions"].pop(1)
        section(document, "about")["questions"].append(asked)

    merged = both(changed(move), changed(lambda d: reword(d, "safety", 1, "Hypertension?")))
    assert [q["text"] for q in section(merged, "about")["questions"]] == [
        "Age",
        "Wants a referral?",
        "Hypertension?",
    ]


def test_what_both_put_in_stands_after_its_neighbor() -> None:
    def add(document: Doc, key: str, at: int) -> None:
        section(document, "safety")["questions"].insert(at, {"key": key, "kind": "text", "text": key})

    merged = both(changed(lambda d: add(d, "first", 0)), changed(lambda d: add(d, "later", 2)))
    assert [q["key"] for q in section(merged, "safety")["questions"]] == [
        "first",
        "danger",
        "pressure",
        "later",
        "plan",
    ]


def test_the_same_field_changed_by_both_shows_both_values() -> None:
    """CHECKS 43."""
    merged = merge(
        DOCUMENT,
        changed(lambda d: reword(d, "mood", 0, "Mine?")),
        changed(lambda d: reword(d, "mood", 0, "Theirs?")),
    )
    assert merged.document is None
    assert merged.collisions == (Collision(("questions", "low_mood", "text"), "Mine?", "Theirs?"),)


def test_the_same_change_by_both_is_no_collision() -> None:
    same = changed(lambda d: reword(d, "mood", 0, "Same?"))
    assert both(same, copy.deepcopy(same)) == same


def test_what_one_took_out_and_the_other_reworded_is_shown() -> None:
    def delete(document: Doc) -> None:
        section(document, "safety")["questions"].pop(2)

    merged = merge(DOCUMENT, changed(delete), changed(lambda d: reword(d, "safety", 2, "Any plan?")))
    assert merged.document is None
    assert [(each.place, each.mine) for each in merged.collisions] == [(("questions", "plan"), NOTHING)]


def test_two_orders_of_one_list_collide_and_one_order_is_taken() -> None:
    def order(document: Doc, keys: str) -> None:
        questions = {q["key"][0]: q for q in section(document, "safety")["questions"] if q["key"] != "plan"}
        plan = section(document, "safety")["questions"][2]
        named = {"d": questions["d"], "p": questions["p"], "l": plan}
        section(document, "safety")["questions"] = [named[key] for key in keys]

    assert (
        both(changed(lambda d: order(d, "pdl")), DOCUMENT)["sections"]
        == changed(lambda d: order(d, "pdl"))["sections"]
    )
    merged = merge(DOCUMENT, changed(lambda d: order(d, "pdl")), changed(lambda d: order(d, "ldp")))
    assert [each.place[-1] for each in merged.collisions] == ["order"]


def test_a_condition_is_never_mixed_of_two() -> None:
    def gate(document: Doc, when: Doc) -> None:
        section(document, "mood")["questions"][2]["shown_when"] = when

    mine = changed(lambda d: gate(d, {"fact": "uses", "is": False}))
    theirs = changed(lambda d: gate(d, {"fact": "uses_daily", "is": True}))
    assert [each.place[-1] for each in merge(DOCUMENT, mine, theirs).collisions] == ["shown_when"]


def test_a_question_moved_to_two_places_is_in_neither_twice() -> None:
    def move(document: Doc, to: str) -> None:
        section(document, to)["questions"].append(section(document, "safety")["questions"].pop(2))

    merged = merge(DOCUMENT, changed(lambda d: move(d, "about")), changed(lambda d: move(d, "mood")))
    assert [each.place for each in merged.collisions] == [("questions", "plan")]


@pytest.mark.parametrize("name", ["title", "intended_use"])
def test_words_of_the_whole_are_merged_too(name: str) -> None:
    merged = both(
        changed(lambda d: d.update({name: "New."})), changed(lambda d: reword(d, "mood", 0, "Low?"))
    )
    assert merged[name] == "New."
