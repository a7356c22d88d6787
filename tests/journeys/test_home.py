"""Each of the three comes home: the page opens, as theirs, without a complaint of the browser."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import Person


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["Rowan Ellis", "Ines Calder", "Priya Natarajan"])
def test_each_of_the_three_comes_home(
    name: str, viewport: dict[str, int], somebody: Callable[..., Person]
) -> None:
    person = somebody(name, viewport=viewport)
    assert person.page.locator("h1").count() == 1
    person.reads(name.split()[0])
