"""What became of a draft step by step, so that each step can be undone, and what somebody began to type."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from screening.models.questionnaires import PERSON, QuestionnaireVersion

# How many steps of a draft are kept to be undone.
MOST_REVISIONS = 200


class RevisionKind(models.TextChoices):
    """How a draft came to a document."""

    START = "start", _("Started")
    CHANGE = "change", _("Changed")
    UNDO = "undo", _("Undone")
    REDO = "redo", _("Done again")


class DraftRevisionQuerySet(models.QuerySet["DraftRevision"]):
    """Steps of drafts, by who may see them."""

    def visible_to(self, user: User) -> Self:
        """Keep all for the network's admins, none for others."""
        return self if user.is_admin else self.none()


class DraftRevision(models.Model):
    """One step of a draft: the document as it was after it, and what was done in a few words.

    An undo and a redo are steps too: `takes_back` is the number of the step before which they put the draft.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=RevisionKind.choices)
    takes_back = models.PositiveIntegerField(null=True)
    document = models.TextField()
    hash = models.CharField(max_length=80)
    words = models.CharField(max_length=300)
    part = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DraftRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["version", "-number"]
        constraints = [
            UniqueConstraint(fields=["version", "number"], name="revision_numbers_are_unique"),
            CheckConstraint(
                condition=Q(kind__in=[RevisionKind.UNDO, RevisionKind.REDO], takes_back__isnull=False)
                | Q(kind__in=[RevisionKind.START, RevisionKind.CHANGE], takes_back__isnull=True),
                name="only_an_undo_or_redo_takes_a_step_back",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class UnfinishedInputQuerySet(models.QuerySet["UnfinishedInput"]):
    """Unfinished input, by who may see it."""

    def visible_to(self, user: User) -> Self:
        """Keep all for the network's admins, none for others."""
        return self if user.is_admin else self.none()


class UnfinishedInput(models.Model):
    """What somebody typed on a page of the builder that can't be part of the draft yet.

    It is no client's data: only admins write here, about questionnaires. `part` is what others read.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(QuestionnaireVersion, models.CASCADE, related_name="unfinished")
    place = models.CharField(max_length=300)
    part = models.CharField(max_length=300)
    fields: Any = models.JSONField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = UnfinishedInputQuerySet.as_manager()

    class Meta:
        ordering = ["version", "place"]
        constraints = [
            UniqueConstraint(
                fields=["by", "version", "place"], name="one_unfinished_input_a_person_and_place"
            ),
        ]

    def __str__(self) -> str:
        return self.part
