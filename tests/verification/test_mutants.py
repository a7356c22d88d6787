"""The page about every small change of the shipped rules is of the changes that there are now."""

import re

import pytest

from tests.engine.shipped.equivalents import EQUIVALENTS
from tests.engine.shipped.mutations import mutants
from tests.engine.shipped.test_mutations import bare
from tests.verification.mutants import DOCUMENT, EQUAL, TOLD_APART, Verdict, as_document, verdict

MADE = {mutant.name: mutant for mutant in mutants(bare())}


def totals():
    """The numbers of the table, by what they count."""
    rows = re.findall(r"^\| (.+) \| (\d+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    return {what: int(number) for what, number in rows}


def proved_equal():
    table = DOCUMENT.read_text().partition("## Proved equal")[2]
    return re.findall(r"^\| (?!Change \||---)(.+?) \| .+ \|$", table, re.MULTILINE)


def covered():
    return {name for name, mutant in MADE.items() if any(e.covers(mutant) for e in EQUIVALENTS)}


def test_every_change_is_told_apart_or_proved_equal():
    made, refused, noticed, apart, only, equal, both, left = totals().values()
    assert made == len(MADE)
    assert apart + equal + refused == made
    assert noticed == made - refused - equal - only
    assert (both, left) == (0, 0)


def test_what_is_proved_equal_is_what_no_vignette_notices():
    assert set(proved_equal()) == covered()
    assert len(proved_equal()) == totals()["proved equal by the verifier"]


@pytest.mark.parametrize("number", range(8))
def test_the_verifier_tells_a_change_apart_or_proves_it_equal_as_the_page_says(number):
    """A few of them, from all over the document; `make mutants` asks of each."""
    names = list(MADE)
    name = names[number * len(names) // 8]
    assert verdict(MADE[name]) == (EQUAL if name in proved_equal() else TOLD_APART)


def test_a_page_names_what_is_equal_and_why():
    name = "spin_score: kind mean"
    page = as_document([Verdict("other", TOLD_APART), Verdict(name, EQUAL, unnoticed=True)], 61.4)
    assert f"| {name} | The mean of one item is its sum. |" in page
    assert "The verifier and the vignettes took 61 seconds together." in page
