"""A served site with the demonstration's network in it, and a browser to walk it with."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from config.demo import network
from tests import browser as chromium
from tests import databases
from tests.conftest import use
from tests.journeys.people import Person

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def loaded(
    server: databases.Server, django_db_setup: databases.Clone, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The name of a database with the demonstration's network in it, to be cloned for each journey."""
    made = databases.clone(server, kind="loaded")
    with django_db_blocker.unblock():
        use(made)
        network.load(now=timezone.now())
        use(django_db_setup)
    made.owner.close()
    yield made.name
    databases.drop(server, made.name)


@pytest.fixture
def site(
    server: databases.Server,
    loaded: str,
    django_db_setup: databases.Clone,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """The address of a running site over a fresh copy of the demonstration's network."""
    own = databases.clone(server, template=loaded)
    with django_db_blocker.unblock():
        use(own)
        with _served() as address:
            yield address
        use(django_db_setup)
    own.drop()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a request is no news here."""


class _Server(ThreadedWSGIServer):
    # Closing waits for its threads: each has a connection to a database that is about to be dropped.
    daemon_threads = False


@contextmanager
def _served() -> Iterator[str]:
    """Serve the product in threads of this process."""
    with _Server(("127.0.0.1", 0), _Quiet) as httpd:
        httpd.set_app(get_internal_wsgi_application())
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    executable = chromium.found()
    if executable is None:
        if chromium.is_required():
            pytest.fail("No Chromium was found, and under CI the journeys may not be left out.")
        pytest.skip(chromium.MISSING)
    # Playwright runs an event loop in this thread; Django would refuse every query beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=chromium.flags())
        yield started
        started.close()


@pytest.fixture
def somebody(browser: Browser, site: str) -> Iterator[Callable[..., Person]]:
    """Open a window for one more person; every window closes at the end."""
    contexts: list[BrowserContext] = []

    def open_window(name: str = "", viewport: dict[str, int] = DESKTOP, **options: Any) -> Person:
        context = browser.new_context(base_url=site, viewport=viewport, reduced_motion="reduce", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        person = Person(context, site)
        return person.signs_in(User.objects.get(name=name)) if name else person

    yield open_window
    for context in contexts:
        context.close()
