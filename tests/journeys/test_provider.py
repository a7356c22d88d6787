"""A provider asks, gets an answer, and declines; the therapist refers elsewhere with nothing typed again."""

from collections.abc import Callable

from tests.journeys.people import Person

# The demonstration's network holds a packet that Ines Calder has not opened yet.
NAME = "Bettina Marsh"
QUESTION = "Which blood pressure was measured last?"
ANSWER = "128 / 82, on Monday."


def test_a_provider_asks_then_declines(somebody: Callable[..., Person]) -> None:
    ines, rowan = somebody("Ines Calder"), somebody("Rowan Ellis")

    given_an_opened_packet(ines)
    when_the_provider_asks(ines)
    when_the_therapist_answers(rowan)
    when_the_provider_declines(ines)
    then_the_therapist_refers_elsewhere(rowan)


def _row(person: Person, address: str) -> None:
    """Open the row of the client in a list."""
    person.opens(address)
    row = person.page.locator("li").filter(has_text=NAME)
    row.get_by_role("link").first.click()
    person.meets_a_sound_page()


def given_an_opened_packet(ines: Person) -> None:
    _row(ines, "/inbox/")
    ines.reads("Cover")
    ines.presses("Open the packet")
    ines.reads("Reason for referral", "Considerations", "Seal and sources")


def when_the_provider_asks(ines: Person) -> None:
    ines.follows("Ask the therapist")
    ines.presses("Send the questions")
    ines.reads("There is a problem")
    ines.fills("Question 1", QUESTION)
    ines.presses("Send the questions")
    ines.reads("It is the therapist’s turn")


def when_the_therapist_answers(rowan: Person) -> None:
    _row(rowan, "/referrals/")
    rowan.reads(QUESTION)
    rowan.follows("Answer", exact=True)
    rowan.fills(QUESTION, ANSWER)
    rowan.presses("Send the answer")
    rowan.reads("It is the provider’s turn again")


def when_the_provider_declines(ines: Person) -> None:
    _row(ines, "/inbox/")
    ines.follows("The referral")
    ines.reads(ANSWER)
    ines.follows("Decline")
    ines.page.get_by_label("Not taking new clients").check(force=True)
    ines.fills("Note to the therapist", "Full until spring.")
    ines.presses("Decline the referral")
    ines.reads("Declined. The therapist decides what comes next.")


def then_the_therapist_refers_elsewhere(rowan: Person) -> None:
    _row(rowan, "/")
    rowan.reads("Not taking new clients", "Full until spring.")
    rowan.follows("Refer elsewhere")
    rowan.page.locator("main form button[type=submit]").last.click()
    rowan.meets_a_sound_page()
    rowan.reads("nothing has to be typed again", "Choose a provider", "nothing is sent yet")
