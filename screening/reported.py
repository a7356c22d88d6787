"""Reports about questions as people read them: with the question's words, and gathered by question."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from screening.catalog import definition_of
from screening.models import QuestionnaireVersion, QuestionReport, ReportReason
from screening.models.reports import QuestionReportQuerySet


@dataclass(frozen=True, slots=True)
class Said:
    """One report with the words of its question as its version has them."""

    report: QuestionReport
    text: str


@dataclass(frozen=True, slots=True)
class ReportedQuestion:
    """All that waits about one question of a questionnaire; `version` is the newest it was reported in."""

    version: QuestionnaireVersion
    question: str
    text: str
    reports: tuple[QuestionReport, ...]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """How often each reason was given, in the order of the list."""
        given = [report.reason for report in self.reports]
        return [(str(each.label), given.count(each.value)) for each in ReportReason if each.value in given]

    @property
    def people(self) -> list[User]:
        """Who reported it: the admin can ask them."""
        found = {report.by_id: report.by for report in self.reports}
        return sorted(found.values(), key=lambda person: person.name)


def own_reports(user: User) -> list[Said]:
    """Return what the person reported, the latest first."""
    rows = QuestionReport.objects.visible_to(user).filter(by_id=user.pk)
    related = rows.select_related("version", "draft", "settled_by")
    return [Said(row, text_of(row)) for row in related.defer("version__document", "draft__document")]


def waiting_reports(user: User) -> list[ReportedQuestion]:
    """Return what waits for the network's admins by question, the most reported first."""
    rows = QuestionReport.objects.visible_to(user).waiting()
    return _by_question(_with_people(rows))


def reports_of(user: User, version: QuestionnaireVersion, question: str) -> list[QuestionReport]:
    """Return what waits about one question, in whichever version it was reported."""
    rows = QuestionReport.objects.visible_to(user).waiting()
    same = rows.filter(version__questionnaire_id=version.questionnaire_id, question=question)
    return _with_people(same)


def text_of(report: QuestionReport) -> str:
    """Return the question in the words of the version that it was reported in."""
    return definition_of(report.version_id).question(report.question).text


def _with_people(rows: QuestionReportQuerySet) -> list[QuestionReport]:
    related = rows.select_related("version", "by__organization").defer("version__document")
    return list(related.order_by("-version__number", "-at"))


def _by_question(rows: Sequence[QuestionReport]) -> list[ReportedQuestion]:
    found: dict[tuple[UUID, str], list[QuestionReport]] = {}
    for row in rows:
        found.setdefault((row.version.questionnaire_id, row.question), []).append(row)
    questions = [
        ReportedQuestion(same[0].version, key, text_of(same[0]), tuple(same))
        for (_questionnaire, key), same in found.items()
    ]
    return sorted(questions, key=lambda each: (-len(each.reports), each.version.title, each.question))
