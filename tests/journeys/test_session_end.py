"""The end of a session in a browser: warned of, covered at the end, and nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Request, expect

from accounts.models import Session, User
from tests.journeys.conftest import PHONE
from tests.journeys.people import Person
from tests.journeys.test_section import opens_depression

Somebody = Callable[..., Person]

EDIT = "/account/profile/edit/"
IDLE, TOTAL, SECOND = settings.SESSION_IDLE, settings.SESSION_TOTAL, timedelta(seconds=1)


@pytest.fixture
def rowan(somebody: Somebody) -> Person:
    """Rowan at a form that doesn't save itself, with the browser's clock in our hands."""
    person = somebody("Rowan Ellis")
    person.page.clock.install(time=timezone.now())
    return person.opens(EDIT)


def own(person: Person) -> Session:
    return Session.objects.get(person=person.user, proof="app")


def was_idle_for(person: Person, time: timedelta, *, after: timedelta = timedelta(hours=1)) -> None:
    """Move the session back on the server, as if its person had done nothing for so long."""
    last = timezone.now() - time
    Session.objects.filter(person=person.user).update(last_input_at=last, started_at=last - after)


def waits(person: Person, time: timedelta, *, on_server: timedelta | None = None) -> None:
    """Let time pass at the browser, and on the server as much, or as said."""
    was_idle_for(person, on_server if on_server is not None else time)
    person.page.clock.fast_forward(int(time.total_seconds() * 1000))


def signs_in_again(person: Person, name: str = "") -> None:
    """Sign in in a new tab, as the same person or another one; the tab's page tells the others."""
    user = User.objects.get(name=name) if name else person.user
    other = Person(person.context, person.address)
    other.signs_in(user)
    other.page.close()


def test_a_warning_comes_two_minutes_before_and_one_press_goes_on(rowan: Person) -> None:
    """CHECKS 16 and WCAG 2.2.1."""
    page = rowan.page
    waits(rowan, IDLE - timedelta(minutes=2))
    warning = page.locator("#session-warning")
    expect(warning).to_contain_text("You will be signed out in 2 minutes", use_inner_text=True)
    rowan.meets_a_sound_page()
    page.get_by_label("Phone").fill("555 0100")
    waits(rowan, timedelta(seconds=1), on_server=IDLE - timedelta(seconds=110))
    page.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    assert timezone.now() - own(rowan).last_input_at < timedelta(seconds=30)
    expect(page.get_by_label("Phone")).to_have_value("555 0100")


def test_the_warning_fits_a_phone(somebody: Somebody) -> None:
    person = somebody("Rowan Ellis", viewport=PHONE)
    person.page.clock.install(time=timezone.now())
    person.opens(EDIT)
    waits(person, IDLE - timedelta(minutes=2))
    expect(person.page.locator("#session-warning")).to_be_visible()
    person.meets_a_sound_page()


def test_typing_goes_on_with_the_session_and_timers_do_not(rowan: Person) -> None:
    """CHECKS 16: a long note keeps its writer signed in; a page that lies open doesn't."""
    waits(rowan, timedelta(minutes=5))
    before = own(rowan).last_input_at
    rowan.page.clock.fast_forward(60_000)
    assert own(rowan).last_input_at == before
    with rowan.page.expect_response("**/account/session/stay/"):
        rowan.page.get_by_label("Phone").press("5")
    assert timezone.now() - own(rowan).last_input_at < timedelta(seconds=30)


def test_the_page_is_covered_at_the_end_and_comes_back_with_what_was_typed(rowan: Person) -> None:
    """CHECKS 16 and WCAG 2.2.1."""
    page = rowan.page
    page.get_by_label("Phone").fill("555 0100")
    waits(rowan, IDLE)
    cover = page.get_by_role("main", name="You are signed out")
    expect(cover).to_contain_text("Nothing was done here for 15 minutes.", use_inner_text=True)
    expect(page.get_by_label("Phone")).to_be_hidden()
    expect(page.locator("header")).to_be_hidden()
    expect(page).to_have_title("Signed out - Warm Handoff")
    rowan.meets_a_sound_page()
    assert not Session.objects.filter(person=rowan.user).exists()
    # The new sign-in brings a new token: the old page's would be refused.
    rowan.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    signs_in_again(rowan)
    expect(cover).to_be_hidden()
    expect(page).not_to_have_title("Signed out - Warm Handoff")
    expect(page.get_by_label("Phone")).to_have_value("555 0100")
    page.get_by_role("button", name="Save").click()
    rowan.reads("Your details are saved.")
    assert User.objects.get(pk=rowan.user.pk).phone == "555 0100"


def test_somebody_else_who_signs_in_sees_nothing_of_it(rowan: Person) -> None:
    page = rowan.page
    page.get_by_label("Phone").fill("555 0100")
    waits(rowan, IDLE)
    expect(page.get_by_role("main", name="You are signed out")).to_be_visible()
    signs_in_again(rowan, "Willa Chen")
    page.wait_for_url(re.compile("/$"))
    expect(page.locator("body")).not_to_have_class("is-covered")
    assert page.locator("[value='555 0100']").count() == 0


def test_twelve_hours_end_with_their_own_words(rowan: Person) -> None:
    """CHECKS 16: no press moves this end."""
    page = rowan.page
    was_idle_for(rowan, SECOND, after=TOTAL - timedelta(minutes=2))
    page.clock.fast_forward(int((IDLE - timedelta(minutes=2)).total_seconds() * 1000))
    warning = page.locator("#session-warning")
    expect(warning).to_contain_text("Your session ends in", use_inner_text=True)
    expect(warning).to_contain_text("It has lasted 12 hours.", use_inner_text=True)
    expect(warning.get_by_role("button")).to_be_hidden()


def test_another_tab_that_goes_on_takes_the_warning_away(rowan: Person) -> None:
    waits(rowan, IDLE - timedelta(minutes=2))
    warning = rowan.page.locator("#session-warning")
    expect(warning).to_be_visible()
    second = rowan.context.new_page()
    second.goto(f"{rowan.address}{EDIT}")
    rowan.page.clock.run_for(11_000)
    rowan.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(warning).to_be_hidden()


def test_a_session_that_ends_elsewhere_covers_the_page_when_it_is_looked_at(rowan: Person) -> None:
    """CHECKS 10: disabled, or ended from another browser."""
    Session.objects.filter(person=rowan.user).delete()
    rowan.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(rowan.page.get_by_role("main", name="You are signed out")).to_contain_text(
        "The session has ended.", use_inner_text=True
    )


def test_an_answer_given_too_late_is_saved_after_signing_in_again(somebody: Somebody) -> None:
    """CHECKS 16 and WCAG 2.2.1: a section that saves itself."""
    rowan = opens_depression(somebody("Rowan Ellis"))
    page = rowan.page
    was_idle_for(rowan, IDLE)
    page.locator("#bipolar_history-no").check(force=True)
    cover = page.get_by_role("main", name="You are signed out")
    expect(cover).to_be_visible()
    rowan.problems.clear()
    signs_in_again(rowan)
    expect(cover).to_be_hidden()
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.reload()
    expect(page.locator("#bipolar_history-no")).to_be_checked()


def test_a_retry_says_that_nobody_caused_it(somebody: Somebody) -> None:
    """CHECKS 16."""
    rowan = opens_depression(somebody("Rowan Ellis"))
    sent: list[str | None] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "autosave" in request.url:
            sent.append(request.headers.get("x-input"))

    rowan.page.on("request", note)
    rowan.context.set_offline(True)
    rowan.chooses("Is a bipolar disorder recorded", "No")
    expect(rowan.page.locator("#saved")).to_contain_text("No connection")
    rowan.problems.clear()
    rowan.context.set_offline(False)
    expect(rowan.page.locator("#saved")).to_contain_text("Saved", timeout=15_000)
    assert sent[0] == "yes"
    assert len(sent) >= 2
    assert set(sent[1:]) == {"no"}


def test_after_signing_out_the_back_button_shows_nothing(somebody: Somebody) -> None:
    """CHECKS 17."""
    rowan = somebody("Rowan Ellis").opens("/clients/")
    page = rowan.page
    page.locator("main .worklist a, main table a").first.click()
    name = page.locator("h1").inner_text()
    page.locator(".menu--me summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/account/login/"))
    for _ in range(2):
        page.go_back()
        assert name not in page.locator("body").inner_text()
        assert "/account/login/" in page.url


def test_without_a_script_a_form_that_comes_too_late_is_given_back(somebody: Somebody) -> None:
    """WCAG 2.2.1: before and after signing in again, whose new token the page can't know."""
    rowan = somebody("Rowan Ellis")
    plain = somebody(java_script_enabled=False)
    plain.context.add_cookies(rowan.context.cookies())
    page = plain.page
    page.goto(EDIT)
    page.get_by_label("Phone").fill("555 0100")
    was_idle_for(rowan, IDLE)
    page.get_by_role("button", name="Save").click()
    plain.reads("What you typed is kept on this page")
    expect(page.get_by_role("link", name="Sign in in a new tab")).to_be_visible()
    rowan.signs_in(User.objects.get(name="Rowan Ellis"))
    plain.context.clear_cookies()
    plain.context.add_cookies(rowan.context.cookies())
    page.get_by_role("button", name="Send the form").click()
    plain.reads("The page was from before you signed in.")
    page.get_by_role("button", name="Send the form").click()
    plain.reads("Your details are saved.")
    assert User.objects.get(name="Rowan Ellis").phone == "555 0100"
