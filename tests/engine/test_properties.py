"""What must hold whatever the questionnaire and the answers, on small random ones."""

from __future__ import annotations

import random
from itertools import islice
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.engine import (
    AnswerProblems,
    Outcome,
    canonical,
    evaluate,
    gates,
    parse,
    parse_text,
    render,
)
from tests.engine.documents import (
    AS_OF,
    consideration,
    criterion,
    document,
    indication,
    question,
    score,
    section,
)
from tests.engine.reference import reads, worlds

Json = dict[str, Any]
SETTINGS = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)

ENTRY = [question("drug", "one_choice", choices="drugs"), question("ok")]
KINDS = {
    "a": "yes_no", "b": "yes_no", "c": "one_choice", "d": "one_choice", "m": "many_choices", "n": "number",
    "list": "entries", "complete": "yes_no",
}  # fmt: skip


def comparisons(key: str, kind: str) -> st.SearchStrategy[Json]:
    """Comparisons that neither hold nor fail whatever is answered."""
    options: dict[str, list[Json]] = {
        "yes_no": [{"is": True}, {"is": False}, {"is_not": True}, {"is_not": False}],
        "one_choice": [{"is": "1"}, {"is_not": "2"}, {"one_of": ["0", "3"]}, {"at_least": 2}, {"at_most": 1}],
        "many_choices": [{"includes": "0"}, {"includes": "1"}],
        "number": [{"is": 1}, {"is_not": 0}, {"at_least": 1}, {"at_most": 1}],
        "score": [{"is": 2}, {"is_not": 3}, {"at_least": 3}, {"at_least": 5}, {"at_most": 2}],
    }
    return st.sampled_from([{"fact": key, **option} for option in options[kind]])


def counts() -> st.SearchStrategy[Json]:
    plain = {"of": "list", "where": {"fact": "ok", "is": True}, "complete": "complete"}
    return st.builds(
        lambda at_least, distinct: {"count": {**plain, "at_least": at_least, **distinct}},
        st.integers(1, 2),
        st.sampled_from([{}, {"distinct_by": "drug"}]),
    )


FACTS = st.one_of(
    *(comparisons(key, kind) for key, kind in KINDS.items() if key not in ("list", "complete")),
    comparisons("total", "score"),
    counts(),
)


def _inside(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda of: {"all": of}, several),
        st.builds(lambda of: {"any": of}, several),
        st.builds(lambda one: {"not": one}, inner),
        several.flatmap(
            lambda of: st.integers(1, len(of)).map(lambda n: {"some": {"at_least": n, "of": of}})
        ),
    )


CONDITIONS = st.recursive(FACTS, _inside, max_leaves=5)


@st.composite
def gated(draw: st.DrawFn, key: str, earlier: list[str]) -> Json:
    """A question that may hang on one of two earlier questions, and may be unknown while hidden."""
    more: Json = {"minimum": 0, "maximum": 2} if KINDS[key] == "number" else {}
    if earlier and draw(st.booleans()):
        more["shown_when"] = draw(comparisons(draw(st.sampled_from(earlier)), "yes_no"))
        if draw(st.integers(0, 3)) == 0:
            more["when_hidden"] = {"unknown": "not_known"}
    if key == "list":
        more["entry"] = ENTRY
    return question(key, KINDS[key], **more)


@st.composite
def documents(draw: st.DrawFn, rules: st.SearchStrategy[Json] = CONDITIONS) -> Json:
    """A questionnaire with every kind of question, one score, an indication and a consideration."""
    asked = [draw(gated(key, [k for k in "ab" if k < key])) for key in KINDS if key != "complete"]
    gate = {"shown_when": asked[-1]["shown_when"]} if "shown_when" in asked[-1] else {}
    asked.append(question("complete", **gate))
    criteria = [
        criterion(draw(rules), "one"),
        criterion(draw(rules), "two", **draw(st.sampled_from([{}, {"if_not_met": "provider_judges"}]))),
    ]
    return document(
        section(*asked),
        scores=[score("total", "c", "d")],
        indications=[indication(*criteria)],
        considerations=[consideration(draw(rules), unless=draw(rules))],
    )


UNKNOWN = [{"unknown": "not_known"}, {"unknown": "declined"}, None]


def answer_to(values: list[Any]) -> st.SearchStrategy[Json | None]:
    return st.sampled_from([*({"value": value} for value in values), *UNKNOWN])


ROW = st.fixed_dictionaries({"drug": answer_to(["a", "b", "other"]), "ok": answer_to([True, False])})
ANSWERS = st.fixed_dictionaries(
    {
        "a": answer_to([True, False]),
        "b": answer_to([True, False]),
        "c": answer_to(["0", "1", "2", "3"]),
        "d": answer_to(["0", "1", "2", "3"]),
        "m": answer_to([[], ["0"], ["1", "0"]]),
        "n": answer_to([0, 1, 2]),
        "list": st.one_of(
            st.lists(ROW, max_size=2).map(lambda rows: {"entries": [_given(row) for row in rows]}),
            st.sampled_from(UNKNOWN),
        ),
        "complete": answer_to([True, False]),
    }
).map(lambda answers: _given(answers))


def _given(answers: Json) -> Json:
    return {key: answer for key, answer in answers.items() if answer is not None}


@SETTINGS
@given(documents())
def test_1_blank_answers_settle_no_indication_as_present(written):
    finding = evaluate(parse(written), {}, AS_OF).indications["indication"]
    assert finding.outcome is not Outcome.INDICATORS_PRESENT


@SETTINGS
@given(documents(), ANSWERS, ANSWERS)
def test_2_answering_more_changes_no_settled_outcome(written, some, others):
    definition = parse(written)
    before = evaluate(definition, some, AS_OF)
    more = {key: answer for key, answer in others.items() if "unknown" in some.get(key, {"unknown": ""})}
    after = evaluate(definition, {**some, **more}, AS_OF)
    outcome = before.indications["indication"].outcome
    if outcome is not Outcome.NOT_ENOUGH_INFORMATION:
        assert after.indications["indication"].outcome is outcome
    for state, later in zip(_settled(before), _settled(after), strict=True):
        assert state is None or later is state


def test_2_but_for_a_score_that_turns_out_to_have_no_date_that_can_be_used():
    """The one exception: out of reach while it may not be administered, unknown once it is and is undated.

    With its date, or without any limit of age, what was settled stays.
    """
    asked = section(
        question("gate_one"),
        question("one", "one_choice", shown_when={"fact": "gate_one", "is": True}),
        question("gate_two"),
        question("two", "one_choice", shown_when={"fact": "gate_two", "is": True}),
        question("day", "date"),
    )
    rule = indication(criterion({"fact": "total", "at_least": 5}))
    closed = {"gate_one": {"value": False}}
    opened = {**closed, "gate_two": {"value": True}}
    dated = {"day": {"value": "2026-11-20"}}
    for aged in ({"max_age_days": 30, "dated_by": "day"}, {}):
        definition = parse(document(asked, scores=[score("total", "one", "two", **aged)], indications=[rule]))
        states = [_settled(evaluate(definition, given, AS_OF)) for given in (closed, opened, opened | dated)]
        assert states == [[False], [None if aged else False], [False]]


def _settled(findings: Any) -> list[bool | None]:
    truths = {"met": True, "not_met": False, "provider_judges": False, "unknown": None}
    return [truths[state] for state in findings.indications["indication"].criteria.values()]


def _all_answered(answers: Json, values: Json) -> Json:
    """Every question with a real answer: what is unknown is filled in, and the list is complete."""
    rows = answers.get("list", {}).get("entries", [])
    filled = {
        "entries": [{"drug": {"value": "a"}, "ok": {"value": "value" in row.get("ok", {})}} for row in rows]
    }
    real = {key: answer for key, answer in answers.items() if "value" in answer}
    return {**values, **real, "list": filled, "complete": {"value": True}}


DEFAULTS = {
    "a": {"value": True}, "b": {"value": False}, "c": {"value": "1"}, "d": {"value": "2"},
    "m": {"value": []}, "n": {"value": 0},
}  # fmt: skip


@SETTINGS
@given(documents(), ANSWERS)
def test_3_when_all_is_answered_all_is_settled(written, answers):
    for asked in written["sections"][0]["questions"]:
        asked.pop("when_hidden", None)
    findings = evaluate(parse(written), _all_answered(answers, DEFAULTS), AS_OF)
    assert None not in _settled(findings)
    assert findings.considerations["rule"] != "not_assessed"


@SETTINGS
@given(documents(), ANSWERS, ANSWERS)
def test_4_an_answer_to_a_question_that_is_not_shown_changes_nothing(written, answers, others):
    definition = parse(written)
    shown = gates(definition, answers, AS_OF)
    kept = {key: answer for key, answer in others.items() if not shown[key]}
    assert evaluate(definition, {**answers, **kept}, AS_OF) == evaluate(definition, answers, AS_OF)
    nonsense = {key: {"value": "nonsense"} for key in shown if not shown[key]}
    assert evaluate(definition, {**answers, **nonsense}, AS_OF) == evaluate(definition, answers, AS_OF)


@SETTINGS
@given(documents(), ANSWERS, st.randoms(use_true_random=False))
def test_5_the_order_of_keys_entries_and_criteria_changes_nothing(written, answers, shuffler):
    before = evaluate(parse(written), answers, AS_OF).as_document()
    shuffled = {key: answers[key] for key in _shuffled(list(answers), shuffler)}
    if "entries" in shuffled.get("list", {}):
        shuffled["list"] = {"entries": _shuffled(shuffled["list"]["entries"], shuffler)}
    other = {**written, "indications": [{**written["indications"][0]}]}
    other["indications"][0]["criteria"] = list(reversed(other["indications"][0]["criteria"]))
    after = evaluate(parse(other), shuffled, AS_OF).as_document()
    before.pop("definition"), after.pop("definition")
    assert canonical(after) == canonical(before)


def _shuffled(items: list[Any], shuffler: random.Random) -> list[Any]:
    shuffler.shuffle(items)
    return items


@SETTINGS
@given(documents())
def test_7_rendering_and_parsing_give_the_definition_back(written):
    definition = parse(written)
    again = parse(render(definition))
    assert (again, again.hash) == (definition, definition.hash)
    assert render(definition) == written
    assert parse_text(canonical(written)) == definition


@SETTINGS
@given(documents(), ANSWERS)
def test_8_the_same_answers_give_the_same_findings_byte_for_byte(written, answers):
    texts = {canonical(evaluate(parse(written), answers, AS_OF).as_document()) for _ in range(2)}
    definition = parse(written)
    texts |= {canonical(evaluate(definition, answers, AS_OF).as_document()) for _ in range(2)}
    assert len(texts) == 1


MOST_WORLDS = 2_000


def _no_fact_twice(written: Json, when: Json) -> bool:
    facts = reads(written, when)
    return len(facts) == len(set(facts))


@settings(SETTINGS, max_examples=600)
@given(documents(FACTS), ANSWERS)
def test_9_for_single_comparisons(written, answers):
    _check_against_worlds(written, answers)


@SETTINGS
@given(documents(), ANSWERS)
def test_9_for_conditions_within_conditions(written, answers):
    _check_against_worlds(written, answers)


def _check_against_worlds(written: Json, answers: Json) -> None:
    """What the engine settles every world confirms; where no fact is read twice, also the other way."""
    definition = parse(written)
    shown = dict(gates(definition, answers, AS_OF))
    findings = evaluate(definition, answers, AS_OF)
    rules = [one["when"] for one in written["indications"][0]["criteria"]]
    for when, settled in zip(rules, _settled(findings), strict=True):
        open_worlds = list(islice(worlds(written, answers, shown, set(reads(written, when))), MOST_WORLDS))
        found = {world.true(when) for world in open_worlds}
        if settled is not None:
            assert found == {settled}
        elif len(open_worlds) < MOST_WORLDS and _no_fact_twice(written, when):
            assert found == {True, False}


@SETTINGS
@given(
    documents(),
    ANSWERS,
    st.sampled_from(sorted(KINDS)),
    st.sampled_from([7, None, {"value": 7.5}, {"entries": 1}]),
)
def test_a_bad_answer_to_a_shown_question_is_refused_at_its_place(written, answers, key, bad):
    definition = parse(written)
    given_answers = {**answers, key: bad}
    shown = gates(definition, given_answers, AS_OF)[key]
    try:
        evaluate(definition, given_answers, AS_OF)
        refused = []
    except AnswerProblems as error:
        refused = [problem.place for problem in error.problems]
    assert refused == ([f"answers.{key}"] if shown else [])
