"""Requests for a client's record and to amend it, and their walls."""

import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import privacy.encryption
from privacy.row_security import append_only, composite_foreign_key, protect, refuse

REQUEST = "screening_recordsrequest"
AMENDMENT = "screening_amendment"
STEP = "screening_amendmentstep"
PEOPLE = {
    REQUEST: ("recorded_by_id", "extended_by_id", "answered_by_id"),
    AMENDMENT: ("recorded_by_id",),
    STEP: ("by_id",),
}

DUE_30, DUE_60, DUE_90 = (
    django.db.models.expressions.CombinedExpression(
        models.F("received_on"), "+", models.Value(datetime.timedelta(days=days))
    )
    for days in (30, 60, 90)
)

# It is given more time once and answered once; what was asked and when never changes.
REQUEST_REWRITTEN = """
    OLD.answered_at IS NOT NULL
    OR (OLD.extended_at IS NOT NULL AND ROW(NEW.extended_at, NEW.extended_by_id, NEW.extended_words, NEW.due_on)
        IS DISTINCT FROM ROW(OLD.extended_at, OLD.extended_by_id, OLD.extended_words, OLD.due_on))
    OR ROW(NEW.id, NEW.organization_id, NEW.client_id, NEW.kind, NEW.asker, NEW.asked_by, NEW.words,
           NEW.received_on, NEW.recorded_by_id, NEW.recorded_at, NEW.form_key)
        IS DISTINCT FROM
       ROW(OLD.id, OLD.organization_id, OLD.client_id, OLD.kind, OLD.asker, OLD.asked_by, OLD.words,
           OLD.received_on, OLD.recorded_by_id, OLD.recorded_at, OLD.form_key)
"""


class Migration(migrations.Migration):
    """Add the tables, and their walls."""

    dependencies = [
        ("accounts", "0002_walls"),
        ("privacy", "0002_walls"),
        ("screening", "0004_emergency_access"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "sections",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), blank=True, default=list, size=None
                    ),
                ),
                ("words", privacy.encryption.EncryptedTextField()),
                ("received_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("form_key", models.UUIDField(default=uuid.uuid4)),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="screening.client",
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
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AmendmentStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("extended", "Time extended"),
                            ("accepted", "Accepted"),
                            ("denied", "Denied"),
                            ("disagreement", "Statement of disagreement"),
                            ("rebuttal", "Rebuttal"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", privacy.encryption.EncryptedTextField()),
                ("at", models.DateTimeField()),
                (
                    "amendment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="screening.amendment",
                    ),
                ),
                (
                    "by",
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
            ],
        ),
        migrations.CreateModel(
            name="RecordsRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("copy", "A copy of the record, or to look at it"),
                            ("disclosures", "An account of what was sent, and to whom"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "asker",
                    models.CharField(
                        choices=[
                            ("client", "The client"),
                            ("representative", "A personal representative"),
                            ("other", "Somebody the client directed us to send it to"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_by", privacy.encryption.EncryptedTextField()),
                ("words", privacy.encryption.EncryptedTextField()),
                ("received_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("extended_at", models.DateTimeField(null=True)),
                ("extended_words", privacy.encryption.EncryptedTextField(null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("given", "Given"),
                            ("partly", "Given in part"),
                            ("denied", "Denied"),
                            ("withdrawn", "Withdrawn by whoever asked"),
                        ],
                        max_length=20,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_words", privacy.encryption.EncryptedTextField(null=True)),
                ("form_key", models.UUIDField(default=uuid.uuid4)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
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
                        related_name="records_requests",
                        to="screening.client",
                    ),
                ),
                (
                    "extended_by",
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
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="amendment",
            index=models.Index(fields=["organization", "client"], name="amendment_by_client"),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.UniqueConstraint(
                fields=("organization", "form_key"), name="a_form_makes_one_amendment"
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.UniqueConstraint(
                fields=("organization", "id"), name="an_amendment_belongs_to_one_practice"
            ),
        ),
        migrations.AddConstraint(
            model_name="amendmentstep",
            constraint=models.UniqueConstraint(
                fields=("organization", "amendment", "kind"), name="a_step_of_an_amendment_happens_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="amendmentstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("accepted", "denied"))),
                fields=("organization", "amendment"),
                name="an_amendment_is_decided_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendmentstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["extended", "accepted", "denied", "disagreement", "rebuttal"])
                ),
                name="an_amendment_step_is_of_a_known_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="recordsrequest",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True)),
                fields=["organization", "due_on"],
                name="records_request_open",
            ),
        ),
        migrations.AddIndex(
            model_name="recordsrequest",
            index=models.Index(fields=["organization", "client"], name="records_request_by_client"),
        ),
        migrations.AddConstraint(
            model_name="recordsrequest",
            constraint=models.UniqueConstraint(
                fields=("organization", "form_key"), name="a_form_makes_one_records_request"
            ),
        ),
        migrations.AddConstraint(
            model_name="recordsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["copy", "disclosures"]),
                    ("asker__in", ["client", "representative", "other"]),
                ),
                name="a_records_request_says_who_asks_for_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("extended_at__isnull", True),
                        ("extended_by__isnull", True),
                        ("extended_words__isnull", True),
                    ),
                    models.Q(
                        ("extended_at__isnull", False),
                        ("extended_by__isnull", False),
                        ("extended_words__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an_extension_says_who_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""),
                        ("answered_at__isnull", True),
                        ("answered_by__isnull", True),
                        ("answered_words__isnull", True),
                    ),
                    models.Q(
                        ("answer__in", ["given", "partly", "denied", "withdrawn"]),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("answered_words__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an_answer_says_who_when_and_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on", DUE_30), ("extended_at__isnull", True), ("kind", "copy")),
                    models.Q(("due_on", DUE_60), ("extended_at__isnull", False), ("kind", "copy")),
                    models.Q(("due_on", DUE_60), ("extended_at__isnull", True), ("kind", "disclosures")),
                    models.Q(("due_on", DUE_90), ("extended_at__isnull", False), ("kind", "disclosures")),
                    _connector="OR",
                ),
                name="a_records_request_is_due_by_law",
            ),
        ),
        *(protect(table) for table in PEOPLE),
        *(composite_foreign_key(table, "client_id", "screening_client") for table in (REQUEST, AMENDMENT)),
        composite_foreign_key(STEP, "amendment_id", AMENDMENT),
        *(
            composite_foreign_key(table, column, "accounts_user")
            for table, columns in PEOPLE.items()
            for column in columns
        ),
        refuse(REQUEST, "a_records_request_is_only_answered", on="UPDATE", when=REQUEST_REWRITTEN),
        refuse(REQUEST, "a_records_request_is_never_deleted", on="DELETE"),
        append_only(AMENDMENT),
        append_only(STEP),
    ]
