"""Writing, reviewing, publishing and retiring versions of questionnaires."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Duty, Kind, User
from privacy import audit, outbox
from screening.actions.locks import ChangedMeanwhile, NotPossible, lock_version
from screening.catalog import definition_of, words_of
from screening.engine import Definition, canonical, parse_text, render
from screening.models import Questionnaire, QuestionnaireVersion, SourceVerification, VersionState
from screening.review import review_of


class NotReady(NotPossible):
    """The document's checks or vignettes object to it; the version's page says which and why."""


@transaction.atomic
def create_draft(*, by: User, document: str | bytes, at: datetime | None = None) -> QuestionnaireVersion:
    """Store a document as the next draft of its questionnaire; a bad one raises DocumentProblems."""
    _require_admin(by)
    definition = parse_text(document)
    now = at or timezone.now()
    questionnaire, _made = Questionnaire.objects.select_for_update().get_or_create(
        key=definition.key, defaults={"title": definition.title, "created_by": by, "created_at": now}
    )
    last = questionnaire.versions.aggregate(last=Max("number"))["last"] or 0
    version = QuestionnaireVersion(
        questionnaire=questionnaire,
        number=last + 1,
        created_by=by,
        created_at=now,
    )
    _write(version, definition, by, now)
    version.save(force_insert=True)
    audit.record("version.drafted", by=by, of=version, number=version.number)
    return version


@transaction.atomic
def replace_draft_document(
    *,
    by: User,
    version: QuestionnaireVersion,
    document: str | bytes,
    seen: str | None = None,
    at: datetime | None = None,
) -> QuestionnaireVersion:
    """Put another document in a draft's place; `seen` is the hash of the one that this person replaces."""
    _require_admin(by)
    definition = parse_text(document)
    locked = lock_version(version.pk)
    _require_state(locked, VersionState.DRAFT, _("Only a draft can be changed."))
    _require_seen(locked, seen)
    if definition.key != locked.questionnaire.key:
        raise NotPossible(
            _("The document's key is “%(key)s”, but this is a draft of “%(own)s”.")
            % {"key": definition.key, "own": locked.questionnaire.key}
        )
    _write(locked, definition, by, at or timezone.now())
    locked.save(force_update=True)
    audit.record("version.edited", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def submit_for_review(
    *, by: User, version: QuestionnaireVersion, note: str = "", at: datetime | None = None
) -> QuestionnaireVersion:
    """Ask the clinical owners to look at a draft; one that check or a vignette objects to isn't ready."""
    _require_admin(by)
    locked = lock_version(version.pk)
    _require_state(locked, VersionState.DRAFT, _("Only a draft can be sent to review."))
    _require_ready(locked)
    locked.state, locked.note = VersionState.IN_REVIEW, note.strip()
    locked.submitted_by, locked.submitted_at = by, at or timezone.now()
    locked.save(force_update=True)
    for owner in publishers_of(locked):
        outbox.notify(recipient=owner.pk, kind="version.submitted", path=f"/questionnaires/{locked.pk}/")
    audit.record("version.submitted", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def return_to_draft(*, by: User, version: QuestionnaireVersion, note: str = "") -> QuestionnaireVersion:
    """Give a version back to its author with a word why."""
    _require_admin(by)
    locked = lock_version(version.pk)
    _require_state(locked, VersionState.IN_REVIEW, _("Only a version in review can be sent back."))
    locked.state, locked.note = VersionState.DRAFT, note.strip()
    locked.submitted_by = locked.submitted_at = None
    locked.save(force_update=True)
    audit.record("version.returned", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def approve_and_publish(
    *, by: User, version: QuestionnaireVersion, seen: str | None = None, at: datetime | None = None
) -> QuestionnaireVersion:
    """Publish a version somebody else wrote and submitted; the one published before is retired.

    Only a clinical owner may, and never their own edits. `seen` is the hash of the document that was read.
    """
    _require_admin(by)
    if not by.has_duty(Duty.CLINICAL_OWNER):
        raise PermissionDenied
    # The questionnaire's row first: two versions published at once wait for each other.
    Questionnaire.objects.select_for_update().get(pk=version.questionnaire_id)
    locked = lock_version(version.pk)
    _require_state(locked, VersionState.IN_REVIEW, _("Only a version in review can be published."))
    _require_seen(locked, seen)
    if locked.is_work_of(by):
        raise NotPossible(_("Somebody else publishes: nobody approves their own edits."))
    _require_ready(locked)
    now = at or timezone.now()
    _retire_published(locked, by, now)
    locked.state, locked.published_by, locked.published_at = VersionState.PUBLISHED, by, now
    locked.save(force_update=True)
    Questionnaire.objects.filter(pk=locked.questionnaire_id).update(title=locked.title)
    audit.record("version.published", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def retire(*, by: User, version: QuestionnaireVersion, at: datetime | None = None) -> QuestionnaireVersion:
    """Offer a published version no longer; screenings made with it stay as they are."""
    _require_admin(by)
    locked = lock_version(version.pk)
    _require_state(locked, VersionState.PUBLISHED, _("Only a published version can be retired."))
    locked.state, locked.retired_by, locked.retired_at = VersionState.RETIRED, by, at or timezone.now()
    locked.save(force_update=True)
    audit.record("version.retired", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def verify_source(
    *, by: User, version: QuestionnaireVersion, source: str, at: datetime | None = None
) -> SourceVerification:
    """Record that a clinical owner has read a source and found what the document says it says."""
    _require_admin(by)
    if not by.has_duty(Duty.CLINICAL_OWNER):
        raise PermissionDenied
    locked = lock_version(version.pk)
    words = words_of(definition_of(locked.pk).source(source))
    verification, made = SourceVerification.objects.get_or_create(
        questionnaire_id=locked.questionnaire_id,
        source=source,
        words=words,
        defaults={"verified_by": by, "verified_at": at or timezone.now()},
    )
    if made:
        audit.record("source.verified", by=by, of=locked, source=source)
    return verification


def publishers_of(version: QuestionnaireVersion) -> list[User]:
    """Return the clinical owners who may publish the version: those whose work it isn't."""
    owners = User.objects.active().filter(
        organization__kind=Kind.NETWORK, duties__contains=[Duty.CLINICAL_OWNER]
    )
    return [owner for owner in owners.order_by("name") if not version.is_work_of(owner)]


def _require_admin(by: User) -> None:
    if not by.is_admin:
        raise PermissionDenied


def _require_state(version: QuestionnaireVersion, state: VersionState, sentence: str) -> None:
    if version.state != state:
        raise NotPossible(sentence)


def _require_seen(version: QuestionnaireVersion, seen: str | None) -> None:
    if seen is not None and seen != version.hash:
        raise ChangedMeanwhile(
            _("%(name)s put another document here after you opened this page. Read it first.")
            % {"name": version.edited_by.name}
        )


def _require_ready(version: QuestionnaireVersion) -> None:
    if not review_of(version).is_ready:
        raise NotReady(_("What the checks and vignettes show needs work first."))


def _retire_published(version: QuestionnaireVersion, by: User, now: datetime) -> None:
    rows = QuestionnaireVersion.objects.select_for_update()
    for published in rows.filter(questionnaire_id=version.questionnaire_id, state=VersionState.PUBLISHED):
        published.state, published.retired_by, published.retired_at = VersionState.RETIRED, by, now
        published.save(update_fields=["state", "retired_by", "retired_at"])


def _write(version: QuestionnaireVersion, definition: Definition, by: User, now: datetime) -> None:
    version.title = definition.title
    version.document = canonical(render(definition))
    version.hash = definition.hash
    version.edited_by, version.edited_at = by, now
    version.editors = list(dict.fromkeys([*version.editors, by.pk]))
