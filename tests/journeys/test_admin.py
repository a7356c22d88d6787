"""An admin brings a new version into use, by the pages alone, and no old screening changes."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import Person
from tests.journeys.worker import works

SHIPPED = Path(__file__).resolve().parents[2] / "screening" / "questionnaires" / "ketamine_referral.json"
TITLE, REVISED = "Ketamine referral screening", "Ketamine referral screening, revised"
STATEMENT, STRICTER = "The PHQ-9 total is 10 or more.", "The PHQ-9 total is 11 or more."

People = Callable[..., Person]


def revised() -> dict[str, Any]:
    """Return the shipped document with a stricter criterion and a question more."""
    document: dict[str, Any] = json.loads(SHIPPED.read_text())
    document["title"] = REVISED
    trd = next(each for each in document["indications"] if each["key"] == "trd")
    criterion = next(each for each in trd["criteria"] if each["statement"] == STATEMENT)
    criterion["statement"], criterion["when"]["at_least"] = STRICTER, 11
    about = next(each for each in document["sections"] if each["key"] == "about")
    about["questions"] += [
        {"key": "has_pets", "kind": "yes_no", "text": "Are there pets at home?", "optional": True},
        {
            "key": "who_looks_after_pets",
            "kind": "text",
            "text": "Who looks after them that day?",
            "optional": True,
            "shown_when": {"fact": "has_pets", "is": True},
        },
    ]
    return document


def with_vignettes_corrected(document: dict[str, Any], wrong: dict[str, str]) -> dict[str, Any]:
    """Return the document with the outcomes that the page says the vignettes give now."""
    for vignette in document["vignettes"]:
        if vignette["title"] in wrong:
            vignette["expect"]["indications"]["trd"] = wrong[vignette["title"]].replace(" ", "_")
    return document


def uploads(admin: Person, document: dict[str, Any], name: str = "questionnaire.json") -> None:
    """Choose a file on the page of upload, and send it."""
    content = json.dumps(document, indent=2).encode()
    admin.page.get_by_label("JSON file").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": content}
    )


def differing(admin: Person) -> dict[str, str]:
    """Read, for each vignette that differs, what is found about depression now."""
    panel = admin.page.locator("section", has=admin.page.get_by_role("heading", name="Vignettes", exact=True))
    told = panel.locator("ul.checklist > li").all_inner_texts()
    found = {}
    for text in told:
        title, *lines = [line.strip() for line in text.splitlines() if line.strip()]
        for line in lines:
            match = re.search(r"Treatment-resistant depression: expected .+, found (.+)", line)
            if match:
                found[title] = match[1]
    return found


def address_of(person: Person) -> str:
    """Return the address of the page that is open."""
    return person.page.url.removeprefix(person.address)


def reads_result(therapist: Person, client: str) -> str:
    """Open a client's last screening from the list, and return all that its result says."""
    therapist.opens("/clients/").follows(client)
    return therapist.page.locator("main").inner_text()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_new_version_comes_into_use_and_an_old_screening_does_not_change(
    viewport: dict[str, int], somebody: People
) -> None:
    """CHECKS 48."""
    # Given a therapist with a completed screening,
    rowan = somebody("Rowan Ellis", viewport=viewport)
    before = reads_result(rowan, "Howard Nguyen")
    assert STATEMENT in before

    # when an admin uploads a document with a mistake in it,
    priya = somebody("Priya Natarajan", viewport=viewport)
    priya.opens("/questionnaires/").follows("Upload a document")
    uploads(priya, revised() | {"colour": "red"})
    priya.presses("Store as a draft")
    # then its problem is told with its place, and the document is still there to be mended.
    priya.reads("1 problem", "colour", "This key is not known here.", "Nothing is stored yet")
    assert REVISED in priya.page.get_by_label("Or the document’s text").input_value()

    # When the mistake is taken out, the draft says which vignettes no longer hold,
    uploads(priya, revised())
    priya.presses("Store as a draft")
    priya.reads("Stored as a draft.", "differ from what they expect", "needs work first")
    wrong = differing(priya)
    assert wrong
    assert priya.page.get_by_role("link", name="Send to review").count() == 0
    # and once they say what is meant, it can go to review.
    priya.follows("Edit", exact=True).follows("Edit or upload the JSON")
    uploads(priya, with_vignettes_corrected(revised(), wrong))
    priya.presses("Store the document")
    priya.reads("Every vignette gives what it expects", "Nothing stands in the way of a review.")

    # When she previews it as a therapist, an answer opens what it opens, and nothing is stored.
    priya.follows("Preview as a therapist").follows("Begin with About the client")
    priya.chooses("Are there pets at home?", "Yes").presses("Try these answers")
    priya.reads("This is a preview.", "Who looks after them that day?")
    priya.presses("Next section").reads("Is a depressive disorder")
    priya.follows(f"{REVISED}, version")

    # When she sends it to review, she can't publish it herself.
    priya.follows("Send to review").fills("A note for the reviewer", "A stricter PHQ-9 criterion.")
    priya.presses("Send to review").reads("Its rules have to be verified first.")
    assert works() == ["screening.verify"]
    priya.opens(address_of(priya)).reads("it can’t be you", "Tomas Berg")
    assert priya.page.get_by_role("link", name="Approve and publish").count() == 0
    address = address_of(priya)

    # A clinical owner reads the note, the checks and the coverage, and publishes.
    tomas = somebody("Tomas Berg", viewport=viewport)
    tomas.opens(address).reads("A stricter PHQ-9 criterion.", "Vignette coverage", "in use now, retires")
    tomas.follows("Approve and publish").chooses("When", "Now").presses("Approve")
    tomas.reads("Published.", "Approved and published by Tomas Berg")

    # Then the old screening reads exactly as before,
    assert reads_result(rowan, "Howard Nguyen") == before
    # and the next one uses the new version.
    rowan.opens("/clients/").follows("Nguyen, Howard").presses(REVISED)
    rowan.reads(REVISED, "Howard Nguyen").follows("About the client").reads("Are there pets at home?")


def test_a_review_ends_with_a_note_and_the_author_goes_on(somebody: People) -> None:
    # Given a version in review that somebody else wrote,
    tomas = somebody("Tomas Berg")
    tomas.opens("/questionnaires/")
    tomas.follows(f"{TITLE}, Version 3").reads("In review", "1 comment has to be settled first")
    address = tomas.page.url.removeprefix(tomas.address)
    # when the clinical owner sends it back, first without a word,
    tomas.follows("Send back to draft").presses("Send back").reads("Say what needs to change.")
    tomas.fills("What needs to change", "Name the source of the new words.").presses("Send back")
    # then its author finds the note on the draft.
    priya = somebody("Priya Natarajan", viewport=PHONE)
    priya.opens(address).reads("Sent back with a note", "Name the source of the new words.")
    priya.follows("Edit", exact=True).follows("Check this version").follows("Sources, and who has read them")
    assert priya.page.get_by_role("button", name="I have read it").count() == 0


def test_a_retired_version_starts_no_screening(somebody: People) -> None:
    # Given a short measure in use,
    priya, rowan = somebody("Priya Natarajan", viewport=PHONE), somebody("Rowan Ellis")
    rowan.opens("/clients/").follows("Nguyen, Howard")
    assert rowan.page.get_by_role("button", name="GAD-7").count() == 1
    # when an admin retires it,
    priya.opens("/questionnaires/").follows("GAD-7, Version 1").follows("Retire this version")
    priya.reads("No new screening starts with it").presses("Retire this version").reads("Retired by Priya")
    # then therapists aren't offered it any more.
    rowan.opens("/clients/").follows("Nguyen, Howard")
    assert rowan.page.get_by_role("button", name="GAD-7").count() == 0
