"""Every problem of a document, with its exact place."""

from __future__ import annotations

import pytest

from screening.engine import parse
from tests.engine.documents import consideration, criterion, document, indication, question, section
from tests.engine.whole import YES, found, whole


def set_at(changed: dict, place: str, value: object) -> None:
    """Put a value at a place such as `sections.0.key`; `...` takes away what is there."""
    *path, last = place.split(".")
    at: object = changed
    for step in path:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value is ...:
        del at[last]
    elif isinstance(at, list):
        at[int(last) :] = [value]
    else:
        at[last] = value


MISSING = "This is missing."
NOT_HERE = "This key is not known here."
FACT = "There is no question or score with this key."
LATER = "A question may look only at earlier questions."
ONE_FORM = "A condition has exactly one of fact, all, any, not, some, count."
OPERATORS = "A fact is compared with exactly one of is, is_not, at_least, at_most, one_of, includes."
ITEMS = (
    "A score is made of yes_no questions, of one_choice questions with points on every choice, "
    "and of number questions with a minimum and a maximum."
)
NUMBER = "This must be a number that is not too large."
NO_CHOICE = "There is no choice with this key."
NO_DAY = "This must be a day that exists, written YYYY-MM-DD."
EMPTY = "This list is empty."
USED = "This key is already used."
SAME_GATE = "This question must have the same shown_when as the list."
NO_ENTRY = "The list's entries have no question with this key."
OWN = "Inside `where` only the questions of the list's own entries can be read."
NO_PERMISSION = "This must be true, or null where none was found."
Q, WHEN, COUNT = "sections.0.questions", "considerations.0.when", "indications.0.criteria.0.when.count"

ONE_CHANGE = [
    ("schema", ..., "schema", MISSING),
    ("schema", 2, "schema", "This must be 1."),
    ("schema", True, "schema", "This must be 1."),
    ("title", ..., "title", MISSING),
    ("title", 7, "title", "This must be a text."),
    ("title", " ", "title", "This text is empty."),
    ("title", "\ud800", "title", "This text has characters that can't be stored."),
    ("key", "a key", "key", "A key is made of up to 100 letters a to z, digits, _ and -."),
    ("more", 1, "more", NOT_HERE),
    ("vignettes", ..., "vignettes", MISSING),
    ("sections", {}, "sections", "This must be a list."),
    ("sections.0.more", 1, "sections.0.more", NOT_HERE),
    ("sections.0.sensitive", "yes", "sections.0.sensitive", "This must be true or false."),
    ("sections.1.key", "first", "sections.1.key", USED),
    ("sections.1.shown_when", {"fact": "day", "is": "2026-01-01"}, "sections.1.shown_when.fact", LATER),
    (
        f"{Q}.0.kind",
        "boolean",
        f"{Q}.0.kind",
        "This must be one of yes_no, one_choice, many_choices, number, date, text, entries.",
    ),
    (f"{Q}.0.more", 1, f"{Q}.0.more", NOT_HERE),
    (f"{Q}.0.text", None, f"{Q}.0.text", "This must be a text."),
    (f"{Q}.0.choices", "points", f"{Q}.0.choices", "A question of kind yes_no doesn't have this."),
    (f"{Q}.0.minimum", 1, f"{Q}.0.minimum", "A question of kind yes_no doesn't have this."),
    (f"{Q}.0.entry", [question("x")], f"{Q}.0.entry", "A question of kind yes_no doesn't have this."),
    (f"{Q}.0.shown_when", {"fact": "choice", "is": "0"}, f"{Q}.0.shown_when.fact", LATER),
    (f"{Q}.0.shown_when", {"fact": "gate", "is": True}, f"{Q}.0.shown_when.fact", LATER),
    (
        f"{Q}.2.shown_when",
        {"fact": "total", "is": 3},
        f"{Q}.2.shown_when.fact",
        "A question may look only at questions, not at scores.",
    ),
    (
        f"{Q}.2.shown_when",
        {"fact": "ok", "is": True},
        f"{Q}.2.shown_when.fact",
        "This is asked inside a list, and can only be read by a count of that list.",
    ),
    (f"{Q}.2.choices", ..., f"{Q}.2.choices", MISSING),
    (f"{Q}.2.choices", "nothing", f"{Q}.2.choices", "There is no choice set with this name."),
    (f"{Q}.3.key", "drug", "sections.1.questions.2.entry.0.key", USED),
    (f"{Q}.3.key", "mean", "scores.1.key", USED),
    (f"{Q}.1.minimum", 121, f"{Q}.1.maximum", "The maximum is less than the minimum."),
    (f"{Q}.1.minimum", "0", f"{Q}.1.minimum", NUMBER),
    (f"{Q}.1.decimals", 7, f"{Q}.1.decimals", "This must be a whole number from 0 to 6."),
    (f"{Q}.1.instrument", "nothing", f"{Q}.1.instrument", "There is no instrument with this key."),
    (
        f"{Q}.2.when_hidden",
        {"value": "0"},
        f"{Q}.2.when_hidden",
        'This can only be {"unknown": "not_known"}.',
    ),
    (f"{Q}.2.grid", 1, f"{Q}.2.grid", "This must be a text."),
    ("sections.1.questions.2.entry", [], "sections.1.questions.2.entry", EMPTY),
    (
        "sections.1.questions.2.entry.1.shown_when",
        YES,
        "sections.1.questions.2.entry.1.shown_when.fact",
        "Inside an entry a question may look only at earlier questions of the same entry.",
    ),
    (
        "sections.1.questions.2.entry.0.kind",
        "entries",
        "sections.1.questions.2.entry.0.kind",
        "An entry can't hold another list.",
    ),
    ("choice_sets.points", [], "choice_sets.points", "This must be a list of at least one choice."),
    ("choice_sets.points.1.key", "0", "choice_sets.points.1.key", USED),
    ("choice_sets.points.1.label", ..., "choice_sets.points.1.label", MISSING),
    ("choice_sets.points.1.more", 1, "choice_sets.points.1.more", NOT_HERE),
    ("choice_sets.points.3.points", ..., "scores.0.of.0", ITEMS),
    ("instruments.0.permission", False, "instruments.0.permission", NO_PERMISSION),
    ("instruments.0.notice", ..., "instruments.0.notice", MISSING),
    ("instruments.1.key", "scale", "instruments.1.key", USED),
    ("scores.0.of", [], "scores.0.of", EMPTY),
    ("scores.0.of.1", "choice", "scores.0.of.1", "This is here twice."),
    ("scores.0.of.1", "ok", "scores.0.of.1", "There is no question with this key."),
    ("scores.0.kind", "product", "scores.0.kind", "This must be one of sum, mean."),
    ("scores.0.dated_by", "gate", "scores.0.dated_by", "This must be a date question."),
    ("scores.0.dated_by", "nothing", "scores.0.dated_by", "There is no question with this key."),
    (
        "scores.0.dated_by",
        ...,
        "scores.0.dated_by",
        "A score with max_age_days needs the date question that dates it.",
    ),
    ("scores.0.max_age_days", -1, "scores.0.max_age_days", "This must be a whole number from 0 to 100000."),
    ("scores.0.bands.0.from", ..., "scores.0.bands.0.from", MISSING),
    ("scope.when", ..., "scope.when", MISSING),
    ("scope", None, "scope", "This must be an object."),
    ("indications.0.criteria", [], "indications.0.criteria", EMPTY),
    ("indications.0.criteria.1.key", "one", "indications.0.criteria.1.key", USED),
    (
        "indications.0.criteria.1.if_not_met",
        "no",
        "indications.0.criteria.1.if_not_met",
        "This can only be provider_judges.",
    ),
    (
        "indications.0.criteria.0.basis",
        "none",
        "indications.0.criteria.0.basis",
        "This must be one of published, product_default.",
    ),
    (
        "indications.0.criteria.0.sources",
        ["nothing"],
        "indications.0.criteria.0.sources.0",
        "There is no source with this key.",
    ),
    ("indications.0.notes.0.sources", ..., "indications.0.notes.0.sources", MISSING),
    (
        "considerations.0.level",
        "high",
        "considerations.0.level",
        "This must be one of urgent, discuss, inform.",
    ),
    ("considerations.1.key", "raise", "considerations.1.key", USED),
    ("considerations.0.when", ..., "considerations.0.when", MISSING),
    (
        "considerations.1.unless",
        [],
        "considerations.1.unless",
        "This must be a condition, which is an object.",
    ),
    ("sources.0.read", "maybe", "sources.0.read", "This must be one of yes, secondary, no."),
    ("sources.0.review_by", "soon", "sources.0.review_by", NO_DAY),
    ("vignettes.0.as_of", ..., "vignettes.0.as_of", MISSING),
    ("vignettes.0.expect", ..., "vignettes.0.expect", MISSING),
    (
        "vignettes.0.expect.indications",
        {"nothing": "indicators_present"},
        "vignettes.0.expect.indications.nothing",
        "There is no indication with this key.",
    ),
    (
        "vignettes.0.expect.considerations.raise",
        "maybe",
        "vignettes.0.expect.considerations.raise",
        "This must be one of raised, not_raised, not_assessed.",
    ),
    (WHEN, {}, WHEN, ONE_FORM),
    (WHEN, {"fact": "gate", "is": True, "not": YES}, WHEN, ONE_FORM),
    (WHEN, {"not": YES, "more": 1}, f"{WHEN}.more", NOT_HERE),
    (WHEN, {"fact": "nothing", "is": True}, f"{WHEN}.fact", FACT),
    (
        WHEN,
        {"fact": "ok", "is": True},
        f"{WHEN}.fact",
        "This is asked inside a list, and can only be read by a count of that list.",
    ),
    (WHEN, {"fact": "gate"}, WHEN, OPERATORS),
    (WHEN, {"fact": "gate", "is": True, "is_not": False}, WHEN, OPERATORS),
    (WHEN, {"fact": "gate", "is": True, "because": 1}, f"{WHEN}.because", NOT_HERE),
    (WHEN, {"fact": "gate", "is": 1}, f"{WHEN}.is", "This must be true or false."),
    (
        WHEN,
        {"fact": "gate", "at_least": 1},
        f"{WHEN}.at_least",
        "A question of kind yes_no is not compared in this way.",
    ),
    (WHEN, {"fact": "choice", "is": "9"}, f"{WHEN}.is", NO_CHOICE),
    (WHEN, {"fact": "choice", "at_least": "1"}, f"{WHEN}.at_least", NUMBER),
    (
        WHEN,
        {"fact": "choice", "includes": "1"},
        f"{WHEN}.includes",
        "A question of kind one_choice is not compared in this way.",
    ),
    (WHEN, {"fact": "choice", "one_of": []}, f"{WHEN}.one_of", EMPTY),
    (WHEN, {"fact": "choice", "one_of": ["1", "9"]}, f"{WHEN}.one_of.1", NO_CHOICE),
    (
        WHEN,
        {"fact": "many", "is": "1"},
        f"{WHEN}.is",
        "A question of kind many_choices is not compared in this way.",
    ),
    (WHEN, {"fact": "many", "includes": "9"}, f"{WHEN}.includes", NO_CHOICE),
    (WHEN, {"fact": "age", "is": True}, f"{WHEN}.is", NUMBER),
    (
        WHEN,
        {"fact": "age", "one_of": ["1"]},
        f"{WHEN}.one_of",
        "A question of kind number is not compared in this way.",
    ),
    (WHEN, {"fact": "day", "is": "2026-02-30"}, f"{WHEN}.is", NO_DAY),
    (
        WHEN,
        {"fact": "words", "is": "x"},
        f"{WHEN}.is",
        "A question of kind text is not compared in this way.",
    ),
    (
        WHEN,
        {"fact": "trials", "is": "x"},
        f"{WHEN}.is",
        "A question of kind entries is not compared in this way.",
    ),
    (WHEN, {"fact": "total", "includes": 1}, f"{WHEN}.includes", "A score is not compared in this way."),
    (WHEN, {"fact": "total", "is": "3"}, f"{WHEN}.is", NUMBER),
    (WHEN, {"all": []}, f"{WHEN}.all", EMPTY),
    (WHEN, {"any": {}}, f"{WHEN}.any", "This must be a list of conditions."),
    (WHEN, {"any": [YES, 7]}, f"{WHEN}.any.1", "This must be a condition, which is an object."),
    (WHEN, {"not": [YES]}, f"{WHEN}.not", "This must be a condition, which is an object."),
    (
        WHEN,
        {"some": {"at_least": 0, "of": [YES]}},
        f"{WHEN}.some.at_least",
        "This must be a whole number from 1 to 1000.",
    ),
    (WHEN, {"some": {"at_least": 1, "of": []}}, f"{WHEN}.some.of", EMPTY),
    (WHEN, {"some": {"at_least": 1}}, f"{WHEN}.some.of", MISSING),
    (WHEN, {"some": {"of": [YES]}}, f"{WHEN}.some.at_least", MISSING),
    (f"{COUNT}.of", "gate", f"{COUNT}.of", "This must be a question of kind entries."),
    (f"{COUNT}.of", "nothing", f"{COUNT}.of", FACT),
    (f"{COUNT}.complete", ..., f"{COUNT}.complete", MISSING),
    (f"{COUNT}.complete", "choice", f"{COUNT}.complete", "This must be a question of kind yes_no."),
    (f"{COUNT}.complete", "gate", f"{COUNT}.complete", SAME_GATE),
    (f"{COUNT}.at_least", 0, f"{COUNT}.at_least", "This must be a whole number from 1 to 1000000."),
    (f"{COUNT}.at_least", 1.5, f"{COUNT}.at_least", "This must be a whole number from 1 to 1000000."),
    (f"{COUNT}.where", ..., f"{COUNT}.where", MISSING),
    (f"{COUNT}.where", YES, f"{COUNT}.where.fact", OWN),
    (f"{COUNT}.where", {"fact": "total", "is": 1}, f"{COUNT}.where.fact", OWN),
    (f"{COUNT}.distinct_by", "gate", f"{COUNT}.distinct_by", NO_ENTRY),
    (f"{COUNT}.more", 1, f"{COUNT}.more", NOT_HERE),
]


@pytest.mark.parametrize(("at", "value", "place", "problem"), ONE_CHANGE)
def test_one_bad_thing_is_one_problem_at_its_place(at, value, place, problem):
    changed = whole()
    set_at(changed, at, value)
    assert (place, problem) in found(changed)


def test_entries_are_not_told_apart_by_free_text():
    entry = [question("name", "text"), question("ok")]
    count = {
        "of": "list",
        "where": {"fact": "ok", "is": True},
        "at_least": 1,
        "complete": "c",
        "distinct_by": "name",
    }
    changed = document(
        section(question("list", "entries", entry=entry), question("c")),
        considerations=[consideration({"count": count})],
    )
    assert found(changed) == [
        ("considerations.0.when.count.distinct_by", "Entries can't be told apart by a question of kind text.")
    ]


def test_order_needs_points_on_every_choice():
    changed = document(
        section(question("q", "one_choice", choices="drugs")),
        considerations=[consideration({"fact": "q", "at_least": 1})],
    )
    assert found(changed) == [
        (
            "considerations.0.when.at_least",
            "Choices are put in order by their points, and not every choice here has points.",
        )
    ]


def test_keys_are_unique_among_facts_and_within_each_other_list_and_no_further():
    same = document(
        section(question("x"), key="x"),
        choice_sets={"x": [{"key": "x", "label": "X"}]},
        sources=[
            {
                "key": "x",
                "citation": "X.",
                "supports": "",
                "strength": "",
                "read": "no",
                "review_by": "2027-01-01",
            }
        ],
        indications=[indication(criterion({"fact": "x", "is": True}, "x"), key="x")],
        considerations=[consideration({"fact": "x", "is": True}, "x")],
    )
    assert parse(same).question("x").key == "x"


def test_every_problem_is_told_at_once():
    changed = document(
        section(
            question("a", shown_when={"all": [{"fact": "b", "is": True}, {"fact": "zz", "is": 1}]}),
            {"key": "b", "kind": "number", "text": "", "minimum": "x", "colour": "red"},
        )
    )
    del changed["scores"], changed["title"]
    assert {place for place, _ in found(changed)} == {
        "sections.0.questions.0.shown_when.all.0.fact",
        "sections.0.questions.0.shown_when.all.1.fact",
        "sections.0.questions.1.text",
        "sections.0.questions.1.minimum",
        "sections.0.questions.1.colour",
        "scores",
        "title",
    }


def test_what_is_broken_is_complained_of_once():
    changed = whole()
    set_at(changed, f"{Q}.0.kind", "boolean")
    assert [place for place, _ in found(changed)] == [f"{Q}.0.kind"]


@pytest.mark.parametrize("value", [None, [], "text", 7, True])
def test_a_document_is_an_object(value):
    assert found(value) == [("", "This must be an object.")]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), 10**16, -1e300])
def test_numbers_that_are_not_finite_or_far_too_large_are_refused(number):
    changed = whole()
    set_at(changed, f"{Q}.1.maximum", number)
    assert f"{Q}.1.maximum" in [place for place, _ in found(changed)]
