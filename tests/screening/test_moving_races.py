"""Moving a screening with real commits: two people at once, and one who moves while another answers."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import User
from privacy import context
from screening import actions
from screening.models import Screening, ScreeningState
from screening.moving import newer_version, planned
from screening.reading import Reading
from tests.factories import accounts, small_questionnaire
from tests.factories import screening as screenings

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(committed: object) -> Screening:
    first = screenings.published("small", small_questionnaire.TEXT)
    therapist = accounts.UserFactory()
    with context.enter(therapist.organization_id):
        client = actions.add_client(by=therapist, **screenings.record())
        opened = actions.start_screening(by=therapist, client=client, version=first)
    screenings.answer(therapist, opened, {"low_mood": {"value": True}})
    screenings.published("small", small_questionnaire.TEXT.replace("Low mood?", "Is your mood low?"))
    return opened


def seen(screening: Screening) -> str:
    reading = Reading(
        Screening.objects.select_related("client", "organization", "version").get(pk=screening.pk)
    )
    newer = newer_version(reading.screening)
    assert newer is not None
    return planned(reading, newer).seen


def at_once(by: User, *acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads of their own and return what became of each, sorted."""
    ends: list[str] = []
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        together.wait()
        try:
            with context.enter(by.organization_id):
                act()
            ends.append("done")
        except actions.NotPossible as refusal:
            ends.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(ends)


def test_two_who_move_at_once_make_one_screening(begun: Screening) -> None:
    """CHECKS 42."""
    by = begun.started_by
    with context.enter(by.organization_id):
        looked_at = seen(begun)

    def move() -> None:
        actions.move_screening(by=by, screening=begun, seen=looked_at)

    assert at_once(by, move, move) == ["done", "done"]
    with context.enter(by.organization_id):
        assert Screening.objects.filter(client=begun.client_id, state=ScreeningState.IN_PROGRESS).count() == 1


def test_an_answer_given_while_somebody_moves_is_never_lost(begun: Screening) -> None:
    """CHECKS 43: either it comes first and the move is looked at again, or it is refused and stays typed."""
    by = begun.started_by
    with context.enter(by.organization_id):
        looked_at = seen(begun)

    def move() -> None:
        actions.move_screening(by=by, screening=begun, seen=looked_at)

    def answer() -> None:
        actions.save_answers(by=by, screening=begun, section="safety", answers={"pressure": {"value": True}})

    ends = at_once(by, move, answer)
    with context.enter(by.organization_id):
        moved = Screening.objects.get(pk=begun.pk).was_moved
    assert ends == (["NotPossible", "done"] if moved else ["ChangedMeanwhile", "done"])
