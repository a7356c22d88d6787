"""Sums of what each question of a version brings; they hold nothing of a client, so no policy guards them."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the table."""

    dependencies = [("screening", "0012_outcome_counts")]

    operations = [
        migrations.CreateModel(
            name="QuestionYield",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("since", models.DateField()),
                ("counted_at", models.DateTimeField()),
                ("screenings", models.PositiveIntegerField(null=True)),
                ("cells", models.JSONField()),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="question_yield",
                        to="screening.questionnaireversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("screenings__isnull", True), ("screenings__gte", 5), _connector="OR"
                        ),
                        name="a_small_number_of_screenings_is_hidden",
                    ),
                ],
            },
        ),
    ]
