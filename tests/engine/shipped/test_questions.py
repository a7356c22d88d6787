"""Every section and question of the shipped questionnaire, compared with a table of what must be there."""

import re

import pytest

from tests.engine.shipped.documents import MAIN, Document, definition, document, questions
from tests.engine.shipped.question_table import TABLE
from tests.engine.shipped.reading import read_facts
from tests.engine.shipped.saying import say

PACKET = "For the packet: no rule reads this."


def expected_rows(section: str) -> list[str]:
    """The rows of the table, with `a_1..3` written out."""
    rows = []
    for line in TABLE[section].strip().splitlines():
        key, *rest = (part.strip() for part in line.split("|", 1))
        numbered = re.fullmatch(r"(\w+_)(\d+)\.\.(\d+)", key)
        keys = [key]
        if numbered:
            stem, first, last = numbered.groups()
            keys = [f"{stem}{i}" for i in range(int(first), int(last) + 1)]
        rows += [re.sub(r"\s*\|\s*", " | ", f"{each} | {rest[0]}").strip() for each in keys]
    return rows


def row(question: Document, within: str = "") -> str:
    """A question of the document in the notation of the table."""
    shown = say(question["shown_when"]) if "shown_when" in question else ""
    cells = (within + question["key"], _answers(question), shown, " ".join(_flags(question)))
    return re.sub(r"\s*\|\s*", " | ", " | ".join(cells)).strip()


def _answers(question: Document) -> str:
    if question["kind"] == "one_choice":
        choices = document(MAIN)["choice_sets"][question["choices"]]
        return f"one_choice {' '.join(choice['key'] for choice in choices)}"
    if question["kind"] == "number":
        assert "decimals" not in question
        unit = question.get("unit", "")
        return f"number {question['minimum']}-{question['maximum']} {unit}".strip()
    return question["kind"]


def _flags(question: Document) -> list[str]:
    known = {
        "optional": question.get("optional"),
        "self": question.get("self_report"),
        f"grid={question.get('grid')}": "grid" in question,
        "hidden=not_known": question.get("when_hidden") == {"unknown": "not_known"},
        "packet": PACKET in question.get("help", ""),
    }
    return [flag for flag, set_ in known.items() if set_]


def section(key: str) -> Document:
    return next(s for s in document(MAIN)["sections"] if s["key"] == key)


def test_the_sections_stand_in_their_order():
    assert [s["key"] for s in document(MAIN)["sections"]] == list(TABLE)


@pytest.mark.parametrize("key", TABLE)
def test_a_section_has_exactly_its_questions(key: str):
    found = []
    for question in section(key)["questions"]:
        found.append(row(question))
        found += [row(inner, f"{question['key']}.") for inner in question.get("entry", ())]
    assert found == expected_rows(key)


def test_only_about_and_safety_are_always_shared_and_only_substances_are_sensitive():
    flags = {
        s["key"]: (s.get("always_shared", False), s.get("sensitive", False))
        for s in document(MAIN)["sections"]
    }
    special = {"about": (True, False), "safety": (True, False), "substances": (False, True)}
    assert flags == {**dict.fromkeys(TABLE, (False, False)), **special}


def test_no_section_hides_as_a_whole():
    assert [s["key"] for s in document(MAIN)["sections"] if "shown_when" in s] == []


def test_the_scope_is_adults():
    scope = document(MAIN)["scope"]
    assert (scope["statement"], say(scope["when"])) == ("Adult, 18 or over", "age >= 18")


def test_the_marks_for_the_packet_are_right():
    """Exactly the questions that no rule reads, directly or through a score, a gate or a date, say so."""
    marked = {q["key"] for q in questions() if PACKET in q.get("help", "")}
    assert marked == {q["key"] for q in questions()} - read_facts()


def test_only_other_does_not_identify_a_medicine():
    sets = document(MAIN)["choice_sets"]
    vague = [
        (name, c["key"]) for name, choices in sets.items() for c in choices if not c.get("identifies", True)
    ]
    assert vague == [("antidepressants", "other")]


def test_the_points_of_a_choice_are_its_key_and_the_difficulty_question_has_none():
    scored = (
        "phq9_frequency",
        "gad7_frequency",
        "pcl5_bothered",
        "auditc_frequency",
        "auditc_quantity",
        "auditc_heavy",
    )
    for name, choices in document(MAIN)["choice_sets"].items():
        points = [c.get("points") for c in choices]
        assert points == ([int(c["key"]) for c in choices] if name in scored else [None] * len(choices)), name


def test_inadequate_means_tried_and_not_enough():
    """Where a question asks for an inadequate response, its help says what yes and what no cover."""
    asked = [q for q in questions() if "inadequate" in q["key"]]
    assert len(asked) == 5
    for question in asked:
        assert "Yes means tried and not enough" in question["help"], question["key"]
        assert "No means that it helped" in question["help"] or (
            "No covers both: it helped, or it was never tried." in question["help"]
        )


def test_the_clinician_grid_asks_whether_a_clinician_has_said_so():
    stems = {q["stem"] for q in questions() if q.get("grid") == "told_by_a_clinician"}
    assert stems == {"Has a clinician told the client of any of these?"}


def test_free_text_of_the_client_says_that_session_notes_do_not_belong_there():
    helps = {q["key"]: q.get("help", "") for q in questions() if q["kind"] == "text"}
    assert [key for key, text in helps.items() if "No session notes here." in text] == [
        "goals",
        "other_history",
    ]


def test_every_question_of_ours_is_a_sentence_that_asks_or_a_line_of_the_grid():
    own = [q for q in questions() if "instrument" not in q and "stem" not in q]
    assert [q["key"] for q in own if not q["text"].endswith("?")] == []
    assert max(len(q["text"]) for q in own) <= 105


def test_keys_are_unique_and_the_definition_is_read_whole():
    keys = [q["key"] for q in questions()]
    assert len(keys) == len(set(keys)) == 175
    assert [q.key for q in definition().questions] == [
        q["key"] for s in document(MAIN)["sections"] for q in s["questions"]
    ]
