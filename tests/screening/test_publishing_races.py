"""Publishing with real commits: two at once, and what not even the database's owner can change."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import IntegrityError, connection

from accounts.models import User
from privacy import context
from screening import actions
from screening.models import QuestionnaireVersion
from tests.factories import accounts
from tests.factories import screening as screenings

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(committed: object) -> User:
    return accounts.admin()


@pytest.fixture
def owners(author: User) -> list[User]:
    return [accounts.admin(duties=["clinical_owner"]) for _person in range(2)]


def reviewed(author: User, title: str = "PEG") -> QuestionnaireVersion:
    document = screenings.document("peg").replace('"title": "PEG"', f'"title": "{title}"')
    with context.enter(author.organization_id):
        version = actions.create_draft(by=author, document=document)
        return actions.submit_for_review(by=author, version=version)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads of their own and return what became of each, sorted."""
    ends: list[str] = []
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        together.wait()
        try:
            act()
            ends.append("done")
        except actions.NotPossible as refusal:
            ends.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(ends)


def publish(owner: User, version: QuestionnaireVersion) -> Callable[[], object]:
    def act() -> None:
        with context.enter(owner.organization_id):
            actions.approve_and_publish(by=owner, version=version)

    return act


def states() -> list[str]:
    return sorted(QuestionnaireVersion.objects.values_list("state", flat=True))


def test_of_two_versions_published_at_once_one_is_in_use(author: User, owners: list[User]) -> None:
    first, second = reviewed(author), reviewed(author, "PEG, monthly")
    assert at_once(publish(owners[0], first), publish(owners[1], second)) == ["done", "done"]
    assert states() == ["published", "retired"]


def test_one_version_is_published_once(author: User, owners: list[User]) -> None:
    """CHECKS 42."""
    version = reviewed(author)
    ends = at_once(publish(owners[0], version), publish(owners[1], version))
    assert ends == ["Only a version in review can be published.", "done"]
    assert states() == ["published"]


def test_two_drafts_of_a_new_questionnaire_at_once_are_its_first_two(author: User) -> None:
    def draft() -> None:
        with context.enter(author.organization_id):
            actions.create_draft(by=author, document=screenings.document("peg"))

    assert at_once(draft, draft, draft) == ["done", "done", "done"]
    drafts = QuestionnaireVersion.objects.order_by("number").values_list("questionnaire__key", "number")
    assert list(drafts) == [("peg", 1), ("peg", 2), ("peg", 3)]


CHANGES = [
    "UPDATE screening_questionnaireversion SET document = '{}'",
    "UPDATE screening_questionnaireversion SET hash = 'sha256:0'",
    "UPDATE screening_questionnaireversion SET editors = '{}'",
    "UPDATE screening_questionnaireversion SET state = 'draft', published_at = NULL, published_by_id = NULL",
    "DELETE FROM screening_questionnaireversion",
]


@pytest.mark.parametrize("change", CHANGES)
def test_not_even_the_owner_of_the_database_changes_what_was_published(
    author: User, owners: list[User], as_owner: psycopg.Connection[tuple[object, ...]], change: str
) -> None:
    """CHECKS 48."""
    version = reviewed(author)
    publish(owners[0], version)()
    before = QuestionnaireVersion.objects.values().get(pk=version.pk)
    with pytest.raises(psycopg.errors.RestrictViolation, match="a published version"):
        as_owner.execute(change)
    as_owner.rollback()
    with pytest.raises(IntegrityError, match="a published version"), connection.cursor() as cursor:
        cursor.execute(change)
    assert QuestionnaireVersion.objects.values().get(pk=version.pk) == before
