"""Writing versions of questionnaires, sending them to review and back, and retiring them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit, outbox
from screening.actions.drafts import add_step, begin, put_document, refuse_changed_kinds
from screening.actions.governing import (
    publishers_of,
    require_admin,
    require_owner,
    require_ready,
    require_seen,
    require_state,
    tell,
)
from screening.actions.locks import NotPossible, lock_version
from screening.actions.verifying import request_verification
from screening.catalog import definition_of, words_of
from screening.engine import Definition, DocumentProblems, parse_text
from screening.models import (
    Questionnaire,
    QuestionnaireVersion,
    RevisionKind,
    SourceVerification,
    VersionState,
)
from screening.verifications import verification_of


@transaction.atomic
def create_draft(*, by: User, document: str | bytes, at: datetime | None = None) -> QuestionnaireVersion:
    """Store a document as the next draft of its questionnaire; a bad one raises DocumentProblems."""
    require_admin(by)
    now = at or timezone.now()
    version = _next_version(by, parse_text(document), now)
    version.save(force_insert=True)
    begin(version, by, now)
    audit.record("version.drafted", by=by, of=version, number=version.number)
    return version


@transaction.atomic
def draft_from(
    *, by: User, version: QuestionnaireVersion, restores: bool = False, at: datetime | None = None
) -> QuestionnaireVersion:
    """Begin a draft with the document of another version, which stays as it is.

    `restores`: the version was in use once and is to be used again. Whoever wrote in a version that was never
    published wrote in its copy too.
    """
    require_admin(by)
    source = lock_version(version.pk)
    if restores and source.published_at is None:
        raise NotPossible(_("Only a version that was published can be restored."))
    try:
        definition = parse_text(source.document)
    except DocumentProblems:
        raise NotPossible(_("Its document can’t be read any more, so no draft can begin with it.")) from None
    now = at or timezone.now()
    copy = _next_version(by, definition, now)
    copy.made_from, copy.restores = source, restores
    if source.published_at is None:
        copy.editors = list(dict.fromkeys([*source.editors, by.pk]))
    copy.save(force_insert=True)
    begin(copy, by, now)
    audit.record("version.copied", by=by, of=copy, number=copy.number, source=source.number)
    return copy


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
    require_admin(by)
    definition = parse_text(document)
    locked = lock_version(version.pk)
    require_state(locked, VersionState.DRAFT, _("Only a draft can be changed."))
    require_seen(locked, seen)
    if definition.key != locked.questionnaire.key:
        raise NotPossible(
            _("The document's key is “%(key)s”, but this is a draft of “%(own)s”.")
            % {"key": definition.key, "own": locked.questionnaire.key}
        )
    words = _("put another document in its place")
    add_step(locked, definition, by, at or timezone.now(), kind=RevisionKind.CHANGE, words=words)
    audit.record("version.edited", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def submit_for_review(
    *, by: User, version: QuestionnaireVersion, note: str = "", at: datetime | None = None
) -> QuestionnaireVersion:
    """Ask the clinical owners to look at a draft; one that check or a vignette objects to isn't ready."""
    require_admin(by)
    locked = lock_version(version.pk)
    require_state(locked, VersionState.DRAFT, _("Only a draft can be sent to review."))
    require_ready(locked)
    locked.state, locked.note = VersionState.IN_REVIEW, note.strip()
    locked.submitted_by, locked.submitted_at = by, at or timezone.now()
    locked.save(force_update=True)
    _have_rules_verified(locked, by)
    for owner in publishers_of(locked):
        outbox.notify(recipient=owner.pk, kind="version.submitted", path=f"/questionnaires/{locked.pk}/")
    audit.record("version.submitted", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def return_to_draft(*, by: User, version: QuestionnaireVersion, note: str = "") -> QuestionnaireVersion:
    """Give a version back to its author with a word why; an approval and a day to publish it fall."""
    require_admin(by)
    locked = lock_version(version.pk)
    require_state(locked, VersionState.IN_REVIEW, _("Only a version in review can be sent back."))
    locked.state, locked.note = VersionState.DRAFT, note.strip()
    tell(locked, "version.returned", but=by)
    locked.submitted_by = locked.submitted_at = None
    _withdraw_approval(locked)
    locked.save(force_update=True)
    audit.record("version.returned", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def retire(*, by: User, version: QuestionnaireVersion, at: datetime | None = None) -> QuestionnaireVersion:
    """Offer a published version no longer; screenings made with it stay as they are."""
    require_admin(by)
    locked = lock_version(version.pk)
    require_state(locked, VersionState.PUBLISHED, _("Only a published version can be retired."))
    locked.state, locked.retired_by, locked.retired_at = VersionState.RETIRED, by, at or timezone.now()
    locked.save(force_update=True)
    audit.record("version.retired", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def verify_source(
    *, by: User, version: QuestionnaireVersion, source: str, at: datetime | None = None
) -> SourceVerification:
    """Record that a clinical owner has read a source and found what the document says it says."""
    require_owner(by)
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


def _next_version(by: User, definition: Definition, now: datetime) -> QuestionnaireVersion:
    questionnaire, _made = Questionnaire.objects.select_for_update().get_or_create(
        key=definition.key, defaults={"title": definition.title, "created_by": by, "created_at": now}
    )
    last = questionnaire.versions.aggregate(last=Max("number"))["last"] or 0
    version = QuestionnaireVersion(
        questionnaire=questionnaire, number=last + 1, created_by=by, created_at=now
    )
    refuse_changed_kinds(version, definition)
    put_document(version, definition, by, now)
    return version


def _have_rules_verified(version: QuestionnaireVersion, by: User) -> None:
    """Begin the verification that approving asks for, where it isn't done already."""
    standing = verification_of(version)
    has_other_rules = standing is not None and standing.before not in ("", standing.rules)
    if standing is not None and (standing.report is None or (has_other_rules and not standing.is_compared)):
        request_verification(by=by, version=version)


def _withdraw_approval(version: QuestionnaireVersion) -> None:
    version.approved_by = version.approved_at = None
    version.approved_hash, version.approved_rules, version.unproved_seen = "", "", []
    version.publish_at = version.dated_by = version.dated_at = None
    version.not_published_at, version.not_published_because = None, ""
