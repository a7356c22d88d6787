"""Keep the steps of a draft, so that each can be undone, and what somebody began to type."""

from __future__ import annotations

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from privacy.row_security import refuse

KINDS = [("start", "Started"), ("change", "Changed"), ("undo", "Undone"), ("redo", "Done again")]


def _id() -> models.UUIDField[Any, Any]:
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def _by() -> models.ForeignKey[Any, Any]:
    protect = django.db.models.deletion.PROTECT
    return models.ForeignKey(on_delete=protect, related_name="+", to=settings.AUTH_USER_MODEL)


class Migration(migrations.Migration):
    """Add both tables; a step that is kept never changes."""

    dependencies = [
        ("screening", "0007_governance"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftRevision",
            fields=[
                ("id", _id()),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("takes_back", models.PositiveIntegerField(null=True)),
                ("document", models.TextField()),
                ("hash", models.CharField(max_length=80)),
                ("words", models.CharField(max_length=300)),
                ("part", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                ("by", _by()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="screening.questionnaireversion",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "-number"],
                "constraints": [
                    UniqueConstraint(fields=["version", "number"], name="revision_numbers_are_unique"),
                    CheckConstraint(
                        condition=Q(kind__in=["undo", "redo"], takes_back__isnull=False)
                        | Q(kind__in=["start", "change"], takes_back__isnull=True),
                        name="only_an_undo_or_redo_takes_a_step_back",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnfinishedInput",
            fields=[
                ("id", _id()),
                ("place", models.CharField(max_length=300)),
                ("part", models.CharField(max_length=300)),
                ("fields", models.JSONField()),
                ("at", models.DateTimeField()),
                ("by", _by()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unfinished",
                        to="screening.questionnaireversion",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "place"],
                "constraints": [
                    UniqueConstraint(
                        fields=["by", "version", "place"], name="one_unfinished_input_a_person_and_place"
                    ),
                ],
            },
        ),
        refuse("screening_draftrevision", "a_kept_step_never_changes", on="UPDATE"),
    ]
