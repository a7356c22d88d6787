"""Two definitions compared in words: added, removed, moved, changed, and nothing where nothing is."""

import json
from typing import Any

import pytest

from screening.comparing import Compared, Mark, Piece, compare, marked
from screening.engine import parse
from tests.factories import screening as screenings
from tests.factories.small_questionnaire import DOCUMENT

Document = dict[str, Any]


def changed(edit: Any) -> Compared:
    document = json.loads(json.dumps(DOCUMENT))
    edit(document)
    return compare(parse(DOCUMENT), parse(document))


def told(compared: Compared) -> list[tuple[str, str, str]]:
    return [(change.done, change.place, change.key) for change in compared.changes]


def text_of(pieces: tuple[Piece, ...], mark: Mark) -> str:
    return " ".join(piece.text for piece in pieces if piece.mark in (Mark.BOTH, mark))


def test_a_version_says_the_same_as_itself() -> None:
    shipped = json.loads((screenings.SHIPPED / "ketamine_referral.json").read_text())
    assert compare(parse(shipped), parse(shipped)).changes == ()


def test_a_question_is_added_and_removed() -> None:
    question = {"key": "sleeps", "kind": "yes_no", "text": "Sleeps?"}
    added = changed(lambda document: document["sections"][2]["questions"].append(question))
    assert told(added) == [("added", "question", "sleeps")]
    assert [line.text for line in added.changes[0].detail if line.label == "Asks"] == ["Sleeps?"]
    removed = changed(lambda document: document["sections"][3]["questions"].pop())
    assert told(removed) == [("removed", "question", "plan")]


def test_a_changed_rule_says_what_was_and_what_is() -> None:
    def edit(document: Document) -> None:
        document["indications"][0]["criteria"][1]["when"]["at_least"] = 2

    (change,) = changed(edit).changes
    (line,) = change.lines
    assert (change.place, change.key, line.label) == ("criterion", "low.low_much", "Met when")
    assert text_of(line.pieces, Mark.WAS) == "“Low total” is 3 or more"
    assert text_of(line.pieces, Mark.NOW) == "“Low total” is 2 or more"


def test_a_rule_is_not_changed_by_a_question_in_other_words() -> None:
    def edit(document: Document) -> None:
        document["sections"][1]["questions"][0]["text"] = "Uses anything?"

    assert told(changed(edit)) == [("changed", "question", "uses")]


def test_a_move_is_told_once() -> None:
    def within(document: Document) -> None:
        questions = document["sections"][3]["questions"]
        questions.append(questions.pop(0))

    def across(document: Document) -> None:
        document["sections"][3]["questions"].append(document["sections"][2]["questions"].pop(0))

    assert told(changed(within)) == [("moved", "question", "danger")]
    (change,) = changed(across).changes
    (line,) = change.lines
    assert (change.key, line.label, text_of(line.pieces, Mark.NOW)) == (
        "low_mood", "Section", "Section: Safety",
    )  # fmt: skip


EDITS: list[tuple[str, Any]] = [
    ("version", lambda d: d.update(intended_use="Other tests.")),
    ("version", lambda d: d["scope"]["when"].update(at_least=21)),
    ("section", lambda d: d["sections"][0].update(title="The client")),
    ("question", lambda d: d["sections"][0]["questions"][0].update(maximum=110)),
    ("question", lambda d: d["sections"][0]["questions"][1].update(optional=True)),
    ("score", lambda d: d["scores"][0].update(bands=[{"from": 0, "label": "any"}])),
    ("indication", lambda d: d["indications"][0].update(title="Mood")),
    ("consideration", lambda d: d["considerations"][0].update(level="inform")),
    ("consideration", lambda d: d["considerations"][1].update(blocks_sending=True)),
    ("source", lambda d: d["sources"][0].update(review_by="2031-01-01")),
    ("vignette", lambda d: d["vignettes"][0]["expect"]["indications"].update(low="indicators_present")),
    ("vignette", lambda d: d["vignettes"][2]["answers"].update(age={"unknown": "declined"})),
]


@pytest.mark.parametrize("number", range(len(EDITS)))
def test_each_kind_of_part_tells_its_change(number: int) -> None:
    place, edit = EDITS[number]
    (change,) = changed(edit).changes
    assert (change.done, change.place, len(change.lines)) == ("changed", place, 1)


def test_words_are_marked_where_they_differ() -> None:
    assert marked("under 25 percent counts", "under 50 percent counts") == (
        Piece("under"),
        Piece("25", Mark.WAS),
        Piece("50", Mark.NOW),
        Piece("percent counts"),
    )
    assert marked("", "new") == (Piece("new", Mark.NOW),)
    assert marked("all of it", "nothing alike here") == (
        Piece("all of it", Mark.WAS),
        Piece("nothing alike here", Mark.NOW),
    )
