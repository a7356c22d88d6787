"""Conditions as sentences: nothing is lost on the way to the form and back."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from screening.editing import facts as readable
from screening.editing.conditions import (
    Counted,
    Group,
    GroupKind,
    Node,
    Row,
    edited,
    node_of,
    path_at,
    written,
)
from screening.engine import Definition, parse
from tests.engine.documents import criterion, document, indication, question, section
from tests.engine.random_documents import RandomDocument
from tests.factories import screening as screenings

SHIPPED = sorted(path.stem for path in screenings.SHIPPED.glob("*.json"))
KETAMINE = json.loads((screenings.SHIPPED / "ketamine_referral.json").read_text())
DEFINITION = parse(KETAMINE)
RULES = readable.for_rules(DEFINITION)


def conditions(document: Any, definition: Definition) -> Any:
    """Yield every gate and rule of a document with what may be read there."""
    rules = readable.for_rules(definition)
    for part in document["sections"]:
        yield part.get("shown_when"), readable.for_section(definition, part["key"])
        for asked in part["questions"]:
            for each in (asked, *asked.get("entry", ())):
                yield each.get("shown_when"), readable.for_question(definition, each["key"])
    for found in document["indications"]:
        yield from ((each["when"], rules) for each in found["criteria"])
    for each in document["considerations"]:
        yield each["when"], rules
        yield each.get("unless"), rules
    yield document.get("scope", {}).get("when"), rules


def came_back(written_document: Any) -> int:
    definition, met = parse(written_document), 0
    for condition, facts in conditions(written_document, definition):
        if condition is not None:
            found = written(node_of(condition), facts)
            assert (found.problems, found.condition) == ((), condition)
            met += 1
    return met


@pytest.mark.parametrize("name", SHIPPED)
def test_every_condition_of_a_shipped_questionnaire_comes_back(name: str) -> None:
    met = came_back(json.loads((screenings.SHIPPED / f"{name}.json").read_text()))
    assert met > (150 if name == "ketamine_referral" else -1)


@settings(max_examples=300, deadline=None)
@given(strategies.randoms(use_true_random=False))
def test_every_condition_of_random_questionnaires_comes_back(random: Random) -> None:
    assert came_back(RandomDocument(random).written) > 0


def test_a_condition_fifty_deep_and_one_a_thousand_wide_come_back() -> None:
    deep: Any = {"fact": "a", "is": True}
    for number in range(50):
        deep = {"not": deep} if number % 2 else {"any": [deep, {"fact": "a", "is": False}]}
    wide = {"all": [{"fact": "a", "is": True}] * 1_000}
    for when in (deep, wide):
        whole = document(section(question("a")), indications=[indication(criterion(when))])
        assert came_back(whole) == 1


@pytest.mark.parametrize("number", [0, 10, -3, 4.5, 0.1, 1e-12, 999999999999.5, 10**15])
def test_numbers_come_back_exactly(number: float) -> None:
    condition = {"fact": "phq9_total", "at_least": number}
    assert written(node_of(condition), RULES).condition == condition


def words(node: Node) -> list[tuple[tuple[int, ...], str, str]]:
    found = written(node, RULES)
    assert found.condition is None
    return [(problem.path, problem.field, problem.words) for problem in found.problems]


def test_a_choice_that_a_question_lacks_is_named_beside_its_row() -> None:
    where = Group(
        GroupKind.ALL,
        (
            Row("trial_current_episode", "is", ("yes",)),
            Row("trial_improvement", "one_of", ("under_25", "under 60 percent")),
        ),
    )
    count = Counted(where, "trials", "2", "trial_drug", "trials_complete")
    said = "“How much better did the client get?” has no choice “under 60 percent”. Choose from its list."
    assert words(Group(GroupKind.ALL, (count,))) == [((0, 0, 1), "value", said)]


@pytest.mark.parametrize(
    ("node", "field", "said"),
    [
        (Row(), "fact", "Choose a question or a score, or remove this sentence."),
        (Row("gone", "is", ("yes",)), "fact", "“gone” can’t be read here. Choose from the list."),
        (Row("trial_drug", "is", ("x",)), "fact", "“trial_drug” can’t be read here. Choose from the list."),
        (Row("phq9_total"), "operator", "Choose how “PHQ-9 total” is compared."),
        (Row("phq9_total", "includes", ("1",)), "operator", "Choose how “PHQ-9 total” is compared."),
        (Row("phq9_total", "at_least"), "value", "Say what “PHQ-9 total” is compared with."),
        (
            Row("phq9_total", "at_least", ("ten",)),
            "value",
            "“ten” is no number that fits here. Write it in digits, such as 10 or 4.5.",
        ),
        (
            Row("phq9_date", "at_least", ("2026-02-30",)),
            "value",
            "“2026-02-30” is no day that exists. Write it as YYYY-MM-DD.",
        ),
        (
            Row("bipolar_history", "is", ("perhaps",)),
            "value",
            "“Is a bipolar disorder recorded, now or in the past?” is answered with Yes or No. Choose one.",
        ),
        (
            Group(GroupKind.SOME, (Row("bipolar_history", "is", ("yes",)),), "0"),
            "at_least",
            "Write a whole number from 1 to 1,000.",
        ),
        (Group(GroupKind.ANY, ()), "kind", "This group is empty. Add a sentence to it, or remove it."),
    ],
)
def test_what_is_half_finished_says_what_is_missing(node: Node, field: str, said: str) -> None:
    assert words(node) == [((), field, said)]


def test_a_count_says_each_thing_that_it_lacks() -> None:
    assert [(path, field) for path, field, _said in words(Counted(Row()))] == [
        ((), "of"),
        ((), "complete"),
        ((), "at_least"),
    ]


@pytest.mark.parametrize("text", ["", "-", ".", "1.", ".5", "--1", "1e5", "१", "1,5", "9" * 17, "nan", "1 0"])
def test_what_isnt_written_in_digits_is_no_number(text: str) -> None:
    assert written(Row("phq9_total", "at_least", (text,)), RULES).condition is None


A, B, C = (Row(key, "is", ("yes",)) for key in ("a", "b", "c"))


def test_sentences_and_groups_are_added_moved_and_removed() -> None:
    assert edited(None, "sentence", ()) == Row()
    assert edited(A, "sentence", ()) == Group(GroupKind.ALL, (A, Row()))
    both = Group(GroupKind.ALL, (A, Group(GroupKind.ANY, (B, C))))
    assert edited(both, "group", (1,)) == Group(
        GroupKind.ALL, (A, Group(GroupKind.ANY, (B, C, Group(GroupKind.ANY, (Row(),)))))
    )
    assert edited(both, "up", (1, 1)) == Group(GroupKind.ALL, (A, Group(GroupKind.ANY, (C, B))))
    assert edited(both, "down", (0,)) == Group(GroupKind.ALL, (both.parts[1], A))
    assert edited(both, "remove", (1, 0)) == Group(GroupKind.ALL, (A, Group(GroupKind.ANY, (C,))))
    assert edited(both, "remove", ()) is None
    count = Counted(A, "list", "2")
    assert edited(count, "sentence", (0,)) == Counted(Group(GroupKind.ALL, (A, Row())), "list", "2")
    assert edited(count, "remove", (0,)) == Counted(Row(), "list", "2")


@pytest.mark.parametrize("step", ["up", "down", "remove", "sentence", "dance"])
def test_a_path_that_leads_nowhere_changes_nothing(step: str) -> None:
    both = Group(GroupKind.ALL, (A, B))
    assert edited(both, step, (7,)) == both
    assert edited(both, step, (0, 3)) == both


def test_a_place_in_the_document_leads_to_its_row() -> None:
    inside = {"some": {"at_least": 1, "of": [{"fact": "a", "is": True}, {"not": {"fact": "b", "is": True}}]}}
    node = node_of({"all": [{"fact": "c", "is": True}, inside]})
    assert path_at(node, ["all", "1", "some", "of", "1", "not", "is"]) == (1, 1, 0)
    several = node_of({"not": {"any": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]}})
    assert path_at(several, ["not", "any", "1", "is"]) == (1,)


def test_a_gate_reads_only_what_comes_before_it() -> None:
    assert list(readable.for_question(DEFINITION, "bipolar_history"))[-1] == "mdd_recorded"
    assert list(readable.for_question(DEFINITION, "trial_weeks")) == ["trial_drug", "trial_current_episode"]
    assert "age" in readable.for_section(DEFINITION, "depression")
    assert "mdd_recorded" not in readable.for_section(DEFINITION, "depression")
    assert not any(fact.kind is None for fact in readable.for_section(DEFINITION, "depression").values())
