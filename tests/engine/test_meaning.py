"""Which answers keep their sense under another version: what is asked, not where or when it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.engine import Definition, Kind, evaluate, parse
from screening.engine.meaning import Part, carry, differing, meaning_of
from tests.engine.documents import AS_OF, answers, defined, document, entries, question, score, section
from tests.engine.random_documents import RandomDocument

Json = dict[str, Any]
SHIPPED = sorted(Path("screening/questionnaires").glob("*.json"))
INSTRUMENT = {
    "key": "scale", "title": "Scale", "version": None, "recall": "Last week", "instruction": "Answer all",
    "notice": None, "licence": None, "permission": True,
}  # fmt: skip
LIST = question("list", "entries", entry=[question("drug", "one_choice", choices="drugs"), question("ok")])
ASKED = (
    question("first"),
    question("pick", "one_choice", stem="Stem", low_label="Low", high_label="High", instrument="scale"),
    question("size", "number", minimum=0, maximum=9, unit="mg"),
    LIST,
)
GIVEN = {
    **answers(first=True, pick="2", size=4),
    "list": entries({"drug": "a", "ok": True}, {"drug": "b", "ok": ...}),
}


def written() -> Json:
    """A questionnaire with one question of each sort, in one section."""
    return document(section(*ASKED), instruments=[INSTRUMENT])


def asked_in(whole: Json) -> Iterator[Json]:
    """Every question of a document, those of entries included."""
    for part in whole["sections"]:
        for each in part["questions"]:
            yield each
            yield from each.get("entry", ())


def changed(change: Callable[[Json], object]) -> Definition:
    """The questionnaire with one thing changed."""
    whole = written()
    change(whole)
    return parse(whole)


def the(whole: Json, key: str) -> Json:
    """One question of a document."""
    return next(each for each in asked_in(whole) if each["key"] == key)


def stamps(definition: Definition) -> dict[str, str]:
    """The stamp of every question."""
    keys = (key for top in definition.questions for key in (top.key, *(each.key for each in top.entry)))
    return {key: meaning_of(definition, key) for key in keys}


MOVES: dict[str, Callable[[Json], object]] = {
    "help": lambda whole: the(whole, "pick").update(help="Other help"),
    "a gate": lambda whole: the(whole, "pick").update(shown_when={"fact": "first", "is": True}),
    "what a hidden question counts as": lambda whole: the(whole, "size").update(
        shown_when={"fact": "first", "is": True}, when_hidden={"unknown": "not_known"}
    ),
    "whether it is optional": lambda whole: the(whole, "pick").update(optional=True),
    "the order": lambda whole: whole["sections"][0]["questions"].reverse(),
    "the section": lambda whole: whole["sections"].append(
        section(whole["sections"][0]["questions"].pop(), key="later")
    ),
    "the order of choices": lambda whole: whole["choice_sets"]["points"].reverse(),
    "the name of the choice set": lambda whole: (
        whole["choice_sets"].update(same=whole["choice_sets"]["points"]),
        the(whole, "pick").update(choices="same"),
    ),
    "the section's title": lambda whole: whole["sections"][0].update(title="Other"),
    "a rule": lambda whole: whole.update(scores=[score("sum", "pick")]),
    "an instrument's licence": lambda whole: whole["instruments"][0].update(licence="Free"),
    "a later question": lambda whole: whole["sections"][0]["questions"].append(question("new")),
}


@pytest.mark.parametrize("what", MOVES)
def test_what_is_no_part_of_a_question_changes_no_meaning_and_carries_every_answer(what: str) -> None:
    before, after = parse(written()), changed(MOVES[what])
    assert {key: stamps(after)[key] for key in stamps(before)} == stamps(before)
    carried = carry(before, after, GIVEN)
    assert (carried.answers, carried.asked_again, carried.no_longer_asked) == (GIVEN, {}, ())


CHANGES: dict[str, tuple[str, Part, Callable[[Json], object]]] = {
    "text": ("first", Part.TEXT, lambda whole: the(whole, "first").update(text="Other")),
    "stem": ("pick", Part.STEM, lambda whole: the(whole, "pick").update(stem="Other")),
    "kind": ("first", Part.KIND, lambda whole: the(whole, "first").update(kind="text")),
    "a label": ("pick", Part.CHOICES, lambda whole: whole["choice_sets"]["points"][0].update(label="Never")),
    "points": ("pick", Part.CHOICES, lambda whole: whole["choice_sets"]["points"][0].update(points=7)),
    "a choice fewer": ("pick", Part.CHOICES, lambda whole: whole["choice_sets"]["points"].pop()),
    "a choice more": (
        "pick",
        Part.CHOICES,
        lambda whole: whole["choice_sets"]["points"].append({"key": "4", "label": "4", "points": 4}),
    ),
    "the maximum": ("size", Part.LIMITS, lambda whole: the(whole, "size").update(maximum=8)),
    "the minimum": ("size", Part.LIMITS, lambda whole: the(whole, "size").update(minimum=1)),
    "decimals": ("size", Part.LIMITS, lambda whole: the(whole, "size").update(decimals=1)),
    "the unit": ("size", Part.UNIT, lambda whole: the(whole, "size").update(unit="g")),
    "an anchor": ("pick", Part.ANCHORS, lambda whole: the(whole, "pick").update(low_label="Lowest")),
    "the recall": ("pick", Part.RECALL, lambda whole: whole["instruments"][0].update(recall="Last month")),
    "the instruction": (
        "pick",
        Part.INSTRUCTION,
        lambda whole: whole["instruments"][0].update(instruction="B"),
    ),
    "the list's own words": ("list", Part.TEXT, lambda whole: the(whole, "list").update(text="Other")),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_what_is_asked_ends_the_meaning_of_that_question_alone(what: str) -> None:
    key, part, change = CHANGES[what]
    before, after = parse(written()), changed(change)
    assert [each for each in stamps(before) if stamps(before)[each] != stamps(after)[each]] == [key]
    assert differing(before, after, key)[0] is part or part in differing(before, after, key)
    carried = carry(before, after, GIVEN)
    assert set(carried.asked_again) == {key}
    assert part in carried.asked_again[key]
    assert carried.answers == {each: answer for each, answer in GIVEN.items() if each != key}
    assert carried.no_longer_asked == ()


def test_a_question_in_a_list_that_changed_is_asked_again_and_the_rest_of_each_entry_stands() -> None:
    before, after = parse(written()), changed(lambda whole: the(whole, "ok").update(text="Other"))
    carried = carry(before, after, GIVEN)
    assert carried.answers["list"] == entries({"drug": "a"}, {"drug": "b"})
    assert carried.asked_again == {"ok": (Part.TEXT,)}
    assert meaning_of(before, "list") != meaning_of(after, "list")
    assert meaning_of(before, "drug") == meaning_of(after, "drug")


def test_a_new_question_in_a_list_leaves_the_entries_as_they_are() -> None:
    before, after = (
        parse(written()),
        changed(lambda whole: the(whole, "list")["entry"].append(question("more"))),
    )
    carried = carry(before, after, GIVEN)
    assert (carried.answers, carried.asked_again) == (GIVEN, {})


def test_what_is_no_longer_asked_is_named_and_not_carried() -> None:
    def without(whole: Json) -> None:
        part = whole["sections"][0]
        part["questions"] = [each for each in part["questions"] if each["key"] != "first"]
        the(whole, "list")["entry"].pop()

    carried = carry(parse(written()), changed(without), GIVEN)
    assert carried.no_longer_asked == ("first", "ok")
    assert carried.asked_again == {}
    assert set(carried.answers) == {"pick", "size", "list"}
    assert carried.answers["list"] == entries({"drug": "a"}, {"drug": "b"})


def test_a_question_that_moved_into_a_list_is_asked_again() -> None:
    def moved(whole: Json) -> None:
        asked = whole["sections"][0]["questions"]
        the(whole, "list")["entry"].append(asked.pop(0))

    assert carry(parse(written()), changed(moved), GIVEN).asked_again == {"first": (Part.LIST,)}


def test_not_known_and_declined_are_asked_again_like_any_answer_and_a_blank_is_nothing() -> None:
    before, after = parse(written()), changed(lambda whole: the(whole, "first").update(text="Other"))
    for answer in ({"unknown": "declined"}, {"unknown": "not_known"}):
        assert carry(before, after, {"first": answer, "size": answer}).answers == {"size": answer}
    assert carry(before, after, {"first": {}}).asked_again == {}


def test_a_list_that_is_empty_or_not_known_is_carried_as_it_is() -> None:
    before = parse(written())
    for answer in ({"entries": []}, {"unknown": "not_known"}):
        assert carry(before, changed(MOVES["help"]), {"list": answer}).answers == {"list": answer}


def test_the_stamp_of_a_question_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        meaning_of(defined(section(question("q"))), "other")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_text_of_a_shipped_question_is_part_of_its_meaning(path: Path) -> None:
    whole = json.loads(path.read_text())
    before = parse(whole)
    for number, asked in enumerate(asked_in(whole)):
        other = deepcopy(whole)
        list(asked_in(other))[number]["text"] += " Really?"
        after = parse(other)
        assert meaning_of(before, asked["key"]) != meaning_of(after, asked["key"])


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_on_random_questionnaires_the_same_version_carries_all_and_what_is_carried_is_always_valid(
    chance: Random,
) -> None:
    random = RandomDocument(chance)
    before, said = parse(random.written), random.answers()
    assert carry(before, before, said).answers == said
    whole = deepcopy(random.written)
    hit = random.random.sample(list(asked_in(whole)), 2)
    for each in hit:
        each["text"] += " Really?"
    after = parse(whole)
    carried = carry(before, after, said)
    gone = {each["key"] for each in hit}
    assert set(carried.asked_again) <= gone
    assert set(carried.answers) == set(said) - gone
    # The engine takes what was carried: nothing in it is of the wrong kind or range.
    evaluate(after, dict(carried.answers), AS_OF)
    for asked in after.questions:
        if asked.kind is Kind.ENTRIES and asked.key in carried.answers:
            rows = carried.answers[asked.key].get("entries", ())
            assert all(gone.isdisjoint(row) for row in rows)
