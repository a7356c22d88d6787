"""Where somebody is signed in: listed, ended one by one or all, and gone at once when it has to be."""

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.contrib.sessions.backends.base import UpdateError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions, throttling
from accounts.browsers import Browser, describe
from accounts.models import Device, Session, User
from accounts.models.sessions import PROOFS
from accounts.second_factor import Proof
from accounts.sessions import SessionStore, hashed
from privacy import context
from privacy.models import Entry
from tests.accounts.conftest import signed_in
from tests.accounts.test_throttling import FIVE
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

PROFILE, SESSIONS, LOGOUT = "/account/profile/", "/account/sessions/", "/account/logout/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


def arrives(person: User, seed: str, user_agent: str) -> Client:
    """Sign in with both factors in a browser that says this of itself."""
    browser = Client(headers={"user-agent": user_agent})
    browser.post(factors.LOGIN, {"login": person.email, "password": people.PASSWORD})
    browser.post(factors.CODE, {"code": factors.shown(seed)})
    return browser


def key_of(browser: Client) -> str:
    return str(browser.cookies[configured.SESSION_COOKIE_NAME].value)


def is_in(browser: Client) -> bool:
    return browser.get(PROFILE).status_code == 200


def entries(person: User) -> list[tuple[str, dict[str, Any]]]:
    with context.enter(person.organization_id):
        found = Entry.objects.filter(chain=person.organization_id, action__startswith="session.end")
        return [(entry.action, entry.codes) for entry in found.order_by("number")]


def test_ones_sessions_are_listed_with_browser_and_times_and_this_one_marked(lead: User) -> None:
    seed, recovery = factors.app_of(lead)
    here = arrives(lead, seed, FIREFOX)
    other = Client(headers={"user-agent": IPHONE})
    other.post(factors.LOGIN, {"login": lead.email, "password": people.PASSWORD})
    other.post(factors.CODE, {"recovery_code": recovery[0]})
    page = here.get(SESSIONS).content.decode()
    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    assert len(rows) == 2
    own = next(row for row in rows if "This one" in row)
    away = next(row for row in rows if "This one" not in row)
    assert "Firefox on Windows" in own
    assert "Authenticator app" in own
    assert "Safari on iPhone" in away
    assert "Recovery code" in away
    # The reader's zone is Los Angeles.
    began = timezone.localtime(Session.objects.get(browser="Safari").started_at, lead.organization.zone)
    assert f"{began.day}" in away
    assert f"{began.hour % 12 or 12}:{began.minute:02d}" in away
    for word in (key_of(here), key_of(other), hashed(key_of(other))):
        assert word not in page


def test_nobody_elses_and_nothing_half_signed_in_is_listed(lead: User, colleague: User) -> None:
    factors.app_of(lead)
    factors.with_password(lead)
    signed_in(colleague)
    page = signed_in(lead).get(SESSIONS).content.decode()
    assert page.count("<tr>") == 2
    assert "You are signed in nowhere else." in page


@pytest.mark.parametrize("others", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_one(
    lead: User, others: int, django_assert_num_queries: Any
) -> None:
    """Session, person, context, sessions, and the test's savepoint twice; the page writes no entry."""
    for _ in range(others):
        signed_in(lead)
    browser = signed_in(lead)
    with django_assert_num_queries(6):
        browser.get(SESSIONS)


def test_another_session_is_ended(lead: User) -> None:
    """CHECKS 10: at the very next request."""
    here, other = signed_in(lead), signed_in(lead)
    ended = Session.objects.get(session_key=hashed(key_of(other)))
    assert here.post(reverse("sessions:end", args=[ended.id])).headers["Location"] == SESSIONS
    assert (is_in(here), is_in(other)) == (True, False)
    assert entries(lead) == [("session.end", {"session": str(ended.id)})]


def test_somebody_elses_session_is_not_there(lead: User, colleague: User) -> None:
    """CHECKS 2."""
    theirs = signed_in(colleague)
    row = Session.objects.get(session_key=hashed(key_of(theirs)))
    here = signed_in(lead)
    for id in (row.id, uuid4()):
        assert here.post(reverse("sessions:end", args=[id])).status_code == 404
    assert is_in(theirs)


def test_this_session_is_ended_by_signing_out(lead: User) -> None:
    here = signed_in(lead)
    row = Session.objects.get(session_key=hashed(key_of(here)))
    assert here.post(reverse("sessions:end", args=[row.id])).headers["Location"] == LOGOUT
    assert is_in(here)


def test_every_other_session_is_ended_and_browsers_are_known_no_more(lead: User) -> None:
    seed, _ = factors.app_of(lead)
    here, others = factors.with_both(lead, seed), [signed_in(lead), signed_in(lead)]
    assert Device.objects.count() == 1
    page = here.post(reverse("sessions:end_others"), follow=True).content.decode()
    assert "2 other sessions have ended." in page
    assert [is_in(here), *map(is_in, others)] == [True, False, False]
    assert Device.objects.count() == 0
    assert entries(lead) == [("session.end_others", {"number": 2})]


def test_sessions_are_ended_by_post_alone(lead: User) -> None:
    """CHECKS 7 and 8."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(lead)
    row = Session.objects.get()
    for address in (reverse("sessions:end", args=[row.id]), reverse("sessions:end_others")):
        assert browser.get(address).status_code == 405
        assert browser.post(address).status_code == 403


def test_rows_go_with_whoever_is_disabled(lead: User, colleague: User, admin: User) -> None:
    """CHECKS 10: a person's, then an organization's, half signed in ones too."""
    factors.app_of(lead)
    kept = signed_in(admin)
    for person in (lead, colleague):
        signed_in(person)
    factors.with_password(lead)
    people.in_context(None, actions.disable_user, by=admin, user=lead)
    assert set(Session.objects.values_list("person", flat=True)) == {colleague.pk, admin.pk}
    people.in_context(None, actions.disable_organization, by=admin, organization=colleague.organization)
    assert set(Session.objects.values_list("person", flat=True)) == {admin.pk}
    assert is_in(kept)


def test_rows_go_with_an_old_password_but_for_the_one_that_changed_it(lead: User) -> None:
    """CHECKS 18."""
    here, elsewhere = signed_in(lead), signed_in(lead)
    old, new = key_of(here), "another walk in the snow"
    typed = {"oldpassword": people.PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password/change/", typed).status_code == 302
    assert key_of(here) != old
    assert Session.objects.get().session_key == hashed(key_of(here))
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_signing_out_removes_the_row_and_tells_the_browser_to_forget(lead: User) -> None:
    """CHECKS 17."""
    seed, _ = factors.app_of(lead)
    here, copy = factors.with_both(lead, seed), Client()
    copy.cookies[configured.SESSION_COOKIE_NAME] = key_of(here)
    assert is_in(copy)
    answer = here.post(LOGOUT)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies[configured.SESSION_COOKIE_NAME].value != key_of(copy)
    assert not Session.objects.filter(person=lead).exists()
    assert not is_in(copy)
    # The browser stays known: its cookie is no data of a client and opens nothing.
    assert configured.DEVICE_COOKIE_NAME in here.cookies
    assert "Clear-Site-Data" not in here.get("/account/login/").headers


def test_the_session_id_changes_at_the_password_and_at_the_factor(lead: User) -> None:
    """CHECKS 15: an id that somebody planted is worth nothing."""
    seed, _ = factors.app_of(lead)
    planted = SessionStore()
    planted["planted"] = True
    planted.save()
    browser = Client()
    browser.cookies[configured.SESSION_COOKIE_NAME] = planted.session_key
    keys = [key_of(browser)]
    browser.post(factors.LOGIN, {"login": lead.email, "password": people.PASSWORD})
    keys.append(key_of(browser))
    browser.post(factors.CODE, {"code": factors.shown(seed)})
    keys.append(key_of(browser))
    assert len(set(keys)) == 3
    assert is_in(browser)
    for known in keys[:2]:
        thief = Client()
        thief.cookies[configured.SESSION_COOKIE_NAME] = known
        assert not is_in(thief)


def test_an_id_that_the_server_never_gave_is_not_taken(lead: User) -> None:
    """CHECKS 15."""
    seed, _ = factors.app_of(lead)
    browser = Client()
    browser.cookies[configured.SESSION_COOKIE_NAME] = "a" * 32
    browser.post(factors.LOGIN, {"login": lead.email, "password": people.PASSWORD})
    browser.post(factors.CODE, {"code": factors.shown(seed)})
    assert is_in(browser)
    assert key_of(browser) != "a" * 32


def test_a_table_of_sessions_opens_no_session(lead: User) -> None:
    """CHECKS 20: what is kept is a hash of the key."""
    browser = signed_in(lead)
    row = Session.objects.get()
    assert key_of(browser) not in (row.session_key, row.session_data, str(row.id))
    thief = Client()
    thief.cookies[configured.SESSION_COOKIE_NAME] = row.session_key
    assert not is_in(thief)


def test_a_request_that_saves_into_an_ended_session_makes_none(lead: User) -> None:
    browser = signed_in(lead)
    store = browser.session
    store["before"] = 1
    store.save()
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_every_way_to_prove_a_second_factor_has_its_words() -> None:
    assert set(PROOFS) == {str(proof) for proof in Proof} - {Proof.KNOWLEDGE}


@pytest.mark.parametrize(
    ("user_agent", "found"),
    [
        (FIREFOX, Browser("Firefox", "Windows")),
        (IPHONE, Browser("Safari", "iPhone")),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36",
            Browser("Chrome", "ChromeOS"),
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0",
            Browser("Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18.0 Safari/605.1.15",
            Browser("Safari", "macOS"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 SamsungBrowser/26.0 Chrome/122.0 Safari/537.36",
            Browser("Samsung Internet", "Android"),
        ),
        ("curl/8.5.0", Browser("", "")),
        ("", Browser("", "")),
        ("x" * 100_000 + "Firefox/1", Browser("", "")),
        ("<script>alert(1)</script>\x00\ud800", Browser("", "")),
    ],
)
def test_a_browser_is_told_by_two_words(user_agent: str, found: Browser) -> None:
    assert describe(user_agent) == found


def test_what_is_over_is_cleared_daily(lead: User, colleague: User) -> None:
    signed_in(lead)
    now = timezone.now()
    Session.objects.update(last_input_at=now - timedelta(minutes=15), started_at=now - timedelta(hours=1))
    then = now - timedelta(days=200)
    Device.objects.create(person=lead, token_hash="0" * 64, known_since=then, expires_at=now)
    throttling.count(FIVE, "new")
    kept = signed_in(colleague)
    out = StringIO()
    call_command("clear_expired", stdout=out)
    assert out.getvalue() == "1 sessions, 0 counts and codes, 1 browsers deleted.\n"
    assert is_in(kept)
    assert Session.objects.count() == 1
