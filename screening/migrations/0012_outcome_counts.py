"""Keep counts of what a draft would change, small ones hidden."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the table."""

    dependencies = [
        ("screening", "0011_verifications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OutcomeCount",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("hash", models.CharField(max_length=80)),
                ("days", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to begin"),
                            ("running", "Running"),
                            ("finished", "Finished"),
                            ("ended_early", "Ended before it was done"),
                        ],
                        default="queued",
                        max_length=20,
                    ),
                ),
                ("steps_done", models.PositiveIntegerField(default=0)),
                ("steps_of", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(null=True)),
                ("requested_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcome_counts",
                        to="screening.questionnaireversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=("version", "hash", "days"),
                        name="the_same_is_counted_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__in", [30, 90, 365])),
                        name="outcomes_are_counted_over_a_span",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("counts__isnull", False),
                                ("finished_at__isnull", False),
                                ("state", "finished"),
                            ),
                            models.Q(
                                models.Q(("state", "finished"), _negated=True),
                                ("counts__isnull", True),
                                ("finished_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="a_finished_count_has_its_numbers",
                    ),
                ],
            },
        ),
    ]
