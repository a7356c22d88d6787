"""What people add to a result: acknowledgements, their own judgment, a supervisor's signature."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from screening.actions.locks import NotPossible, lock_screening, required_words
from screening.catalog import definition_of
from screening.models import Acknowledgement, Judgment, JudgmentView, Screening, ScreeningState, Signature


@transaction.atomic
def acknowledge_urgent(
    *,
    by: User,
    screening: Screening,
    consideration: str,
    done: str,
    told: Sequence[str],
    happened_at: datetime | None = None,
    at: datetime | None = None,
) -> Acknowledgement:
    """Record what was done about an urgent consideration, who was told and when. Once: it isn't rewritten."""
    words = required_words(done, _("Say what was done."))
    # What is urgent waits for nobody: whoever a lead let in may say what was done.
    locked = lock_screening(by, screening.pk, in_emergency=True)
    row = locked.acknowledgements.filter(consideration=consideration).first()
    if row is None:
        raise NotPossible(_("This consideration was not raised in this screening."))
    if row.acknowledged_at is not None:
        return row
    now = at or timezone.now()
    row.acknowledged_by, row.acknowledged_at = by, now
    row.happened_at = happened_at or now
    row.done, row.told = words, list(told)
    row.save(force_update=True)
    audit.record(
        "consideration.acknowledged", by=by, of=row, client=locked.client_id, consideration=consideration
    )
    return row


@transaction.atomic
def record_judgment(
    *, by: User, screening: Screening, indication: str, view: str, words: str = "", at: datetime | None = None
) -> Judgment:
    """Record the therapist's own judgment of one outcome; a later one takes its place."""
    locked = lock_screening(by, screening.pk)
    if locked.state != ScreeningState.COMPLETED:
        raise NotPossible(_("A judgment stands beside the outcome of a completed screening."))
    if all(each.key != indication for each in definition_of(locked.version_id).indications):
        raise NotPossible(_("The questionnaire has no such indication."))
    if view == JudgmentView.DIFFER:
        required_words(words, _("Say in what your judgment differs."))
    row = locked.judgments.filter(indication=indication).first() or Judgment(
        id=uuid5(locked.pk, indication),
        organization_id=locked.organization_id,
        screening=locked,
        indication=indication,
    )
    row.view, row.words = JudgmentView(view).value, words.strip()
    row.by, row.at = by, at or timezone.now()
    row.save()
    audit.record("judgment.recorded", by=by, of=row, client=locked.client_id, indication=indication)
    return row


@transaction.atomic
def sign_screening(*, by: User, screening: Screening, at: datetime | None = None) -> Signature:
    """Sign an associate's completed screening; signing twice changes nothing."""
    try:
        locked = Screening.objects.signable_by(by).select_for_update(of=("self",)).get(pk=screening.pk)
    except Screening.DoesNotExist:
        raise PermissionDenied from None
    signed = Signature.objects.filter(screening=locked).first()
    if signed is not None:
        return signed
    signature = Signature.objects.create(
        organization_id=locked.organization_id, screening=locked, by=by, at=at or timezone.now()
    )
    audit.record("screening.signed", by=by, of=locked, client=locked.client_id)
    return signature
