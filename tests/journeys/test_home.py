"""Each of the three comes home: the page opens, as theirs, without a complaint of the browser."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import Person


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    ("name", "words"),
    [("Rowan Ellis", "Rowan"), ("Ines Calder", "Referrals to Cascade Clinic"), ("Priya Natarajan", "Priya")],
)
def test_each_of_the_three_comes_home(
    name: str, words: str, viewport: dict[str, int], somebody: Callable[..., Person]
) -> None:
    person = somebody(name, viewport=viewport)
    assert person.page.locator("h1").count() == 1
    person.reads(words)
