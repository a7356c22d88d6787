"""Changing a draft: every step is kept, and nobody's work is overwritten."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from privacy import context
from screening import actions
from screening.drafting import Busy, steps_of, unfinished_of
from screening.engine import DocumentProblems
from screening.models import MOST_REVISIONS, DraftRevision, QuestionnaireVersion
from tests.screening.building.small import DOCUMENT, TEXT
from tests.screening.versions import draft, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inside(author: User) -> Iterator[None]:
    with context.enter(author.organization_id):
        yield


@pytest.fixture
def version(author: User) -> QuestionnaireVersion:
    return draft(author, TEXT)


def reworded(version: QuestionnaireVersion, section: int, question: int, text: str) -> dict[str, Any]:
    document = json.loads(version.document)
    document["sections"][section]["questions"][question]["text"] = text
    return document


def reword(
    by: User, version: QuestionnaireVersion, text: str, place: tuple[int, int] = (0, 0)
) -> QuestionnaireVersion:
    return actions.change_draft(
        by=by,
        version=version,
        seen=version.hash,
        document=reworded(version, *place, text),
        words=f"reworded to {text}",
    )


def texts(version: QuestionnaireVersion) -> list[str]:
    version.refresh_from_db()
    return [q["text"] for q in json.loads(version.document)["sections"][0]["questions"]]


def test_a_change_is_a_step_with_its_words(author: User, version: QuestionnaireVersion) -> None:
    changed = reword(author, version, "How old?")
    assert texts(version) == ["How old?", "Wants a referral?"]
    assert version.hash == changed.hash
    steps = DraftRevision.objects.order_by("number")
    assert [(s.number, s.kind, s.words, s.part, s.hash == changed.hash) for s in steps] == [
        (1, "start", "started this draft", "", False),
        (2, "change", "reworded to How old?", "About the client", True),
    ]


def test_a_change_that_changes_nothing_is_no_step(author: User, version: QuestionnaireVersion) -> None:
    reword(author, version, "Age")
    assert DraftRevision.objects.count() == 1


def test_a_document_that_cant_be_read_changes_nothing(author: User, version: QuestionnaireVersion) -> None:
    with pytest.raises(DocumentProblems) as raised:
        reword(author, version, " ")
    assert [problem.place for problem in raised.value.problems] == ["sections.0.questions.0.text"]
    assert (texts(version)[0], DraftRevision.objects.count()) == ("Age", 1)


def test_a_change_from_an_older_page_joins_what_was_done_since(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    """CHECKS 43."""
    older = copy.copy(version)
    reword(owner, version, "How old?")
    reword(author, older, "A referral?", (0, 1))
    assert texts(version) == ["How old?", "A referral?"]


def test_the_same_thing_changed_by_two_is_refused_with_both_values(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    """CHECKS 43."""
    older = copy.copy(version)
    reword(owner, version, "Theirs")
    with pytest.raises(actions.EditsCollide, match="Tomas Berg changed the same thing") as raised:
        reword(author, older, "Mine")
    assert [(c.mine, c.theirs) for c in raised.value.collisions] == [("Mine", "Theirs")]
    assert texts(version)[0] == "Theirs"


def test_a_change_that_lost_what_it_rests_on_is_refused(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    older = copy.copy(version)
    without = json.loads(version.document)
    without["sections"][3]["questions"].pop(2)
    actions.change_draft(by=owner, version=version, seen=version.hash, document=without, words="deleted")
    reading = json.loads(older.document)
    reading["considerations"][0]["when"] = {"fact": "plan", "is": True}
    with pytest.raises(actions.EditsCollide):
        actions.change_draft(by=author, version=older, seen=older.hash, document=reading, words="rule")


def test_a_page_older_than_all_kept_steps_is_refused(author: User, version: QuestionnaireVersion) -> None:
    with pytest.raises(actions.ChangedMeanwhile, match="Read it first"):
        actions.change_draft(by=author, version=version, seen="sha256:0", document=DOCUMENT, words="x")


def test_undo_and_redo_go_back_and_forth(author: User, version: QuestionnaireVersion) -> None:
    for text in ("One", "Two"):
        reword(author, version, text)
        version.refresh_from_db()
    seen = []
    for action, name in (
        ("undo", "undo"),
        ("undo", "undo"),
        ("redo", "redo"),
        ("redo", "redo"),
        ("undo", "undo"),
    ):
        step = getattr(steps_of(version, author, timezone.now()), name)
        getattr(actions, f"{action}_change")(by=author, version=version, number=step.number)
        seen.append((step.words, texts(version)[0]))
    assert seen == [
        ("reworded to Two", "One"),
        ("reworded to One", "Age"),
        ("reworded to One", "One"),
        ("reworded to Two", "Two"),
        ("reworded to Two", "One"),
    ]


def test_after_another_change_there_is_nothing_to_redo(author: User, version: QuestionnaireVersion) -> None:
    reword(author, version, "One")
    version.refresh_from_db()
    step = steps_of(version, author, timezone.now()).undo
    assert step is not None
    actions.undo_change(by=author, version=version, number=step.number)
    version.refresh_from_db()
    assert steps_of(version, author, timezone.now()).redo is not None
    reword(author, version, "Other")
    assert steps_of(version, author, timezone.now()).redo is None


def test_my_undo_leaves_what_somebody_else_did_since(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    """CHECKS 43."""
    reword(author, version, "Mine")
    version.refresh_from_db()
    reword(owner, version, "Theirs", (0, 1))
    step = steps_of(version, author, timezone.now()).undo
    assert step is not None
    actions.undo_change(by=author, version=version, number=step.number)
    assert texts(version) == ["Age", "Theirs"]


def test_an_undo_of_what_somebody_changed_again_is_refused(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    """CHECKS 43."""
    reword(author, version, "Mine")
    version.refresh_from_db()
    reword(owner, version, "Theirs")
    step = steps_of(version, author, timezone.now()).undo
    assert step is not None
    with pytest.raises(actions.EditsCollide, match="changed again since"):
        actions.undo_change(by=author, version=version, number=step.number)
    assert texts(version)[0] == "Theirs"


def test_whoever_did_nothing_is_offered_the_others_step_by_name(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    reword(owner, version, "Theirs")
    step = steps_of(version, author, timezone.now()).undo
    assert step is not None
    assert (step.by.name, step.words) == ("Tomas Berg", "reworded to Theirs")


def test_a_step_is_undone_once_and_never_the_start(author: User, version: QuestionnaireVersion) -> None:
    reword(author, version, "Mine")
    actions.undo_change(by=author, version=version, number=2)
    with pytest.raises(actions.ChangedMeanwhile, match="is undone already"):
        actions.undo_change(by=author, version=version, number=2)
    for number in (1, 99):
        with pytest.raises(actions.NotPossible):
            actions.undo_change(by=author, version=version, number=number)
    with pytest.raises(actions.NotPossible):
        actions.redo_change(by=author, version=version, number=2)


def test_an_upload_can_be_undone_too(author: User, version: QuestionnaireVersion) -> None:
    text = TEXT.replace('"Age"', '"How many years?"')
    actions.replace_draft_document(by=author, version=version, document=text, seen=version.hash)
    assert texts(version)[0] == "How many years?"
    step = steps_of(version, author, timezone.now()).undo
    assert step is not None
    actions.undo_change(by=author, version=version, number=step.number)
    assert texts(version)[0] == "Age"


def test_only_an_admin_and_only_a_draft(
    author: User, owner: User, rowan: User, version: QuestionnaireVersion
) -> None:
    with pytest.raises(PermissionDenied):
        reword(rowan, version, "Mine")
    done = published(author, owner)
    with pytest.raises(actions.NotPossible, match="Only a draft"):
        actions.change_draft(
            by=author, version=done, seen=done.hash, document=json.loads(done.document), words="x"
        )


def test_who_wrote_in_it_is_kept(author: User, owner: User, version: QuestionnaireVersion) -> None:
    other = owner
    reword(other, version, "Mine")
    version.refresh_from_db()
    assert (version.editors, version.edited_by_id) == ([author.pk, other.pk], other.pk)


def test_the_newest_steps_are_kept(author: User, version: QuestionnaireVersion) -> None:
    for number in range(MOST_REVISIONS + 3):
        reword(author, version, f"Text {number}")
        version.refresh_from_db()
    numbers = DraftRevision.objects.values_list("number", flat=True)
    assert (len(numbers), max(numbers)) == (MOST_REVISIONS, MOST_REVISIONS + 4)


def test_a_kept_step_cant_be_changed_in_the_database(author: User, version: QuestionnaireVersion) -> None:
    with (
        pytest.raises(IntegrityError, match="a kept step never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE screening_draftrevision SET words = 'x'")


def test_a_published_kind_stays_in_a_draft_and_in_an_upload(author: User, owner: User) -> None:
    first = published(author, owner)
    changed = json.loads(first.document)
    key = changed["sections"][0]["questions"][0]["key"]
    changed["scores"], changed["indications"], changed["considerations"], changed["vignettes"] = (
        [],
        [],
        [],
        [],
    )
    changed["sections"][0]["questions"][0] = {"key": key, "kind": "text", "text": "Now in words"}
    for attempt in (
        lambda: actions.create_draft(by=author, document=json.dumps(changed)),
        lambda: actions.replace_draft_document(
            by=author, version=draft(author, first.document), document=json.dumps(changed)
        ),
    ):
        with pytest.raises(DocumentProblems, match="the kind of a published key stays") as raised:
            attempt()
        assert raised.value.problems[0].place == "sections.0.questions.0.kind"


def test_what_was_typed_is_kept_by_person_and_place(
    author: User, owner: User, version: QuestionnaireVersion
) -> None:
    for text in ("", "Ho"):
        actions.keep_unfinished(
            by=author,
            version=version,
            place="questions/age",
            part="About the client",
            fields={"text": [text]},
        )
    kept = unfinished_of(version, author, "questions/age")
    assert kept is not None
    assert (kept.fields, version.unfinished.count()) == ({"text": ["Ho"]}, 1)
    assert unfinished_of(version, owner, "questions/age") is None
    assert steps_of(version, owner, timezone.now()).busy == (Busy("Priya Natarajan", "About the client"),)
    assert steps_of(version, author, timezone.now()).busy == ()
    actions.drop_unfinished(by=author, version=version, place="questions/age")
    assert unfinished_of(version, author, "questions/age") is None
