"""Keep runs of the verifier, by the rules that each was of."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the table."""

    dependencies = [
        ("accounts", "0006_no_spent_codes"),
        ("screening", "0010_question_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("rules", models.CharField(max_length=80)),
                ("before", models.CharField(blank=True, max_length=80)),
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
                ("report", models.JSONField(null=True)),
                ("requested_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="verification",
            name="compared_with",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="screening.questionnaireversion",
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="requested_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rule_verifications",
                to="screening.questionnaireversion",
            ),
        ),
        migrations.AddIndex(
            model_name="verification",
            index=models.Index(fields=["rules", "before"], name="verifications_of_rules"),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["queued", "running"])),
                fields=("rules", "before"),
                name="the_same_rules_are_verified_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("finished_at__isnull", False), ("report__isnull", False), ("state", "finished")
                    ),
                    models.Q(
                        models.Q(("state", "finished"), _negated=True),
                        ("finished_at__isnull", True),
                        ("report__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_finished_verification_has_its_report",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("before", ""), ("compared_with__isnull", True)),
                    models.Q(models.Q(("before", ""), _negated=True), ("compared_with__isnull", False)),
                    _connector="OR",
                ),
                name="a_comparison_says_with_which_version",
            ),
        ),
    ]
