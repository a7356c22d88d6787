"""Emergency access to a client, who was told of it, and care team members until a moment."""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import privacy.encryption
from privacy.row_security import composite_foreign_key, protect, refuse

ACCESS = "screening_emergencyaccess"
NOTICE = "screening_emergencynotice"

# It may end early, once; nothing else of it is ever written again.
ACCESS_REWRITTEN = """
    OLD.ended_at IS NOT NULL
    OR ROW(NEW.id, NEW.organization_id, NEW.client_id, NEW.user_id, NEW.by_id, NEW.at, NEW.ends_at,
           NEW.reason, NEW.form_key)
        IS DISTINCT FROM
       ROW(OLD.id, OLD.organization_id, OLD.client_id, OLD.user_id, OLD.by_id, OLD.at, OLD.ends_at,
           OLD.reason, OLD.form_key)
"""
NOTICE_REWRITTEN = """
    OLD.read_at IS NOT NULL
    OR ROW(NEW.id, NEW.organization_id, NEW.access_id, NEW.user_id)
        IS DISTINCT FROM ROW(OLD.id, OLD.organization_id, OLD.access_id, OLD.user_id)
"""


class Migration(migrations.Migration):
    """Add the tables, and their walls."""

    dependencies = [
        ("accounts", "0002_walls"),
        ("screening", "0003_editors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="careteammember",
            name="until",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="EmergencyAccess",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", privacy.encryption.EncryptedTextField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("form_key", models.UUIDField(default=uuid.uuid4)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergency_accesses",
                        to="screening.client",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EmergencyNotice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "access",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="screening.emergencyaccess",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="emergencyaccess",
            index=models.Index(fields=["organization", "user", "client"], name="emergency_access_by_person"),
        ),
        migrations.AddIndex(
            model_name="emergencyaccess",
            index=models.Index(fields=["organization", "client", "at"], name="emergency_access_by_client"),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.UniqueConstraint(
                fields=("organization", "id"), name="an_emergency_access_belongs_to_one_practice"
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.UniqueConstraint(
                fields=("organization", "form_key"), name="a_form_opens_one_emergency_access"
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ends_at",
                        django.db.models.expressions.CombinedExpression(
                            models.F("at"), "+", models.Value(datetime.timedelta(seconds=28800))
                        ),
                    )
                ),
                name="emergency_access_ends_eight_hours_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(
                        ("ended_at__gte", models.F("at")),
                        ("ended_at__lte", models.F("ends_at")),
                        ("ended_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="emergency_access_ends_early_by_somebody_or_by_itself",
            ),
        ),
        migrations.AddIndex(
            model_name="emergencynotice",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["organization", "user"],
                name="emergency_notice_unread",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencynotice",
            constraint=models.UniqueConstraint(
                fields=("organization", "access", "user"), name="a_person_is_told_once_of_an_emergency_access"
            ),
        ),
        protect(ACCESS),
        protect(NOTICE),
        composite_foreign_key(ACCESS, "client_id", "screening_client"),
        *(
            composite_foreign_key(ACCESS, column, "accounts_user")
            for column in ("user_id", "by_id", "ended_by_id")
        ),
        composite_foreign_key(NOTICE, "access_id", ACCESS),
        composite_foreign_key(NOTICE, "user_id", "accounts_user"),
        refuse(ACCESS, "an_emergency_access_only_ends", on="UPDATE", when=ACCESS_REWRITTEN),
        refuse(ACCESS, "an_emergency_access_is_never_deleted", on="DELETE"),
        refuse(NOTICE, "what_somebody_was_told_is_only_marked_as_read", on="UPDATE", when=NOTICE_REWRITTEN),
        refuse(NOTICE, "what_somebody_was_told_is_never_deleted", on="DELETE"),
    ]
