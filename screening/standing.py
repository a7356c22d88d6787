"""Where a version stands: its steps, what its checks say in words, and who can publish it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.templatetags.dates import moment
from screening.actions import publishers_of
from screening.engine import Definition, Problem
from screening.models import QuestionnaireVersion, VersionState
from screening.review import Checked, Review

HOLDS, LOOK, WORK = "holds", "look", "work"

# What each of the engine's checks says where it holds, and where it doesn't.
SENTENCES: Mapping[str, tuple[Promise, Promise]] = {
    "bands": (
        gettext_lazy("Bands lie within their score, without gap, each above the one before"),
        gettext_lazy("Bands lie outside their score, overlap, or leave a gap"),
    ),
    "some": (
        gettext_lazy("Every “at least so many of” can come true"),
        gettext_lazy("An “at least so many of” can never come true"),
    ),
    "sources": (
        gettext_lazy("Every published criterion names its source"),
        gettext_lazy("A published criterion names no source"),
    ),
    "blank": (
        gettext_lazy("Nothing is found present with nothing answered"),
        gettext_lazy("Something is found present with nothing answered"),
    ),
    "wording": (
        gettext_lazy("No text decides, advises or judges"),
        gettext_lazy("A text decides, advises or judges"),
    ),
    "vignettes": (
        gettext_lazy("Every vignette gives what it expects"),
        gettext_lazy("A vignette differs from what it expects"),
    ),
    "coverage": (
        gettext_lazy("Vignettes have seen every criterion met, not met and unknown"),
        gettext_lazy("A state of a criterion was never seen by a vignette"),
    ),
    "dead": (
        gettext_lazy("Every rule and every question can occur, and not only one way"),
        gettext_lazy("A rule or a question can never occur, or comes out one way only"),
    ),
    "hidden": (
        gettext_lazy("No rule reads a “no” out of a question that can be hidden"),
        gettext_lazy("A rule reads a “no” out of a question that can be hidden"),
    ),
    "optional": (
        gettext_lazy("No criterion rests on an optional question"),
        gettext_lazy("A criterion rests on an optional question"),
    ),
    "reach": (
        gettext_lazy("Every comparison can come out either way"),
        gettext_lazy("A comparison comes out the same whatever is answered"),
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One state of a version's life: by whom and when, or in words what it waits for."""

    title: str
    words: str
    is_done: bool
    is_now: bool
    by: User | None = None
    at: datetime | None = None
    next: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what is looked at before publishing; `anchor` leads to where the page tells it in full."""

    title: str
    detail: str = ""
    state: str = HOLDS
    problems: tuple[Problem, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Publishing:
    """Whether the reader can publish a version, and who else can."""

    is_ready: bool
    is_own_work: bool
    may: bool
    others: tuple[User, ...]


def steps_of(version: QuestionnaireVersion) -> list[Step]:
    """Return the five steps in order, with who brought it there, and the one it stands at."""
    told: list[tuple[str, str, User | None, datetime | None]] = [
        (_("Draft"), "", version.created_by, version.created_at),
        (_("In review"), _("read by a second person"), version.submitted_by, version.submitted_at),
        (_("Approved"), _("by a clinical owner"), version.approved_by, version.approved_at),
        (_("Published"), _("at once or on a day"), version.published_by, version.published_at),
        (_("Retired"), _("when a later one replaces it"), version.retired_by, version.retired_at),
    ]
    here = _STANDS_AT[VersionState(version.state)] + version.is_approved
    due = version.publish_at if version.is_approved else None
    return [
        Step(
            title,
            words,
            is_done=place < here,
            is_now=place == here,
            by=by,
            at=at,
            next=_("publishes %(when)s") % {"when": moment(due)} if due and place == here else "",
        )
        for place, (title, words, by, at) in enumerate(told)
    ]


_STANDS_AT = {
    VersionState.DRAFT: 0,
    VersionState.IN_REVIEW: 1,
    VersionState.PUBLISHED: 3,
    VersionState.RETIRED: 4,
}


def publishing_of(version: QuestionnaireVersion, reviewed: Review, user: User) -> Publishing:
    """Say whether this person can publish, and who else."""
    publishers = publishers_of(version)
    return Publishing(
        is_ready=reviewed.is_ready,
        is_own_work=version.is_work_of(user),
        may=user in publishers,
        others=tuple(person for person in publishers if person != user),
    )


def lines_of(definition: Definition | None, reviewed: Review, today: date) -> list[Line]:
    """Return what was looked at: what needs work first, then what is worth a look, then what holds."""
    lines = [_line(each, definition, reviewed) for each in reviewed.checks]
    if definition is not None:
        lines.append(_dated(definition, today))
    order = (WORK, LOOK, HOLDS)
    return sorted(lines, key=lambda line: order.index(line.state))


def _line(checked: Checked, definition: Definition | None, reviewed: Review) -> Line:
    words = _words(checked.name, definition, reviewed)
    if not checked.problems:
        return words
    state = WORK if checked.blocks else LOOK
    told = () if checked.name == "vignettes" else checked.problems
    return replace(words, title=_not_so(checked.name, reviewed), detail="", state=state, problems=told)


def _words(name: str, definition: Definition | None, reviewed: Review) -> Line:
    """Say what a check looks at, as a sentence that holds."""
    if name not in SENTENCES:
        return Line(_("The document can be read"), _counts(definition) if definition else "")
    holds = str(SENTENCES[name][0])
    if name == "vignettes":
        count = len(reviewed.vignettes)
        held = ngettext("%(n)d vignette", "%(n)d vignettes", count) % {"n": count}
        return Line(holds, held, anchor="vignettes")
    return Line(holds, anchor="cover" if name == "coverage" else "")


def _not_so(name: str, reviewed: Review) -> str:
    """Say what a check found where it doesn't hold."""
    match name:
        case "vignettes":
            return _differing(reviewed)
        case "coverage":
            return _never_seen(reviewed)
    return str(SENTENCES[name][1]) if name in SENTENCES else _("The document can't be read any more")


def _differing(reviewed: Review) -> str:
    count = len(reviewed.vignettes) - reviewed.vignettes_that_hold
    words = ngettext(
        "%(n)d vignette differs from what it expects", "%(n)d vignettes differ from what they expect", count
    )
    return words % {"n": count}


def _never_seen(reviewed: Review) -> str:
    words = ngettext(
        "%(n)d state of a criterion was never seen by a vignette",
        "%(n)d states of criteria were never seen by a vignette",
        reviewed.never_seen,
    )
    return words % {"n": reviewed.never_seen}


def _counts(definition: Definition) -> str:
    asked = sum(1 + len(question.entry) for question in definition.questions)
    counts = (
        ngettext("%(n)d section", "%(n)d sections", len(definition.sections))
        % {"n": len(definition.sections)},
        ngettext("%(n)d question", "%(n)d questions", asked) % {"n": asked},
        ngettext("%(n)d indication", "%(n)d indications", len(definition.indications))
        % {"n": len(definition.indications)},
        ngettext("%(n)d consideration", "%(n)d considerations", len(definition.considerations))
        % {"n": len(definition.considerations)},
    )
    return ", ".join(counts)


def _dated(definition: Definition, today: date) -> Line:
    """Say which sources were to be looked at again before today."""
    late = tuple(source for source in definition.sources if source.review_by < today)
    if late:
        return Line(
            ngettext(
                "%(n)d source is past the day to look at it again",
                "%(n)d sources are past the day to look at them again",
                len(late),
            )
            % {"n": len(late)},
            state=LOOK,
            problems=tuple(Problem(source.key, source.citation) for source in late),
        )
    count = len(definition.sources)
    detail = ngettext("%(n)d source", "%(n)d sources", count) % {"n": count}
    return Line(_("No source is past the day to look at it again"), detail)
