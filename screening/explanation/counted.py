"""What a draft would change, in words: counts only, None where a count is hidden."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from screening.engine import Definition, Outcome
from screening.impact import ABSENT, BETWEEN, NEWLY, NO_LONGER, SAME
from screening.models import OutcomeCount
from screening.small_cells import SMALLEST_SHOWN

OUTCOMES: Mapping[str, Promise] = {
    Outcome.INDICATORS_PRESENT.value: lazy("indicators present"),
    Outcome.INDICATORS_NOT_PRESENT.value: lazy("indicators not present"),
    Outcome.NOT_ENOUGH_INFORMATION.value: lazy("not enough information"),
    ABSENT: lazy("not in the questionnaire"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """How many outcomes would go from one to another; None where it is hidden."""

    words: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What would change of one indication or consideration."""

    title: str
    sentence: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """All counts in words."""

    sentence: str
    indications: tuple[Changes, ...]
    considerations: tuple[Changes, ...]
    skipped: int


def counted(definition: Definition, count: OutcomeCount) -> Counted | None:
    """Put finished counts into words; None while there are none."""
    counts = count.counts
    if counts is None:
        return None
    total = counts["total"]
    if total is None:
        words = _("There are fewer than %(n)d such screenings, so nothing is shown.") % {"n": SMALLEST_SHOWN}
        return Counted(words, (), (), counts["skipped"])
    titles = {each.key: each.title for each in definition.indications}
    titles |= {each.key: each.title for each in definition.considerations}
    return Counted(
        sentence=_overall(counts["changed"], total),
        indications=tuple(
            _changes(titles.get(key, key), cells, total) for key, cells in counts["indications"].items()
        ),
        considerations=tuple(
            _changes(titles.get(key, key), cells, total) for key, cells in counts["considerations"].items()
        ),
        skipped=counts["skipped"],
    )


def _overall(changed: int | None, total: int) -> str:
    if changed is None:
        return ngettext(
            "%(total)d screening was looked at. In how many an outcome would change is hidden.",
            "%(total)d screenings were looked at. In how many an outcome would change is hidden.",
            total,
        ) % {"total": total}
    return _("An outcome would change in %(changed)d of %(total)d screenings.") % {
        "changed": changed,
        "total": total,
    }


def _changes(title: str, cells: Mapping[str, int | None], total: int) -> Changes:
    same = cells.get(SAME, 0)
    moves = tuple(Move(_words(key), number) for key, number in cells.items() if key != SAME)
    if not moves:
        sentence = _("Nothing would change.")
    elif same is None:
        sentence = _("It would change in some; how many is hidden.")
    else:
        told = {"changed": total - same, "total": total}
        sentence = _("It would change in %(changed)d of %(total)d.") % told
    return Changes(title, sentence, moves)


def _words(key: str) -> str:
    if key == NEWLY:
        return _("raised where it wasn’t")
    if key == NO_LONGER:
        return _("no longer raised")
    before, _between, after = key.partition(BETWEEN)
    return _("from %(before)s to %(after)s") % {"before": OUTCOMES[before], "after": OUTCOMES[after]}
