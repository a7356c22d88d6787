"""What therapists report about a question's words: which question of which version, and a reason."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from screening.models.questionnaires import QuestionnaireVersion

PERSON = settings.AUTH_USER_MODEL


class ReportReason(models.TextChoices):
    """What is wrong with a question: from a list, so that nothing about a client can be written."""

    UNCLEAR = "unclear", _("The wording is unclear")
    ANSWER_MISSING = "answer_missing", _("An answer is missing")
    OUTDATED = "outdated", _("It is outdated")
    UPSETTING = "upsetting", _("It upsets clients")
    WORDING_ERROR = "wording_error", _("A typing or translation error")
    ASKED_WRONGLY = "asked_wrongly", _("It is asked when it shouldn’t be")
    NOT_ASKED = "not_asked", _("It isn’t asked when it should be")
    CLINICALLY_WRONG = "clinically_wrong", _("Its clinical content is wrong")
    OTHER = "other", _("Something else: ask me")


class QuestionReportQuerySet(models.QuerySet["QuestionReport"]):
    """Reports by who may see them."""

    def visible_to(self, user: User) -> Self:
        """Keep all for the network's admins, and for others their own."""
        return self if user.is_admin else self.filter(by_id=user.pk)

    def waiting(self) -> Self:
        """Keep those that nobody has settled."""
        return self.filter(settled_at__isnull=True)


class QuestionReport(models.Model):
    """A therapist says that something is wrong with a question. No screening, no client, no answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="reports")
    question = models.CharField(max_length=100)
    reason = models.CharField(max_length=30, choices=ReportReason.choices)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField(null=True)
    # What the admin answers: words, or the draft in which it was taken up, or both.
    words = models.TextField(blank=True)
    draft = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="+", null=True)

    objects = QuestionReportQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["by", "-at"], name="question_reports_by_person")]
        constraints = [
            UniqueConstraint(
                fields=["version", "question", "reason", "by"],
                condition=Q(settled_at__isnull=True),
                name="a_person_reports_the_same_once_until_it_is_settled",
            ),
            CheckConstraint(
                condition=Q(reason__in=ReportReason.values), name="a_report_has_a_reason_of_the_list"
            ),
            CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, words="", draft__isnull=True)
                | (
                    Q(settled_at__isnull=False, settled_by__isnull=False)
                    & (~Q(words="") | Q(draft__isnull=False))
                ),
                name="a_settled_report_says_who_when_and_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.reason}"
