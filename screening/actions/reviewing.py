"""What admins say to each other about a version: comments in their places, replies, and settling them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit, outbox
from screening.actions.governing import require_admin, tell
from screening.actions.locks import NotPossible, lock_version, required_words
from screening.catalog import definition_of_version
from screening.comments import has_place, may_settle
from screening.models import Place, QuestionnaireVersion, ReviewComment, VersionState

PAGE = "review/"


@transaction.atomic
def comment(
    *,
    by: User,
    version: QuestionnaireVersion,
    text: str,
    place: str = Place.VERSION,
    key: str = "",
    must_be_settled: bool = False,
    at: datetime | None = None,
) -> ReviewComment:
    """Say something about a version, or about one place in it.

    One that `must_be_settled` stands in the way of approving the version until it is.
    """
    require_admin(by)
    locked = _lock_open(version)
    words = required_words(text, _("Write what you want to say."))
    if not has_place(definition_of_version(locked), place, key):
        raise NotPossible(_("What you comment on isn’t in this version any more."))
    said = ReviewComment.objects.create(
        version=locked,
        place=place,
        key=key,
        text=words,
        must_be_settled=must_be_settled,
        by=by,
        at=at or timezone.now(),
    )
    tell(locked, "version.commented", but=by, page=PAGE)
    audit.record("version.commented", by=by, of=locked, number=locked.number)
    return said


@transaction.atomic
def reply(*, by: User, comment: ReviewComment, text: str, at: datetime | None = None) -> ReviewComment:
    """Answer a comment; whoever spoke in its thread and whoever wrote the version are told."""
    require_admin(by)
    locked = _lock_open(comment.version)
    words = required_words(text, _("Write what you want to say."))
    first = comment.answers_to or comment
    said = ReviewComment.objects.create(
        version=locked,
        place=first.place,
        key=first.key,
        answers_to=first,
        text=words,
        by=by,
        at=at or timezone.now(),
    )
    spoke = {first.by_id, *first.replies.values_list("by_id", flat=True)} - {by.pk, *locked.editors}
    for person in User.objects.active().filter(pk__in=spoke).order_by("pk"):
        outbox.notify(recipient=person.pk, kind="version.replied", path=f"/questionnaires/{locked.pk}/{PAGE}")
    tell(locked, "version.replied", but=by, page=PAGE)
    audit.record("version.replied", by=by, of=locked, number=locked.number)
    return said


@transaction.atomic
def settle(*, by: User, comment: ReviewComment, at: datetime | None = None) -> ReviewComment:
    """Say that what a comment asked for is done.

    One that has to be settled is settled by whoever wrote it, or by a clinical owner whose work the version
    isn't: its author alone can't clear the way.
    """
    require_admin(by)
    locked = _lock_thread(comment)
    if not may_settle(by, locked):
        raise NotPossible(
            _("It has to be settled by %(name)s, or by a clinical owner who didn’t write in the version.")
            % {"name": locked.by.name}
        )
    if locked.settled_at is None:
        locked.settled_by, locked.settled_at = by, at or timezone.now()
        locked.save(update_fields=["settled_by", "settled_at"])
    audit.record("version.comment_settled", by=by, of=locked.version, number=locked.version.number)
    return locked


@transaction.atomic
def open_again(*, by: User, comment: ReviewComment) -> ReviewComment:
    """Say that a comment isn't settled after all."""
    require_admin(by)
    locked = _lock_thread(comment)
    locked.settled_by = locked.settled_at = None
    locked.save(update_fields=["settled_by", "settled_at"])
    audit.record("version.comment_reopened", by=by, of=locked.version, number=locked.version.number)
    return locked


def _lock_open(version: QuestionnaireVersion) -> QuestionnaireVersion:
    locked = lock_version(version.pk)
    if locked.state not in (VersionState.DRAFT, VersionState.IN_REVIEW):
        raise NotPossible(
            _("A published version never changes, so it takes no comments. Start a draft from it.")
        )
    return locked


def _lock_thread(comment: ReviewComment) -> ReviewComment:
    """Lock the version first, then what was said first in the thread."""
    version = _lock_open(comment.version)
    rows = ReviewComment.objects.select_related("by").select_for_update(of=("self",))
    locked = rows.get(pk=comment.answers_to_id or comment.pk)
    locked.version = version
    return locked
