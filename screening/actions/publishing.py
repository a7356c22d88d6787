"""Approving a version's clinical content, and publishing it: at once, or on a day that was set before."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Duty, User
from privacy import audit, outbox
from screening.actions.governing import (
    NotReady,
    require_admin,
    require_others_work,
    require_owner,
    require_proved,
    require_ready,
    require_seen,
    require_settled,
    require_state,
    tell,
    unproved_in,
)
from screening.actions.locks import NotPossible, lock_version
from screening.models import Questionnaire, QuestionnaireVersion, VersionState

# Nobody knows what holds in more than a year: a version that waits longer is approved again.
LATEST = timedelta(days=365)


@transaction.atomic
def approve(
    *,
    by: User,
    version: QuestionnaireVersion,
    seen: str | None = None,
    unproved: Collection[str] = (),
    at: datetime | None = None,
) -> QuestionnaireVersion:
    """Approve the clinical content of a version in review: a clinical owner, never of their own edits.

    `seen` is the hash of the document that was read, `unproved` what this person saw that the verification
    of its rules could not prove. It can be approved anew, which calls off its day.
    """
    locked = _locked_for_owner(by, version, seen)
    _approve(locked, by, unproved, at or timezone.now())
    locked.save(force_update=True)
    tell(locked, "version.approved", but=by)
    audit.record("version.approved", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def approve_and_publish(
    *,
    by: User,
    version: QuestionnaireVersion,
    seen: str | None = None,
    unproved: Collection[str] = (),
    at: datetime | None = None,
) -> QuestionnaireVersion:
    """Approve a version and publish it; the one published before is retired."""
    locked = _locked_for_owner(by, version, seen)
    now = at or timezone.now()
    _approve(locked, by, unproved, now)
    _publish(locked, by, now)
    tell(locked, "version.published", but=by)
    audit.record("version.published", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def publish(
    *, by: User, version: QuestionnaireVersion, seen: str | None = None, at: datetime | None = None
) -> QuestionnaireVersion:
    """Publish an approved version now, whatever day was set; the one published before is retired."""
    locked = _locked_for_owner(by, version, seen)
    _require_approved(locked)
    _publish(locked, by, at or timezone.now())
    tell(locked, "version.published", but=by)
    audit.record("version.released", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def set_publishing_day(
    *,
    by: User,
    version: QuestionnaireVersion,
    when: datetime,
    seen: str | None = None,
    at: datetime | None = None,
) -> QuestionnaireVersion:
    """Say when an approved version is to be published by itself; another day takes the place of the first."""
    locked = _locked_for_owner(by, version, seen)
    now = at or timezone.now()
    _require_approved(locked)
    if not now < when <= now + LATEST:
        raise NotPossible(_("Choose a day and hour that is still to come, within a year."))
    locked.publish_at, locked.dated_by, locked.dated_at = when, by, now
    locked.not_published_at, locked.not_published_because = None, ""
    locked.save(force_update=True)
    tell(locked, "version.dated", but=by)
    audit.record("version.dated", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def call_off_publishing(*, by: User, version: QuestionnaireVersion) -> QuestionnaireVersion:
    """Take back the day on which a version was to be published; it stays approved."""
    require_admin(by)
    locked = lock_version(version.pk)
    require_state(locked, VersionState.IN_REVIEW, _("It doesn’t wait to be published any more."))
    if locked.publish_at is None:
        raise NotPossible(_("No day is set on which it is published."))
    tell(locked, "version.called_off", but=by)
    locked.publish_at = locked.dated_by = locked.dated_at = None
    locked.save(force_update=True)
    audit.record("version.called_off", by=by, of=locked, number=locked.number)
    return locked


def publish_due(*, at: datetime | None = None) -> list[QuestionnaireVersion]:
    """Publish every version whose day has come, also one whose hour was missed; return what was published.

    It runs within the network's context. One that doesn't fulfil its conditions any more isn't published:
    its page says why, and whoever set the day and wrote it are told.
    """
    now = at or timezone.now()
    waiting = list(QuestionnaireVersion.objects.due_at(now).values_list("pk", flat=True))
    done = [_publish_on_its_day(pk, now) for pk in waiting]
    return [version for version in done if version is not None]


@transaction.atomic
def _publish_on_its_day(pk: UUID, at: datetime) -> QuestionnaireVersion | None:
    """Publish one version whose day has come, or say why it wasn't; None where nothing was published."""
    due = QuestionnaireVersion.objects.due_at(at).filter(pk=pk).defer("document").first()
    if due is None:
        return None
    _lock_questionnaire(due)
    locked = lock_version(due.pk)
    by = locked.dated_by
    if by is None or locked.publish_at is None or locked.publish_at > at:
        return None
    try:
        _require_can_still(locked, by)
        _publish(locked, by, at)
    except NotPossible as refusal:
        _not_published(locked, by, str(refusal), at)
        return None
    outbox.notify(recipient=by.pk, kind="version.published", path=f"/questionnaires/{locked.pk}/")
    tell(locked, "version.published", but=by)
    audit.record("version.released", by=by, of=locked, number=locked.number)
    return locked


def _locked_for_owner(by: User, version: QuestionnaireVersion, seen: str | None) -> QuestionnaireVersion:
    """Lock a version in review for a clinical owner whose work it isn't, and who read this document."""
    require_owner(by)
    _lock_questionnaire(version)
    locked = lock_version(version.pk)
    require_state(locked, VersionState.IN_REVIEW, _("Only a version in review can be published."))
    require_seen(locked, seen)
    require_others_work(locked, by)
    return locked


def _lock_questionnaire(version: QuestionnaireVersion) -> None:
    """Take the questionnaire's row first: two versions published at once wait for each other."""
    Questionnaire.objects.select_for_update().get(pk=version.questionnaire_id)


def _approve(version: QuestionnaireVersion, by: User, unproved: Collection[str], now: datetime) -> None:
    require_ready(version)
    standing = require_proved(version)
    require_settled(version)
    open_ends = unproved_in(standing.report)
    if not set(open_ends) <= set(unproved):
        raise NotReady(_("Say first that you saw what is not proved of its rules."))
    version.approved_rules, version.unproved_seen = standing.rules, list(open_ends)
    version.approved_by, version.approved_at, version.approved_hash = by, now, version.hash
    version.publish_at = version.dated_by = version.dated_at = None
    version.not_published_at, version.not_published_because = None, ""


def _require_approved(version: QuestionnaireVersion) -> None:
    if version.approved_at is None:
        raise NotPossible(_("A clinical owner approves its content first."))
    if later := published_since_approval(version):
        words = _("Version %(n)d was published after this approval. Compare the two, then approve again.")
        raise NotPossible(words % {"n": later.number})


def published_since_approval(version: QuestionnaireVersion) -> QuestionnaireVersion | None:
    """Return the version that came into use after this one was approved: nobody has compared the two."""
    rows = QuestionnaireVersion.objects.filter(
        questionnaire_id=version.questionnaire_id, state=VersionState.PUBLISHED
    )
    return rows.filter(published_at__gt=version.approved_at).defer("document").first()


def _require_can_still(version: QuestionnaireVersion, by: User) -> None:
    """Refuse where whoever set the day couldn't publish today."""
    if not (by.is_active and by.is_admin and by.has_duty(Duty.CLINICAL_OWNER)):
        raise NotPossible(_("%(name)s, who set the day, is no longer a clinical owner.") % {"name": by.name})
    require_others_work(version, by)
    _require_approved(version)


def _not_published(version: QuestionnaireVersion, by: User, why: str, now: datetime) -> None:
    version.publish_at = version.dated_by = version.dated_at = None
    version.not_published_at, version.not_published_because = now, why
    version.save(force_update=True)
    outbox.notify(recipient=by.pk, kind="version.not_published", path=f"/questionnaires/{version.pk}/")
    tell(version, "version.not_published", but=by)
    audit.record("version.not_published", by=by, of=version, number=version.number)


def _publish(version: QuestionnaireVersion, by: User, now: datetime) -> None:
    require_ready(version)
    standing = require_proved(version)
    require_settled(version)
    if not set(unproved_in(standing.report)) <= set(version.unproved_seen):
        raise NotReady(_("Less is proved of its rules than when it was approved. Approve it again."))
    rows = QuestionnaireVersion.objects.select_for_update()
    for before in rows.filter(questionnaire_id=version.questionnaire_id, state=VersionState.PUBLISHED):
        before.state, before.retired_by, before.retired_at = VersionState.RETIRED, by, now
        before.save(update_fields=["state", "retired_by", "retired_at"])
    version.state, version.published_by, version.published_at = VersionState.PUBLISHED, by, now
    version.save(force_update=True)
    Questionnaire.objects.filter(pk=version.questionnaire_id).update(title=version.title)
