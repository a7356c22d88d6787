"""Taking a document in: as a file or as text, whatever is in it, and as a draft that is edited."""

import json
import re

import pytest
from django.test import Client as Browser

from accounts.models import User
from screening.models import Questionnaire, QuestionnaireVersion
from tests.screening.conftest import signed_in
from tests.screening.versions import PEG, address, draft, file, submitted, words

pytestmark = pytest.mark.django_db


def test_a_document_is_taken_in_as_a_file_or_as_text(pages: Browser) -> None:
    text = json.dumps(PEG)
    by_file = pages.post("/questionnaires/upload/", {"file": file(text.encode())})
    by_text = pages.post("/questionnaires/upload/", {"text": text})
    first, second = QuestionnaireVersion.objects.order_by("number")
    assert by_file.headers["Location"] == address("version", first)
    assert by_text.headers["Location"] == address("version", second)
    assert (first.state, second.state, first.hash) == ("draft", "draft", second.hash)


def test_a_byte_order_mark_is_no_problem(pages: Browser) -> None:
    text = json.dumps(PEG)
    pages.post("/questionnaires/upload/", {"file": file(text.encode("utf-8-sig"))})
    pages.post("/questionnaires/upload/", {"text": "\ufeff" + text})
    assert QuestionnaireVersion.objects.count() == 2


def test_a_bad_document_comes_back_with_every_problem_and_its_place(pages: Browser) -> None:
    bad = {**PEG, "colour": "red", "title": 7}
    bad["sections"] = [{**PEG["sections"][0], "key": "one two"}]
    answer = pages.post("/questionnaires/upload/", {"file": file(json.dumps(bad).encode())})
    page = answer.content.decode()
    problems = re.findall(r'<dt class="seal">(.*?)</dt>', page)
    assert (answer.status_code, sorted(problems)) == (422, ["colour", "sections.0.key", "title"])
    assert "<title>Error: Upload a document" in page
    assert "The document has 3 problems: see the list, each with its place." in page
    assert "in one two" in page
    # Nothing is lost, and nothing is stored.
    kept = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.S)
    assert kept is not None
    assert json.loads(kept[1].replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")) == bad
    assert Questionnaire.objects.count() == 0


HOSTILE = {
    "NUL in the text": ({"text": '{"key": "\x00"}'}, "This is not JSON"),
    "NUL in a file": ({"file": b'{"title": \x00}'}, "This is not JSON"),
    "half a character": ({"text": json.dumps({**PEG, "title": "\ud800"})}, "can&#x27;t be stored"),
    "writing turned round": (
        {"text": json.dumps({**PEG, "title": "PEG\u202e3"})},
        "turn the direction of writing",
    ),
    "a control character": (
        {"text": json.dumps({**PEG, "title": "PEG\x1b[2J"})},
        "Remove the control characters",
    ),
    "nested 5,000 deep": ({"text": "[" * 5000 + "]" * 5000}, "nested too deeply"),
    "a page named as a document": ({"file": b"<!doctype html><script>alert(1)</script>"}, "This is not JSON"),
    "a list": ({"text": "[]"}, "The document has 1 problem"),
    "not a number": ({"text": json.dumps({**PEG, "schema": float("nan")})}, "not a finite number"),
    "a key twice": ({"text": json.dumps(PEG)[:-1] + ', "title": "x"}'}, "given twice"),
    "other letters": ({"file": "{}".encode("utf-16")}, "isn’t text in UTF-8"),
    "too large a file": ({"file": b" " * 10_000_000}, "larger than 1 MB"),
    "too large a text": ({"text": json.dumps(PEG) + " " * 1_000_001}, "larger than 1 MB"),
    "nothing": ({"text": "  "}, "Choose a file, or paste the document’s text."),
    "an empty file": ({"file": b""}, "This is not JSON"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_whatever_is_sent_is_answered_with_what_is_wrong(pages: Browser, case: str) -> None:
    """CHECKS 29 and 30."""
    sent, sentence = HOSTILE[case]
    data = {name: file(value) if isinstance(value, bytes) else value for name, value in sent.items()}
    answer = pages.post("/questionnaires/upload/", {"text": "", **data})
    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (422, True)
    assert "<script>alert" not in page
    assert QuestionnaireVersion.objects.count() == 0


def test_a_text_of_10_megabytes_is_refused(pages: Browser) -> None:
    """CHECKS 30."""
    answer = pages.post("/questionnaires/upload/", {"text": "x" * 10_000_000})
    assert answer.status_code == 413


def test_further_fields_do_nothing(pages: Browser, author: User) -> None:
    """CHECKS 6."""
    sent = {"text": json.dumps(PEG), "state": "published", "number": "9", "published_by": str(author.pk)}
    pages.post("/questionnaires/upload/", sent)
    version = QuestionnaireVersion.objects.get()
    assert (version.state, version.number, version.published_by) == ("draft", 1, None)


# ---- replace


def test_a_draft_is_edited_as_people_read_it(pages: Browser, author: User) -> None:
    version = draft(author)
    page = pages.get(address("replace", version)).content.decode()
    assert "{\n  &quot;schema&quot;: 1,\n  &quot;key&quot;: &quot;peg&quot;," in page
    changed = json.dumps({**PEG, "title": "PEG, monthly"})
    answer = pages.post(address("replace", version), {"text": changed, "seen": version.hash})
    assert answer.headers["Location"] == address("version", version)
    version.refresh_from_db()
    assert (version.title, version.number) == ("PEG, monthly", 1)


def test_a_draft_keeps_its_key(pages: Browser, author: User) -> None:
    version = draft(author)
    sent = {"text": json.dumps({**PEG, "key": "other"}), "seen": version.hash}
    answer = pages.post(address("replace", version), sent)
    assert answer.status_code == 422
    assert "This is a draft of “peg”; its key stays." in words(answer)


def test_two_people_on_one_draft_see_each_other(pages: Browser, author: User, owner: User) -> None:
    """CHECKS 43."""
    version = draft(author)
    other = signed_in(owner)
    theirs = {"text": json.dumps({**PEG, "title": "Theirs"}), "seen": version.hash}
    mine = {"text": json.dumps({**PEG, "title": "Mine"}), "seen": version.hash}
    assert other.post(address("replace", version), theirs).status_code == 302
    answer = pages.post(address("replace", version), mine)
    assert answer.status_code == 422
    assert "Tomas Berg put another document here after you opened this page." in words(answer)
    assert "&quot;Mine&quot;" in answer.content.decode()
    version.refresh_from_db()
    assert version.title == "Theirs"
    seen = re.search(r'name="seen" value="([^"]*)"', answer.content.decode())
    assert seen is not None
    assert pages.post(address("replace", version), {**mine, "seen": seen[1]}).status_code == 302
    version.refresh_from_db()
    assert version.title == "Mine"


def test_what_is_in_review_is_not_edited(pages: Browser, author: User) -> None:
    version = submitted(author)
    for answer in (
        pages.get(address("replace", version), follow=True),
        pages.post(address("replace", version), {"text": json.dumps(PEG)}, follow=True),
    ):
        assert "It is no longer a draft, so its document stays as it is." in words(answer)
