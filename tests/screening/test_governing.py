"""The pages of approving, publishing on a day, commenting, comparing and restoring."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import User
from privacy import context
from screening import actions
from screening.comments import comments_of
from screening.models import QuestionnaireVersion
from tests.screening.conftest import Counted, signed_in
from tests.screening.versions import PEG, address, draft, published, submitted, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(author: User) -> QuestionnaireVersion:
    return submitted(author)


@pytest.fixture
def owners_pages(owner: User) -> Browser:
    return signed_in(owner)


def reworded() -> str:
    """Return the document with one question in other words, one moved and one source gone."""
    document = json.loads(json.dumps(PEG))
    first, second, *rest = document["sections"][0]["questions"]
    first["text"] = first["text"] + " And why?"
    document["sections"][0]["questions"] = [first, *rest, second]
    document["title"] = "PEG, monthly"
    return json.dumps(document)


def day_ahead() -> dict[str, str]:
    return {"day": (timezone.localdate() + timedelta(days=9)).isoformat(), "hour": "09:30"}


# ---- approving


def test_what_was_read_is_approved_and_published_at_once(
    owners_pages: Browser, version: QuestionnaireVersion, owner: User
) -> None:
    asked = owners_pages.get(address("approve", version))
    assert "You approve its clinical content" in words(asked)
    assert "No comment is open." in words(asked)
    answer = owners_pages.post(
        address("approve", version), {"seen": version.hash, "when": "now"}, follow=True
    )
    assert "Published. New screenings use this version; begun ones keep theirs." in words(answer)
    version.refresh_from_db()
    assert (version.state, version.approved_by, version.published_by) == ("published", owner, owner)


def test_an_approved_version_waits_for_its_day_and_says_so(
    owners_pages: Browser, pages: Browser, version: QuestionnaireVersion
) -> None:
    sent = {"seen": version.hash, "when": "on_a_day", **day_ahead()}
    page = words(owners_pages.post(address("approve", version), sent, follow=True))
    assert "It is published on its day by itself" in page
    assert "Approved by Tomas Berg" in page
    assert re.search(r"Approved publishes \w+, \w+ \d+, 9:30 AM", page.replace(" (", " "))
    version.refresh_from_db()
    assert version.publish_at is not None
    assert version.is_approved
    off = words(pages.post(address("call_off", version), follow=True))
    assert "Called off. It stays approved" in off
    assert "Publish it on a day" in words(owners_pages.get(address("version", version)))
    done = words(owners_pages.post(address("publish", version), {"seen": version.hash}, follow=True))
    assert "Published. New screenings use this version" in done


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose when it is published."),
        ({"when": "on_a_day"}, "Choose the day."),
        ({"when": "on_a_day", "day": "2020-01-01", "hour": "09:30"}, "That day and hour are over."),
        ({"when": "on_a_day", "day": "tomorrow", "hour": "09:30"}, "Enter a valid date."),
        ({"when": "soon"}, "Select a valid choice."),
    ],
)
def test_what_is_not_understood_is_said_and_kept(
    owners_pages: Browser, version: QuestionnaireVersion, sent: dict[str, str], said: str
) -> None:
    answer = owners_pages.post(address("approve", version), {"seen": version.hash, **sent})
    assert (answer.status_code, said in words(answer)) == (422, True)
    for name in ("day", "hour"):
        if name in sent:
            assert f'value="{sent[name]}"' in answer.content.decode()
    version.refresh_from_db()
    assert version.is_approved is False


def test_an_hour_that_does_not_exist_is_refused(owner: User, version: QuestionnaireVersion) -> None:
    """CHECKS 44."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from screening.forms.governing import ApprovalForm

    sent = {"seen": "x", "when": "on_a_day", "day": "2027-03-14", "hour": "02:30"}
    zone, now = ZoneInfo("America/Los_Angeles"), datetime(2026, 11, 24, tzinfo=UTC)
    form = ApprovalForm(sent, zone=zone, now=now, is_approved=False)
    assert form.errors == {"hour": ["That hour doesn’t exist on that day: clocks go forward."]}
    summer = ApprovalForm(sent | {"hour": "03:30"}, zone=zone, now=now, is_approved=False)
    assert summer.is_valid()
    assert summer.cleaned_data["publish_at"].astimezone(UTC).hour == 10


def test_an_edit_during_the_approval_is_told_and_the_day_is_kept(
    owners_pages: Browser, version: QuestionnaireVersion, author: User, owner: User
) -> None:
    """CHECKS 43."""
    read, when = version.hash, day_ahead()
    with context.enter(author.organization_id):
        actions.return_to_draft(by=author, version=version)
        actions.replace_draft_document(by=author, version=version, document=reworded())
        actions.submit_for_review(by=author, version=version)
    sent = {"seen": read, "when": "on_a_day", **when}
    answer = owners_pages.post(address("approve", version), sent)
    assert answer.status_code == 422
    assert "Priya Natarajan put another document here after you opened this page." in words(answer)
    assert f'value="{when["day"]}"' in answer.content.decode()
    version.refresh_from_db()
    assert version.is_approved is False
    assert f'name="seen" value="{version.hash}"' in answer.content.decode()


def test_an_open_comment_refuses_the_approval_and_says_where(
    owners_pages: Browser, version: QuestionnaireVersion, owner: User
) -> None:
    with context.enter(owner.organization_id):
        actions.comment(by=owner, version=version, text="Which week?", must_be_settled=True)
    answer = owners_pages.post(address("approve", version), {"seen": version.hash, "when": "later"})
    assert (answer.status_code, words(answer).count("1 comment has to be settled first.")) == (422, 2)
    assert address("review", version) in answer.content.decode()


def test_approving_takes_the_duty_and_another_person(
    pages: Browser, version: QuestionnaireVersion, owner: User
) -> None:
    assert pages.get(address("approve", version)).status_code == 403
    assert pages.post(address("publish", version), {"seen": version.hash}).status_code == 403
    own = submitted(owner)
    answer = signed_in(owner).get(address("approve", own), follow=True)
    assert "It waits for nobody’s approval, or not for yours" in words(answer)
    refused = signed_in(owner).post(address("publish", own), {"seen": own.hash}, follow=True)
    assert "Somebody else publishes: nobody approves their own edits." in words(refused)


def test_why_it_was_not_published_on_its_day_stands_on_its_page(
    owners_pages: Browser, version: QuestionnaireVersion, author: User, owner: User
) -> None:
    when = timezone.now() + timedelta(days=1)
    with context.enter(owner.organization_id):
        actions.approve(by=owner, version=version)
        actions.set_publishing_day(by=owner, version=version, when=when)
        actions.comment(by=author, version=version, text="Wait.", must_be_settled=True)
        assert actions.publish_due(at=when) == []
    page = words(owners_pages.get(address("version", version)))
    assert "It wasn’t published on its day" in page
    assert "1 comment has to be settled first." in page


# ---- reading and commenting


def test_a_reviewer_reads_the_whole_version_and_comments_in_place(
    owners_pages: Browser, pages: Browser, version: QuestionnaireVersion
) -> None:
    key = PEG["sections"][0]["questions"][0]["key"]
    page = words(owners_pages.get(address("review", version)))
    assert all(question["text"] in page for question in PEG["sections"][0]["questions"])
    assert "Nobody has commented yet." in page
    sent = {"place": "question", "key": key, "text": "Which week?", "must_be_settled": "on"}
    answer = owners_pages.post(address("comment", version), sent)
    assert answer.headers["Location"] == f"{address('review', version)}#question-{key}"
    (thread,) = comments_of(version).at("question", key)
    said = words(pages.get(address("review", version)))
    assert "Tomas Berg settles it, or a clinical owner who didn’t write in this version." in said
    pages.post(address("reply", version, comment=thread.first.pk), {"text": "The last one."})
    refused = pages.post(address("settle", version, comment=thread.first.pk), follow=True)
    assert "It has to be settled by Tomas Berg" in words(refused)
    owners_pages.post(address("settle", version, comment=thread.first.pk))
    assert "Every comment is settled." in words(owners_pages.get(address("review", version)))
    pages.post(address("settle", version, comment=thread.first.pk), {"again": "yes"})
    assert len(comments_of(version).in_the_way) == 1


def test_a_comment_that_cannot_be_stored_comes_back_as_typed(
    owners_pages: Browser, version: QuestionnaireVersion
) -> None:
    url = address("comment", version)
    typed = "x" * 2001
    answer = owners_pages.post(url, {"place": "version", "key": "", "text": typed})
    assert (answer.status_code, typed in answer.content.decode()) == (422, True)
    gone = owners_pages.post(url, {"place": "question", "key": "gone", "text": "Typed with care."})
    assert (gone.status_code, "Typed with care." in words(gone)) == (422, True)
    assert "isn’t in this version any more" in words(gone)
    for text in ("", "\x00"):
        assert owners_pages.post(url, {"place": "version", "text": text}).status_code == 422
    assert comments_of(version).threads == ()


def test_a_reply_that_is_empty_opens_its_box_again(
    owners_pages: Browser, version: QuestionnaireVersion, author: User
) -> None:
    with context.enter(author.organization_id):
        first = actions.comment(by=author, version=version, text="Ready.")
    url = address("reply", version, comment=first.pk)
    answer = owners_pages.post(url, {"text": " "})
    assert (answer.status_code, words(answer).count("Write what you want to say.")) == (422, 2)
    other = submitted(author)
    assert owners_pages.post(address("reply", other, comment=first.pk), {"text": "x"}).status_code == 404


def test_the_reviewers_page_asks_a_fixed_number_of_questions(
    owners_pages: Browser, version: QuestionnaireVersion, author: User
) -> None:
    counts = []
    for _round in range(2):
        for text in ("One.", "Two.", "Three."):
            with context.enter(author.organization_id):
                actions.comment(by=author, version=version, text=text)
        with Counted() as counted:
            owners_pages.get(address("review", version))
        counts.append(len(counted.statements))
    assert counts[0] == counts[1]


# ---- comparing and restoring


def test_two_versions_are_compared_in_words(pages: Browser, author: User, owner: User) -> None:
    before = published(author, owner)
    version = draft(author, reworded())
    page = pages.get(address("compare", version, other=before.pk))
    shown = words(page)
    moved = PEG["sections"][0]["questions"][1]["key"]
    assert "Version 2 compared with version 1" in shown
    assert "Title: PEG now: , monthly" in shown or "was: PEG now: PEG, monthly" in shown
    assert "now: And why?" in shown
    assert '<ins class="now' in page.content.decode()
    assert re.search(rf"Moved .*{moved}", shown)
    other = draft(author, json.dumps({**PEG, "key": "peg_other"}))
    assert pages.get(address("compare", version, other=other.pk)).status_code == 404


def test_a_retired_version_is_restored_as_a_draft(pages: Browser, author: User, owner: User) -> None:
    first = published(author, owner)
    published(author, owner, reworded())
    asked = words(pages.get(address("draft_from", first)))
    assert "Restore version 1 as a draft" in asked
    page = words(pages.post(address("draft_from", first), follow=True))
    assert "Restored from version 1." in page
    made: Any = QuestionnaireVersion.objects.order_by("-number").first()
    assert (made.number, made.state, made.hash, made.restores) == (3, "draft", first.hash, True)
