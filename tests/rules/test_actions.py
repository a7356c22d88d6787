"""Every action is called by keywords, says who acts, and ends in an entry of the audit (CHECKS 35, 52)."""

import ast
from collections.abc import Mapping

import pytest

from tests.rules.sources import modules

PACKAGES = ("accounts", "referrals", "screening")
Function = ast.FunctionDef

# Asked or shared: these change nothing by themselves.
NOT_ACTIONS = {
    "accounts.end_all": "part of the actions that disable or move people, which record it",
    "accounts.may_reset_second_factor": "a question",
    "accounts.spend_code": "part of a sign-in, which is recorded whether the code was right or not",
    "accounts.token_hash": "a digest",
    "accounts.use_passkey": "part of a sign-in, which is recorded",
    "referrals.considerations_to_work_on": "a question",
    "referrals.may_write": "a question",
    "referrals.open_questions": "a question",
    "referrals.open_reports": "a question",
    "screening.published_since_approval": "a question",
    "screening.publishers_of": "a question",
}
# Nobody who is signed in acts: somebody without an account, or the daily work.
BY_NOBODY = {
    "accounts.accept_invitation": "whoever holds the link, who becomes the person",
    "accounts.set_password": "the person, at the end of a link that was sent to them",
    "referrals.daily_work": "the daily work itself",
    "referrals.expire_consent": "the daily work, when the consent's day comes",
    "referrals.provider_unavailable": "the daily work, where a clinic was closed",
    "referrals.warn_of_expiry": "the daily work, before the consent's day comes",
    "referrals.withdraw_in_error": "the daily work, where a screening was taken back",
    "screening.publish_due": "the clock, for whoever set the day",
}


def functions(package: str) -> dict[str, Function]:
    """Return every function of a package's actions by its name."""
    return {
        node.name: node
        for name, tree in modules(package).items()
        if name.startswith(f"{package}/actions")
        for node in tree.body
        if isinstance(node, Function)
    }


def actions(package: str) -> dict[str, Function]:
    """Return the functions that the package of actions offers."""
    tree = modules(package)[f"{package}/actions/__init__.py"]
    offered = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return {name: node for name, node in functions(package).items() if name in offered}


def takes_positions(action: Function) -> bool:
    """Return whether an argument may be given without its name."""
    return bool(action.args.args or action.args.posonlyargs or action.args.vararg)


def says_who(action: Function) -> bool:
    """Return whether it takes who acts."""
    return "by" in {argument.arg for argument in action.args.kwonlyargs}


def records(action: Function, known: Mapping[str, Function], seen: frozenset[str] = frozenset()) -> bool:
    """Return whether it writes an entry, itself or through a function beside it."""
    for node in ast.walk(action):
        if not isinstance(node, ast.Call):
            continue
        what = ast.unparse(node.func)
        if what in {"audit.record", "record"}:
            return True
        name = what.rpartition(".")[2]
        if name in known and name not in seen and records(known[name], known, seen | {name}):
            return True
    return False


ALL = [(package, name) for package in PACKAGES for name in actions(package)]


@pytest.mark.parametrize(("package", "name"), ALL, ids=[f"{package}.{name}" for package, name in ALL])
def test_an_action_is_called_by_keywords_says_who_acts_and_is_recorded(package: str, name: str) -> None:
    action, place = actions(package)[name], f"{package}.{name}"
    if place in NOT_ACTIONS:
        return
    assert not takes_positions(action)
    assert says_who(action) != (place in BY_NOBODY)
    assert records(action, functions(package))


def test_there_are_actions_and_every_exception_is_one_of_them() -> None:
    assert len(ALL) > 60
    places = {f"{package}.{name}" for package, name in ALL}
    assert NOT_ACTIONS.keys() | BY_NOBODY.keys() <= places
    assert all(why for why in (NOT_ACTIONS | BY_NOBODY).values())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def act(*, by): audit.record('a', by=by)", (False, True, True)),
        ("def act(row, *, by): audit.record('a', by=by)", (True, True, True)),
        ("def act(*, row): audit.record('a', by=None)", (False, False, True)),
        ("def act(*, by): by.save()", (False, True, False)),
        ("def act(*, by): helper(by)", (False, True, True)),
        ("def act(*, by): act(by=by)", (False, True, False)),
    ],
)
def test_the_look_at_actions_sees_what_is_there(source: str, found: tuple[bool, bool, bool]) -> None:
    known = {
        name: node
        for text in ("def helper(by): audit.record('a', by=by)", source)
        for node in ast.parse(text).body
        if isinstance(node, Function)
        for name in [node.name]
    }
    action = known["act"]
    assert (takes_positions(action), says_who(action), records(action, known)) == found
