"""Questionnaires, their versions, and which of their sources somebody has read."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import User

PERSON = settings.AUTH_USER_MODEL


class VersionState(models.TextChoices):
    """Where a version stands between being written and being retired."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    """Questionnaires by who may see them."""

    def visible_to(self, user: User) -> Self:
        """Keep all for the network's admins, none for others: they meet versions through screenings."""
        return self if user.is_admin else self.none()

    def with_versions(self) -> Self:
        """Fetch the versions, newest first, without their documents."""
        versions = QuestionnaireVersion.objects.defer("document").order_by("-number")
        return self.prefetch_related(models.Prefetch("versions", versions))


class Questionnaire(models.Model):
    """A line of versions that share a key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [UniqueConstraint(fields=["key"], name="questionnaire_keys_are_unique")]

    def __str__(self) -> str:
        return self.title


class QuestionnaireVersionQuerySet(models.QuerySet["QuestionnaireVersion"]):
    """Versions by who may see them."""

    def visible_to(self, user: User) -> Self:
        """Keep all for the network's admins, none for others."""
        return self if user.is_admin else self.none()

    def with_people(self) -> Self:
        """Fetch the questionnaire and everybody who took a step."""
        wrote = ("created_by", "edited_by", "submitted_by")
        decided = ("approved_by", "dated_by", "published_by", "retired_by")
        rows = self.select_related("questionnaire", "made_from", *wrote, *decided)
        return rows.defer("made_from__document")

    def due_at(self, moment: datetime) -> Self:
        """Keep those whose day and hour to be published has come, the one that waits longest first."""
        waiting = self.filter(state=VersionState.IN_REVIEW, publish_at__lte=moment)
        return waiting.order_by("publish_at", "number")


def _approval() -> list[CheckConstraint]:
    """Return what holds of an approval, of a day to publish, and of what a version was made from."""
    return [
        CheckConstraint(
            condition=Q(approved_by__isnull=True, approved_at__isnull=True, approved_hash="")
            | Q(approved_by__isnull=False, approved_at__isnull=False, approved_hash=F("hash")),
            name="an_approval_says_who_and_when_of_this_document",
        ),
        CheckConstraint(
            condition=Q(approved_by__isnull=True)
            | (
                ~Q(approved_by=F("edited_by"))
                & ~Q(approved_by=F("submitted_by"))
                & ~Q(editors__contains=[F("approved_by")])
            ),
            name="nobody_approves_their_own_edits",
        ),
        CheckConstraint(
            condition=Q(publish_at__isnull=True, dated_by__isnull=True, dated_at__isnull=True)
            | Q(publish_at__isnull=False, dated_by__isnull=False, dated_at__isnull=False),
            name="a_day_to_publish_says_who_and_when",
        ),
        CheckConstraint(
            condition=Q(publish_at__isnull=True) | Q(approved_at__isnull=False),
            name="only_an_approved_version_waits_for_its_day",
        ),
        CheckConstraint(
            condition=Q(not_published_at__isnull=True, not_published_because="")
            | (Q(not_published_at__isnull=False) & ~Q(not_published_because="")),
            name="what_was_not_published_says_why_and_when",
        ),
        CheckConstraint(
            condition=Q(made_from__isnull=True, restores=False)
            | (Q(made_from__isnull=False) & ~Q(made_from=F("id"))),
            name="a_version_is_made_from_another",
        ),
    ]


class QuestionnaireVersion(models.Model):
    """One document of a questionnaire; a published one never changes again, but for being retired.

    An approval is of one document, by its hash: it falls when the document changes or goes back to draft.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    document = models.TextField()
    hash = models.CharField(max_length=80)
    state = models.CharField(max_length=20, choices=VersionState.choices, default=VersionState.DRAFT)
    note = models.TextField(blank=True)
    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    edited_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    # Everybody whose words the document may hold: none of them publishes it.
    editors = ArrayField(models.UUIDField(), default=list)
    submitted_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    # The document and its rules that were approved, and which of the rules' results nobody could prove.
    approved_hash = models.CharField(max_length=80, blank=True)
    approved_rules = models.CharField(max_length=80, blank=True)
    unproved_seen = ArrayField(models.CharField(max_length=300), default=list)
    # The day and hour to publish it, and who set it.
    publish_at = models.DateTimeField(null=True)
    dated_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    dated_at = models.DateTimeField(null=True)
    # Why it wasn't published when its day had come.
    not_published_at = models.DateTimeField(null=True)
    not_published_because = models.TextField(blank=True)
    published_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    published_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    retired_at = models.DateTimeField(null=True)
    # The version whose document this one began with; `restores` where it is to be used again as it was.
    made_from = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    restores = models.BooleanField(default=False)

    objects = QuestionnaireVersionQuerySet.as_manager()

    class Meta:
        ordering = ["questionnaire", "-number"]
        constraints = [
            UniqueConstraint(fields=["questionnaire", "number"], name="version_numbers_are_unique"),
            UniqueConstraint(
                fields=["questionnaire"],
                condition=Q(state=VersionState.PUBLISHED),
                name="a_questionnaire_has_one_published_version",
            ),
            CheckConstraint(
                condition=Q(submitted_by__isnull=True, submitted_at__isnull=True)
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="a_submission_says_who_and_when",
            ),
            CheckConstraint(
                condition=Q(published_by__isnull=True, published_at__isnull=True)
                | Q(published_by__isnull=False, published_at__isnull=False),
                name="a_publication_says_who_and_when",
            ),
            CheckConstraint(
                condition=Q(retired_by__isnull=True, retired_at__isnull=True)
                | Q(retired_by__isnull=False, retired_at__isnull=False),
                name="a_retirement_says_who_and_when",
            ),
            CheckConstraint(
                condition=Q(
                    state=VersionState.DRAFT,
                    submitted_at__isnull=True,
                    approved_at__isnull=True,
                    published_at__isnull=True,
                )
                | Q(state=VersionState.IN_REVIEW, submitted_at__isnull=False, published_at__isnull=True)
                | Q(
                    state__in=[VersionState.PUBLISHED, VersionState.RETIRED],
                    approved_at__isnull=False,
                    published_at__isnull=False,
                ),
                name="a_version_has_what_its_state_says",
            ),
            CheckConstraint(
                condition=Q(state=VersionState.RETIRED, retired_at__isnull=False)
                | (~Q(state=VersionState.RETIRED) & Q(retired_at__isnull=True)),
                name="only_a_retired_version_is_retired",
            ),
            CheckConstraint(
                condition=Q(published_by__isnull=True)
                | (
                    ~Q(published_by=F("edited_by"))
                    & ~Q(published_by=F("submitted_by"))
                    & ~Q(editors__contains=[F("published_by")])
                ),
                name="nobody_publishes_their_own_edits",
            ),
            *_approval(),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def is_approved(self) -> bool:
        """Whether a clinical owner approved it and it waits to be published."""
        return self.state == VersionState.IN_REVIEW and self.approved_at is not None

    def is_work_of(self, user: User) -> bool:
        """Return whether this person wrote in the document or sent it to review."""
        return user.pk in (*self.editors, self.edited_by_id, self.submitted_by_id)


class SourceVerification(models.Model):
    """Somebody has read a source and found that it says what the document says it does.

    It is tied to the words of the source, so a source that is worded anew has to be verified anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="verifications")
    source = models.CharField(max_length=100)
    words = models.CharField(max_length=80)
    verified_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["questionnaire", "source", "words"], name="a_source_is_verified_once"),
        ]

    def __str__(self) -> str:
        return self.source
