"""Every action that the code records has words for whoever reads the log."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from desk.log.words import ACTIONS, Kind, actions_of, said_of
from referrals.models import ConsentEnd, CourseEntryKind
from referrals.workflow import MOVES
from screening.models.requests import StepKind
from tests import databases

PACKAGES = ("accounts", "config", "desk", "guidance", "privacy", "referrals", "screening")
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")

# What an action's name is put together from, where the code doesn't spell it out.
ENDINGS: dict[str, tuple[str, ...]] = {
    "referral.": tuple(move.name for move in MOVES),
    "course.": tuple(CourseEntryKind.values),
    "consent.": tuple(ConsentEnd.values),
    "amendment.": tuple(StepKind.values),
}


def recorded(source: str) -> Iterator[str]:
    """Yield the actions of every `audit.record(...)` of a module; one that can't be told raises."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_record(node.func):
            yield from _actions(node.args[0], tree)


def _is_record(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "record"
        and isinstance(function.value, ast.Name)
        and function.value.id == "audit"
    )


def _actions(argument: ast.expr, tree: ast.Module) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(action)):
            yield action
        case ast.IfExp(body=first, orelse=second):
            yield from (*_actions(first, tree), *_actions(second, tree))
        case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), ast.FormattedValue()]):
            yield from (beginning + ending for ending in ENDINGS[beginning])
        case ast.Name():
            # Handed on: every string of the module that looks like an action may be it.
            found = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
            named = [value for value in found if isinstance(value, str) and ACTION.fullmatch(value)]
            assert named, ast.dump(argument)
            yield from named
        case _:
            raise AssertionError(ast.dump(argument))


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((databases.ROOT / package).rglob("*.py"))


def test_every_recorded_action_has_words():
    """CHECKS 35: what the log holds can be read."""
    found = {action for path in sources() for action in recorded(path.read_text(encoding="utf-8"))}
    assert len(found) > 100
    assert found - set(ACTIONS) == set()


def test_the_walk_meets_each_way_of_recording():
    source = """
READ = "version.read"
def f(action): audit.record(action, by=None)
def g(): audit.record(f"amendment.{kind}", by=None); audit.record("a.b" if x else "c.d", by=None)
"""
    assert set(recorded(source)) == {
        "version.read",
        "a.b",
        "c.d",
        *(f"amendment.{kind}" for kind in StepKind.values),
    }


def test_each_action_is_of_one_kind_and_each_kind_has_actions():
    assert sum(len(actions_of(kind)) for kind in Kind) == len(ACTIONS)
    assert all(actions_of(kind) for kind in Kind)


def test_an_action_of_an_earlier_version_is_shown_by_its_name():
    assert said_of("client.waved_at").words == "Did: client.waved_at"


def test_a_page_that_is_recorded_as_another_has_words_of_its_own():
    assert said_of("client.read", "timeline").words == "Read the client’s timeline"
