"""Approving a version, publishing it at once or on its day, and beginning a draft from an older one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts import actions as people
from accounts.models import User
from privacy import context
from privacy.models import Notice
from screening import actions
from screening.models import QuestionnaireVersion
from tests.factories import accounts
from tests.factories import screening as screenings

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
DAY = NOW + timedelta(days=7)


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


def titled(title: str) -> str:
    return screenings.document("peg").replace('"title": "PEG"', f'"title": "{title}"')


def reviewed(author: User, title: str = "PEG") -> QuestionnaireVersion:
    version = actions.create_draft(by=author, document=titled(title), at=NOW)
    return actions.submit_for_review(by=author, version=version, at=NOW)


def dated(author: User, owner: User, title: str = "PEG") -> QuestionnaireVersion:
    version = actions.approve(by=owner, version=reviewed(author, title), at=NOW)
    return actions.set_publishing_day(by=owner, version=version, when=DAY, at=NOW)


def told(kind: str) -> list[object]:
    return sorted(str(notice.recipient) for notice in Notice.objects.filter(kind=kind))


# ---- approval apart from publishing


def test_an_approved_version_waits_until_it_is_published(author: User, owner: User) -> None:
    version = reviewed(author)
    approved = actions.approve(by=owner, version=version, seen=version.hash, at=NOW)
    assert (approved.state, approved.is_approved, approved.approved_by) == ("in_review", True, owner)
    assert approved.approved_hash == version.hash
    published = actions.publish(by=owner, version=version, seen=version.hash)
    assert (published.state, published.is_approved, published.published_by) == ("published", False, owner)
    assert told("version.approved") == told("version.published") == [str(author.pk)]


def test_what_nobody_approved_is_not_published(author: User, owner: User) -> None:
    version = reviewed(author)
    with pytest.raises(actions.NotPossible, match="approves its content first"):
        actions.publish(by=owner, version=version)
    with pytest.raises(actions.NotPossible, match="approves its content first"):
        actions.set_publishing_day(by=owner, version=version, when=DAY, at=NOW)


def test_nobody_approves_their_own_edits_nor_without_the_duty(author: User, owner: User) -> None:
    own = reviewed(owner)
    with pytest.raises(actions.NotPossible, match="nobody approves their own edits"):
        actions.approve(by=owner, version=own)
    with pytest.raises(PermissionDenied):
        actions.approve(by=author, version=own)
    with pytest.raises(IntegrityError, match="nobody_approves_their_own_edits"), transaction.atomic():
        QuestionnaireVersion.objects.filter(pk=own.pk).update(
            approved_by=owner, approved_at=NOW, approved_hash=own.hash
        )


def test_an_approval_falls_when_the_version_goes_back(author: User, owner: User) -> None:
    version = dated(author, owner)
    back = actions.return_to_draft(by=owner, version=version, note="The title.")
    assert (back.approved_by, back.approved_at, back.approved_hash) == (None, None, "")
    assert (back.publish_at, back.dated_by) == (None, None)
    assert told("version.returned") == [str(author.pk)]
    changed = actions.replace_draft_document(by=author, version=back, document=titled("PEG, monthly"))
    again = actions.submit_for_review(by=author, version=changed)
    assert again.is_approved is False


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"hash": "sha256:0"}, "an_approval_says_who_and_when_of_this_document"),
        ({"state": "draft", "submitted_by": None, "submitted_at": None}, "a_version_has_what_its_state_says"),
        ({"approved_at": None}, "an_approval_says_who_and_when_of_this_document"),
        ({"dated_by": None}, "a_day_to_publish_says_who_and_when"),
        ({"not_published_because": "x"}, "what_was_not_published_says_why_and_when"),
        ({"restores": True}, "a_version_is_made_from_another"),
    ],
)
def test_the_database_keeps_no_approval_of_another_document(
    author: User, owner: User, change: dict[str, object], name: str
) -> None:
    version = dated(author, owner)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        QuestionnaireVersion.objects.filter(pk=version.pk).update(**change)


def test_an_open_comment_that_has_to_be_settled_stands_in_the_way(author: User, owner: User) -> None:
    version = reviewed(author)
    asked = actions.comment(by=owner, version=version, text="Which recall period?", must_be_settled=True)
    for act in (actions.approve, actions.approve_and_publish):
        with pytest.raises(actions.NotReady, match="1 comment has to be settled first"):
            act(by=owner, version=version)
    actions.settle(by=owner, comment=asked)
    assert actions.approve(by=owner, version=version).is_approved


# ---- publishing on a day


def test_a_version_is_published_on_its_day_and_not_before(author: User, owner: User) -> None:
    version = dated(author, owner)
    assert actions.publish_due(at=DAY - timedelta(minutes=1)) == []
    assert actions.publish_due(at=DAY) == [version]
    version.refresh_from_db()
    assert (version.state, version.published_by, version.published_at) == ("published", owner, DAY)
    assert actions.publish_due(at=DAY) == []
    assert told("version.published") == sorted([str(author.pk), str(owner.pk)])


def test_a_day_that_was_missed_is_caught_up_with(author: User, owner: User) -> None:
    version = dated(author, owner)
    late = DAY + timedelta(days=3)
    assert [each.published_at for each in actions.publish_due(at=late)] == [late]
    version.refresh_from_db()
    assert version.publish_at == DAY


def test_a_day_that_is_over_or_far_off_is_refused(author: User, owner: User) -> None:
    version = actions.approve(by=owner, version=reviewed(author), at=NOW)
    for when in (NOW, NOW - timedelta(days=1), NOW + timedelta(days=366)):
        with pytest.raises(actions.NotPossible, match="still to come, within a year"):
            actions.set_publishing_day(by=owner, version=version, when=when, at=NOW)


def test_a_day_is_called_off_by_any_admin_and_the_approval_stays(author: User, owner: User) -> None:
    version = dated(author, owner)
    off = actions.call_off_publishing(by=author, version=version)
    assert (off.publish_at, off.dated_by, off.is_approved) == (None, None, True)
    assert actions.publish_due(at=DAY) == []
    with pytest.raises(actions.NotPossible, match="No day is set"):
        actions.call_off_publishing(by=author, version=version)


def refused(version: QuestionnaireVersion) -> tuple[str, bool, str]:
    assert actions.publish_due(at=DAY) == []
    version.refresh_from_db()
    return version.state, version.publish_at is None, version.not_published_because


def test_with_a_newer_version_published_meanwhile_it_is_not_published(author: User, owner: User) -> None:
    version = dated(author, owner)
    actions.approve_and_publish(by=owner, version=reviewed(author, "PEG, weekly"), at=DAY - timedelta(days=1))
    why = "Version 2 was published after this approval. Compare the two, then approve again."
    assert refused(version) == ("in_review", True, why)
    assert told("version.not_published") == sorted([str(author.pk), str(owner.pk)])
    again = actions.approve(by=owner, version=version, at=DAY)
    assert (again.not_published_at, again.not_published_because) == (None, "")
    assert actions.publish(by=owner, version=version, at=DAY).state == "published"


def test_with_a_comment_opened_meanwhile_it_is_not_published(author: User, owner: User) -> None:
    version = dated(author, owner)
    actions.comment(by=author, version=version, text="Wait.", must_be_settled=True)
    assert refused(version) == ("in_review", True, "1 comment has to be settled first.")


def test_when_who_set_the_day_has_no_duty_any_more_it_is_not_published(author: User, owner: User) -> None:
    version = dated(author, owner)
    people.set_duties(by=author, user=owner, duties=[])
    why = "Tomas Berg, who set the day, is no longer a clinical owner."
    assert refused(version) == ("in_review", True, why)


# ---- a draft from another version


def test_an_old_version_is_restored_as_a_new_draft(author: User, owner: User) -> None:
    first = actions.approve_and_publish(by=owner, version=reviewed(author))
    actions.approve_and_publish(by=owner, version=reviewed(author, "PEG, weekly"))
    restored = actions.draft_from(by=owner, version=first, restores=True)
    assert (restored.number, restored.state, restored.hash) == (3, "draft", first.hash)
    assert (restored.made_from, restored.restores, restored.editors) == (first, True, [owner.pk])
    with pytest.raises(actions.NotPossible, match="Only a version that was published"):
        actions.draft_from(by=author, version=restored, restores=True)


def test_whoever_wrote_in_a_draft_wrote_in_its_copy(author: User, owner: User) -> None:
    own = actions.create_draft(by=owner, document=titled("PEG"))
    copy = actions.draft_from(by=author, version=own)
    assert (copy.made_from, copy.restores, copy.editors) == (own, False, [owner.pk, author.pk])
    sent = actions.submit_for_review(by=author, version=copy)
    with pytest.raises(actions.NotPossible, match="nobody approves their own edits"):
        actions.approve(by=owner, version=sent)


def test_only_admins_take_these_steps(author: User, owner: User) -> None:
    version = dated(author, owner)
    for person in (accounts.therapist(), accounts.provider()):
        for act in (actions.approve, actions.publish, actions.call_off_publishing, actions.draft_from):
            with pytest.raises(PermissionDenied):
                act(by=person, version=version)
        with pytest.raises(PermissionDenied):
            actions.set_publishing_day(by=person, version=version, when=DAY)
