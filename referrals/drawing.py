"""Draws the referral's statuses and moves as a document: a diagram and two tables."""

from collections.abc import Iterable, Iterator

from referrals.workflow import LIVE, MOVES, Due, Move, Party, Return, Status

INTRODUCTION = """# The states of a referral

Drawn from `referrals/workflow.py` by `manage.py draw_workflow`; change that file, not this one.

A due time is a number of business days, counted in the time zone of whoever holds the referral. Weekends and
the federal holidays of the United States are not counted.
"""

ANY = "any status from sent on that is not final"


def document() -> str:
    """Return the whole document as Markdown."""
    parts = (INTRODUCTION, "## Diagram\n", _diagram(), "## Statuses\n", _statuses(), "## Moves\n", _moves())
    return "\n".join(parts)


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    lines.extend(
        f"    {origin} --> {target}: {move.name}"
        for move in MOVES
        if move.origins != LIVE
        for origin in _in_order(move.origins)
        for target in _drawn_targets(move, origin)
    )
    lines.append("    state any <<choice>>")
    lines.extend(f"    any --> {move.next}: {move.name}" for move in MOVES if _is_drawn_from_any(move))
    lines.extend(f"    {status} --> [*]" for status in Status if status.is_final)
    lines.append("```")
    note = f"`any` stands for {ANY}. Moves that change no status are in the table below only.\n"
    return "\n".join([*lines, "", note])


def _is_drawn_from_any(move: Move) -> bool:
    return move.origins == LIVE and isinstance(move.next, Status)


def _drawn_targets(move: Move, origin: Status) -> Iterator[Status]:
    if move.next is not Return.SAME:
        yield from (target for target in _in_order(move.may_lead_to))


def _statuses() -> str:
    rows = [
        (f"`{status}`", status.turn or "nobody", _due(status.due), ", ".join(_moves_from(status)) or "none")
        for status in Status
    ]
    return _table(("status", "turn", "due", "moves"), rows)


def _moves_from(status: Status) -> Iterator[str]:
    return (f"{move.name} ({_parties(move.by)})" for move in MOVES if status in move.origins)


def _moves() -> str:
    rows = [(f"`{move.name}`", _parties(move.by), _origins(move), _next(move)) for move in MOVES]
    return _table(("move", "by", "from", "leads to"), rows)


def _origins(move: Move) -> str:
    origins = ANY if move.origins == LIVE else ", ".join(_in_order(move.origins))
    if not move.while_course:
        return origins
    return f"{origins}; while a course is open, also {', '.join(_in_order(move.while_course))}"


def _next(move: Move) -> str:
    if isinstance(move.next, Status):
        return move.next
    if move.next is Return.SAME:
        return "no change"
    return f"{move.next.value}: {', '.join(_in_order(move.may_lead_to))}"


def _due(due: Due | None) -> str:
    if due is None:
        return "none"
    return f"appointment + {due.days} days" if due.after_appointment else f"{due.days} days"


def _parties(parties: frozenset[Party]) -> str:
    return " or ".join(party for party in Party if party in parties)


def _in_order(statuses: frozenset[Status]) -> list[Status]:
    return [status for status in Status if status in statuses]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
