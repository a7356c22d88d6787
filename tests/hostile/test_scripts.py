"""Scripts in every text of every model, and every page, download and e-mail after it: CHECKS 25."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import takewhile

from django.http import HttpResponse

from tests.hostile.pages import Element
from tests.hostile.payloads import FINGERPRINT, FORMULAS, MARKER, Hostile
from tests.hostile.seeded import Met

RUNS = ("javascript:", "data:", "vbscript:")
ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "srcdoc", "poster")


def test_every_payload_is_carried(met: Met) -> None:
    assert met.words.missed() == set()
    assert len(list(met.html())) > 200


def test_no_text_becomes_an_element_or_an_attribute(met: Met) -> None:
    """CHECKS 25: whatever carries the fingerprint carries a whole seeded text with it."""
    wrong = []
    for page, root in met.html():
        for element in root.walk():
            wrong += [f"{page.persona} {page.path} {each}" for each in _strange(element, met.words)]
    assert wrong == [], "\n".join(wrong)


def _strange(element: Element, words: Hostile) -> Iterator[str]:
    if FINGERPRINT in element.tag or (element.tag in {"script", "style", "comment"} and _is_marked(element)):
        yield f"<{element.tag}> {element.texts}"
    for name, value in element.attributes.items():
        if FINGERPRINT in name or not (_is_token(element, name, value) or _is_whole(value, words)):
            yield f"<{element.tag} {name}={value!r}>"
        if name in ADDRESSES and value.strip().casefold().startswith(RUNS):
            yield f"<{element.tag} {name}={value!r}>"
        if name.startswith("on") or name == "style":
            yield f"<{element.tag} {name}={value!r}>"
    for text in element.texts:
        if not _is_whole(text, words) and not _is_of_a_comparison(element, text, words):
            yield f"<{element.tag}>: {text!r}"


def _is_token(element: Element, name: str, value: str) -> bool:
    """Return whether this is the token of a form: random letters, which hold the fingerprint now and then."""
    return name == "value" and element.attributes.get("name") == "csrfmiddlewaretoken" and value.isalnum()


def _is_marked(element: Element) -> bool:
    return any(FINGERPRINT in text or MARKER.search(text) for text in element.texts)


def _is_whole(text: str, words: Hostile) -> bool:
    """Return whether all seeded text in it stands there as it was written."""
    marks = MARKER.findall(text)
    if marks:
        # A document that is mended in its field stands there as JSON.
        return all(words.seeded[mark] in text or _as_json(words.seeded[mark]) in text for mark in marks)
    return FINGERPRINT not in text or any(_is_beginning(text, each) for each in words.seeded.values())


def _is_of_a_comparison(element: Element, text: str, words: Hostile) -> bool:
    """Return whether this is one marked piece of a text that two versions have in other words."""
    return element.tag in {"del", "ins"} and any(text.strip() in each for each in words.seeded.values())


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _is_beginning(text: str, seeded: str) -> bool:
    """Return whether all that shows is the beginning of a seeded text: a first name, a short citation."""
    start = text.find(seeded[:12])
    if start < 0:
        return False
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(text[start:], seeded, strict=False))
    return FINGERPRINT not in text[:start] + text[start + len(list(alike)) :]


def test_nothing_swallows_the_rest_of_a_page(met: Met) -> None:
    """CHECKS 25: an open comment, title, style or text area would end the page before its foot."""
    for page, root in met.html():
        body = next(root.find("body"), None)
        if body is not None and page.answer.status_code == 200 and any(body.find("main")):
            assert [each.tag for each in root.children[-1:]] == ["html"], page.path
            assert any(body.find("footer")) or not any(body.find("header")), page.path


def test_what_is_no_page_is_not_read_as_one(met: Met) -> None:
    """CHECKS 25: a file says what it is, and a browser believes it."""
    kinds = {
        page.answer.headers["Content-Type"].partition(";")[0]
        for page in met.pages
        if page.answer.content and "html" not in page.answer.headers["Content-Type"]
    }
    assert kinds <= {"application/json", "text/csv", "text/plain"}
    for page in met.pages:
        assert page.answer.headers.get("X-Content-Type-Options") == "nosniff", page.path


def test_a_spreadsheet_runs_no_cell(met: Met) -> None:
    """CHECKS 25 and 27: in every file of comma-separated values."""
    for page in met.pages:
        if page.answer.headers.get("Content-Type", "").startswith("text/csv"):
            assert [cell for cell in _cells(page.answer) if cell[:1] in "=+-@\t\r" and cell] == [], page.path


def _cells(answer: HttpResponse) -> Iterator[str]:
    for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")):
        yield from row


def test_an_email_carries_nothing_that_somebody_wrote(met: Met) -> None:
    """CHECKS 25 and 38."""
    assert len(met.mails) > 10
    for text in met.mails:
        body = text.partition("\n\n")[2]
        assert MARKER.findall(body) == [], text
        assert FINGERPRINT not in body


# Nobody writes words into these: each holds keys of ours, of a document, or what a machine made.
KEYS = {
    *("Acknowledgement.consideration", "Finding.indication", "Judgment.indication", "Questionnaire.key"),
    *("Amendment.sections", "Consent.sections", "Consent.part2_sections", "SectionAnswers.section"),
    *("Finding.outcome", "Judgment.view", "SectionAnswers.part2", "SourceVerification.source"),
    *("Event.code", "Event.from_status", "Event.move", "Event.party", "Event.to_status"),
    *("Referral.asked_from", "Referral.closed_from", "Referral.course", "Referral.outcome"),
    *("Referral.consent_ended_how", "Referral.status", "Referral.turn", "Consent.ended_how"),
    *("Listing.licensed_in", "Listing.state", "Organization.time_zone", "Notice.kind", "Notice.path"),
    *("Entry.action", "Entry.codes", "Entry.hash", "Entry.kind", "Entry.previous", "ChainHead.hash"),
    *("SafetyCorrection.questions", "SafetyCorrection.rules", "TouchedScreening.differs"),
    *("QuestionReport.question", "QuestionReport.reason"),
    *("ReviewComment.key", "ReviewComment.place", "QuestionnaireVersion.not_published_because"),
    *("QuestionnaireVersion.approved_hash", "QuestionnaireVersion.approved_rules"),
    "QuestionnaireVersion.unproved_seen",
    *("Packet.digest", "QuestionnaireVersion.hash", "Referral.previewed_digest", "SourceVerification.words"),
    "QuestionYield.cells",
    *("OutcomeCount.counts", "OutcomeCount.hash", "OutcomeCount.state"),
    *("Verification.before", "Verification.report", "Verification.rules", "Verification.state"),
    *("DraftRevision.hash", "DraftRevision.part", "UnfinishedInput.part", "UnfinishedInput.place"),
    *("Invitation.token_hash", "EmailChange.token_hash", "Device.token_hash", "RecoveryCode.digest"),
    *("Attempts.key", "DataKey.master_key", "User.password"),
    *("Session.browser", "Session.system", "Session.proof", "Session.session_data", "Session.session_key"),
}
# Words that no page shows, each with the reason.
NOT_SHOWN = {
    "Acknowledgement.raised_by_answers": "the world's urgent consideration is raised by a yes; the words of "
    "answers are seen through SectionAnswers.document, on the same page and by the same reader",
    "Client.birth_date_text": "a day, which no form takes as words",
    "Erasure.reason": "told by the command that erases, to whoever runs it",
    "EmailChange.email": "seen by its owner alone, in the form that asks for it",
}


def test_every_column_of_text_was_seeded_and_seen(met: Met) -> None:
    """CHECKS 25: a new field joins the world, or says here why it need not."""
    seen = {mark for page in met.pages for mark in MARKER.findall(page.answer.content.decode())}
    unseen = {name for name, marks in met.columns.items() if not marks & seen}
    assert sorted(unseen - KEYS) == sorted(NOT_SHOWN)
    assert {name for name in KEYS if met.columns.get(name)} == set()


def test_formulas_are_among_what_was_seeded(met: Met) -> None:
    begins = tuple(FORMULAS)
    assert sum(text.startswith(begins) for text in met.words.seeded.values()) >= 10
