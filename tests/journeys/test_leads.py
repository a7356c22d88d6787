"""A lead opens a client for a colleague in an emergency, and hands a caseload over, in a browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import User
from screening.reading import day_in
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import Person

VIEWPORTS = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


@VIEWPORTS
def test_a_client_is_opened_read_and_taken_note_of(
    viewport: dict[str, int], somebody: Callable[..., Person]
) -> None:
    rowan = somebody("Rowan Ellis", viewport=viewport)
    when_the_lead_opens_a_client_for_a_colleague(rowan)

    nadia = somebody("Nadia Haddad", viewport=viewport)
    then_the_colleague_reads_it_and_every_page_says_why(nadia)

    hugo = somebody("Hugo Stein", viewport=viewport)
    then_the_therapist_is_told_and_ends_it(hugo)

    nadia.opens("/").reads("Thaddeus Birch", "Hugo Stein ended it")


def when_the_lead_opens_a_client_for_a_colleague(rowan: Person) -> None:
    rowan.opens("/people/organization/").follows("Emergency access")
    rowan.presses("Find")
    rowan.reads("There is a problem")
    rowan.fills("Exact last name", "birch").presses("Find")
    rowan.reads("Thaddeus Birch", "Hugo Stein").follows("Open in an emergency")
    rowan.reads("For eight hours", "They answer no questions, record no judgment and send nothing")
    rowan.presses("Open for eight hours")
    rowan.reads("There is a problem")
    rowan.page.get_by_label("Who needs to see this client").select_option(label="Nadia Haddad, PsyD")
    rowan.fills("Why it cannot wait", "The pharmacy asks which medicines he takes.")
    rowan.presses("Open for eight hours")
    rowan.reads("Open for Nadia Haddad until", "Open now", "Thaddeus Birch")


def then_the_colleague_reads_it_and_every_page_says_why(nadia: Person) -> None:
    nadia.reads("Rowan Ellis opened this client for you", "The pharmacy asks which medicines he takes.")
    nadia.follows("Thaddeus Birch")
    said = "Emergency access: Rowan Ellis opened this client for Nadia Haddad"
    nadia.reads(said, "It lasts until", "Screenings")
    nadia.follows("Result", exact=True).reads(said)
    nadia.follows("All answers").reads(said, "Sertraline")
    assert nadia.page.get_by_role("button", name="Record judgment").count() == 0


def then_the_therapist_is_told_and_ends_it(hugo: Person) -> None:
    told = "Rowan Ellis opened this client for Nadia Haddad"
    hugo.reads(told, "The pharmacy asks which medicines he takes.")
    line = hugo.page.locator("li").filter(has_text="The pharmacy asks")
    hugo.presses("End it now", within=line)
    hugo.reads("Ended. The client is closed again.", "Hugo Stein ended it")
    hugo.presses("Mark as read", within=hugo.page.locator("li").filter(has_text="The pharmacy asks"))
    hugo.reads("Marked as read")
    assert hugo.page.get_by_text("The pharmacy asks").count() == 0


@VIEWPORTS
def test_a_caseload_is_handed_over_and_comes_back(
    viewport: dict[str, int], somebody: Callable[..., Person]
) -> None:
    rowan = somebody("Rowan Ellis", viewport=viewport)
    today = day_in(User.objects.get(name="Rowan Ellis").organization)
    when_the_lead_lets_a_colleague_cover(rowan, today + timedelta(days=5))

    nadia = somebody("Nadia Haddad", viewport=viewport)
    then_who_covers_has_the_work(nadia)

    hugo = somebody("Hugo Stein", viewport=viewport)
    hugo.reads("While you are away until", "Nadia Haddad")
    hugo.presses("I am back")
    hugo.reads("The cover has ended")
    nadia.opens("/clients/")
    assert nadia.page.get_by_text("Warren Eads").count() == 0


def when_the_lead_lets_a_colleague_cover(rowan: Person, last_day: object) -> None:
    rowan.opens("/people/organization/").follows("Hand over a caseload")
    row = rowan.page.locator("li").filter(has_text="Hugo Stein, LCSW")
    row.get_by_role("link").first.click()
    rowan.meets_a_sound_page()
    rowan.reads("Hugo Stein’s caseload", "Referral to Cascade Clinic", "Nothing is handed over until")
    rowan.presses("Hand it over")
    rowan.reads("There is a problem")
    rowan.chooses("Why it is handed over", "Away: colleagues cover, and it returns by itself")
    rowan.fills("Last day away", f"{last_day:%m/%d/%Y}").fills("Reason", "A conference.")
    rowan.page.get_by_label("Who takes everything").select_option(label="Nadia Haddad, PsyD")
    rowan.page.get_by_label("Who takes Priya Raghunathan").select_option(label="Stays with Hugo Stein")
    rowan.presses("Hand it over")
    rowan.reads("5 things of Hugo Stein’s caseload are handed over", "A conference.")


def then_who_covers_has_the_work(nadia: Person) -> None:
    nadia.reads("You cover for Hugo Stein until", "5 clients")
    nadia.opens("/clients/").reads("Warren Eads")
    assert nadia.page.get_by_text("Priya Raghunathan").count() == 0
    nadia.page.locator("a[href^='/clients/']").filter(has_text="Castellanos").first.click()
    nadia.meets_a_sound_page()
    nadia.reads("Covers until", "Hugo Stein")
