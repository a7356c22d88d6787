"""Pure edits of a document: what they make, what they follow, and what they refuse."""

import copy
import json
from typing import Any

import pytest

from screening.editing import choices, keys, questions, sections
from screening.editing.choices import ChoiceRow
from screening.editing.documents import Missing, Refused, question_of
from screening.editing.published import published_keys
from screening.editing.questions import Begun
from screening.engine import check, parse
from tests.factories import screening as screenings
from tests.screening.building.small import DOCUMENT

Doc = dict[str, Any]
NONE = published_keys([])
PUBLISHED = published_keys([parse(DOCUMENT)], 3)
SHIPPED = json.loads((screenings.SHIPPED / "ketamine_referral.json").read_text())
KINDS = ["yes_no", "one_choice", "many_choices", "number", "date", "text", "entries"]
BEGUN = {
    "one_choice": {"choices": ("Never", "Often")},
    "many_choices": {"choices": ("Never", "Often")},
    "entries": {"first_inner": "Which medicine?"},
}


def keys_in(document: Doc, section: int) -> list[str]:
    return [question["key"] for question in document["sections"][section]["questions"]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_is_added_with_what_it_needs(kind: str) -> None:
    before = copy.deepcopy(DOCUMENT)
    document, key = questions.add_question(
        DOCUMENT, "mood", Begun("How often, in a week?", kind, **BEGUN.get(kind, {}))
    )
    added = parse(document).question(key)
    assert (key, added.kind, added.text) == ("how_often_in_a_week", kind, "How often, in a week?")
    assert keys_in(document, 2)[-1] == key
    assert before == DOCUMENT


def test_a_key_is_readable_and_nobody_elses() -> None:
    assert keys.key_from("Who recorded it?", ()) == "who_recorded_it"
    assert keys.key_from("Who recorded it?", {"who_recorded_it"}) == "who_recorded_it_2"
    assert keys.key_from("Größe, Übelkeit", ()) == "groe_ubelkeit"
    assert keys.key_from("多少", (), "question") == "question"
    assert len(keys.key_from("word " * 80, ())) <= keys.READABLE


@pytest.mark.parametrize(("kind", "field"), [("one_choice", "choices"), ("entries", "first_inner")])
def test_what_a_kind_cant_be_without_is_asked_for(kind: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        questions.add_question(DOCUMENT, "mood", Begun("How?", kind))
    assert refused.value.field == field


def test_a_renamed_question_is_followed_everywhere() -> None:
    """Rules, gates, scores, counts and vignettes of the long questionnaire find the same afterwards."""
    document = SHIPPED
    for key in ("phq9_1", "trials", "trials_complete", "trial_drug"):
        if key in keys.fact_keys(document):
            document = keys.rename_fact(document, key, f"{key}_renamed")
    assert f'"{"trials"}"' not in json.dumps(document["indications"])
    assert [problem for problem in check(parse(document)) if not problem.warning] == [
        problem for problem in check(parse(SHIPPED)) if not problem.warning
    ]
    assert parse(document).hash != parse(SHIPPED).hash


def test_a_renamed_choice_is_followed_everywhere() -> None:
    document = SHIPPED
    for name, named in SHIPPED["choice_sets"].items():
        document = keys.rename_choice(document, name, named[0]["key"], "renamed")
    assert [problem for problem in check(parse(document)) if not problem.warning] == []


def test_a_key_that_is_taken_or_no_key_is_refused() -> None:
    for new in ("age", "low_total", "two words", "x" * 101):
        with pytest.raises(Refused) as refused:
            keys.rename_fact(DOCUMENT, "low_mood", new)
        assert refused.value.field == "key"


def test_a_published_key_and_kind_stay() -> None:
    for changes, field in (({"key": "feeling"}, "key"), ({"kind": "text"}, "kind")):
        with pytest.raises(Refused, match="version 3 is published with it") as refused:
            questions.change_question(DOCUMENT, "plan", changes, PUBLISHED)
        assert refused.value.field == field
        parse(questions.change_question(DOCUMENT, "plan", changes, NONE))


def test_a_kind_changes_only_while_nobody_reads_it() -> None:
    with pytest.raises(Refused) as refused:
        questions.change_question(DOCUMENT, "low_mood", {"kind": "text"}, NONE)
    assert [use.keys for use in refused.value.uses] == [("low", "low_said"), ("mixed", "mixed_low")]


def test_what_is_read_elsewhere_isnt_deleted_and_says_by_whom() -> None:
    with pytest.raises(Refused) as refused:
        questions.delete_question(DOCUMENT, "uses")
    assert [(use.kind, use.keys) for use in refused.value.uses] == [
        ("question", ("uses_daily",)),
        ("question", ("low_after_use",)),
        ("criterion", ("mixed", "mixed_use")),
        ("consideration", ("use",)),
    ]
    with pytest.raises(Refused) as scored:
        questions.delete_question(DOCUMENT, "how_low")
    assert [(use.kind, use.keys) for use in scored.value.uses] == [("score", ("low_total",))]


def test_a_question_that_only_vignettes_answer_goes_with_their_answers() -> None:
    answered = {
        **DOCUMENT,
        "vignettes": [
            {
                "key": "one",
                "title": "One",
                "as_of": "2026-11-23",
                "answers": {"plan": {"value": True}, "age": {"value": 30}},
                "expect": {"indications": {}, "considerations": {}},
            }
        ],
    }
    with pytest.raises(Refused) as refused:
        questions.delete_question(answered, "plan")
    assert [use.kind for use in refused.value.uses] == ["vignette"]
    left = questions.delete_question(answered, "plan", from_vignettes=True)
    parse(left)
    assert left["vignettes"][0]["answers"] == {"age": {"value": 30}}


def test_the_last_question_of_a_section_stays() -> None:
    document, _key = sections.add_section(DOCUMENT, "Sleep", Begun("Do you sleep?", "yes_no"))
    with pytest.raises(Refused, match="at least one question"):
        questions.delete_question(document, "do_you_sleep")


def test_a_question_moves_up_and_down_but_never_before_what_shows_it() -> None:
    moved = questions.move_question(DOCUMENT, "how_low", -1)
    assert keys_in(moved, 2) == ["how_low", "low_mood", "low_after_use"]
    assert keys_in(questions.move_question(DOCUMENT, "low_mood", -1), 2) == keys_in(DOCUMENT, 2)
    for edit in (
        lambda: questions.move_question(DOCUMENT, "uses_daily", -1),
        lambda: questions.move_question(DOCUMENT, "uses", 1),
        lambda: questions.move_to_section(DOCUMENT, "uses", "safety"),
        lambda: sections.move_section(DOCUMENT, "substances", 1),
    ):
        with pytest.raises(Refused, match=r"is shown by the answer to “Uses.”, so it can’t stand"):
            edit()


def test_a_question_moves_to_another_section() -> None:
    moved = questions.move_to_section(DOCUMENT, "low_mood", "about")
    assert (keys_in(moved, 0), keys_in(moved, 2)) == (
        ["age", "client_wants_referral", "low_mood"],
        ["how_low", "low_after_use"],
    )
    parse(moved)


def test_a_copy_stands_after_its_question_with_keys_of_its_own() -> None:
    holder = next(q for s in SHIPPED["sections"] for q in s["questions"] if q["kind"] == "entries")
    document, key = questions.duplicate_question(SHIPPED, holder["key"])
    definition = parse(document)
    assert definition.question(key).text == holder["text"]
    assert len(definition.question(key).entry) == len(holder["entry"])


def rows(*typed: tuple[str, str, str, int | None]) -> list[ChoiceRow]:
    return [ChoiceRow(was, key, label, points, True) for was, key, label, points in typed]


def test_choices_are_changed_added_and_put_in_order() -> None:
    document = choices.change_choices(
        DOCUMENT,
        "how_low",
        rows(("3", "3", "Very much", 3), ("", "", "Some", 1), ("0", "none", "Not", 0)),
        NONE,
    )
    parse(document)
    assert document["choice_sets"]["how_much"] == [
        {"key": "3", "label": "Very much", "points": 3},
        {"key": "some", "label": "Some", "points": 1},
        {"key": "none", "label": "Not", "points": 0},
    ]


def test_a_published_choice_keeps_its_key() -> None:
    with pytest.raises(Refused, match="key of a published choice stays"):
        choices.change_choices(
            DOCUMENT, "how_low", rows(("0", "none", "Not", 0), ("3", "3", "Much", 3)), PUBLISHED
        )


def test_a_choice_that_a_rule_names_isnt_deleted() -> None:
    named = {
        **DOCUMENT,
        "considerations": [
            {**DOCUMENT["considerations"][0], "when": {"fact": "how_low", "one_of": ["3"]}},
        ],
    }
    parse(named)
    with pytest.raises(Refused) as refused:
        choices.move_choice(named, "how_low", "3", "delete")
    assert [use.keys for use in refused.value.uses] == [("danger_now",)]
    left = choices.move_choice(named, "how_low", "0", "delete")
    assert [choice["key"] for choice in left["choice_sets"]["how_much"]] == ["3"]
    with pytest.raises(Refused):
        choices.move_choice(left, "how_low", "3", "delete")


def test_a_shared_set_becomes_ones_own() -> None:
    shared, key = questions.add_question(
        DOCUMENT, "safety", Begun("How much?", "one_choice", choice_set="how_much")
    )
    assert [each["key"] for each in choices.shared_by(shared, "how_much")] == ["how_low", key]
    own = choices.own_choices(shared, key)
    parse(own)
    assert question_of(own, key)["choices"] == "how_much_2"
    assert own["choice_sets"]["how_much_2"] == own["choice_sets"]["how_much"]


def test_what_an_instrument_prescribes_changes_only_as_a_correction() -> None:
    item = next(q for s in SHIPPED["sections"] for q in s["questions"] if q.get("instrument"))
    with pytest.raises(Refused, match="word for word") as refused:
        questions.change_question(SHIPPED, item["key"], {"text": "Other words"}, NONE)
    assert refused.value.field == "text"
    helped = questions.change_question(SHIPPED, item["key"], {"help": "Read it aloud."}, NONE)
    assert question_of(helped, item["key"])["help"] == "Read it aloud."
    corrected = questions.change_question(
        SHIPPED, item["key"], {"text": "Other words"}, NONE, is_correction=True
    )
    assert question_of(corrected, item["key"])["text"] == "Other words"


def test_sections_are_added_changed_moved_and_deleted() -> None:
    document, key = sections.add_section(DOCUMENT, "Sleep and rest", Begun("Do you sleep?", "yes_no"))
    assert (key, parse(document).section(key).title) == ("sleep_and_rest", "Sleep and rest")
    renamed = sections.change_section(
        document, key, {"title": "Sleep", "key": "sleep", "sensitive": True}, NONE
    )
    assert parse(renamed).section("sleep").sensitive
    moved = sections.move_section(renamed, "sleep", -1)
    assert [each["key"] for each in moved["sections"]][-2:] == ["sleep", "safety"]
    assert sections.delete_section(renamed, "sleep") == DOCUMENT
    with pytest.raises(Refused, match="version 3"):
        sections.change_section(DOCUMENT, "mood", {"key": "low"}, PUBLISHED)
    with pytest.raises(Refused) as refused:
        sections.delete_section(DOCUMENT, "safety")
    assert [use.keys for use in refused.value.uses] == [("danger_now",), ("pressure_high",)]


def test_a_new_questionnaire_can_be_read() -> None:
    document = sections.new_document("Sleep", "sleep", "Adults.", "Nights", Begun("Do you sleep?", "yes_no"))
    definition = parse(document)
    assert [section.key for section in definition.sections] == ["nights"]


def test_what_isnt_there_is_missing() -> None:
    for edit in (
        lambda: questions.move_question(DOCUMENT, "gone", 1),
        lambda: sections.move_section(DOCUMENT, "gone", 1),
        lambda: questions.add_question(DOCUMENT, "gone", Begun("x", "text")),
    ):
        with pytest.raises(Missing):
            edit()
