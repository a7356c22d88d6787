"""The shipped questionnaires come with their proofs: of the rules shipped now, as a fresh run finds it."""

import pytest

from screening.engine import parse
from screening.engine.json_text import load
from screening.verification import State, rules_digest, run
from screening.verification.looking import Look
from screening.verification.proofs import QUESTIONNAIRES, SHIPPED, kept_proof


def shipped(key):
    return load((QUESTIONNAIRES / f"{key}.json").read_bytes())


def test_all_five_are_shipped_with_one():
    assert SHIPPED == ("gad7", "ketamine_referral", "pcl5", "peg", "phq9")
    assert all(kept_proof(key) for key in SHIPPED)


@pytest.mark.parametrize("key", SHIPPED)
def test_a_kept_proof_is_of_the_rules_shipped_now_and_a_fresh_run_finds_the_same(key):
    kept, fresh = kept_proof(key), run(shipped(key))
    assert kept.rules == fresh.rules == rules_digest(parse(shipped(key)))
    assert states(kept) == states(fresh)


@pytest.mark.parametrize("key", SHIPPED)
def test_everything_asked_of_a_shipped_questionnaire_holds(key):
    assert [result for result in kept_proof(key).results if result.state is not State.HOLDS] == []


def states(report):
    return [(result.about, result.state, result.note) for result in report.results]


@pytest.mark.parametrize("key", SHIPPED)
def test_every_example_in_a_proof_shows_what_it_is_an_example_of(key):
    definition = parse({**shipped(key), "vignettes": []})
    for result in kept_proof(key).results:
        witness = result.witness
        assert (witness is not None) is result.about.asked.can_happen
        if witness is not None:
            assert Look(definition, witness.answers, witness.as_of).shows(result.about)
