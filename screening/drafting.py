"""What can be undone in a draft, and who else works on it now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from screening.models import DraftRevision, QuestionnaireVersion, RevisionKind, UnfinishedInput

# Whoever saved or typed within this time is said to be editing.
RECENTLY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody else who edits the draft, and the part they were last seen in."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that one person's buttons take back, and who else edits."""

    undo: DraftRevision | None
    redo: DraftRevision | None
    busy: tuple[Busy, ...]


def steps_of(version: QuestionnaireVersion, user: User, now: datetime) -> Steps:
    """Return what this person can undo: their own last step; where they have none, the last of all."""
    rows = list(version.revisions.defer("document").select_related("by"))
    taken = {row.takes_back for row in rows}
    kept = {row.number for row in rows}
    standing = [row for row in rows if row.number not in taken and row.number - 1 in kept]
    done = [row for row in standing if row.kind in (RevisionKind.CHANGE, RevisionKind.REDO)]
    own = [row for row in done if row.by_id == user.pk]
    return Steps(
        next(iter((*own, *done)), None), _redo(rows, standing, user), _busy(version, rows, user, now)
    )


def unfinished_of(version: QuestionnaireVersion, user: User, place: str) -> UnfinishedInput | None:
    """Return what this person typed at a place and couldn't store yet."""
    return version.unfinished.filter(by=user, place=place).first()


def _redo(rows: list[DraftRevision], standing: list[DraftRevision], user: User) -> DraftRevision | None:
    """Return the person's last undo that stands, unless they went on to change something else."""
    changed = max((r.number for r in rows if r.by_id == user.pk and r.kind == RevisionKind.CHANGE), default=0)
    undone = (r for r in standing if r.by_id == user.pk and r.kind == RevisionKind.UNDO)
    return next((row for row in undone if row.number > changed), None)


def _busy(
    version: QuestionnaireVersion, rows: Iterable[DraftRevision], user: User, now: datetime
) -> tuple[Busy, ...]:
    since = now - RECENTLY
    typed = version.unfinished.filter(at__gte=since).exclude(by=user).select_related("by")
    seen = [row for row in rows if row.by_id != user.pk and row.at >= since and row.part]
    latest: dict[object, Busy] = {}
    for each in sorted([*typed, *seen], key=lambda row: row.at):
        latest[each.by_id] = Busy(each.by.name, each.part)
    return tuple(latest.values())
