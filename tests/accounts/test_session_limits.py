"""A session ends after 15 minutes without input and after 12 hours, by the server's clock alone."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import Session, User
from config import environment
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
PROFILE, EDIT, STATUS, STAY = (
    "/account/profile/",
    "/account/profile/edit/",
    "/account/session/",
    "/account/session/stay/",
)
IDLE, TOTAL = timedelta(minutes=15), timedelta(hours=12)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DETAILS = {"name": "Rowan Ellis", "credentials": "LMFT", "licence": "", "phone": ""}


@pytest.fixture
def browser(lead: User) -> Client:
    made = Client()
    made.force_login(lead)
    return made


def row() -> Session:
    return Session.objects.get(person__isnull=False)


def was_idle_for(time: timedelta, *, after: timedelta = MINUTE) -> None:
    """Move the one session back, as if its person had done nothing for so long, and come so long before."""
    last = timezone.now() - time
    Session.objects.filter(person__isnull=False).update(last_input_at=last, started_at=last - after)


def ended(answer: Any) -> str | None:
    """Return why an answer says that the session ended, or None where it leads to no sign-in."""
    to = urlsplit(answer.headers.get("Location", ""))
    return parse_qs(to.query).get("ended", [""])[0] if to.path == "/account/login/" else None


def test_it_runs_to_the_fifteenth_minute_and_no_further(browser: Client) -> None:
    """CHECKS 16."""
    was_idle_for(IDLE - SECOND)
    assert browser.get(PROFILE).status_code == 200
    was_idle_for(IDLE)
    answer = browser.get(PROFILE)
    assert ended(answer) == "idle"
    assert answer.headers["Location"].startswith(f"/account/login/?next={PROFILE}")
    assert Session.objects.filter(person__isnull=False).count() == 0


def test_it_runs_to_the_twelfth_hour_whatever_is_done(browser: Client) -> None:
    """CHECKS 16."""
    was_idle_for(SECOND, after=TOTAL - 3 * SECOND)
    assert browser.get(PROFILE).status_code == 200
    was_idle_for(SECOND, after=TOTAL - SECOND)
    assert ended(browser.get(PROFILE)) == "total"


def test_the_page_of_sign_in_says_why_and_leads_back(browser: Client, lead: User) -> None:
    was_idle_for(IDLE)
    led = browser.get(PROFILE).headers["Location"]
    page = browser.get(led).content.decode()
    assert "You were signed out after 15 minutes without activity." in page
    assert f'name="next" value="{PROFILE}"' in page
    made_up = Client().get("/account/login/?ended=<b>because</b>").content.decode()
    assert "because" not in made_up
    assert "signed out" not in made_up


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("get", PROFILE, {}),
        ("post", EDIT, {}),
        ("post", STAY, {}),
        ("post", STAY, {"HTTP_X_INPUT": "yes"}),
        ("get", PROFILE, {"HTTP_HX_REQUEST": "true"}),
    ],
)
def test_what_a_person_does_goes_on_with_the_session(
    browser: Client, method: str, path: str, headers: dict[str, str]
) -> None:
    """CHECKS 16."""
    was_idle_for(10 * MINUTE)
    getattr(browser, method)(path, DETAILS, **headers)
    assert timezone.now() - row().last_input_at < MINUTE


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("get", STATUS, {}),
        ("get", STATUS, {"HTTP_X_INPUT": "yes"}),
        ("head", STATUS, {}),
        ("get", "/healthz/live", {}),
        ("get", "/healthz/ready", {}),
        ("get", PROFILE, {"HTTP_X_INPUT": "no"}),
        ("post", EDIT, {"HTTP_X_INPUT": "no"}),
        ("get", PROFILE, {"HTTP_SEC_PURPOSE": "prefetch"}),
        ("get", "/nowhere/", {}),
    ],
)
def test_what_a_page_does_by_itself_does_not(
    browser: Client, method: str, path: str, headers: dict[str, str]
) -> None:
    """CHECKS 16: timers, polling and retries."""
    was_idle_for(10 * MINUTE)
    before = row().last_input_at
    getattr(browser, method)(path, DETAILS, **headers)
    assert row().last_input_at == before


def test_polling_all_the_time_ends_no_later(browser: Client) -> None:
    """CHECKS 16."""
    for minutes in range(1, 15):
        was_idle_for(minutes * MINUTE)
        assert browser.get(STATUS).json()["left"] > 0
    was_idle_for(IDLE)
    assert browser.get(STATUS).json() == {"left": 0, "why": "idle"}


def test_another_sites_form_keeps_no_session_alive(lead: User) -> None:
    """CHECKS 7 and 16."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(lead)
    was_idle_for(10 * MINUTE)
    before = row().last_input_at
    assert browser.post(STAY).status_code == 403
    assert row().last_input_at == before


def test_the_stamp_is_written_at_most_once_a_minute(browser: Client) -> None:
    """CHECKS 8."""
    was_idle_for(MINUTE - 2 * SECOND)
    before = row().last_input_at
    with CaptureQueriesContext(connection) as queries:
        browser.get(PROFILE)
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]
    assert row().last_input_at == before
    was_idle_for(MINUTE)
    with CaptureQueriesContext(connection) as queries:
        browser.get(PROFILE)
    written = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert len(written) == 1
    assert "last_input_at" in written[0]
    assert "session_data" not in written[0]


PARAMETERS = ["ttl", "timeout", "expires", "session_expiry", "_session_expiry", "SESSION_IDLE", "remember"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_no_parameter_makes_it_longer(browser: Client, name: str) -> None:
    """CHECKS 16."""
    was_idle_for(IDLE - 2 * MINUTE)
    for address in (f"{PROFILE}?{name}=999999", f"{STATUS}?{name}=999999"):
        browser.get(address, headers={name.replace("_", "-"): "999999"})
    browser.post(EDIT, DETAILS | {name: "999999"})
    assert browser.get(STATUS).json()["left"] <= IDLE.total_seconds()
    was_idle_for(IDLE)
    assert ended(browser.get(f"{PROFILE}?{name}=999999")) == "idle"


def test_remember_me_remembers_nothing(lead: User) -> None:
    """CHECKS 16."""
    seed, _ = factors.app_of(lead)
    browser = Client()
    browser.post(factors.LOGIN, {"login": lead.email, "password": people.PASSWORD, "remember": "on"})
    browser.post(factors.CODE, {"code": factors.shown(seed), "remember": "on"})
    assert browser.get(STATUS).json()["left"] <= IDLE.total_seconds()
    assert browser.cookies[configured.SESSION_COOKIE_NAME]["max-age"] == ""
    assert browser.session.get_expire_at_browser_close()


@pytest.mark.parametrize("bad", ["0", "-1", "16", "no", "1e9"])
@pytest.mark.parametrize("name", ["SESSION_IDLE_MINUTES", "SESSION_TOTAL_HOURS"])
def test_a_setting_may_shorten_it_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, name: str, bad: str
) -> None:
    """CHECKS 16: the start is refused."""
    monkeypatch.setenv(name, bad)
    with pytest.raises(ImproperlyConfigured, match=name):
        environment.within(name, 12, least=1, most=15 if "IDLE" in name else 12)
    assert (configured.SESSION_IDLE, configured.SESSION_TOTAL) == (IDLE, TOTAL)


def test_a_shorter_setting_counts_and_is_said(browser: Client, settings: Any) -> None:
    settings.SESSION_IDLE = timedelta(minutes=5)
    was_idle_for(timedelta(minutes=5))
    led = browser.get(PROFILE).headers["Location"]
    assert "after 5 minutes without activity" in browser.get(led).content.decode()


def test_twelve_hours_go_on_under_a_new_key(browser: Client, lead: User) -> None:
    """CHECKS 16: a change of the password makes a new key, and no new twelve hours."""
    began = timezone.now() - TOTAL + MINUTE
    Session.objects.update(started_at=began)
    new = "another walk in the snow"
    typed = {"oldpassword": people.PASSWORD, "password1": new, "password2": new}
    key = browser.session.session_key
    assert browser.post("/account/password/change/", typed).status_code == 302
    assert browser.session.session_key != key
    assert row().started_at == began
    assert browser.get(STATUS).json()["left"] <= 60


def test_they_begin_with_the_password(lead: User) -> None:
    """CHECKS 15 and 16: the factor brings a new key and not another twelve hours."""
    seed, _ = factors.app_of(lead)
    browser = factors.with_password(lead)
    began = timezone.now() - 10 * MINUTE
    Session.objects.update(started_at=began)
    key = browser.session.session_key
    browser.post(factors.CODE, {"code": factors.shown(seed)})
    assert browser.session.session_key != key
    assert row().started_at == began


def test_a_script_gets_a_plain_answer_and_no_page_of_sign_in(browser: Client) -> None:
    """CHECKS 16 and WCAG 2.2.1: what it holds stays where it is."""
    for headers in ({"HTTP_X_INPUT": "yes"}, {"HTTP_X_INPUT": "no"}, {"HTTP_HX_REQUEST": "true"}):
        browser.force_login(User.objects.get(email="rowan@example.org"))
        was_idle_for(IDLE)
        answer = browser.post(EDIT, DETAILS, **headers)
        assert (answer.status_code, answer.headers["X-Signed-Out"]) == (401, "idle")
        assert "<" not in answer.content.decode()
        assert Client().post(EDIT, **headers).headers["X-Signed-Out"] == "yes"


def test_a_form_that_comes_too_late_is_given_back_with_what_was_typed(lead: User) -> None:
    """WCAG 2.2.1: without a script too, nothing typed is lost."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(lead)
    token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', browser.get(EDIT).content.decode())[0]
    was_idle_for(IDLE)
    typed = DETAILS | {
        "phone": '555 "0100" <i>',
        "csrfmiddlewaretoken": token,
        "old_password": "secret words",
    }
    answer = browser.post(EDIT, typed)
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "You were signed out before this was sent" in page
    assert 'name="phone" value="555 &quot;0100&quot; &lt;i&gt;"' in page
    assert "secret words" not in page
    lead.refresh_from_db()
    assert lead.phone == ""
    # Signed in again in a new tab, the same browser sends the page's form.
    browser.force_login(lead)
    fresh = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    browser.get(PROFILE)
    fresh["csrfmiddlewaretoken"] = browser.get(STATUS).json()["token"]
    assert browser.post(EDIT, fresh | {"phone": "555 0100"}).status_code == 302


def test_a_form_from_before_the_new_sign_in_is_given_back_to_our_own_pages_alone(lead: User) -> None:
    """CHECKS 7: a token that is out of date is refused; what was typed is given back where it is ours."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(lead)
    browser.get(EDIT)
    typed = DETAILS | {"phone": "555 0100", "csrfmiddlewaretoken": "x" * 64}
    own = browser.post(EDIT, typed, HTTP_SEC_FETCH_SITE="same-origin")
    assert (own.status_code, 'value="555 0100"' in own.content.decode()) == (403, True)
    for site in ("cross-site", "same-site", "none", ""):
        other = browser.post(EDIT, typed, HTTP_SEC_FETCH_SITE=site)
        assert (other.status_code, "555 0100" in other.content.decode()) == (403, False)
    lead.refresh_from_db()
    assert lead.phone == ""


def test_the_status_says_whose_it_is_and_how_long(browser: Client, lead: User) -> None:
    said = browser.get(STATUS).json()
    assert said.keys() == {"left", "final", "person", "token"}
    assert (said["person"], said["final"]) == (str(lead.pk), False)
    assert 898 <= said["left"] <= 900
    Session.objects.update(started_at=timezone.now() - TOTAL + 10 * MINUTE)
    assert browser.get(STATUS).json()["final"] is True
    assert Client().get(STATUS).json() == {"left": 0, "why": ""}


def test_every_signed_in_page_carries_the_seconds_and_no_words_of_a_client(browser: Client) -> None:
    page = browser.get(PROFILE).content.decode()
    assert re.search(r'id="session" data-left="8[34]\d" data-final="no"', page)
    assert "session.js" in page
    assert "session.js" not in Client().get("/account/login/").content.decode()


def test_a_session_of_nobody_ends_as_well(lead: User) -> None:
    """A password that waits for its factor waits 15 minutes."""
    factors.app_of(lead)
    browser = factors.with_password(lead)
    Session.objects.update(last_input_at=timezone.now() - IDLE, started_at=timezone.now() - IDLE - MINUTE)
    assert browser.get(factors.CODE).headers["Location"].startswith("/account/login/")


def test_no_page_asks_the_server_by_itself() -> None:
    """CHECKS 16: whatever runs by a timer says that it is no input."""
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        for element in re.findall(r"<[^<>]*hx-trigger=[^<>]*>", text):
            if re.search(r'hx-trigger="[^"]*(every|load|revealed|intersect)', element):
                assert """hx-headers='{"X-Input": "no"}'""" in element, template
        assert "http-equiv" not in text, template
    with_timers = {
        script.name
        for script in (ROOT / "static").glob("*.js")
        if re.search(r"setInterval|setTimeout", script.read_text()) and "fetch(" in script.read_text()
    }
    assert with_timers == {"builder.js", "section.js", "session.js"}
    assert '"X-Input": "no"' in (ROOT / "static/session.js").read_text()
    assert '"X-Input": input' in (ROOT / "static/section.js").read_text()
    # What is counted by itself, or tried again, is no input; what a person's typing saves is.
    builder = (ROOT / "static/builder.js").read_text()
    assert '"X-Input": "no"' in builder
    assert '"X-Input": input' in builder
    assert builder.count('setTimeout(() => save("no"), RETRY)') == builder.count("setTimeout") == 2


def test_only_the_status_is_marked_as_no_input() -> None:
    def views(resolver: Any) -> Any:
        for pattern in resolver.url_patterns:
            yield from views(pattern) if hasattr(pattern, "url_patterns") else [pattern]

    marked = {each.name for each in views(get_resolver()) if getattr(each.callback, "is_no_input", False)}
    assert marked == {"status"}


def test_a_made_up_key_is_no_session() -> None:
    browser = Client()
    for key in (str(uuid4()), "x" * 32, "", "a" * 5000):
        browser.cookies[configured.SESSION_COOKIE_NAME] = key
        assert browser.get(PROFILE).status_code == 302
