"""What must hold whatever is answered, on the shipped questionnaire: random intakes of every kind."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from itertools import islice
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.engine import Kind, Outcome, canonical, evaluate, facts_of, gates, parse, parse_text, render
from tests.engine.documents import AS_OF
from tests.engine.shipped.documents import ALL, MAIN, QUESTIONNAIRES, definition

SETTINGS = settings(
    max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
UNKNOWN = ({"unknown": "not_known"}, {"unknown": "declined"})
SETTLED = (Outcome.INDICATORS_PRESENT, Outcome.INDICATORS_NOT_PRESENT)


def shipped():
    return definition(MAIN)


@cache
def shipped_again():
    """The same, parsed and compiled anew: it has nothing kept from other answers at first."""
    return parse(render(shipped()))


def value(question, random: Random):
    """A real answer; dates are of the last month, so that scores are fresh."""
    match question.kind:
        case Kind.YES_NO:
            return random.random() < 0.6
        case Kind.ONE_CHOICE:
            return random.choice(question.choices).key
        case Kind.NUMBER:
            return random.randint(int(question.minimum or 0), int(question.maximum or 100))
        case Kind.DATE:
            return (AS_OF - timedelta(days=random.choice((0, 3, 30)))).isoformat()
    return "As told"


def real(question, random: Random, rows: int = 3) -> dict:
    if question.kind is not Kind.ENTRIES:
        return {"value": value(question, random)}
    return {
        "entries": [
            {inner.key: real(inner, random) for inner in question.entry}
            for _ in range(random.randint(0, rows))
        ]
    }


def intake(random: Random) -> dict:
    """Sections filled one after the other as far as it went, some of it unknown, hidden ones answered too."""
    sections = shipped().sections[: random.randint(0, len(shipped().sections))]
    blank, unknown = random.choice(((0, 0), (0.02, 0.02), (0.1, 0.1), (0.4, 0.1)))
    found = {}
    for question in (question for section in sections for question in section.questions):
        chance = random.random()
        if chance < blank:
            continue
        found[question.key] = (
            random.choice(UNKNOWN) if chance < blank + unknown else opened(real(question, random), random)
        )
    return {**found, "age": {"value": random.randint(17, 80)}} if random.random() < 0.9 else found


def opened(answer: dict, random: Random) -> dict:
    """The answer with a few things inside its entries left open."""
    if "entries" not in answer:
        return answer
    return {
        "entries": [{key: a for key, a in row.items() if random.random() < 0.9} for row in answer["entries"]]
    }


def completed(answers: dict, random: Random) -> dict:
    """The same with everything open answered: what was answered stays."""
    found = {}
    for question in shipped().questions:
        answer = answers.get(question.key, {})
        if "entries" in answer:
            found[question.key] = {"entries": [whole_row(question, row, random) for row in answer["entries"]]}
        else:
            found[question.key] = answer if "value" in answer else real(question, random)
    return found


def whole_row(question, row: dict, random: Random) -> dict:
    return {
        inner.key: row[inner.key] if "value" in row.get(inner.key, {}) else real(inner, random)
        for inner in question.entry
    }


def settled(findings) -> dict:
    """Every settled outcome, criterion and consideration."""
    kept = {key: one.outcome for key, one in findings.indications.items() if one.outcome in SETTLED}
    for key, one in findings.indications.items():
        kept |= {(key, name): state for name, state in one.criteria.items() if state != "unknown"}
    return kept


RANDOM = st.randoms(use_true_random=True)


def test_1_blank_answers_settle_nothing_as_present():
    found = evaluate(shipped(), {}, AS_OF)
    assert {one.outcome for one in found.indications.values()} == {Outcome.NOT_ENOUGH_INFORMATION}


@SETTINGS
@given(RANDOM)
def test_2_and_9_every_way_to_go_on_confirms_what_is_settled(random):
    answers = intake(random)
    before = settled(evaluate(shipped(), answers, AS_OF, with_deciding=False))
    for _ in range(6):
        after = settled(evaluate(shipped(), completed(answers, random), AS_OF, with_deciding=False))
        assert {key: after.get(key) for key in before} == before


@SETTINGS
@given(RANDOM)
def test_3_when_all_is_answered_all_is_settled_but_what_the_provider_judges(random):
    answers = {**completed({}, random), "age": {"value": random.randint(18, 99)}}
    answers |= {key: {"value": True} for key in answers if key.endswith("_complete")}
    for row in answers["trials"]["entries"]:
        row["trial_drug"] = {"value": random.choice(("sertraline", "bupropion"))}
    findings = evaluate(shipped(), answers, AS_OF)
    for one in findings.indications.values():
        states = set(one.criteria.values())
        assert "unknown" not in states
        assert one.outcome in SETTLED or states == {"met", "provider_judges"} or states == {"provider_judges"}
        assert one.deciding.present == one.deciding.not_present == ()


@SETTINGS
@given(RANDOM)
def test_4_what_is_kept_behind_a_closed_gate_changes_nothing(random):
    answers = intake(random)
    shown = gates(shipped(), answers, AS_OF)
    kept = {key: answer for key, answer in answers.items() if shown[key]}
    nonsense = {key: {"value": "nonsense"} for key in shown if not shown[key]}
    assert evaluate(shipped(), kept, AS_OF) == evaluate(shipped(), answers, AS_OF)
    assert evaluate(shipped(), {**kept, **nonsense}, AS_OF) == evaluate(shipped(), answers, AS_OF)


@SETTINGS
@given(RANDOM)
def test_5_and_8_order_changes_nothing_and_the_same_is_found_byte_for_byte(random):
    answers = intake(random)
    keys = list(answers)
    random.shuffle(keys)
    shuffled = {key: answers[key] for key in keys}
    for answer in shuffled.values():
        if "entries" in answer:
            random.shuffle(answer["entries"])
    texts = {
        canonical(evaluate(definition, given, AS_OF).as_document())
        for definition in (shipped(), shipped_again())
        for given in (answers, shuffled)
    }
    assert len(texts) == 1


@settings(SETTINGS, max_examples=60)
@given(RANDOM)
def test_6_a_set_that_decides_can_settle_it_that_way(random):
    """Some real answers to its units, with all else as it is, settle the outcome: found by trying."""
    answers = intake(random)
    findings = evaluate(shipped(), answers, AS_OF)
    for key, one in findings.indications.items():
        for outcome, sets in zip(SETTLED, (one.deciding.present, one.deciding.not_present), strict=True):
            for units in sets[:2]:
                asked = stands_for(units, answers)
                tries = islice(worlds(asked, answers, random), 4_000)
                assert any(outcome_of(world, key) is outcome for world in tries), (key, units, outcome)


def outcome_of(answers: dict, key: str) -> Outcome:
    return evaluate(shipped(), answers, AS_OF, with_deciding=False).indications[key].outcome


def stands_for(units, answers: dict) -> list:
    """The open questions of some units, with those that their unknown gates hang on.

    What was answered behind a gate that isn't known to be open is not read, and so open too.
    """
    shown = gates(shipped(), answers, AS_OF)
    found: dict[str, None] = {}
    waiting = list(units)
    while waiting:
        key = waiting.pop()
        score = next((one for one in shipped().scores if one.key == key), None)
        if score is not None:
            waiting += [*score.of, *([score.dated_by] if score.dated_by else [])]
        elif key not in found and shown[key] is not False:
            found[key] = None
            gate = shipped().question(key).shown_when
            waiting += facts_of(gate) if gate is not None and shown[key] is None else ()
            waiting += [f"{key}_complete"] if shipped().question(key).kind is Kind.ENTRIES else []
    return [key for key in found if not (shown[key] and "value" in answers.get(key, {}))]


def worlds(asked, answers: dict, random: Random):
    """The answers with those questions answered, high or low throughout, then in any way."""
    while True:
        lean = random.choice(("high", "low", "any"))
        yield {**answers, **{key: leaning(shipped().question(key), answers, lean, random) for key in asked}}


def leaning(question, answers: dict, lean: str, random: Random) -> dict:
    if question.kind is Kind.ENTRIES:
        shown = gates(shipped(), answers, AS_OF)[question.key] and question.key in answers
        rows = completed(answers, random)[question.key]["entries"] if shown else []
        return {"entries": [*rows, *real(question, random, 4)["entries"]]}
    if question.has_points and lean != "any":
        choices = sorted(question.choices, key=lambda choice: choice.points)
        return {"value": choices[-1 if lean == "high" else 0].key}
    if question.kind is Kind.YES_NO and lean != "any" and random.random() < 0.8:
        return {"value": lean == "high"}
    if question.kind is Kind.NUMBER and lean != "any":
        return {"value": int(question.maximum if lean == "high" else question.minimum)}
    return real(question, random)


@pytest.mark.parametrize("key", ALL)
def test_7_rendering_and_parsing_give_the_definition_back(key):
    written = parse_text((QUESTIONNAIRES / f"{key}.json").read_bytes())
    again = parse(render(written))
    assert (again, again.hash) == (written, written.hash)
