"""Where a version stands: its steps, what its checks say in words, and who can publish it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from screening.actions import publishers_of
from screening.engine import Definition, Problem
from screening.models import QuestionnaireVersion, VersionState
from screening.review import Checked, Review

HOLDS, LOOK, WORK = "holds", "look", "work"


@dataclass(frozen=True, slots=True)
class Step:
    """One state of a version's life: by whom and when, or in words what it waits for."""

    title: str
    words: str
    is_done: bool
    is_now: bool
    by: User | None = None
    at: datetime | None = None


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
    """Return the four states in order, with who brought it there."""
    told: dict[VersionState, tuple[str, User | None, datetime | None]] = {
        VersionState.DRAFT: ("", version.created_by, version.created_at),
        VersionState.IN_REVIEW: (_("read by a second person"), version.submitted_by, version.submitted_at),
        VersionState.PUBLISHED: (_("by a clinical owner"), version.published_by, version.published_at),
        VersionState.RETIRED: (_("when a later one replaces it"), version.retired_by, version.retired_at),
    }
    here = list(told).index(VersionState(version.state))
    return [
        Step(str(state.label), words, is_done=place < here, is_now=place == here, by=by, at=at)
        for place, (state, (words, by, at)) in enumerate(told.items())
    ]


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
        lines += [*_seen(reviewed), _dated(definition, today)]
    order = (WORK, LOOK, HOLDS)
    return sorted(lines, key=lambda line: order.index(line.state))


def _line(checked: Checked, definition: Definition | None, reviewed: Review) -> Line:
    words = _words(checked.name, definition, reviewed)
    if not checked.problems:
        return words
    state = WORK if checked.blocks else LOOK
    if checked.name == "vignettes":
        return replace(words, title=_differing(reviewed), detail="", state=state)
    return replace(words, title=_not_so(checked.name), detail="", state=state, problems=checked.problems)


def _words(name: str, definition: Definition | None, reviewed: Review) -> Line:
    """Say what a check looks at, as a sentence that holds."""
    match name:
        case "bands":
            return Line(_("Bands lie within their score, each above the one before"))
        case "some":
            return Line(_("Every “at least so many of” can come true"))
        case "sources":
            return Line(_("Every published criterion names its source"))
        case "blank":
            return Line(_("Nothing is found present with nothing answered"))
        case "vignettes":
            count = len(reviewed.vignettes)
            held = ngettext("%(n)d vignette", "%(n)d vignettes", count) % {"n": count}
            return Line(_("Every vignette gives what it expects"), held, anchor="vignettes")
        case "hidden":
            return Line(_("No rule reads a “no” out of a question that can be hidden"))
        case "optional":
            return Line(_("No criterion rests on an optional question"))
        case "reach":
            return Line(_("Every comparison can come out either way"))
    return Line(_("The document can be read"), _counts(definition) if definition else "")


def _not_so(name: str) -> str:
    """Say what a check found where it doesn't hold."""
    match name:
        case "bands":
            return _("Bands lie outside their score, or overlap")
        case "some":
            return _("An “at least so many of” can never come true")
        case "sources":
            return _("A published criterion names no source")
        case "blank":
            return _("Something is found present with nothing answered")
        case "hidden":
            return _("A rule reads a “no” out of a question that can be hidden")
        case "optional":
            return _("A criterion rests on an optional question")
        case "reach":
            return _("A comparison comes out the same whatever is answered")
    return _("The document can't be read any more")


def _differing(reviewed: Review) -> str:
    count = len(reviewed.vignettes) - reviewed.vignettes_that_hold
    words = ngettext(
        "%(n)d vignette differs from what it expects", "%(n)d vignettes differ from what they expect", count
    )
    return words % {"n": count}


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


def _seen(reviewed: Review) -> Iterator[Line]:
    """Say whether the vignettes have seen everything, where there are criteria to be seen."""
    if not reviewed.coverage:
        return
    if not reviewed.never_seen:
        yield Line(_("Vignettes have seen every criterion met, not met and unknown"), anchor="cover")
        return
    words = ngettext(
        "%(n)d state of a criterion was never seen by a vignette",
        "%(n)d states of criteria were never seen by a vignette",
        reviewed.never_seen,
    )
    yield Line(words % {"n": reviewed.never_seen}, state=LOOK, anchor="cover")


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
