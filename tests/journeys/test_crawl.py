"""Every link that each of the three can follow leads to a sound page."""

from collections import deque
from collections.abc import Callable, Iterator
from re import sub
from urllib.parse import urljoin, urlsplit

import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import Person

# Pages of one kind look alike: this many of each are opened.
OF_A_KIND = 2
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NO_PAGE = (".json", "/file/", "/text/")
VIOLATED = "the content security policy was violated: "
ADDS = "document.body.append(Object.assign({}))"
VIOLATIONS = {
    "style-src-attr": "document.body.setAttribute('style', 'color: red')",
    "script-src-attr": "document.body.setAttribute('onclick', 'go()')",
    "script-src-elem": ADDS.format("document.createElement('script'), {text: 'go()'}"),
    "img-src": ADDS.format("new Image(), {src: 'data:image/gif;base64,AA'}"),
    "connect-src": "fetch('https://elsewhere.example/').catch(() => 0)",
    "frame-src": ADDS.format("document.createElement('iframe'), {src: '/robots.txt'}"),
}


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["Rowan Ellis", "Ines Calder", "Priya Natarajan"])
def test_every_link_leads_to_a_sound_page(
    name: str, viewport: dict[str, int], somebody: Callable[..., Person]
) -> None:
    """CHECKS 21: a browser reports no violation of the content security policy either."""
    person = somebody(name, viewport=viewport)
    kinds: dict[str, int] = {}
    opened: set[str] = set()
    waiting = deque(["/"])
    while waiting:
        path = waiting.popleft()
        kind = _kind(path)
        if path in opened or kinds.get(kind, 0) >= OF_A_KIND:
            continue
        opened.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = person.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert answer.headers["content-security-policy"].count("'none'") == 3, path
        person.meets_a_sound_page()
        assert person.page.locator("h1").count() == 1, path
        waiting.extend(_links(person))
    assert len(opened) >= 10


def test_a_violation_is_a_problem_that_is_seen(somebody: Callable[..., Person]) -> None:
    person = somebody("Rowan Ellis")
    for directive, does in VIOLATIONS.items():
        person.page.evaluate(f"() => {{ {does} }}")
        person.page.wait_for_timeout(200)
        found = [problem for problem in person.problems if problem.startswith(VIOLATED)]
        assert [each.removeprefix(VIOLATED).split(" ")[0] for each in found] == [directive]
        person.problems.clear()


def _kind(path: str) -> str:
    """Return the address without what tells two records apart."""
    parts = urlsplit(path)
    return sub(UUID, "*", parts.path) + ("?" if parts.query else "")


def _links(person: Person) -> Iterator[str]:
    here = person.page.url
    for href in person.page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))"):
        to = urlsplit(urljoin(here, href))
        if to.netloc == urlsplit(here).netloc and not to.path.endswith(NO_PAGE):
            yield to.path + (f"?{to.query}" if to.query else "")
