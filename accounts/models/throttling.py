"""What is counted, in rows that every process shares; only keyed hashes say of whom."""

from typing import ClassVar

from django.db import models


class Attempts(models.Model):
    """How often something was tried in a window of time: one row a limit and account, or address."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(count__gte=0), name="attempts_are_counted_from_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} until {self.expires_at}"
