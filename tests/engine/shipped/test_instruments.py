"""Published instruments are reproduced word for word: compared with the kept copies, string by string."""

from typing import Any

import pytest

from tests.engine.shipped.documents import ALL, INSTRUMENTS, MAIN, Document, document, instrument, questions

IN_MAIN = ["phq9", "gad7", "pcptsd5", "pcl5", "peg", "cssrs_screener", "auditc", "drug_single"]
RENAMED = {"pcptsd5_0": "trauma_exposure", "drug_1": "drug_single"}
NOT_ASKED = {"gad7_8"}
# Our own note for the clinician stands where the instrument has no help of its own.
OWN_HELP = {"phq9_10"}


def test_the_questionnaire_uses_exactly_the_instruments_that_are_kept():
    assert [i["key"] for i in document(MAIN)["instruments"]] == IN_MAIN
    assert sorted(path.stem for path in INSTRUMENTS.glob("*.json")) == sorted(IN_MAIN)


@pytest.mark.parametrize("key", ALL)
def test_title_recall_instruction_notice_and_licence_are_the_instruments_own(key: str):
    for shown in document(key)["instruments"]:
        kept = instrument(shown["key"])
        assert shown == {
            "key": kept["key"],
            "title": kept["title"],
            "version": kept["version"],
            "recall": kept["recall"],
            "instruction": kept["instruction"],
            "notice": kept["licence"]["notice_to_display"],
            "licence": kept["licence"]["statement"],
            "permission": kept["licence"]["verbatim_allowed"],
        }


@pytest.mark.parametrize("key", ALL)
def test_every_item_is_asked_in_its_own_words(key: str):
    asked = {q["key"]: q for q in questions(key)}
    for each in document(key)["instruments"]:
        for item in items(each["key"]):
            assert words_of(asked[RENAMED.get(item["key"], item["key"])]) == (
                item["text"],
                item["stem"],
                item["help"],
                item["loinc"],
                each["key"],
            )


def words_of(question: Document) -> tuple[Any, ...]:
    """Text, stem, help, code and instrument of a question, as the kept copies state them."""
    own = question["key"] in OWN_HELP
    return (
        question["text"],
        question.get("stem"),
        None if own else question.get("help"),
        question.get("loinc"),
        question["instrument"],
    )


def items(key: str) -> list[Document]:
    return [item for item in instrument(key)["items"] if item["key"] not in NOT_ASKED]


@pytest.mark.parametrize("key", ALL)
def test_no_other_question_claims_to_be_from_an_instrument(key: str):
    claimed = {q["key"] for q in questions(key) if "instrument" in q}
    used = [i["key"] for i in document(key)["instruments"]]
    assert claimed == {RENAMED.get(item["key"], item["key"]) for each in used for item in items(each)}


@pytest.mark.parametrize("key", ALL)
def test_the_answers_have_the_instruments_own_labels_points_and_codes(key: str):
    compared = 0
    for question in questions(key):
        if question["kind"] == "one_choice" and "instrument" in question:
            shown = document(key)["choice_sets"][question["choices"]]
            assert shown == kept_choices(question), question["key"]
            compared += 1
    assert compared == {MAIN: 40, "phq9": 10, "gad7": 7, "pcl5": 20, "peg": 0}[key]


def kept_choices(question: Document) -> list[Document]:
    """The answers of an item as the kept copy states them, without what it leaves open."""
    kept = instrument(question["instrument"])
    name = next(item["choices"] for item in kept["items"] if item["key"] == question["key"])
    fields = ("key", "label", "points", "loinc")
    return [{f: choice[f] for f in fields if choice[f] is not None} for choice in kept["choices"][name]]


@pytest.mark.parametrize("key", [MAIN, "peg"])
def test_the_ends_of_the_pain_scales_are_the_instruments_anchors(key: str):
    asked = {q["key"]: q for q in questions(key)}
    for item in items("peg"):
        choices = instrument("peg")["choices"][item["choices"]]
        question = asked[item["key"]]
        ends = (choices[0]["anchor"], choices[-1]["anchor"])
        assert (question["low_label"], question["high_label"]) == ends
        assert (question["minimum"], question["maximum"]) == (choices[0]["points"], choices[-1]["points"])
        assert None not in ends


def test_yes_and_no_items_are_yes_no_questions():
    asked = {q["key"]: q for q in questions()}
    for key in ("cssrs_screener", "pcptsd5"):
        kinds = {asked[RENAMED.get(item["key"], item["key"])]["kind"] for item in items(key)}
        assert kinds == {"yes_no"}


def test_a_clinician_asks_the_suicide_screener_and_never_the_client():
    screener = [q for q in questions() if q.get("instrument") == "cssrs_screener"]
    assert len(screener) == 7
    assert [q["key"] for q in screener if q.get("self_report")] == []


def test_what_the_client_may_fill_in_is_everything_else_from_instruments_and_two_own_questions():
    by_client = {q["key"] for q in questions() if q.get("self_report")}
    from_instruments = {q["key"] for q in questions() if q.get("instrument") not in (None, "cssrs_screener")}
    assert by_client == from_instruments | {"goals", "setting_preference"}


def test_permission_that_was_not_found_is_said_to_be_open():
    open_ = [i["key"] for i in document(MAIN)["instruments"] if i["permission"] is None]
    assert open_ == ["peg", "cssrs_screener", "drug_single"]
    readme = (INSTRUMENTS / "README.md").read_text(encoding="utf-8")
    for key in IN_MAIN:
        line = next(line for line in readme.splitlines() if line.startswith(f"| `{key}.json`"))
        assert ("**not confirmed**" in line) == (key in open_), key
