"""How far a screening is, in words, for the list of sections and the line beside them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.engine import Section
from screening.reading import Progress, Reading, SectionState


@dataclass(frozen=True, slots=True)
class Task:
    """A section with its state as the page words it."""

    key: str
    url: str
    title: str
    help: str
    state: str
    tag: str
    count: int
    is_complete: bool
    is_asked: bool


def tasks_of(reading: Reading) -> list[Task]:
    """Return the sections as tasks, in order."""
    return [_task(reading, state) for state in reading.sections]


def next_section(reading: Reading, after: str | None = None) -> Section | None:
    """Return the section to go on with: the next one after `after`, else the first that has answers left."""
    asked = [state for state in reading.sections if state.progress is not Progress.NOT_ASKED]
    if after is None:
        return next((state.section for state in asked if state.left), None)
    keys = [state.section.key for state in reading.sections]
    later = [state.section for state in asked if keys.index(state.section.key) > keys.index(after)]
    return later[0] if later else None


def left_words(left: int) -> str:
    """Return how many answers are left, in words."""
    return ngettext("%(n)d answer left", "%(n)d answers left", left) % {"n": left}


def _task(reading: Reading, state: SectionState) -> Task:
    section = state.section
    return Task(
        key=section.key,
        url=reverse("screenings:section", args=[reading.screening.pk, section.key]),
        title=section.title,
        help=section.help or "",
        state=_state_words(state),
        tag=left_words(state.left) if state.progress is Progress.BEGUN else "",
        count=state.left if state.progress is Progress.BEGUN else 0,
        is_complete=state.progress is Progress.COMPLETE,
        is_asked=state.progress is not Progress.NOT_ASKED,
    )


def _state_words(state: SectionState) -> str:
    match state.progress:
        case Progress.NOT_STARTED:
            return _("Not started")
        case Progress.NOT_ASKED:
            return _("Not asked")
        case Progress.BEGUN:
            return left_words(state.left)
    unknown = []
    if state.not_known:
        unknown.append(_("%(n)d not known") % {"n": state.not_known})
    if state.declined:
        unknown.append(_("%(n)d declined") % {"n": state.declined})
    return ", ".join([_("Complete"), *unknown])
