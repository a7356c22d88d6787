"""What must be right before publishing: problems block, warnings don't, and vignettes must agree."""

from __future__ import annotations

import pytest

from screening.engine import check, parse, run_vignettes
from tests.engine.documents import (
    answers,
    consideration,
    criterion,
    document,
    indication,
    question,
    score,
    section,
)
from tests.engine.whole import whole

GATE = {"shown_when": {"fact": "gate", "is": True}}
GATED = section(
    question("gate"), question("q", **GATE), question("number", "number", **GATE), question("always")
)


def found(*sections: dict, **parts) -> list[tuple[str, str, bool]]:
    """What is found, but for what no vignette sees: these documents are about something else."""
    checked = check(parse(document(*sections, **parts)))
    found = [(problem.place, problem.problem, problem.warning) for problem in checked]
    return [one for one in found if not one[1].startswith("No vignette sees")]


def places(*sections: dict, warning: bool = False, **parts) -> list[str]:
    return [place for place, _, is_warning in found(*sections, **parts) if is_warning is warning]


def test_nothing_to_say_of_a_plain_document():
    assert found() == []


def ask(when: dict) -> list[tuple[str, str, bool]]:
    return found(GATED, considerations=[consideration(when)])


WHEN = "considerations.0.when"


@pytest.mark.parametrize(
    ("when", "place", "what", "facts"),
    [
        ({"not": {"fact": "q", "is": True}}, ".not", "not", "q"),
        ({"not": {"any": [{"fact": "always", "is": True}, {"fact": "q", "is": True}]}}, ".not", "not", "q"),
        ({"fact": "q", "is_not": True}, ".is_not", "is_not", "q"),
        ({"fact": "number", "is_not": 3}, ".is_not", "is_not", "number"),
        ({"fact": "q", "is": False}, ".is", "is no", "q"),
        ({"any": [{"fact": "always", "is": True}, {"fact": "q", "is": False}]}, ".any.1.is", "is no", "q"),
        ({"all": [{"fact": "q", "is_not": True}]}, ".all.0.is_not", "is_not", "q"),
        ({"some": {"at_least": 1, "of": [{"fact": "q", "is": False}]}}, ".some.of.0.is", "is no", "q"),
    ],
)
def test_a_negation_over_what_can_be_hidden_is_a_warning(when, place, what, facts):
    assert ask(when) == [(WHEN + place, f'This says "{what}" of {facts}, which can be hidden.', True)]


@pytest.mark.parametrize(
    "when",
    [
        {"fact": "q", "is": True},
        {"fact": "number", "is": 0},
        {"not": {"fact": "always", "is": True}},
        {"fact": "always", "is_not": True},
        {"fact": "always", "is": False},
    ],
)
def test_other_conditions_are_no_warning(when):
    assert ask(when) == []


def test_a_score_can_be_hidden_if_all_its_items_can():
    rule = consideration({"fact": "total", "is_not": 1})
    hidden = places(GATED, scores=[score("total", "q")], considerations=[rule], warning=True)
    shown = places(GATED, scores=[score("total", "q", "always")], considerations=[rule], warning=True)
    assert (hidden, shown) == ([f"{WHEN}.is_not"], [])


def test_gates_and_counts_are_looked_through_too():
    entry = [
        question("drug", "one_choice", choices="drugs"),
        question("ok", shown_when={"fact": "drug", "is": "a"}),
    ]
    count = {"of": "list", "where": {"fact": "ok", "is": False}, "at_least": 1, "complete": "complete"}
    asked = section(
        question("gate"),
        question("q", **GATE),
        question("list", "entries", entry=entry, shown_when={"fact": "q", "is": False}),
        question("complete", shown_when={"fact": "q", "is": False}),
    )
    second = section(question("r"), key="second", shown_when={"not": {"fact": "q", "is": True}})
    assert places(asked, second, considerations=[consideration({"count": count})], warning=True) == [
        "sections.0.questions.2.shown_when.is",
        "sections.0.questions.3.shown_when.is",
        "sections.1.shown_when.not",
        f"{WHEN}.count.where.is",
    ]


def test_an_optional_question_that_a_criterion_reads_is_a_warning():
    asked = section(question("q", optional=True))
    rule = {"fact": "q", "is": True}
    assert found(asked, indications=[indication(criterion(rule))], considerations=[consideration(rule)]) == [
        ("indications.0.criteria.0.when", "This reads q, which is optional.", True)
    ]


ITEMS = section(question("one", "one_choice"), question("two", "one_choice"))


@pytest.mark.parametrize(
    ("kind", "starts", "wrong"),
    [
        ("sum", [0, 3, 6], {}),
        ("sum", [], {}),
        ("sum", [0, 7], {1: "This is outside the score, which goes from 0 to 6."}),
        ("sum", [-1, 3], {0: "This is outside the score, which goes from 0 to 6."}),
        ("sum", [2, 4], {0: "The score begins at 0: what is below this has no band."}),
        ("sum", [0, 3, 3], {2: "A band must start above the one before it."}),
        ("sum", [0, 4, 1], {2: "A band must start above the one before it."}),
        ("mean", [0, 1.5, 3], {}),
        ("mean", [0, 4], {1: "This is outside the score, which goes from 0 to 3."}),
    ],
)
def test_bands_go_up_within_the_score(kind, starts, wrong):
    bands = [{"from": start, "label": "Band"} for start in starts]
    assert found(ITEMS, scores=[score("total", "one", "two", kind=kind, bands=bands)]) == [
        (f"scores.0.bands.{index}.from", problem, False) for index, problem in wrong.items()
    ]


def test_some_of_more_than_there_are_is_never_true():
    some = {"some": {"at_least": 3, "of": [{"fact": "q", "is": True}] * 2}}
    assert found(considerations=[consideration(some)]) == [
        (f"{WHEN}.some.at_least", "This is more than there are conditions: it is never true.", False),
        (WHEN, "This can never be raised, whatever is answered.", False),
    ]


@pytest.mark.parametrize(
    ("when", "says_nothing"),
    [
        ({"fact": "total", "at_least": 1}, False),
        ({"fact": "total", "at_least": 0}, True),
        ({"fact": "total", "at_least": 6}, False),
        ({"fact": "total", "at_least": 7}, True),
        ({"fact": "total", "at_most": 5}, False),
        ({"fact": "total", "at_most": 6}, True),
        ({"fact": "total", "is": 7}, True),
        ({"fact": "total", "is_not": 7}, True),
        ({"fact": "total", "is_not": 6}, False),
        ({"fact": "limited", "at_least": 121}, True),
        ({"fact": "limited", "at_least": 120}, False),
        ({"fact": "free", "at_least": 1000}, False),
        ({"fact": "one", "at_least": 0}, True),
        ({"fact": "one", "at_least": 3}, False),
        ({"fact": "one", "is": "3"}, False),
    ],
)
def test_a_comparison_that_nothing_can_change_is_a_warning(when, says_nothing):
    numbers = [question("limited", "number", minimum=0, maximum=120), question("free", "number")]
    asked = section(*ITEMS["questions"], *numbers)
    warned = places(
        asked, scores=[score("total", "one", "two")], considerations=[consideration(when)], warning=True
    )
    operator = next(key for key in when if key != "fact")
    assert [place for place in warned if place != WHEN] == ([f"{WHEN}.{operator}"] if says_nothing else [])


def test_a_published_criterion_needs_its_source():
    published = criterion({"fact": "q", "is": True}, basis="published")
    assert found(indications=[indication(published)]) == [
        ("indications.0.criteria.0.sources", "A published criterion needs its source.", False)
    ]


def test_an_indication_must_not_be_present_with_nothing_answered():
    always = criterion({"fact": "total", "at_least": 0})
    assert found(ITEMS, scores=[score("total", "one")], indications=[indication(always)]) == [
        ("indications.0.criteria", "These are all met with nothing answered.", False),
        (
            "indications.0.criteria.0.when",
            "This is met whatever is answered: it asks for nothing.",
            False,
        ),
        (
            "indications.0.criteria.0.when.at_least",
            "This goes from 0 to 3: the comparison says nothing.",
            True,
        ),
    ]


RULES = {
    "indications": [indication(criterion({"fact": "q", "is": True}))],
    "considerations": [consideration({"fact": "q", "is": True})],
}


def vignette(given: dict, outcome: str, state: str) -> dict:
    expect = {"indications": {"indication": outcome}, "considerations": {"rule": state}}
    return {"key": "v", "title": "V", "as_of": "2026-11-23", "answers": given, "expect": expect}


def test_a_vignette_that_agrees_is_no_problem():
    agrees = vignette(answers(q=True), "indicators_present", "raised")
    assert found(vignettes=[agrees], **RULES) == []


def test_a_vignette_that_disagrees_is_a_problem_at_each_difference():
    differs = vignette(answers(q=False), "indicators_present", "raised")
    assert found(vignettes=[differs], **RULES) == [
        (
            "vignettes.0.expect.indications.indication",
            "This expects indicators_present, but the rules find indicators_not_present.",
            False,
        ),
        (
            "vignettes.0.expect.considerations.rule",
            "This expects raised, but the rules find not_raised.",
            False,
        ),
    ]


def test_a_vignette_with_bad_answers_is_a_problem():
    bad = vignette({"q": {"value": 1}, "zz": {}}, "indicators_present", "raised")
    assert found(vignettes=[bad], **RULES) == [
        ("vignettes.0.answers.q", "This must be true or false.", False),
        ("vignettes.0.answers.zz", "There is no question with this key.", False),
    ]


def test_vignettes_are_run_one_by_one():
    agrees = vignette(answers(q=True), "indicators_present", "raised")
    differs = {**vignette(answers(q=False), "indicators_present", "not_raised"), "key": "w"}
    bad = {**vignette({"q": 1}, "indicators_present", "raised"), "key": "x"}
    results = run_vignettes(parse(document(vignettes=[agrees, differs, bad], **RULES)))
    assert [(r.vignette.key, r.agrees, r.findings is None, len(r.problems)) for r in results] == [
        ("v", True, False, 0),
        ("w", False, False, 1),
        ("x", False, True, 1),
    ]


def test_problems_come_before_warnings():
    rule = criterion({"fact": "q", "is_not": True}, basis="published")
    kinds = [warning for _, _, warning in found(GATED, indications=[indication(rule)])]
    assert kinds == [False, True]


def test_a_document_that_uses_everything_has_nothing_wrong():
    assert check(parse(whole())) == ()
