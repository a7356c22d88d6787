"""How often each question of a version was answered, and how often it settled an outcome: sums only."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Q

from screening.models.questionnaires import QuestionnaireVersion


class QuestionYield(models.Model):
    """The newest count of one version over every organization; small numbers were hidden beforehand.

    `cells` holds, by question, what screening.yields.Cells writes: whole numbers, null where one is hidden.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.OneToOneField(QuestionnaireVersion, models.PROTECT, related_name="question_yield")
    since = models.DateField()
    counted_at = models.DateTimeField()
    # How many completed screenings were looked at; null where there are too few to say.
    screenings = models.PositiveIntegerField(null=True)
    cells = models.JSONField()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(screenings__isnull=True) | Q(screenings__gte=5),
                name="a_small_number_of_screenings_is_hidden",
            ),
        ]

    def __str__(self) -> str:
        return f"question yield of {self.version_id}"
