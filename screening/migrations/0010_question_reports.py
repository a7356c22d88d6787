"""Reports about questions: a key, a version and a reason, never a client."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the table. It has no row security: admins and therapists meet here, and no client does."""

    dependencies = [
        ("screening", "0009_moving"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QuestionReport",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("question", models.CharField(max_length=100)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unclear", "The wording is unclear"),
                            ("answer_missing", "An answer is missing"),
                            ("outdated", "It is outdated"),
                            ("upsetting", "It upsets clients"),
                            ("wording_error", "A typing or translation error"),
                            ("asked_wrongly", "It is asked when it shouldn’t be"),
                            ("not_asked", "It isn’t asked when it should be"),
                            ("clinically_wrong", "Its clinical content is wrong"),
                            ("other", "Something else: ask me"),
                        ],
                        max_length=30,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("words", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="screening.questionnaireversion",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="screening.questionnaireversion",
                    ),
                ),
            ],
            options={"ordering": ["-at"]},
        ),
        migrations.AddIndex(
            model_name="questionreport",
            index=models.Index(fields=["by", "-at"], name="question_reports_by_person"),
        ),
        migrations.AddConstraint(
            model_name="questionreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at__isnull", True)),
                fields=("version", "question", "reason", "by"),
                name="a_person_reports_the_same_once_until_it_is_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        [
                            "unclear",
                            "answer_missing",
                            "outdated",
                            "upsetting",
                            "wording_error",
                            "asked_wrongly",
                            "not_asked",
                            "clinically_wrong",
                            "other",
                        ],
                    )
                ),
                name="a_report_has_a_reason_of_the_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("draft__isnull", True),
                    ("settled_at__isnull", True),
                    ("settled_by__isnull", True),
                    ("words", ""),
                )
                | (
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False))
                    & (models.Q(("words", ""), _negated=True) | models.Q(("draft__isnull", False)))
                ),
                name="a_settled_report_says_who_when_and_how",
            ),
        ),
    ]
