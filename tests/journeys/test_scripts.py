"""A real browser on pages whose every text carries a script: nothing runs, and nothing is kept in it."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Dialog
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests.conftest import use
from tests.hostile.crawl import PERSONAS, name_of, pages_of
from tests.hostile.payloads import FINGERPRINT, MARKER, Hostile
from tests.hostile.world import SIGNED_OUT, Builder, World
from tests.journeys.conftest import _served as served

# `zqx()` is what every payload calls.
TELLS = f"window.__ran = []; window.{FINGERPRINT} = () => window.__ran.push(document.location.pathname);"
FOUND = f"""() => [...document.querySelectorAll('*')]
    .filter(each => each.localName.includes('{FINGERPRINT}')
        || [...each.attributes].some(one => one.name.includes('{FINGERPRINT}') || one.name.startsWith('on')))
    .map(each => each.outerHTML.slice(0, 200))"""
KEPT = """async () => [
    JSON.stringify(localStorage), JSON.stringify(sessionStorage),
    JSON.stringify(history.state), document.cookie,
    ...(await indexedDB.databases()).map(each => each.name), ...(window.caches ? await caches.keys() : []),
]"""


@pytest.fixture(scope="module")
def hostile_site(
    server: databases.Server, django_db_setup: databases.Clone, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, World, dict[tuple[str, str], str]]]:
    """The address of a site full of scripts, its people, and one page of each kind that they come to."""
    own = databases.clone(server)
    with django_db_blocker.unblock():
        use(own)
        world = Builder(Hostile()).build()
        pages: dict[tuple[str, str], str] = {}
        for persona in PERSONAS:
            for page in pages_of(world, persona):
                if page.answer.status_code == 200 and "html" in page.answer.headers["Content-Type"]:
                    if any(name == page.name for _, name in pages):
                        continue
                    pages[persona, page.name or name_of(page.path)] = page.path
        with served() as address:
            yield address, world, pages
        use(django_db_setup)
    own.drop()


@pytest.fixture(params=[True, False], ids=["without the policy", "with the policy"])
def window(
    request: pytest.FixtureRequest, browser: Browser, hostile_site: tuple[str, World, dict]
) -> Iterator[Callable[[str], BrowserContext]]:
    """Return what opens a window for somebody; without the policy it is escaping alone that protects."""
    address, world, _pages = hostile_site
    contexts: list[BrowserContext] = []

    def opened(persona: str) -> BrowserContext:
        context = browser.new_context(base_url=address, bypass_csp=request.param)
        context.set_default_timeout(15_000)
        context.add_init_script(TELLS)
        if persona != SIGNED_OUT:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": world.sessions[persona], "url": address}
            context.add_cookies([cookie | {"httpOnly": True}])
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()


def test_no_script_in_a_text_runs_and_nothing_is_kept(
    hostile_site: tuple[str, World, dict[tuple[str, str], str]], window: Callable[[str], BrowserContext]
) -> None:
    """CHECKS 25 and 26: on a page of each kind, with the policy and without it."""
    _address, _world, pages = hostile_site
    assert len(pages) > 40
    for persona in PERSONAS:
        page = window(persona).new_page()
        dialogs: list[Dialog] = []
        page.on("dialog", lambda dialog, dialogs=dialogs: (dialogs.append(dialog), dialog.dismiss()))
        for (whose, _name), path in pages.items():
            if whose != persona:
                continue
            page.goto(path, wait_until="load")
            assert page.evaluate("window.__ran") == [], path
            assert page.evaluate(FOUND) == [], path
            kept = " ".join(page.evaluate(KEPT))
            assert MARKER.findall(kept + page.url) == [], path
            assert FINGERPRINT not in kept
        assert dialogs == []
