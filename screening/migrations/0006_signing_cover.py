"""Who signs in a supervisor's place while they are away, and the wall around it."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacy.row_security import composite_foreign_key, protect

TABLE = "screening_signingcover"


class Migration(migrations.Migration):
    """Add the table, and its wall."""

    dependencies = [
        ("accounts", "0002_walls"),
        ("screening", "0005_records_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SigningCover",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("until", models.DateTimeField()),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "supervisor", "user"),
                        name="a_supervisor_is_covered_once_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("supervisor", models.F("user")), _negated=True),
                        name="nobody_covers_for_themselves",
                    ),
                ],
            },
        ),
        protect(TABLE),
        *(composite_foreign_key(TABLE, column, "accounts_user") for column in ("supervisor_id", "user_id")),
    ]
