"""A person at a browser: what they open, press and read, and that every page they meet is sound."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, Request

from accounts.models import User

# WCAG 2.2 AA is what the product promises; the rest of axe's rules are good advice, which is checked too.
RULES = {"resultTypes": ["violations"]}
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

LISTENS_FOR_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => window.tellsViolation(
    `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`
));
"""


@dataclass
class Person:
    """Somebody in a window of their own."""

    context: BrowserContext
    address: str
    user: User | None = None
    problems: list[str] = field(default_factory=list)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        """Open the window and listen for what the browser complains about."""
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        self.page.on("console", lambda line: self._console(line.type, line.text))
        self.page.on("requestfailed", self._request_failed)
        self.page.expose_function("tellsViolation", self._violation)
        self.page.add_init_script(LISTENS_FOR_VIOLATIONS)

    def signs_in(self, user: User) -> "Person":
        """Come in as this person; the page of sign-in has a test of its own."""
        client = Client()
        client.force_login(user, backend="accounts.backend.People")
        self.user = user
        self.context.clear_cookies()
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.address, "httpOnly": True}]
        )
        return self.opens("/")

    def opens(self, path: str) -> "Person":
        """Go to an address of the product."""
        self.page.goto(self.address + path)
        return self.meets_a_sound_page()

    def follows(self, text: str, exact: bool = False) -> "Person":
        """Follow the first link with this text."""
        self.page.get_by_role("link", name=text, exact=exact).first.click()
        return self.meets_a_sound_page()

    def presses(self, text: str, within: Locator | None = None) -> "Person":
        """Press the first button with this text."""
        (within or self.page).get_by_role("button", name=text).first.click()
        self.page.wait_for_load_state()
        return self.meets_a_sound_page()

    def leaves_by(self, text: str) -> "Person":
        """Press a button and wait for the page it leads to, even where an answer is still being saved."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=text).last.click()
        return self.meets_a_sound_page()

    def fills(self, label: str, text: str) -> "Person":
        """Type into the field with this label."""
        self.page.get_by_label(label).first.fill(text)
        return self

    def chooses(self, question: str, answer: str) -> "Person":
        """Choose an answer in the group whose legend holds this text."""
        group = self.page.locator("fieldset").filter(has=self.page.locator("legend", has_text=question)).first
        group.get_by_label(answer, exact=True).first.check(force=True)
        return self

    def reads(self, *texts: str) -> "Person":
        """Find these texts on the page."""
        body = " ".join(self.page.locator("main").inner_text().replace("\N{NO-BREAK SPACE}", " ").split())
        missing = [text for text in texts if text.casefold() not in body.casefold()]
        assert not missing, f"{self.page.url} does not say {missing}; it says: {body[:3000]}"
        return self

    def meets_a_sound_page(self) -> "Person":
        """Check what holds on every page: axe is silent, no script failed, nothing scrolls sideways."""
        self.page.wait_for_load_state("load")
        found = Axe().run(self.page, options=RULES).response["violations"]
        assert found == [], f"{self.page.url}: {_told(found)}"
        wide = self.page.evaluate(SCROLLS_SIDEWAYS)
        assert not wide, f"{self.page.url} scrolls sideways at {self.page.viewport_size}"
        assert self.problems == [], f"{self.page.url}: {self.problems}"
        return self

    def _console(self, kind: str, text: str) -> None:
        # A refused form answers 422 and a stranger's record 404: the browser logs both as errors.
        if kind == "error" and "the server responded with a status of" not in text:
            self.problems.append(text)

    def _violation(self, what: str) -> None:
        self.problems.append(f"the content security policy was violated: {what}")

    def _request_failed(self, request: Request) -> None:
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.problems.append(f"{request.url}: {request.failure}")


def _told(violations: Sequence[dict]) -> list[str]:
    return [
        f"{each['id']}: {each['help']} {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in violations
    ]
