"""Reporting a question to the network's admins, and settling what was reported."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit, outbox
from screening.actions.locks import ChangedMeanwhile, NotPossible
from screening.catalog import definition_of
from screening.engine.meaning import meaning_of
from screening.models import QuestionnaireVersion, QuestionReport, ReportReason, VersionState

ASKED_OF_THERAPISTS = (VersionState.PUBLISHED, VersionState.RETIRED)


@transaction.atomic
def report_question(
    *, by: User, version: QuestionnaireVersion, question: str, reason: str, at: datetime | None = None
) -> QuestionReport:
    """Report a question of a version; the same report that still waits isn't doubled."""
    if not by.is_therapist:
        raise PermissionDenied
    if version.state not in ASKED_OF_THERAPISTS or not _asks(version, question):
        raise NotPossible(_("This version has no such question."))
    said = {
        "version_id": version.pk,
        "question": question,
        "reason": ReportReason(reason).value,
        "by_id": by.pk,
    }
    waiting = QuestionReport.objects.waiting().filter(**said).first()
    if waiting is not None:
        return waiting
    new = QuestionReport(**said, at=at or timezone.now())
    QuestionReport.objects.bulk_create([new], ignore_conflicts=True)
    report = QuestionReport.objects.waiting().get(**said)
    audit.record("question.reported", by=by, of=report, question=question, version=version.pk)
    return report


@transaction.atomic
def settle_reports(
    *,
    by: User,
    reports: Collection[QuestionReport],
    words: str = "",
    draft: QuestionnaireVersion | None = None,
    at: datetime | None = None,
) -> None:
    """Answer reports of one question, with words or the draft that takes them up; who reported is told."""
    if not by.is_admin:
        raise PermissionDenied
    said = words.strip()
    if not said and draft is None:
        raise NotPossible(_("Say a word, or name the draft in which it is taken up."))
    keys = [report.pk for report in reports]
    locked = list(QuestionReport.objects.waiting().filter(pk__in=keys).select_for_update(of=("self",)))
    if not keys or len(locked) != len(keys):
        raise ChangedMeanwhile(_("Somebody settled some of these reports meanwhile. Look again."))
    for report in locked:
        report.settled_by, report.settled_at = by, at or timezone.now()
        report.words, report.draft = said, draft
        report.save(update_fields=["settled_by", "settled_at", "words", "draft"])
    _tell({report.by_id for report in locked})
    question = locked[0].question
    audit.record("question.settled", by=by, of=locked[0], question=question, reports=len(locked))


def _tell(people: Collection[UUID]) -> None:
    for person in sorted(people):
        outbox.notify(recipient=person, kind="question.settled", path=reverse("screenings:reported"))


def _asks(version: QuestionnaireVersion, question: str) -> bool:
    try:
        return bool(meaning_of(definition_of(version.pk), question))
    except KeyError:
        return False
