"""Counting what the questions of a version bring."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from privacy import audit
from screening.jobs.yields import count_questions
from screening.models import QuestionnaireVersion


@transaction.atomic
def ask_for_count(*, by: User, version: QuestionnaireVersion) -> bool:
    """Have a version's questions counted now; False where that waits already."""
    if not by.is_admin:
        raise PermissionDenied
    queued = count_questions.defer(by=by, version=version.pk)
    audit.record("version.count_asked", by=by, of=version, number=version.number)
    return queued
