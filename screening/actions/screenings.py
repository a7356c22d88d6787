"""Starting, completing, amending and setting aside screenings."""

from datetime import datetime
from uuid import uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from screening.actions.answers import keep_age
from screening.actions.locks import (
    NotPossible,
    lock_client,
    lock_screening,
    required_words,
)
from screening.actions.urgent import raise_urgent
from screening.engine import canonical
from screening.models import (
    Client,
    Finding,
    QuestionnaireVersion,
    Screening,
    ScreeningState,
    SectionAnswers,
    VersionState,
)
from screening.reading import Reading


@transaction.atomic
def start_screening(
    *, by: User, client: Client, version: QuestionnaireVersion, at: datetime | None = None
) -> Screening:
    """Start a screening with a published version; one that is open already is returned instead."""
    locked = lock_client(by, client.pk)
    opened = Screening.objects.filter(
        organization_id=locked.organization_id,
        client=locked,
        version=version,
        state=ScreeningState.IN_PROGRESS,
    ).first()
    if opened is not None:
        return opened
    if QuestionnaireVersion.objects.get(pk=version.pk).state != VersionState.PUBLISHED:
        raise NotPossible(_("This version is not offered any longer. Start with the published one."))
    screening = Screening.objects.create(
        organization_id=locked.organization_id,
        client=locked,
        version=version,
        started_by=by,
        started_at=at or timezone.now(),
    )
    audit.record("screening.started", by=by, of=screening, client=locked.pk)
    return screening


@transaction.atomic
def complete_screening(*, by: User, screening: Screening, at: datetime | None = None) -> Screening:
    """Fix the day and what the rules find in the answers; completing twice changes nothing."""
    locked = lock_screening(by, screening.pk)
    if locked.state == ScreeningState.COMPLETED:
        return locked
    if not locked.is_open:
        raise NotPossible(_("This screening was set aside: it can't be completed."))
    now = at or timezone.now()
    reading = Reading(locked, now)
    findings = reading.findings
    raise_urgent(reading, by=by)
    keep_age(reading, by=by)
    Finding.objects.bulk_create(
        Finding(
            id=uuid5(locked.pk, key),
            organization_id=locked.organization_id,
            screening=locked,
            indication=key,
            outcome=found.outcome.value,
        )
        for key, found in findings.indications.items()
    )
    locked.state, locked.as_of = ScreeningState.COMPLETED, reading.as_of
    locked.findings_text = canonical(findings.as_document())
    locked.completed_by, locked.completed_at = by, now
    locked.save(force_update=True)
    audit.record("screening.completed", by=by, of=locked, client=locked.client_id)
    return locked


@transaction.atomic
def replace_screening(
    *, by: User, screening: Screening, reason: str, at: datetime | None = None
) -> Screening:
    """Amend a completed screening: it stays readable as replaced, and a copy of its answers is opened."""
    words = required_words(reason, _("Say why the screening is amended."))
    locked = lock_screening(by, screening.pk)
    if locked.state == ScreeningState.REPLACED:
        return Screening.objects.get(replaces=locked)
    if locked.state != ScreeningState.COMPLETED:
        raise NotPossible(_("Only a completed screening can be amended."))
    if _has_open(locked):
        raise NotPossible(_("Another screening of this client is open. Complete it first, or set it aside."))
    now = at or timezone.now()
    _set_aside(locked, ScreeningState.REPLACED, by, now, words)
    copy = Screening.objects.create(
        organization_id=locked.organization_id,
        client=locked.client,
        version=locked.version,
        started_by=by,
        started_at=now,
        replaces=locked,
    )
    for row in locked.sections.all():
        SectionAnswers.objects.create(
            id=SectionAnswers.key_for(copy.pk, row.section),
            organization_id=copy.organization_id,
            screening=copy,
            section=row.section,
            document=row.document,
            part2=row.part2,
            saved_by_id=row.saved_by_id,
            saved_at=row.saved_at,
        )
    raise_urgent(Reading(copy, now), by=by)
    audit.record("screening.replaced", by=by, of=locked, client=locked.client_id, replacement=copy.pk)
    return copy


@transaction.atomic
def enter_in_error(*, by: User, screening: Screening, reason: str, at: datetime | None = None) -> Screening:
    """Mark a screening as entered in error; it stays readable, with the reason."""
    words = required_words(reason, _("Say what the error is."))
    locked = lock_screening(by, screening.pk)
    if locked.state == ScreeningState.ENTERED_IN_ERROR:
        return locked
    if locked.state == ScreeningState.REPLACED:
        raise NotPossible(_("This screening was replaced already."))
    _set_aside(locked, ScreeningState.ENTERED_IN_ERROR, by, at or timezone.now(), words)
    audit.record("screening.entered_in_error", by=by, of=locked, client=locked.client_id)
    return locked


@transaction.atomic
def confirm_safety(*, by: User, screening: Screening, at: datetime | None = None) -> Screening:
    """Record that the safety section's questions were asked again and that nothing had changed."""
    locked = lock_screening(by, screening.pk)
    if locked.state != ScreeningState.COMPLETED:
        raise NotPossible(_("Only a completed screening's answers are confirmed."))
    locked.safety_confirmed_by, locked.safety_confirmed_at = by, at or timezone.now()
    locked.save(update_fields=["safety_confirmed_by", "safety_confirmed_at"])
    audit.record("screening.safety_confirmed", by=by, of=locked, client=locked.client_id)
    return locked


def _has_open(screening: Screening) -> bool:
    return Screening.objects.filter(
        client_id=screening.client_id, version_id=screening.version_id, state=ScreeningState.IN_PROGRESS
    ).exists()


def _set_aside(screening: Screening, state: ScreeningState, by: User, now: datetime, words: str) -> None:
    screening.state = state
    screening.set_aside_by, screening.set_aside_at, screening.set_aside_reason = by, now, words
    screening.save(force_update=True)
