"""Changing a draft step by step: nothing of anybody's is overwritten, and each step can be undone."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from privacy import audit
from screening import catalog
from screening.actions.locks import ChangedMeanwhile, NotPossible, lock_version
from screening.editing.documents import Document
from screening.editing.merging import Collision, merge
from screening.editing.parts import part_changed
from screening.editing.published import kind_problems
from screening.engine import Definition, DocumentProblems, canonical, render
from screening.models import (
    MOST_REVISIONS,
    DraftRevision,
    QuestionnaireVersion,
    RevisionKind,
    UnfinishedInput,
    VersionState,
)


class EditsCollide(ChangedMeanwhile):
    """Somebody else changed the same thing meanwhile; `collisions` says what, with both values."""

    def __init__(self, sentence: str, collisions: Sequence[Collision] = ()) -> None:
        super().__init__(sentence)
        self.collisions = tuple(collisions)


@transaction.atomic
def change_draft(
    *,
    by: User,
    version: QuestionnaireVersion,
    seen: str,
    document: Document,
    words: str,
    at: datetime | None = None,
) -> QuestionnaireVersion:
    """Store a changed document of a draft.

    `seen` is the hash of the document that the change was made from. Where the draft has moved on, the change
    is put together with what others did; EditsCollide where both touched the same thing. `words` say what was
    done. A document that can't be read raises DocumentProblems.
    """
    locked = _locked_draft(by, version)
    if seen != locked.hash:
        document = _put_together(locked, seen, document)
    definition = catalog.definition_of_document(document)
    if definition.hash == locked.hash:
        return locked
    add_step(locked, definition, by, at or timezone.now(), kind=RevisionKind.CHANGE, words=words)
    audit.record("version.edited", by=by, of=locked, number=locked.number)
    return locked


@transaction.atomic
def undo_change(
    *, by: User, version: QuestionnaireVersion, number: int, at: datetime | None = None
) -> QuestionnaireVersion:
    """Take back one step of a draft, and only that: what was done since to other things stays."""
    locked = _take_back(by, version, number, RevisionKind.UNDO, at or timezone.now())
    audit.record("version.edited", by=by, of=locked, number=locked.number, undone=number)
    return locked


@transaction.atomic
def redo_change(
    *, by: User, version: QuestionnaireVersion, number: int, at: datetime | None = None
) -> QuestionnaireVersion:
    """Do again what an undo took back; `number` is the undo's."""
    locked = _take_back(by, version, number, RevisionKind.REDO, at or timezone.now())
    audit.record("version.edited", by=by, of=locked, number=locked.number, done_again=number)
    return locked


@transaction.atomic
def keep_unfinished(
    *,
    by: User,
    version: QuestionnaireVersion,
    place: str,
    part: str,
    fields: Mapping[str, Sequence[str]],
    at: datetime | None = None,
) -> UnfinishedInput:
    """Keep what somebody typed at a place of a draft that can't be stored in it yet; the newest counts."""
    locked = _locked_draft(by, version)
    kept, _made = UnfinishedInput.objects.update_or_create(
        by=by,
        version=locked,
        place=place[:300],
        defaults={
            "part": part[:300],
            "fields": {name: list(values) for name, values in fields.items()},
            "at": at or timezone.now(),
        },
    )
    audit.record("version.begun", by=by, of=locked, number=locked.number)
    return kept


@transaction.atomic
def drop_unfinished(*, by: User, version: QuestionnaireVersion, place: str) -> None:
    """Forget what somebody typed at a place of a draft."""
    locked = _locked_draft(by, version)
    UnfinishedInput.objects.filter(by=by, version=locked, place=place[:300]).delete()
    audit.record("version.begun", by=by, of=locked, number=locked.number, dropped=True)


def begin(version: QuestionnaireVersion, by: User, now: datetime) -> None:
    """Keep the document that a draft starts with, as the first of its steps."""
    words = _("started this draft")
    _keep(version, 1, RevisionKind.START, by, now, words=words)


def add_step(
    locked: QuestionnaireVersion,
    definition: Definition,
    by: User,
    now: datetime,
    *,
    kind: RevisionKind,
    words: str,
    takes_back: int | None = None,
) -> None:
    """Give a locked draft its new document, and keep the step."""
    document = render(definition)
    refuse_changed_kinds(locked, definition)
    last = locked.revisions.aggregate(last=Max("number"))["last"]
    if last is None:
        last = 1
        begin(locked, locked.edited_by, locked.edited_at)
    part = part_changed(json.loads(locked.document), document)
    put_document(locked, definition, by, now)
    locked.save(force_update=True)
    _keep(locked, last + 1, kind, by, now, words=words, part=part, takes_back=takes_back)
    locked.revisions.filter(number__lte=last + 1 - MOST_REVISIONS).delete()


def refuse_changed_kinds(version: QuestionnaireVersion, definition: Definition) -> None:
    """Refuse a document in which a published key has become something else."""
    problems = kind_problems(render(definition), catalog.published_keys(version.questionnaire_id))
    if problems:
        raise DocumentProblems(problems)


def put_document(version: QuestionnaireVersion, definition: Definition, by: User, now: datetime) -> None:
    """Give a version a document; it isn't saved yet."""
    version.title = definition.title
    version.document = canonical(render(definition))
    version.hash = definition.hash
    version.edited_by, version.edited_at = by, now
    version.editors = list(dict.fromkeys([*version.editors, by.pk]))


def _keep(
    version: QuestionnaireVersion, number: int, kind: RevisionKind, by: User, now: datetime, **more: Any
) -> None:
    words = more.pop("words")[:300]
    part = more.pop("part", "")[:300]
    DraftRevision.objects.create(
        version=version,
        number=number,
        kind=kind,
        document=version.document,
        hash=version.hash,
        words=words,
        part=part,
        by=by,
        at=now,
        **more,
    )


def _locked_draft(by: User, version: QuestionnaireVersion) -> QuestionnaireVersion:
    if not by.is_admin:
        raise PermissionDenied
    locked = lock_version(version.pk)
    if locked.state != VersionState.DRAFT:
        raise NotPossible(_("Only a draft can be changed."))
    return locked


def _put_together(locked: QuestionnaireVersion, seen: str, document: Document) -> Document:
    """Put a change of an older document together with what became of the draft since."""
    base = locked.revisions.filter(hash=seen).order_by("-number").first()
    if base is None:
        raise ChangedMeanwhile(
            _("%(name)s changed this version after you opened this page. Read it first.")
            % {"name": locked.edited_by.name}
        )
    merged = merge(json.loads(base.document), document, json.loads(locked.document))
    words = _("%(name)s changed the same thing after you opened this page.") % {"name": locked.edited_by.name}
    if merged.document is None:
        raise EditsCollide(words, merged.collisions)
    try:
        catalog.definition_of_document(merged.document)
    except DocumentProblems as wrong:
        # What each wrote can be read; only both together can't, or what this person wrote can't either.
        catalog.definition_of_document(document)
        raise EditsCollide(f"{words} {wrong.problems[0].problem}") from wrong
    return merged.document


def _take_back(
    by: User, version: QuestionnaireVersion, number: int, kind: RevisionKind, now: datetime
) -> QuestionnaireVersion:
    locked = _locked_draft(by, version)
    steps = {each.number: each for each in locked.revisions.filter(number__in=(number, number - 1))}
    if steps.keys() != {number, number - 1}:
        raise NotPossible(_("That step is too long ago to be undone."))
    step = steps[number]
    if (step.kind == RevisionKind.UNDO) != (kind == RevisionKind.REDO) or step.kind == RevisionKind.START:
        raise NotPossible(_("This step can't be taken back."))
    if locked.revisions.filter(takes_back=number).exists():
        raise ChangedMeanwhile(_("“%(words)s” is undone already.") % {"words": step.words})
    before, after = json.loads(steps[number - 1].document), json.loads(step.document)
    merged = merge(after, before, json.loads(locked.document))
    collide = _("What “%(words)s” changed was changed again since. Undo that first.") % {"words": step.words}
    if merged.document is None:
        raise EditsCollide(collide, merged.collisions)
    try:
        definition = catalog.definition_of_document(merged.document)
    except DocumentProblems as wrong:
        raise EditsCollide(collide) from wrong
    add_step(locked, definition, by, now, kind=kind, words=step.words, takes_back=number)
    return locked
