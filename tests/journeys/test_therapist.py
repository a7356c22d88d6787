"""A therapist carries a client from the first question to a closed referral, a provider at its other end."""

from collections.abc import Callable
from datetime import timedelta

from accounts.models import User
from screening.reading import day_in
from tests.journeys import intake
from tests.journeys.conftest import PHONE
from tests.journeys.people import Person


def test_from_the_first_question_to_a_closed_referral(somebody: Callable[..., Person]) -> None:
    today = day_in(User.objects.get(name="Rowan Ellis").organization)
    rowan = somebody("Rowan Ellis")

    given_a_new_client(rowan)
    when_the_intake_is_filled_in(rowan, intake.vignette("typical_intake", today))
    then_the_result_says_why(rowan)

    when_the_therapist_judges(rowan)
    when_a_referral_is_sent(rowan, expires=today + timedelta(days=180))

    ines = somebody("Ines Calder", viewport=PHONE)
    then_the_provider_reads_what_was_shared(ines)
    when_the_provider_sees_the_client(ines, today + timedelta(days=1))

    then_the_therapist_closes_the_loop(rowan)


def given_a_new_client(rowan: Person) -> None:
    rowan.opens("/clients/add/")
    rowan.presses("Add")
    rowan.reads("There is a problem")
    rowan.fills("First name", "Wilhelmina").fills("Last name", "Okafor-Lindqvist")
    rowan.fills("Birth date", "04/02/1985").fills("Record number", "HC-7001").fills("Phone", "503 555 0177")
    rowan.presses("Add")
    rowan.reads("Wilhelmina Okafor-Lindqvist")


def when_the_intake_is_filled_in(rowan: Person, answers: dict[str, object]) -> None:
    rowan.page.get_by_role("button", name="Ketamine referral screening").first.click()
    rowan.meets_a_sound_page()
    intake.fill_in(rowan, answers)
    rowan.reads("Check the answers")
    rowan.presses("Complete")


def then_the_result_says_why(rowan: Person) -> None:
    rowan.reads(
        "Treatment-resistant depression",
        "Indicators present",
        "The recorded answers match the reporting threshold",
        "may be a candidate for evaluation by a provider",
        "10 of 27",
        "Sertraline",
        "Kroenke 2001",
        "product default, editable; no field consensus",
        "suggests against ketamine",
    )


def when_the_therapist_judges(rowan: Person) -> None:
    trd = rowan.page.locator("#trd")
    trd.get_by_label("I agree").check(force=True)
    trd.get_by_role("textbox").fill("Two full trials, confirmed with the prescriber.")
    rowan.presses("Record judgment", within=trd)
    rowan.reads("Two full trials, confirmed with the prescriber.")


def when_a_referral_is_sent(rowan: Person, expires: object) -> None:
    rowan.follows("Choose a provider")
    rowan.presses("Continue to consent")
    rowan.reads("Choose a provider.")
    rowan.page.get_by_label("Ines Calder, MD").check(force=True)
    rowan.presses("Continue to consent")
    rowan.fills("Reason for referral", "Low for a year in spite of two full trials.")
    rowan.page.get_by_label("Works with the client after treatment").check(force=True)
    for title in ("Depression", "Medicines", "Support"):
        rowan.page.get_by_label(title, exact=True).check(force=True)
    rowan.page.get_by_label("On paper").check(force=True)
    rowan.fills("Ends on", f"{expires:%m/%d/%Y}")
    rowan.presses("Save and preview the packet")
    rowan.reads("What Cascade Clinic will see", "Substance use: no consent for this section", "Not shared")
    # Twice in one breath: one referral all the same.
    with rowan.page.expect_navigation():
        rowan.page.get_by_role("button", name="Send to Cascade Clinic").dblclick()
    rowan.page.wait_for_load_state("networkidle")
    rowan.meets_a_sound_page()
    rowan.opens("/referrals/?list=waiting")
    rowan.reads("Wilhelmina Okafor-Lindqvist", "Sent, not opened yet")
    assert rowan.page.get_by_text("Wilhelmina Okafor-Lindqvist").count() == 1


def then_the_provider_reads_what_was_shared(ines: Person) -> None:
    ines.opens("/inbox/")
    row = ines.page.locator("li").filter(has_text="Wilhelmina Okafor-Lindqvist")
    row.get_by_role("link", name="Open the packet").click()
    ines.meets_a_sound_page()
    ines.reads("Cover", "Treatment-resistant depression", "Indicators present")
    ines.presses("Open the packet")
    ines.reads(
        "Low for a year in spite of two full trials.", "Bupropion XL", "Not in this packet", "10 of 27"
    )


def when_the_provider_sees_the_client(ines: Person, day: object) -> None:
    ines.follows("Accept").presses("Accept the referral")
    ines.follows("Schedule")
    ines.fills("Day and time", f"{day:%m/%d/%Y} 10:30 AM")
    ines.presses("Save the appointment")
    ines.follows("Record the outcome")
    ines.page.get_by_label("Proceeding with treatment").check(force=True)
    ines.presses("Record the outcome")
    ines.reads("recorded the outcome")


def then_the_therapist_closes_the_loop(rowan: Person) -> None:
    rowan.opens("/")
    row = rowan.page.locator("li").filter(has_text="Wilhelmina Okafor-Lindqvist")
    row.get_by_role("link", name="Confirm the outcome and close").click()
    rowan.meets_a_sound_page()
    rowan.reads("Proceeding with treatment")
    rowan.follows("Confirm and close").presses("Close the referral")
    rowan.reads("Closed. It waits for nobody.")
    rowan.opens("/referrals/?list=done")
    rowan.reads("Wilhelmina Okafor-Lindqvist")
