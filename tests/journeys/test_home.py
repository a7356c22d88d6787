"""Each of the three comes home: the page opens, as theirs, without a complaint of the browser."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn


@pytest.mark.parametrize("name", ["Rowan Ellis", "Ines Calder", "Priya Natarajan"])
def test_each_of_the_three_comes_home(name: str, sign_in: SignIn, complaints: list[str]) -> None:
    page = sign_in(name)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("body")).to_contain_text(name)
    assert complaints == []
