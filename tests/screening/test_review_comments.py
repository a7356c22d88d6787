"""Comments on a version: in their place, answered, settled, and kept as they were said."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from privacy import context
from privacy.models import Notice
from screening import actions
from screening.comments import comments_of
from screening.models import QuestionnaireVersion, ReviewComment
from tests.factories import accounts
from tests.factories import screening as screenings
from tests.screening.conftest import Counted


@pytest.fixture(autouse=True)
def inside_the_network(db: None) -> Iterator[None]:
    with context.enter(accounts.network().pk):
        yield


@pytest.fixture
def author(db: None) -> User:
    return accounts.admin(name="Priya Natarajan")


@pytest.fixture
def owner(author: User) -> User:
    return accounts.admin(name="Tomas Berg", duties=["clinical_owner"])


@pytest.fixture
def version(author: User) -> QuestionnaireVersion:
    draft = actions.create_draft(by=author, document=screenings.document("peg"))
    return actions.submit_for_review(by=author, version=draft)


def told() -> list[tuple[object, str, str]]:
    return [(each.recipient, each.kind, each.path) for each in Notice.objects.filter(kind__contains="ed")]


def test_a_comment_stands_in_its_place_with_its_replies(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    asked = actions.comment(by=owner, version=version, place="question", key="peg_1", text=" Which week? ")
    actions.reply(by=author, comment=asked, text="The last one.")
    actions.comment(by=author, version=version, text="Ready from my side.")
    comments = comments_of(version)
    (thread,) = comments.at("question", "peg_1")
    assert (thread.first.text, thread.first.by) == ("Which week?", owner)
    assert [(reply.text, reply.by) for reply in thread.replies] == [("The last one.", author)]
    assert [each.first.text for each in comments.at("version")] == ["Ready from my side."]
    assert len(comments.still_open) == 2


def test_everything_said_is_fetched_in_one_query(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    for number in range(3):
        asked = actions.comment(by=owner, version=version, text=f"Comment {number}")
        actions.reply(by=author, comment=asked, text="Done.")
    with Counted() as counted:
        for thread in comments_of(version, owner).threads:
            assert (thread.first.by.name, thread.replies[0].by.name) == ("Tomas Berg", "Priya Natarajan")
            assert thread.may_settle
    assert len(counted.statements) == 1


def test_who_wrote_it_and_who_spoke_are_told_with_a_link_only(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    Notice.objects.all().delete()
    page = f"/questionnaires/{version.pk}/review/"
    asked = actions.comment(by=owner, version=version, text="Which week?")
    assert told() == [(author.pk, "version.commented", page)]
    Notice.objects.all().delete()
    actions.reply(by=author, comment=asked, text="The last one.")
    assert told() == [(owner.pk, "version.replied", page)]


def test_a_place_that_the_version_lacks_takes_no_comment(owner: User, version: QuestionnaireVersion) -> None:
    for place, key in (("question", "ect_tried"), ("criterion", "trd.x"), ("version", "x"), ("planet", "x")):
        with pytest.raises(actions.NotPossible, match="isn’t in this version"):
            actions.comment(by=owner, version=version, place=place, key=key, text="?")
    with pytest.raises(actions.NotPossible, match="Write what you want to say"):
        actions.comment(by=owner, version=version, text="  ")


def test_the_author_alone_does_not_clear_the_way(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    asked = actions.comment(by=owner, version=version, text="Which week?", must_be_settled=True)
    with pytest.raises(actions.NotPossible, match="settled by Tomas Berg, or by a clinical owner"):
        actions.settle(by=author, comment=asked)
    second = accounts.admin(duties=["clinical_owner"])
    settled = actions.settle(by=second, comment=asked)
    assert (settled.settled_by, comments_of(version).in_the_way) == (second, ())
    assert actions.open_again(by=author, comment=asked).is_open
    usual = actions.comment(by=owner, version=version, text="A comma.")
    assert actions.settle(by=author, comment=usual).settled_by == author


def test_what_was_said_stays_as_it_was_said(owner: User, version: QuestionnaireVersion) -> None:
    asked = actions.comment(by=owner, version=version, text="Which week?", must_be_settled=True)
    rows = ReviewComment.objects.filter(pk=asked.pk)
    for change in ({"text": "x"}, {"must_be_settled": False}, {"place": "section", "key": "x"}):
        with pytest.raises(IntegrityError, match="what was said of a version stays"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        rows.delete()


def test_a_published_version_takes_no_comments(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    asked = actions.comment(by=author, version=version, text="Ready.")
    actions.approve_and_publish(by=owner, version=version)
    for act in (
        lambda: actions.comment(by=owner, version=version, text="Late."),
        lambda: actions.reply(by=owner, comment=asked, text="Late."),
        lambda: actions.settle(by=owner, comment=asked),
    ):
        with pytest.raises(actions.NotPossible, match="never changes"):
            act()


def test_only_admins_comment(author: User, version: QuestionnaireVersion) -> None:
    asked = actions.comment(by=author, version=version, text="Ready.")
    for person in (accounts.therapist(), accounts.provider()):
        assert list(ReviewComment.objects.visible_to(person)) == []
        with pytest.raises(PermissionDenied):
            actions.comment(by=person, version=version, text="x")
        for act in (actions.settle, actions.open_again):
            with pytest.raises(PermissionDenied):
                act(by=person, comment=asked)
        with pytest.raises(PermissionDenied):
            actions.reply(by=person, comment=asked, text="x")
    assert list(ReviewComment.objects.visible_to(author)) == [asked]
