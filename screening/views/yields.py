"""What the questions of a version bring, as sums without anybody in them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, admin_required
from screening import actions
from screening.engine import Definition, Question
from screening.models import QuestionYield
from screening.reading import AGE
from screening.views.versions import NAV, definition_of, read_version, version_of
from screening.yields import Cells

# What the questions of each section are sorted by; a hidden number stands last.
SORTS = ("settled", "shown", "blank", "declined", "not_known")


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its counts."""

    question: Question
    cells: Cells


@admin_required
@require_safe
def question_yield(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show how often each question was answered and settled an outcome, the least yielding first."""
    shown = read_version(request, pk)
    definition = definition_of(shown)
    counted: QuestionYield | None = getattr(shown, "question_yield", None)
    asked = request.GET.get("sort", "")
    sort = asked if asked in SORTS else SORTS[0]
    context = {
        **NAV,
        "version": shown,
        "counted": counted,
        "sort": sort,
        "sections": _sections(definition, counted, sort) if counted else [],
    }
    return render(request, "questionnaires/yield.html", context)


@admin_required
@require_POST
def count_now(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Have the questions counted now."""
    version = version_of(request, pk)
    if actions.ask_for_count(by=request.user, version=version):
        messages.success(request, _("Counting has begun. Look again in a minute."))
    else:
        messages.info(request, _("It is being counted already. Look again in a minute."))
    return redirect("questionnaires:question_yield", version.pk)


def _sections(definition: Definition, counted: QuestionYield, sort: str) -> list[tuple[str, list[Line]]]:
    sections = []
    for section in definition.sections:
        lines = [_line(question, counted) for question in section.questions if question.key != AGE]
        sections.append((section.title, sorted(lines, key=_by(sort))))
    return sections


def _line(question: Question, counted: QuestionYield) -> Line:
    return Line(question, Cells(**counted.cells.get(question.key, {})))


def _by(sort: str) -> Callable[[Line], tuple[bool, int]]:
    def order(line: Line) -> tuple[bool, int]:
        count = getattr(line.cells, sort)
        # Of what settles, the fewest first; of everything else the most.
        return count is None, (count or 0) if sort == SORTS[0] else -(count or 0)

    return order
