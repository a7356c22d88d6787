"""Change any threshold, operator or required answer of the shipped rules: a vignette notices."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from screening.engine import (
    Definition,
    DocumentProblems,
    Vignette,
    evaluate,
    parse,
)
from tests.engine.shipped.documents import MAIN, definition, document
from tests.engine.shipped.equivalents import EQUIVALENTS, Equivalent
from tests.engine.shipped.mutations import Mutant, mutants, only
from tests.engine.shipped.proof_cases import AS_OF
from tests.engine.shipped.reading import read_facts

DAY = date.fromisoformat(AS_OF)


def bare(key: str = MAIN) -> dict[str, Any]:
    """The document without its vignettes, which cost most of the time that reading it takes."""
    return {**document(key), "vignettes": []}


def unnoticed(key: str) -> list[Mutant]:
    """The mutants that every vignette agrees with; one that can't even be read is noticed by that."""
    base, vignettes, left = bare(key), list(definition(key).vignettes), []
    for mutant in mutants(base):
        try:
            changed = parse(only(base, mutant))
        except DocumentProblems:
            continue
        noticing = next((v for v in vignettes if differs(changed, v)), None)
        if noticing is None:
            left.append(mutant)
        else:
            # The next mutant is often a neighbour, and the same vignette often notices it too.
            vignettes.remove(noticing)
            vignettes.insert(0, noticing)
    return left


def differs(changed: Definition, vignette: Vignette) -> bool:
    """Whether the changed definition finds something else than the vignette expects."""
    findings = evaluate(changed, vignette.answers, vignette.as_of, with_deciding=False)
    return any(
        findings.indications[i.key].outcome != vignette.indications[i.key]
        for i in changed.indications
        if i.key in vignette.indications
    ) or any(
        findings.considerations[c.key] != vignette.considerations[c.key]
        for c in changed.considerations
        if c.key in vignette.considerations
    )


def names(of: Iterable[Mutant]) -> list[str]:
    return [mutant.name for mutant in of]


def test_every_change_of_a_rule_is_noticed_by_a_vignette_or_listed_as_equivalent():
    """Both ways: the list can't hide a change that a vignette notices either."""
    listed = [m for m in mutants(bare()) if any(e.covers(m) for e in EQUIVALENTS)]
    assert names(unnoticed(MAIN)) == names(listed)


def test_every_entry_of_the_list_is_about_changes_that_exist():
    made = list(mutants(bare()))
    assert [e.pattern for e in EQUIVALENTS if not any(e.covers(m) for m in made)] == []


def test_there_are_mutants_of_every_rule():
    made = names(mutants(bare()))
    shipped = definition()
    keys = [c.key for i in shipped.indications for c in i.criteria]
    keys += [f"consideration {c.key}" for c in shipped.considerations]
    keys += [s.key for s in shipped.scores]
    keys += [f"gate of {q.key}" for q in shipped.questions if q.shown_when]
    keys += ["scope"]
    assert [key for key in keys if not any(name.startswith((f"{key}:", f"{key} ")) for name in made)] == []
    assert len(made) == len(set(made)) > 900


@pytest.mark.parametrize(
    "equivalent", [e for e in EQUIVALENTS if e.answers], ids=lambda equivalent: equivalent.pattern
)
def test_an_equivalent_change_gives_the_same_findings_in_every_case(equivalent: Equivalent):
    assert equivalent.answers is not None
    cases = list(equivalent.answers())
    shipped = parse(bare())
    expected = [findings(shipped, case) for case in cases]
    for mutant in (m for m in mutants(bare()) if equivalent.covers(m)):
        changed = parse(mutant.of(bare()))
        found = [findings(changed, case) for case in cases]
        assert [c for c, a, b in zip(cases, found, expected, strict=True) if a != b][:1] == [], mutant.name


def findings(of: Definition, case: dict[str, Any]) -> object:
    """All outcomes and considerations of a case."""
    found = evaluate(of, case, DAY, with_deciding=False)
    return {k: f.outcome for k, f in found.indications.items()}, dict(found.considerations)


def test_no_rule_reads_a_question_with_a_free_gate():
    free = {"phq9_10", "augmentation_tried", "psychotherapy_tried", "ect_tried", "tms_tried", "bp_date"}
    assert free & read_facts() == set()


def test_the_short_phq9s_own_rule_is_noticed_by_its_vignettes():
    left = [m for m in unnoticed("phq9") if not m.name.startswith(("phq9_total", "gate of phq9_10"))]
    assert left == []
