"""The verifier against trying every answer set there is, on small random questionnaires: they agree."""

from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from screening.engine import parse
from screening.verification.asking import asked_of
from screening.verification.contradicting import Contradiction, extends
from screening.verification.looking import Look
from screening.verification.report import Asked, Note, State, Witness
from screening.verification.unknowns import SOME_DAY
from tests.engine.documents import AS_OF
from tests.engine.random_documents import RandomDocument
from tests.verification.enumerated import OfLists, OfScores, condition
from tests.verification.proved import proved

SEEDED = st.randoms(use_true_random=True)
SETTLED = ("indicators_present", "indicators_not_present")


def tried(examples):
    """So many random questionnaires, the same in every run; a seed has nothing to shrink."""
    chosen = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: chosen(given(random=SEEDED)(test))


def looks_at(made):
    definition = parse(made.written)
    return definition, [Look(definition, answers, SOME_DAY) for answers in made.answer_sets()]


def states(made, wanted):
    return {about: result.state for about, result in proved(made.written).items() if wanted(about)}


def by_trying(looks, wanted):
    """Can it happen? It does, for one of all answers, or it never does."""
    return {about: found(any(look.shows(about) for look in looks)) for about in wanted}


def found(holds):
    return State.HOLDS if holds else State.DOES_NOT_HOLD


@tried(12)
@pytest.mark.parametrize("made_of", [OfScores, OfLists])
def test_what_can_happen_is_what_some_answers_show(made_of, random):
    made = made_of(random)
    definition, looks = looks_at(made)
    asked = [about for about in asked_of(definition) if about.asked.can_happen]
    assert states(made, lambda about: about.asked.can_happen) == by_trying(looks, asked)


@tried(25)
def test_a_settled_outcome_lasts_if_no_more_answers_change_it(random):
    made = OfScores(random)
    definition, looks = looks_at(made)
    changed = any(
        extends(definition, one.answers, other.answers)
        for one, other in product(looks, looks)
        if one.outcome("indication") in SETTLED and one.outcome("indication") != other.outcome("indication")
    )
    (state,) = states(made, lambda about: about.asked is Asked.INDICATION_LASTS).values()
    assert state is found(not changed)


@tried(25)
def test_an_urgent_rule_is_kept_if_no_answers_silence_it(random):
    made = OfScores(random)
    definition, looks = looks_at(made)
    contradiction = Contradiction(definition)
    (about,) = (about for about in asked_of(definition) if about.asked is Asked.URGENT_KEPT)
    silenced = any(contradiction.shows(about, Witness(SOME_DAY, look.answers)) for look in looks) or any(
        contradiction.shows(about, Witness(SOME_DAY, other.answers, one.answers))
        for one, other in product(looks, looks)
        if one.state("urgent") == "raised" and other.state("urgent") != "raised"
    )
    assert states(made, lambda one: one == about) == {about: found(not silenced)}


def excepted_score(made, look):
    """Too old, undated, or resting on a hidden question that counts as unknown."""
    total = look.findings.scores["total"]
    hidden = any(look.gates[key] is False for key in made.hidden_unknown)
    return hidden or (total.administered is not False and total.stale is not False)


def excepted_list(made, look):
    """Not marked complete, or with an entry that doesn't identify, where entries are told apart by it."""
    rows = look.answers.get("rows", {}).get("entries", ()) if look.gates["rows"] else ()
    apart = made.count["count"].get("distinct_by") == "drug"
    other = apart and any(row.get("drug") == {"value": "other"} for row in rows)
    return other or (look.gates["whole"] is True and look.answers.get("whole") != {"value": True})


@tried(12)
@pytest.mark.parametrize("made_of, excepted", [(OfScores, excepted_score), (OfLists, excepted_list)])
def test_nothing_stays_unsettled_if_no_whole_answers_leave_it(made_of, excepted, random):
    """An exception that a rule doesn't rest on may hide what is left: then the verifier has found more."""
    made = made_of(random)
    definition, looks = looks_at(made)
    whole = [look for look in looks if look.is_complete and not excepted(made, look)]
    contradiction = Contradiction(definition)
    for about, state in states(made, lambda about: about.asked.value.endswith("_settled")).items():
        left = any(contradiction.shows(about, Witness(SOME_DAY, look.answers)) for look in whole)
        assert state is State.DOES_NOT_HOLD if left else True, about


@tried(15)
@pytest.mark.parametrize("made_of", [OfScores, OfLists])
def test_two_versions_say_the_same_if_no_answers_tell_them_apart(made_of, random):
    made = made_of(random)
    rule, urgent = made.written["considerations"]
    other = {**made.written, "considerations": [{**rule, "when": condition(random, made.leaf)}, urgent]}
    now, before = parse(other), parse(made.written)
    pairs = [
        (Look(now, answers, SOME_DAY), Look(before, answers, SOME_DAY)) for answers in made.answer_sets()
    ]
    differs = any(one.state("rule") != two.state("rule") for one, two in pairs)
    (state,) = (
        result.state
        for about, result in proved(other, made.written).items()
        if about.asked is Asked.SAME_STATE and about.keys == ("rule",)
    )
    if made_of is OfScores:
        assert state is found(not differs)
    else:
        # Two counts take up to four entries, more than are tried here.
        assert state is State.DOES_NOT_HOLD or not differs


@tried(15)
def test_what_is_never_so_is_never_seen_and_every_example_is_real(random):
    """On large random questionnaires: with gates of gates, other drugs, old dates and several lists."""
    written = RandomDocument(random)
    definition = parse(written.written)
    results = proved(written.written, seconds_each=3).values()
    assert [result.about for result in results if result.note is Note.NOT_REPLAYED] == []
    never = [r.about for r in results if r.about.asked.can_happen and r.state is State.DOES_NOT_HOLD]
    for _ in range(40):
        look = Look(definition, written.answers(), AS_OF)
        assert [about for about in never if look.shows(about)] == []
