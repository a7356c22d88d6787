"""The demonstration's network: made by actions alone, every status there, and each what its events say."""

import ast
import importlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.models import Model

from accounts.models import Kind, Organization, User
from config.demo import cases, network
from config.demo.clients import CLIENTS
from config.demo.stories import STORIES
from privacy.context import enter
from referrals.deciding import replayed
from referrals.models import Referral
from referrals.workflow import MOVES, Party, Status
from screening.engine import problems
from screening.models import Client, Screening, ScreeningState
from screening.reading import urgent_due
from tests import databases

# A Tuesday after noon in the demonstration's zone.
NOW = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
NOT_LOADERS = {"command", "database", "guard", "mark", "secrets", "urls", "views"}
LOADERS = sorted(
    path.stem
    for path in (databases.ROOT / "config/demo").glob("*.py")
    if path.stem not in NOT_LOADERS and path.stem != "__init__"
)
WRITES = {
    "save",
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "bulk_update",
    "delete",
    "add",
    "remove",
    "objects",
    "cursor",
    "execute",
}


def direct_writes(source: str, names: dict[str, object]) -> Iterator[str]:
    """Yield what in a loader's code would write past the actions: managers, saves, models made by hand."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in WRITES:
            yield f"line {node.lineno}: .{node.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            made = names.get(node.func.id)
            if isinstance(made, type) and issubclass(made, Model):
                yield f"line {node.lineno}: {node.func.id}(...)"


@pytest.mark.parametrize("name", LOADERS)
def test_a_loader_writes_by_actions_alone(name: str) -> None:
    module = importlib.import_module(f"config.demo.{name}")
    assert module.__file__ is not None
    assert list(direct_writes(Path(module.__file__).read_text(), vars(module))) == []


@pytest.mark.parametrize(
    "code",
    ["Client.objects.first()", "client.save()", "Client(name='x')", "rows.update(x=1)", "c.execute('x')"],
)
def test_the_check_of_loaders_finds_a_direct_write(code: str) -> None:
    assert list(direct_writes(code, {"Client": Client})) != []


def test_every_client_has_a_case_and_a_story_that_exist() -> None:
    invented = [each for _, _, by in CLIENTS for clients in by.values() for each in clients]
    assert {each.case for each in invented} == set(cases.CASES)
    assert {each.story for each in invented if each.story} == set(STORIES)
    assert len({each.name for each in invented}) == len(invented) >= 40


@pytest.mark.parametrize("name", sorted(cases.CASES))
@pytest.mark.parametrize("seed", range(7))
def test_a_cases_answers_are_answers_of_the_shipped_questionnaire(name: str, seed: int) -> None:
    given: dict[str, cases.Answer] = {"age": {"value": 41}}
    for section in cases.shipped().sections:
        given |= cases.answers(cases.CASES[name], section, NOW.date(), seed)
    assert problems(cases.shipped(), given, NOW.date()) == ()


def practices() -> list[Organization]:
    return list(Organization.objects.filter(kind=Kind.PRACTICE))


@pytest.fixture
def loaded(committed: databases.Clone) -> None:
    network.load(now=NOW)


@pytest.mark.usefixtures("loaded")
def test_the_network_is_lived_in() -> None:
    assert [Organization.objects.filter(kind=kind).count() for kind in Kind] == [3, 3, 1]
    assert {duty for person in User.objects.all() for duty in person.duties} == {
        "lead",
        "supervisor",
        "clinical_owner",
    }
    statuses: set[Status] = set()
    moves: set[tuple[str, str]] = set()
    states: set[str] = set()
    due: list[str] = []
    for practice in practices():
        with enter(practice.pk):
            for referral in Referral.objects.filter(organization=practice):
                events = list(referral.events.order_by("number"))
                taken = [(event.move, Party(event.party)) for event in events]
                assert replayed(taken).status == referral.status, referral.pk
                assert [event.at for event in events] == sorted(event.at for event in events)
                assert all(event.at <= NOW for event in events)
                statuses.add(Status(referral.status))
                moves |= {(event.move, event.party) for event in events}
            for screening in Screening.objects.filter(organization=practice):
                states.add(screening.state)
                due += urgent_due(screening)
    assert statuses == set(Status)
    assert states == set(ScreeningState)
    assert due == ["suicide_screen_due"]
    # No organization of the demonstration has left the network.
    assert {move.name for move in MOVES} - {name for name, _party in moves} == {"provider_unavailable"}
