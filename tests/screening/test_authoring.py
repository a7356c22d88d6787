"""The pages of questionnaires: who opens them, and what they say is left to do."""

import json
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import User
from privacy import context
from privacy.models import Entry
from screening import catalog
from screening.models import QuestionnaireVersion
from tests.factories import screening as screenings
from tests.screening.conftest import Counted, signed_in
from tests.screening.versions import PEG, SECTION, address, draft, file, published, submitted, words

pytestmark = pytest.mark.django_db

READ = ["version", "preview", "download", "sources", "replace", "submit", "send_back", "retire"]
READ += ["review", "comparisons", "draft_from"]
PRESSED = ["submit", "send_back", "retire", "publish", "comment", "call_off", "draft_from"]


@pytest.fixture
def waiting(author: User) -> QuestionnaireVersion:
    return draft(author)


def addresses(version: QuestionnaireVersion) -> Iterator[str]:
    yield from (reverse("questionnaires:list"), reverse("questionnaires:upload"))
    yield from (address(name, version) for name in READ)
    yield address("preview_section", version, section=SECTION)


def test_the_pages_are_the_admins(
    author: User, waiting: QuestionnaireVersion, rowan: User, provider: User
) -> None:
    """CHECKS 1."""
    for url in addresses(waiting):
        answers = [signed_in(person).get(url).status_code for person in (rowan, provider)]
        assert (url, answers) == (url, [403, 403])
        assert Browser().get(url).headers["Location"] == f"/account/login/?next={url}"


def test_the_buttons_are_the_admins_and_need_the_token(
    author: User, waiting: QuestionnaireVersion, rowan: User, provider: User
) -> None:
    """CHECKS 1 and 7."""
    urls = [address(name, waiting) for name in PRESSED]
    urls.append(address("verify_source", waiting, source="krebs_2009"))
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(author)
    for url in urls:
        answers = [signed_in(person).post(url).status_code for person in (rowan, provider)]
        assert (url, answers, strict.post(url).status_code) == (url, [403, 403], 403)
        assert Browser().post(url).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "draft"


def test_an_id_of_nothing_is_missing(owner: User) -> None:
    """CHECKS 2."""
    pages = signed_in(owner)
    nothing = QuestionnaireVersion(pk=uuid4())
    for name in READ:
        assert (name, pages.get(address(name, nothing)).status_code) == (name, 404)
    for name in PRESSED:
        assert (name, pages.post(address(name, nothing)).status_code) == (name, 404)
    assert pages.post(address("verify_source", nothing, source="x")).status_code == 404


# ---- the list


def test_with_no_questionnaire_the_list_says_what_comes_first(pages: Browser) -> None:
    page = words(pages.get("/questionnaires/"))
    assert "No questionnaire yet Upload the document of the first one." in page
    assert page.count("Upload a document") == 1


def test_the_list_shows_each_version_with_its_state(pages: Browser, author: User, owner: User) -> None:
    published(author, owner)
    published(author, owner)
    submitted(author)
    page = words(pages.get("/questionnaires/"))
    shown = re.findall(r"Version (\d) (In review|In use|Retired|Draft) since", page)
    assert shown == [("3", "In review"), ("2", "In use"), ("1", "Retired")]


def test_versions_before_the_last_four_are_folded(pages: Browser, author: User) -> None:
    for _number in range(6):
        draft(author)
    page = words(pages.get("/questionnaires/"))
    assert page.index("Version 3") < page.index("2 older versions") < page.index("Version 2")


def test_the_list_asks_as_often_for_three_questionnaires_as_for_one(pages: Browser, author: User) -> None:
    draft(author)
    pages.get("/questionnaires/")
    counts = []
    for key in ("gad7", "phq9"):
        with Counted() as counted:
            assert pages.get("/questionnaires/").status_code == 200
        counts.append(len(counted.statements))
        draft(author, (screenings.SHIPPED / f"{key}.json").read_text())
    with Counted() as counted:
        pages.get("/questionnaires/")
    assert [*counts, len(counted.statements)] == [5, 5, 5]


# ---- a version's page


def test_a_draft_goes_to_review_with_a_note(pages: Browser, author: User, owner: User) -> None:
    version = draft(author)
    assert "Nothing stands in the way of a review. Send to review" in words(
        pages.get(address("version", version))
    )
    asked = words(pages.get(address("submit", version)))
    assert "A clinical owner who didn’t write in it reads it and publishes it: Tomas Berg." in asked
    answer = pages.post(address("submit", version), {"note": "New recall period."}, follow=True)
    page = words(answer)
    assert "Sent to review." in page
    assert "Priya Natarajan’s note for the reviewer New recall period." in page
    assert "You wrote in it or sent it to review, so it can’t be you. Tomas Berg can." in page
    assert "Approve and publish" not in page


def test_a_note_too_long_is_kept_beside_its_error(pages: Browser, author: User) -> None:
    version = draft(author)
    answer = pages.post(address("submit", version), {"note": "x" * 2001})
    assert (answer.status_code, "Use at most 2000 characters" in words(answer)) == (422, True)
    assert "x" * 2001 in words(answer)
    version.refresh_from_db()
    assert version.state == "draft"


def test_what_the_checks_object_to_is_said_and_stops_a_review(pages: Browser, author: User) -> None:
    score = {**PEG["scores"][0], "bands": [{"from": 99, "label": "x"}]}
    version = draft(author, json.dumps({**PEG, "scores": [score]}))
    page = words(pages.get(address("version", version)))
    assert "Bands lie outside their score, overlap, or leave a gap scores.0.bands.0.from" in page
    assert "needs work first. Then it can go to review." in page
    assert "Send to review" not in page
    refused = words(pages.post(address("submit", version), {"note": ""}, follow=True))
    assert "What the checks and vignettes show needs work first." in refused
    version.refresh_from_db()
    assert version.state == "draft"


def test_a_clinical_owner_is_led_to_approve_what_they_read(author: User, owner: User) -> None:
    published(author, owner)
    version = submitted(author)
    page = signed_in(owner).get(address("version", version))
    assert "By publishing you approve its clinical content." in words(page)
    assert "Version 1, in use now, retires." in words(page)
    assert address("approve", version) in page.content.decode()
    assert "The two say the same, word for word." in words(page)


def test_with_no_other_clinical_owner_the_page_says_where_to_find_one(pages: Browser, author: User) -> None:
    page = words(pages.get(address("version", submitted(author))))
    assert "Nobody who could has the clinical owner’s duty yet. People" in page


def test_a_version_goes_back_with_a_note(author: User, owner: User) -> None:
    version = submitted(author)
    pages = signed_in(owner)
    empty = pages.post(address("send_back", version), {"note": " "})
    assert (empty.status_code, words(empty).count("Say what needs to change.")) == (422, 2)
    answer = pages.post(address("send_back", version), {"note": "Cite the source."}, follow=True)
    assert "Sent back with a note Cite the source." in words(answer)
    version.refresh_from_db()
    assert version.state == "draft"


def test_retiring_says_what_follows_before_it_happens(author: User, owner: User, pages: Browser) -> None:
    version = published(author, owner)
    asked = words(pages.get(address("retire", version)))
    assert "none with this questionnaire until another version is published" in asked
    version.refresh_from_db()
    assert version.state == "published"
    answer = words(pages.post(address("retire", version), follow=True))
    assert "Retired. Screenings made with it read as they were." in answer
    again = words(pages.post(address("retire", version), follow=True))
    assert "Only a published version can be retired." in again
    assert list(catalog.published()) == []


def test_reading_and_taking_out_a_version_stand_in_the_log(pages: Browser, author: User) -> None:
    """CHECKS 35."""
    version = draft(author)
    with context.enter(author.organization_id):
        before = Entry.objects.count()
    for name in ("version", "sources", "preview", "download"):
        assert pages.get(address(name, version)).status_code == 200
    pages.get(address("preview_section", version, section=SECTION))
    with context.enter(author.organization_id):
        entries = Entry.objects.order_by("number")[before:]
        told = [(each.action, each.by, each.record, each.codes) for each in entries]
    read, number = "version.read", {"number": 1}
    assert told == [
        (read, author.pk, version.pk, number),
        (read, author.pk, version.pk, number),
        (read, author.pk, version.pk, number),
        ("version.exported", author.pk, version.pk, number),
        (read, author.pk, version.pk, {**number, "section": SECTION}),
    ]


def test_a_version_is_taken_out_as_a_file_that_can_be_taken_in(pages: Browser, author: User) -> None:
    version = draft(author)
    answer = pages.get(address("download", version))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="peg-1.json"'
    assert answer.headers["Content-Type"] == "application/json"
    pages.post("/questionnaires/upload/", {"file": file(answer.content)})
    assert [each.hash for each in QuestionnaireVersion.objects.all()] == [version.hash] * 2


def test_the_page_asks_a_fixed_number_of_questions(pages: Browser, author: User, owner: User) -> None:
    version = published(author, owner)
    pages.get(address("version", version))
    with Counted() as counted:
        assert pages.get(address("version", version)).status_code == 200
    # Session, person, context; the version, who publishes, comments, the one in use, what is proved and
    # against which version; the log's head and its entry.
    assert len(counted.statements) == 11


def test_the_shipped_questionnaire_is_ready_and_covered(pages: Browser, author: User) -> None:
    version = draft(author, (screenings.SHIPPED / "ketamine_referral.json").read_text())
    page = words(pages.get(address("version", version)))
    expected = len(catalog.definition_of_version(version).vignettes)
    assert f"{expected} vignettes, {expected} as expected" in page
    assert "none yet" not in page
    assert "Nothing stands in the way of a review." in page


# ---- sources


def test_only_a_clinical_owner_is_offered_to_verify_a_source(
    pages: Browser, author: User, owner: User
) -> None:
    version = published(author, owner)
    button = "I have read it, and it says this"
    assert button not in words(pages.get(address("sources", version)))
    asked = signed_in(owner)
    source = PEG["sources"][0]["key"]
    assert words(asked.get(address("sources", version))).count(button) == len(PEG["sources"])
    answer = asked.post(address("verify_source", version, source=source), follow=True)
    assert "Marked as verified." in words(answer)
    assert words(answer).count(button) == len(PEG["sources"]) - 1
    assert f"1 of {len(PEG['sources'])} marked as verified." in words(answer)
    assert pages.post(address("verify_source", version, source=source)).status_code == 403
    assert asked.post(address("verify_source", version, source="nothing")).status_code == 404
