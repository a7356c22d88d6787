"""Versions: written by one, published by another, never changed again."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from privacy import context
from privacy.models import Notice
from screening import actions, catalog
from screening.engine import DocumentProblems, digest
from screening.models import Questionnaire, QuestionnaireVersion, SourceVerification
from tests.factories import accounts
from tests.factories import screening as screenings


@pytest.fixture(autouse=True)
def inside_the_network(db: None) -> Any:
    with context.enter(accounts.network().pk):
        yield


@pytest.fixture
def author(db: None) -> User:
    return accounts.admin()


@pytest.fixture
def owner(db: None) -> User:
    return accounts.admin(duties=["clinical_owner"])


def draft(author: User, key: str = "peg") -> QuestionnaireVersion:
    return actions.create_draft(by=author, document=screenings.document(key))


def reviewed(author: User, key: str = "peg") -> QuestionnaireVersion:
    return actions.submit_for_review(by=author, version=draft(author, key))


def test_a_draft_keeps_its_document_in_one_form_with_its_hash(author: User) -> None:
    version = draft(author)
    assert (version.number, version.state, version.title) == (1, "draft", "PEG")
    assert version.hash == digest(json.loads(version.document))
    assert json.loads(version.document) == json.loads(screenings.document("peg"))
    assert draft(author).number == 2
    assert Questionnaire.objects.count() == 1


def test_a_bad_document_is_stored_nowhere_with_all_its_problems(author: User) -> None:
    bad = json.dumps(json.loads(screenings.document("peg")) | {"sections": [], "colour": "red"})
    with pytest.raises(DocumentProblems) as raised:
        actions.create_draft(by=author, document=bad)
    assert {problem.place for problem in raised.value.problems} >= {"sections", "colour"}
    assert (Questionnaire.objects.count(), QuestionnaireVersion.objects.count()) == (0, 0)


def test_only_a_draft_changes_and_only_within_its_questionnaire(author: User) -> None:
    version = draft(author)
    text = screenings.document("peg").replace('"title": "PEG"', '"title": "PEG, monthly"')
    changed = actions.replace_draft_document(by=author, version=version, document=text)
    assert (changed.title, changed.hash != version.hash) == ("PEG, monthly", True)
    with pytest.raises(actions.NotPossible, match="but this is a draft of “peg”"):
        actions.replace_draft_document(by=author, version=version, document=screenings.document("phq9"))
    actions.submit_for_review(by=author, version=version)
    with pytest.raises(actions.NotPossible, match="Only a draft"):
        actions.replace_draft_document(by=author, version=version, document=text)


def test_what_a_vignette_contradicts_is_not_ready_for_review(author: User) -> None:
    shipped = json.loads((screenings.SHIPPED / "ketamine_referral.json").read_text())
    case = next(each for each in shipped["vignettes"] if each["key"] == "trd_stopped_for_side_effects")
    case["expect"]["indications"]["trd"] = "indicators_not_present"
    text = json.dumps(shipped | {"vignettes": [case]})
    version = actions.create_draft(by=author, document=text)
    with pytest.raises(actions.NotPossible, match="needs work first"):
        actions.submit_for_review(by=author, version=version)
    assert QuestionnaireVersion.objects.get(pk=version.pk).state == "draft"


def test_a_clinical_owner_publishes_what_somebody_else_wrote(author: User, owner: User) -> None:
    version = actions.approve_and_publish(by=owner, version=reviewed(author))
    assert (version.state, version.published_by) == ("published", owner)
    assert list(catalog.published()) == [version]


def test_nobody_publishes_their_own_edits_nor_without_the_duty(author: User, owner: User) -> None:
    own = reviewed(owner)
    with pytest.raises(actions.NotPossible, match="nobody approves their own edits"):
        actions.approve_and_publish(by=owner, version=own)
    with pytest.raises(PermissionDenied):
        actions.approve_and_publish(by=author, version=own)
    with pytest.raises(IntegrityError, match="nobody_publishes_their_own_edits"), transaction.atomic():
        own.approved_by, own.approved_at, own.approved_hash = author, own.submitted_at, own.hash
        own.state, own.published_by, own.published_at = "published", owner, own.submitted_at
        own.save()


def test_the_one_who_submitted_does_not_publish(author: User, owner: User) -> None:
    submitted = actions.submit_for_review(by=owner, version=draft(author))
    with pytest.raises(actions.NotPossible):
        actions.approve_and_publish(by=owner, version=submitted)


def test_nobody_publishes_what_they_wrote_in_before_another_did(author: User, owner: User) -> None:
    version = actions.create_draft(by=owner, document=screenings.document("peg"))
    changed = screenings.document("peg").replace('"title": "PEG"', '"title": "PEG, monthly"')
    actions.replace_draft_document(by=author, version=version, document=changed)
    submitted = actions.submit_for_review(by=author, version=version)
    assert (submitted.edited_by, submitted.editors) == (author, [owner.pk, author.pk])
    with pytest.raises(actions.NotPossible, match="nobody approves their own edits"):
        actions.approve_and_publish(by=owner, version=version)
    with pytest.raises(IntegrityError, match="nobody_publishes_their_own_edits"), transaction.atomic():
        approved = {
            "approved_by": accounts.admin(duties=["clinical_owner"]),
            "approved_at": submitted.submitted_at,
        }
        QuestionnaireVersion.objects.filter(pk=version.pk).update(
            state="published",
            published_by=owner,
            published_at=submitted.submitted_at,
            approved_hash=submitted.hash,
            **approved,
        )


def test_the_clinical_owners_who_can_publish_are_told_of_a_review(author: User, owner: User) -> None:
    second = accounts.admin(duties=["clinical_owner"])
    accounts.admin(duties=["clinical_owner"], is_active=False)
    version = actions.create_draft(by=second, document=screenings.document("peg"))
    actions.submit_for_review(by=author, version=version)
    waiting = [(notice.recipient, notice.kind, notice.path) for notice in Notice.objects.all()]
    assert waiting == [(owner.pk, "version.submitted", f"/questionnaires/{version.pk}/")]


def test_only_the_document_that_was_read_is_published_or_replaced(author: User, owner: User) -> None:
    """CHECKS 43."""
    version = reviewed(author)
    read = version.hash
    actions.return_to_draft(by=owner, version=version, note="The title.")
    changed = screenings.document("peg").replace('"title": "PEG"', '"title": "PEG, monthly"')
    again = actions.replace_draft_document(by=author, version=version, document=changed, seen=read)
    with pytest.raises(actions.ChangedMeanwhile, match="put another document here after you opened"):
        actions.replace_draft_document(by=owner, version=version, document=changed, seen=read)
    actions.submit_for_review(by=author, version=version)
    with pytest.raises(actions.ChangedMeanwhile, match="Read it first"):
        actions.approve_and_publish(by=owner, version=version, seen=read)
    assert actions.approve_and_publish(by=owner, version=version, seen=again.hash).state == "published"


def test_publishing_retires_the_version_before(author: User, owner: User) -> None:
    first = actions.approve_and_publish(by=owner, version=reviewed(author))
    second = actions.approve_and_publish(by=owner, version=reviewed(author))
    first.refresh_from_db()
    assert (first.state, first.retired_by, second.state) == ("retired", owner, "published")
    assert list(catalog.published()) == [second]


def test_a_version_is_returned_with_a_word_and_submitted_again(author: User, owner: User) -> None:
    version = actions.return_to_draft(by=owner, version=reviewed(author), note="Cite the source.")
    assert (version.state, version.note, version.submitted_at) == ("draft", "Cite the source.", None)
    again = actions.submit_for_review(by=author, version=version)
    assert actions.approve_and_publish(by=owner, version=again).state == "published"


def test_moves_that_do_not_fit_the_state_are_refused(author: User, owner: User) -> None:
    version = draft(author)
    for act in (actions.approve_and_publish, actions.retire, actions.return_to_draft):
        with pytest.raises(actions.NotPossible):
            act(by=owner, version=version)


@pytest.mark.parametrize(
    "change", ["document", "hash", "title", "number", "note", "state", "published_at", "editors"]
)
def test_a_published_version_never_changes_in_the_database(author: User, owner: User, change: str) -> None:
    """CHECKS 48."""
    version = actions.approve_and_publish(by=owner, version=reviewed(author))
    others: dict[str, Any] = {
        "number": 9,
        "state": "draft",
        "published_at": version.created_at.replace(year=2020),
        "editors": [],
    }
    other = others.get(change, "x")
    with pytest.raises(IntegrityError, match="a published version never changes"), transaction.atomic():
        QuestionnaireVersion.objects.filter(pk=version.pk).update(**{change: other})
    with (
        pytest.raises(IntegrityError, match="a published version is never deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM screening_questionnaireversion WHERE id = %s", [version.pk])


def test_a_retired_version_stays_retired(author: User, owner: User) -> None:
    version = actions.approve_and_publish(by=owner, version=reviewed(author))
    actions.retire(by=author, version=version)
    with pytest.raises(IntegrityError, match="a published version never changes"), transaction.atomic():
        QuestionnaireVersion.objects.filter(pk=version.pk).update(
            state="published", retired_at=None, retired_by=None
        )


def test_only_admins_write_versions(author: User, owner: User) -> None:
    version = actions.approve_and_publish(by=owner, version=reviewed(author))
    for person in (accounts.therapist(), accounts.provider()):
        refused = [
            lambda by: actions.create_draft(by=by, document=screenings.document("peg")),
            lambda by: actions.replace_draft_document(by=by, version=version, document="{}"),
            lambda by: actions.submit_for_review(by=by, version=version),
            lambda by: actions.return_to_draft(by=by, version=version),
            lambda by: actions.approve_and_publish(by=by, version=version),
            lambda by: actions.retire(by=by, version=version),
            lambda by: actions.verify_source(by=by, version=version, source="krebs_2009"),
        ]
        for act in refused:
            if act is refused[1]:
                continue
            with pytest.raises(PermissionDenied):
                act(person)
        with pytest.raises(PermissionDenied):
            actions.replace_draft_document(by=person, version=version, document=screenings.document("peg"))


def test_a_source_is_verified_in_its_words_by_a_clinical_owner(author: User, owner: User) -> None:
    version = screenings.published()
    with pytest.raises(PermissionDenied):
        actions.verify_source(by=author, version=version, source="icd11")
    for _press in range(2):
        actions.verify_source(by=owner, version=version, source="icd11")
    assert catalog.verified_sources(version) == {"icd11"}
    assert SourceVerification.objects.count() == 1
    reworded = screenings.document().replace("Classification", "Classification of diseases")
    assert catalog.verified_sources(screenings.published(text=reworded)) == frozenset()


def test_a_definition_is_read_once_a_process(author: User, owner: User) -> None:
    version = actions.approve_and_publish(by=owner, version=reviewed(author))
    assert catalog.definition_of(version.pk) is catalog.definition_of(version.pk)
