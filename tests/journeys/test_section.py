"""Filling in a section in a browser: answers save themselves, follow-ups appear, nothing typed is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Person

Somebody = Callable[..., Person]


@pytest.fixture
def rowan(somebody: Somebody) -> Person:
    """Rowan, with a new client's screening open at the section on depression."""
    return opens_depression(somebody("Rowan Ellis"))


def opens_depression(person: Person) -> Person:
    person.opens("/clients/add/")
    person.fills("First name", "Hanna").fills("Last name", "Bielski").fills("Birth date", "5/6/1980")
    person.fills("Record number", "JOURNEY-1").presses("Add the client")
    person.presses("Ketamine referral screening").follows("Depression")
    return person


def saved(person: Person) -> None:
    """Wait until everything given is saved."""
    expect(person.page.locator("#saved")).to_contain_text("Saved")


def test_an_answer_saves_itself_and_opens_its_follow_ups(rowan: Person) -> None:
    page = rowan.page
    expect(page.locator("#slot-trials")).to_be_empty()
    rowan.chooses("Is a depressive disorder", "Yes")
    expect(page.locator("#slot-trials_complete")).to_contain_text("Is this list of antidepressants complete?")
    rowan.chooses("Is a depressive disorder", "No")
    expect(page.locator("#slot-trials")).to_be_empty()
    saved(rowan)
    page.reload()
    expect(page.locator("#mdd_recorded-no")).to_be_checked()
    rowan.meets_a_sound_page()


def test_number_keys_fill_a_scale_and_delete_clears_an_answer(rowan: Person) -> None:
    page = rowan.page
    page.locator("#phq9_1-0").focus()
    for key in "222122110":
        page.keyboard.press(key)
    expect(page.locator("#score-phq9_total")).to_contain_text("13 of 27")
    page.locator("#phq9_9-0").focus()
    page.keyboard.press("Delete")
    expect(page.locator("#score-phq9_total")).to_contain_text("13 to 16 of 27")
    expect(page.locator("#score-phq9_total")).to_contain_text("1 item not answered")
    saved(rowan)
    page.reload()
    expect(page.locator("#phq9_3-2")).to_be_checked()
    assert page.locator("#slot-phq9_9 input:checked").count() == 0


def test_what_is_given_without_a_connection_is_saved_when_it_is_back(rowan: Person) -> None:
    page = rowan.page
    rowan.context.set_offline(True)
    rowan.chooses("Is a bipolar disorder recorded", "No")
    expect(page.locator("#saved")).to_contain_text("No connection")
    rowan.problems.clear()
    rowan.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved", timeout=15_000)
    page.reload()
    expect(page.locator("#bipolar_history-no")).to_be_checked()


def test_a_wrong_day_is_said_at_once_and_goes_when_it_is_right(rowan: Person) -> None:
    page = rowan.page
    page.locator("#phq9_date").fill("02/30/2020")
    page.keyboard.press("Tab")
    expect(page.locator("#slot-phq9_date")).to_contain_text("2/30/2020 is not a day that exists.")
    expect(page.locator("#phq9_date")).to_have_value("02/30/2020")
    rowan.meets_a_sound_page()
    page.locator("#phq9_date").fill("02/28/2020")
    page.keyboard.press("Tab")
    expect(page.locator("#slot-phq9_date")).not_to_contain_text("not a day that exists")
    saved(rowan)


def test_two_windows_show_both_values_and_overwrite_nothing(rowan: Person) -> None:
    """CHECKS 43."""
    first, second = rowan.page, rowan.context.new_page()
    second.goto(first.url)
    first.locator("#phq9_3-1").check(force=True)
    saved(rowan)
    second.locator("#phq9_3-2").check(force=True)
    expect(second.locator("#slot-phq9_3")).to_contain_text("Here: More than half the days.")
    expect(second.locator("#slot-phq9_3")).to_contain_text("Several days")
    second.locator("#phq9_3-1").check(force=True)
    expect(second.locator("#slot-phq9_3")).not_to_contain_text("Here:")
    second.reload()
    expect(second.locator("#phq9_3-1")).to_be_checked()


def test_an_urgent_answer_leads_to_its_page_at_once(rowan: Person) -> None:
    page = rowan.page
    page.locator("#phq9_9-1").check(force=True)
    page.wait_for_url(re.compile("/urgent/suicide_screen_due/"))
    rowan.meets_a_sound_page().reads("988", "911", "This page does not advise.")
    page.get_by_role("textbox", name="What was done").fill("Asked directly.")
    page.get_by_label("Nobody").check(force=True)
    rowan.presses("Acknowledge and go on").reads("It is part of the screening now")


def test_enter_in_a_field_never_sends_a_half_filled_section(rowan: Person) -> None:
    page = rowan.page
    address = page.url
    page.locator("#phq9_date").fill("02/28/2020")
    page.keyboard.press("Enter")
    saved(rowan)
    assert page.url == address


def test_medicines_are_listed_without_a_script(rowan: Person, somebody: Somebody) -> None:
    plain = somebody(java_script_enabled=False)
    plain.context.add_cookies(rowan.context.cookies())
    page = plain.page
    page.goto(rowan.page.url)
    page.locator("#mdd_recorded-yes").check(force=True)
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name="Add one").click()
    for name, value in (("trial_drug", "sertraline"), ("trial_weeks", "8_plus")):
        page.locator(f"[name$='.{name}']").select_option(value)
    page.get_by_role("button", name="Done").click()
    assert "Sertraline" in page.locator("#slot-trials").inner_text()
    page.get_by_role("button", name="Remove Sertraline").click()
    assert "Sertraline" not in page.locator("#slot-trials").inner_text()
