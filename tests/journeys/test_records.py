"""A client asks for their record: the therapist writes it down, the lead gives it, the log tells it."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.journeys.conftest import PHONE
from tests.journeys.people import Person

CLIENT = "Birch, Thaddeus"


def opened(person: Person) -> Person:
    person.opens("/clients/")
    return person.follows(CLIENT)


def test_a_request_is_written_down_answered_on_paper_and_seen_in_the_log(
    somebody: Callable[..., Person], tmp_path: Path
) -> None:
    therapist, lead = somebody("Hugo Stein", viewport=PHONE), somebody("Rowan Ellis")
    opened(therapist).follows("Requests about the record").follows("Record a request")
    therapist.chooses("What is asked for", "A copy of the record, or to look at it")
    therapist.chooses("Who asked", "The client").fills("Day it came", "11/02/2026")
    therapist.presses("Record the request").reads("Request recorded.", "A lead of your practice answers it.")

    lead.opens("/records/").reads("Thaddeus Birch")
    lead.page.locator(".worklist a", has_text="Answer the request").first.click()
    lead.meets_a_sound_page().reads("Due on", "The record")
    request = lead.page.url
    lead.follows("Open the document").reads("Screenings", "Account of disclosures", "Nothing is recorded.")
    assert printed(lead) == ["Thaddeus Birch", False, True]

    with lead.page.expect_download() as download:
        lead.page.get_by_role("link", name="File (JSON)").click()
    saved = tmp_path / "record.json"
    download.value.save_as(saved)
    file = json.loads(saved.read_text(encoding="utf-8"))
    assert (file["format"], file["client"]) == ("warm-handoff/client-record", "Thaddeus Birch")

    lead.page.goto(request)
    lead.follows("Record the answer").chooses("Answer", "Given")
    lead.fills("What was given", "On paper, at the front office.").presses("Record the answer")
    lead.reads("Answered: Given", "On paper, at the front office.")

    opened(therapist).follows("Who looked")
    therapist.reads(
        "Rowan Ellis, LMFT", "Made the export of a client’s records", "Answered a records request"
    )


def printed(person: Person) -> list[object]:
    """Return the heading, whether the frame is printed, and whether every section is."""
    person.page.emulate_media(media="print")
    sections = person.page.locator("section.record")
    found = [
        person.page.locator("h1").inner_text(),
        person.page.locator(".topbar").is_visible() or person.page.locator("nav.aside").is_visible(),
        all(sections.nth(number).is_visible() for number in range(sections.count())),
    ]
    person.page.emulate_media(media="screen")
    return found


def test_a_lead_narrows_the_log_and_takes_its_file(somebody: Callable[..., Person]) -> None:
    lead = somebody("Rowan Ellis")
    lead.opens("/log/").reads("Access log", "Older entries")
    lead.page.get_by_label("What").select_option("sent")
    lead.presses("Show").reads("Sent the packet")
    lead.follows("Export").reads("What will be in it", "Sent or answered")
    with lead.page.expect_download() as download:
        lead.page.get_by_role("button", name="Make the file").click()
    assert download.value.suggested_filename.startswith("access-log-")
    lead.opens("/log/").reads("Exported the access log")


def test_a_disagreement_is_written_down_step_by_step_and_stays_on_the_clients_page(
    somebody: Callable[..., Person],
) -> None:
    therapist = somebody("Hugo Stein")
    opened(therapist).follows("Requests about the record").follows("Record a request to amend")
    therapist.fills("What the client says is wrong", "The list of medicines is not mine.")
    therapist.fills("Day it came", "11/02/2026").presses("Record the request")
    therapist.follows("Deny the request to amend").fills("Reason", "It is accurate and complete.")
    therapist.presses("Deny").reads("Denied")
    therapist.follows("Record the statement of disagreement")
    therapist.fills("The client’s statement", "It is somebody else’s.").presses("Record the statement")
    therapist.follows("Write a rebuttal").fills("Rebuttal", "The pharmacy says otherwise.")
    therapist.presses("Record the rebuttal").reads("Statement of disagreement", "Rebuttal")
    opened(therapist).reads("The client disagrees")
