"""Safety corrections, and the screenings that each of them touches."""

import uuid
from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import privacy.encryption
from privacy.row_security import composite_foreign_key, protect, refuse

TOUCHED = "screening_touchedscreening"
CORRECTION = "screening_safetycorrection"
# Somebody looks at it, once; what was found stays.
TOUCHED_REWRITTEN = """
    OLD.looked_at IS NOT NULL
    OR ROW(NEW.id, NEW.organization_id, NEW.correction_id, NEW.screening_id, NEW.differs, NEW.found_at)
        IS DISTINCT FROM
       ROW(OLD.id, OLD.organization_id, OLD.correction_id, OLD.screening_id, OLD.differs, OLD.found_at)
"""


def _person(*, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        null=null,
    )


def _id() -> "models.UUIDField[Any, Any]":
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def _organization() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organization"
    )


def _correction(related_name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to="screening.safetycorrection",
    )


class Migration(migrations.Migration):
    """Add the tables, and the walls of the one that leads to clients."""

    dependencies = [
        ("screening", "0013_question_yields"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SafetyCorrection",
            fields=[
                ("id", _id()),
                ("since", models.PositiveIntegerField()),
                ("words", models.TextField()),
                (
                    "questions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), default=list, size=None
                    ),
                ),
                (
                    "rules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list, size=None
                    ),
                ),
                ("declared_at", models.DateTimeField()),
                ("declared_by", _person()),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="screening.questionnaireversion",
                    ),
                ),
            ],
            options={"ordering": ["-declared_at"]},
        ),
        migrations.CreateModel(
            name="CorrectionSearch",
            fields=[
                ("id", _id()),
                ("searched_at", models.DateTimeField(null=True)),
                ("looked_through", models.PositiveIntegerField(default=0)),
                ("touched", models.PositiveIntegerField(default=0)),
                ("correction", _correction("searches")),
                ("organization", _organization()),
            ],
        ),
        migrations.CreateModel(
            name="TouchedScreening",
            fields=[
                ("id", _id()),
                ("differs", privacy.encryption.EncryptedJSONField()),
                ("found_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
                ("correction", _correction("+")),
                ("looked_by", _person(null=True)),
                ("organization", _organization()),
                (
                    "screening",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="touched",
                        to="screening.screening",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="safetycorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True),
                name="a_correction_tells_therapists_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionsearch",
            constraint=models.UniqueConstraint(
                fields=("correction", "organization"), name="a_practice_is_searched_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionsearch",
            constraint=models.CheckConstraint(
                condition=models.Q(("touched__lte", models.F("looked_through"))),
                name="what_is_touched_was_looked_through",
            ),
        ),
        migrations.AddConstraint(
            model_name="touchedscreening",
            constraint=models.UniqueConstraint(
                fields=("organization", "correction", "screening"),
                name="a_correction_touches_a_screening_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="touchedscreening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("looked_at__isnull", True), ("looked_by__isnull", True)),
                    models.Q(("looked_at__isnull", False), ("looked_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_look_at_a_touched_screening_says_who_and_when",
            ),
        ),
        protect(TOUCHED),
        composite_foreign_key(TOUCHED, "screening_id", "screening_screening"),
        refuse(TOUCHED, "a_touched_screening_is_only_looked_at", on="UPDATE", when=TOUCHED_REWRITTEN),
        refuse(TOUCHED, "a_touched_screening_is_never_deleted", on="DELETE"),
        refuse(CORRECTION, "a_correction_stays_as_it_was_declared", on="UPDATE"),
        refuse(CORRECTION, "a_correction_is_never_deleted", on="DELETE"),
    ]
