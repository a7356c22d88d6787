"""The table of moves: complete, reachable, and exactly what the design says."""

import ast
import sys
from pathlib import Path

import pytest

from referrals import workflow
from referrals.drawing import document
from referrals.workflow import MOVES, Due, Party, Return, Status

ROOT = Path(__file__).resolve().parents[2]
BY_NAME = {move.name: move for move in MOVES}

# The design's table: status, turn, due, and moves as "name (by) -> next".
TABLE = {
    "draft": ("therapist", Due(14), {"send (therapist) -> sent", "discard (therapist) -> discarded"}),
    "sent": ("provider", Due(2), {"open (provider) -> in_review"}),
    "in_review": (
        "provider",
        Due(5),
        {
            "ask (provider) -> information_requested",
            "accept (provider) -> accepted",
            "decline (provider) -> declined",
        },
    ),
    "information_requested": ("therapist", Due(5), {"reply (therapist) -> the status it was asked from"}),
    "accepted": (
        "provider",
        Due(10),
        {
            "ask (provider) -> information_requested",
            "schedule (provider) -> scheduled",
            "decline (provider) -> declined",
        },
    ),
    "scheduled": (
        "provider",
        Due(2, after_appointment=True),
        {
            "ask (provider) -> information_requested",
            "reschedule (provider) -> scheduled",
            "no_show (provider) -> no_show",
            "record_outcome (provider) -> evaluated",
            "decline (provider) -> declined",
        },
    ),
    "no_show": ("therapist", Due(5), {"agree_new_time (therapist) -> accepted"}),
    "evaluated": (
        "therapist",
        Due(5),
        {"close (therapist) -> closed", "question_outcome (therapist) -> outcome_questioned"},
    ),
    "outcome_questioned": ("provider", Due(5), {"record_outcome (provider) -> evaluated"}),
    "declined": (
        "therapist",
        Due(5),
        {"refer_elsewhere (therapist) -> closed", "close (therapist) -> closed"},
    ),
    "withdrawn": (None, None, set()),
    "recalled": (None, None, set()),
    "discarded": (None, None, set()),
    "closed": (None, None, {"reopen (therapist) -> the status before closing"}),
}
# From any status from sent on that isn't final; a report and its answer reach further.
FROM_ANY = {
    "withdraw": ({"therapist", "system"}, "withdrawn"),
    "recall": ({"therapist"}, "recalled"),
    "assign": ({"therapist", "provider"}, Return.SAME),
    "report_urgent_change": ({"therapist", "provider"}, Return.SAME),
    "provider_unavailable": ({"system"}, "declined"),
}
ACKNOWLEDGE = "acknowledge_urgent_change"
LIVE = set(TABLE) - {"draft", "withdrawn", "recalled", "discarded", "closed"}


def _own_moves(status):
    for move in MOVES:
        if move.name not in {*FROM_ANY, ACKNOWLEDGE} and status in move.origins:
            (party,) = move.by
            target = move.next.value if isinstance(move.next, Return) else str(move.next)
            yield f"{move.name} ({party}) -> {target}"


@pytest.mark.parametrize("status", list(Status))
def test_each_status_has_the_turn_the_due_time_and_the_moves_of_the_design(status):
    assert (status.turn, status.due, set(_own_moves(status))) == TABLE[status]


def test_no_status_and_no_move_is_missing_from_the_design_or_from_the_table():
    assert set(Status) ^ set(TABLE) == set()
    named = {line.split(" ")[0] for _, _, lines in TABLE.values() for line in lines}
    assert set(BY_NAME) ^ (named | set(FROM_ANY) | {ACKNOWLEDGE}) == set()
    assert len(BY_NAME) == len(MOVES)


@pytest.mark.parametrize("name", FROM_ANY)
def test_a_move_from_any_status_starts_wherever_a_sent_referral_is_not_final(name):
    parties, target = FROM_ANY[name]
    move = BY_NAME[name]
    assert (set(move.by), set(move.origins), move.next) == (parties, LIVE, target)


def test_an_urgent_change_can_be_reported_while_a_course_is_open_and_acknowledged_wherever_it_ended():
    assert {move.name: set(move.while_course) for move in MOVES if move.while_course} == {
        "report_urgent_change": {"closed"}
    }
    acknowledge = BY_NAME[ACKNOWLEDGE]
    assert set(acknowledge.origins) == set(TABLE) - {"draft", "discarded"}
    assert (set(acknowledge.by), acknowledge.next) == ({"therapist", "provider"}, Return.SAME)


def test_every_status_can_be_reached_from_a_draft_and_every_waiting_one_can_be_left():
    reached, waiting = {Status.DRAFT}, [Status.DRAFT]
    while waiting:
        status = waiting.pop()
        for move in MOVES:
            new = move.may_lead_to - reached if status in move.origins else set()
            reached |= new
            waiting.extend(new)
    assert set(Status) - reached == set()
    left = {origin for move in MOVES if move.next is not Return.SAME for origin in move.origins}
    assert {status for status in Status if not status.is_final} - left == set()


def test_whoever_holds_the_ball_can_move_it_and_nobody_holds_a_final_one():
    for status in Status:
        movers = {
            party
            for move in MOVES
            if status in move.origins and move.next is not Return.SAME
            for party in move.by
        }
        assert (status.turn in movers) is not status.is_final


def test_every_party_moves_and_holds_what_it_should():
    assert {party for move in MOVES for party in move.by} ^ set(Party) == set()
    assert {status.turn for status in Status} == {Party.THERAPIST, Party.PROVIDER, None}


def test_a_status_is_its_own_text():
    assert [Status(str(status)) for status in Status] == list(Status)
    assert f"{Status.IN_REVIEW}" == "in_review"


def test_the_table_imports_only_the_standard_library():
    tree = ast.parse((ROOT / "referrals" / "workflow.py").read_text())
    modules = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert {module.split(".")[0] for module in modules} - sys.stdlib_module_names == set()


def test_a_move_is_a_value_that_cannot_be_changed():
    with pytest.raises(AttributeError):
        BY_NAME["send"].next = Status.CLOSED
    assert hash(BY_NAME["send"]) == hash(workflow.MOVES[0])


def test_the_document_is_drawn_from_the_table():
    drawn = document()
    assert (ROOT / "docs" / "referral-states.md").read_text() == drawn
    for status in Status:
        assert f"| `{status}` |" in drawn
    for move in MOVES:
        assert f"| `{move.name}` |" in drawn
    assert "information_requested --> scheduled: reply" in drawn


def test_the_command_notices_a_document_that_is_out_of_date(tmp_path, settings):
    from django.core.management import CommandError, call_command

    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="out of date"):
        call_command("draw_workflow", "--check")
    call_command("draw_workflow", verbosity=0)
    call_command("draw_workflow", "--check")
    (tmp_path / "docs" / "referral-states.md").write_text("something else")
    with pytest.raises(CommandError, match="out of date"):
        call_command("draw_workflow", "--check")
