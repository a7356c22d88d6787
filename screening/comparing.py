"""Two versions of a questionnaire compared in words: what was added, removed, moved and changed.

Pure: it reads two definitions. A rule that reads the same facts in the same way hasn't changed, whatever
the facts are called now.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from screening.engine import Definition
from screening.models import Place
from screening.parts import INSTRUMENT, Line, Part, parts_of

# Texts that have less than this in common are told as a whole: what was, what is now.
ALIKE = 0.4


class Done(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


class Mark(StrEnum):
    """Whether words stood there before, stand there now, or both."""

    BOTH = ""
    WAS = "was"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text, and in which of the two versions they stand."""

    text: str
    mark: Mark = Mark.BOTH


@dataclass(frozen=True, slots=True)
class LineChange:
    """What changed in one line of a part."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one part; `detail` is of a part that is new or gone, `lines` of a changed one."""

    done: Done
    place: str
    kind: str
    key: str
    name: str
    anchor: str
    lines: tuple[LineChange, ...] = ()
    detail: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """All that differs between two versions, in reading order."""

    changes: tuple[Change, ...]

    def count(self, done: Done | str) -> int:
        """How many parts were added, removed, moved or changed."""
        return sum(change.done == done for change in self.changes)

    @property
    def chapters(self) -> tuple[tuple[str, tuple[Change, ...]], ...]:
        """The changes by what kind of part they are of."""
        kinds = dict.fromkeys(change.kind for change in self.changes)
        return tuple((kind, tuple(c for c in self.changes if c.kind == kind)) for kind in kinds)


def compare(before: Definition, after: Definition) -> Compared:
    """Say what differs between a version and an earlier one."""
    return _compare(before, after, get_language())


@lru_cache(maxsize=32)
def _compare(before: Definition, after: Definition, _language: str | None) -> Compared:
    old = {(part.place, part.key): part for part in parts_of(before)}
    new = {(part.place, part.key): part for part in parts_of(after)}
    moved = _moved(list(old), list(new))
    changes = [
        *_kept_or_added(old, new, moved),
        *(_change(Done.REMOVED, part, detail=part.said) for where, part in old.items() if where not in new),
    ]
    order = list(dict.fromkeys(part.place for part in (*new.values(), *old.values())))
    return Compared(tuple(sorted(changes, key=lambda change: order.index(change.place))))


Where = tuple[str, str]


def _kept_or_added(
    old: dict[Where, Part], new: dict[Where, Part], moved: frozenset[Where]
) -> Iterator[Change]:
    for where, part in new.items():
        before = old.get(where)
        if before is None:
            yield _change(Done.ADDED, part, detail=part.said)
            continue
        lines = tuple(_lines(before, part))
        if lines:
            yield _change(Done.CHANGED, part, lines=lines)
        elif where in moved:
            yield _change(Done.MOVED, part)


def _change(
    done: Done, part: Part, *, lines: tuple[LineChange, ...] = (), detail: tuple[Line, ...] = ()
) -> Change:
    return Change(done, part.place, _kind(part.place), part.key, part.name, part.anchor, lines, detail)


def _lines(before: Part, after: Part) -> Iterator[LineChange]:
    old = {line.label: line for line in before.lines}
    for line in after.lines:
        was = old[line.label]
        if was.value == line.value:
            continue
        if not was.text and not line.text:
            # A section's key isn't for people: the chapter says where it stood and stands.
            yield LineChange(line.label, marked(before.chapter, after.chapter))
        else:
            yield LineChange(line.label, marked(was.text, line.text))


def marked(was: str, now: str) -> tuple[Piece, ...]:
    """Return a text with the words that left it and the words that came into it."""
    old, new = was.split(), now.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if not was or not now or matcher.ratio() < ALIKE:
        return tuple(Piece(text, mark) for text, mark in ((was, Mark.WAS), (now, Mark.NOW)) if text)
    pieces: list[Piece] = []
    for _tag, i, j, k, n in matcher.get_opcodes():
        if old[i:j] == new[k:n]:
            pieces.append(Piece(" ".join(old[i:j])))
            continue
        both = ((old[i:j], Mark.WAS), (new[k:n], Mark.NOW))
        pieces += [Piece(" ".join(words), mark) for words, mark in both if words]
    return tuple(pieces)


def _moved(old: Sequence[Where], new: Sequence[Where]) -> frozenset[Where]:
    """Return what both have in another order: the fewest that account for it."""
    known, still = set(new), set(old)
    before = [where for where in old if where in known]
    after = [where for where in new if where in still]
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {where for block in blocks for where in before[block.a : block.a + block.size]}
    return frozenset(where for where in after if where not in stayed)


def _kind(place: str) -> str:
    kinds = {
        Place.VERSION.value: _("The questionnaire"),
        INSTRUMENT: _("Instruments"),
        Place.SECTION.value: _("Sections"),
        Place.QUESTION.value: _("Questions"),
        Place.SCORE.value: _("Scores"),
        Place.INDICATION.value: _("Indications"),
        Place.CRITERION.value: _("Criteria"),
        Place.CONSIDERATION.value: _("Considerations"),
        Place.SOURCE.value: _("Sources"),
        Place.VIGNETTE.value: _("Vignettes"),
    }
    return kinds[str(place)]
