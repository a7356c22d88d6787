"""What admins say to each other about a version: comments in their places, replies, and what is settled."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from screening.models.questionnaires import QuestionnaireVersion

PERSON = settings.AUTH_USER_MODEL


class Place(models.TextChoices):
    """What a comment can be about."""

    VERSION = "version", _("The whole version")
    SECTION = "section", _("Section")
    QUESTION = "question", _("Question")
    SCORE = "score", _("Score")
    INDICATION = "indication", _("Indication")
    CRITERION = "criterion", _("Criterion")
    CONSIDERATION = "consideration", _("Consideration")
    SOURCE = "source", _("Source")
    VIGNETTE = "vignette", _("Vignette")


class ReviewCommentQuerySet(models.QuerySet["ReviewComment"]):
    """Comments by who may see them, and which of them wait for something."""

    def visible_to(self, user: User) -> Self:
        """Keep all for the network's admins, none for others."""
        return self if user.is_admin else self.none()

    def still_open(self) -> Self:
        """Keep threads that nobody has settled."""
        return self.filter(answers_to__isnull=True, settled_at__isnull=True)

    def in_the_way(self) -> Self:
        """Keep open threads that have to be settled before their version is approved."""
        return self.still_open().filter(must_be_settled=True)


class ReviewComment(models.Model):
    """One thing said about a version, in its place, or a reply to it. It holds no client's data.

    `key` names the place within the version: a criterion's is its indication's key, a dot and its own.
    What was said stays as it was said; that it is settled may be said and taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="comments")
    place = models.CharField(max_length=20, choices=Place.choices, default=Place.VERSION)
    key = models.CharField(max_length=201, blank=True)
    answers_to = models.ForeignKey("self", models.PROTECT, related_name="replies", null=True)
    text = models.TextField()
    must_be_settled = models.BooleanField(default=False)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField(null=True)

    objects = ReviewCommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["version", "place", "key"], name="comments_by_their_place")]
        constraints = [
            CheckConstraint(condition=Q(place__in=Place.values), name="a_comment_has_a_known_place"),
            CheckConstraint(condition=~Q(text=""), name="a_comment_says_something"),
            CheckConstraint(
                condition=(Q(place=Place.VERSION) & Q(key="")) | (~Q(place=Place.VERSION) & ~Q(key="")),
                name="a_comment_names_its_place",
            ),
            CheckConstraint(
                condition=Q(settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="a_settled_comment_says_by_whom_and_when",
            ),
            CheckConstraint(
                condition=Q(answers_to__isnull=True) | Q(settled_at__isnull=True, must_be_settled=False),
                name="a_reply_is_settled_with_its_comment",
            ),
            CheckConstraint(
                condition=Q(answers_to__isnull=True) | ~Q(answers_to=F("id")),
                name="a_comment_does_not_answer_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.key}".strip()

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody to settle it."""
        return self.settled_at is None
