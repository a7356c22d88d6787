"""Hand-overs of a caseload with their walls, and who covers for a referral's therapist or provider."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import privacy.encryption
from privacy.row_security import (
    append_only,
    composite_foreign_key,
    protect,
    refuse,
    unique_in_organization,
)

HAND_OVER = "referrals_handover"
PART = "referrals_handoverpart"
REFERRAL = "referrals_referral"

# A cover may end early, once; nothing else of a hand-over is ever written again.
REWRITTEN = """
    OLD.ended_at IS NOT NULL
    OR ROW(NEW.id, NEW.organization_id, NEW.person_id, NEW.kind, NEW.reason, NEW.by_id, NEW.at, NEW.until,
           NEW.form_key)
        IS DISTINCT FROM
       ROW(OLD.id, OLD.organization_id, OLD.person_id, OLD.kind, OLD.reason, OLD.by_id, OLD.at, OLD.until,
           OLD.form_key)
"""


class Migration(migrations.Migration):
    """Add tables and columns, and their walls."""

    dependencies = [
        ("accounts", "0002_walls"),
        ("referrals", "0003_recall"),
        ("screening", "0006_signing_cover"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("away", "Away: colleagues cover, and it returns by itself"),
                            ("leaving", "Leaving: colleagues take over for good"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", privacy.encryption.EncryptedTextField()),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("form_key", models.UUIDField(default=uuid.uuid4)),
            ],
        ),
        migrations.CreateModel(
            name="HandOverPart",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("therapist", "Therapist"),
                            ("care_team", "Care team"),
                            ("provider", "Provider"),
                            ("supervisor", "Supervisor"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="referral",
            name="provider_cover",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="provider_cover_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="therapist_cover",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="therapist_cover_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("therapist_cover__isnull", True), ("therapist_cover_until__isnull", True)),
                    models.Q(("therapist_cover__isnull", False), ("therapist_cover_until__isnull", False)),
                    _connector="OR",
                ),
                name="who_covers_for_a_therapist_does_so_until_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("provider_cover__isnull", True), ("provider_cover_until__isnull", True)),
                    models.Q(("provider_cover__isnull", False), ("provider_cover_until__isnull", False)),
                    _connector="OR",
                ),
                name="who_covers_for_a_provider_does_so_until_a_moment",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="handoverpart",
            name="client",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="screening.client",
            ),
        ),
        migrations.AddField(
            model_name="handoverpart",
            name="hand_over",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="referrals.handover",
            ),
        ),
        migrations.AddField(
            model_name="handoverpart",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="handoverpart",
            name="referral",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="referrals.referral",
            ),
        ),
        migrations.AddField(
            model_name="handoverpart",
            name="to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["organization", "person", "at"], name="hand_over_by_person"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                fields=("organization", "id"), name="a_hand_over_belongs_to_one_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                fields=("organization", "form_key"), name="a_form_hands_over_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "away"), ("until__gt", models.F("at"))),
                    models.Q(("kind", "leaving"), ("until__isnull", True)),
                    _connector="OR",
                ),
                name="only_who_is_away_comes_back_and_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(
                        ("ended_by__isnull", False),
                        ("kind", "away"),
                        ("ended_at__gte", models.F("at")),
                        ("ended_at__lte", models.F("until")),
                    ),
                    _connector="OR",
                ),
                name="a_cover_ends_early_by_somebody_or_by_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverpart",
            constraint=models.UniqueConstraint(
                fields=("hand_over", "client"), name="a_client_is_handed_over_once_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverpart",
            constraint=models.UniqueConstraint(
                fields=("hand_over", "referral"), name="a_referral_is_handed_over_once_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("client__isnull", False),
                        ("referral__isnull", True),
                        ("role__in", ["therapist", "care_team"]),
                    ),
                    models.Q(("client__isnull", True), ("referral__isnull", False), ("role", "provider")),
                    models.Q(("client__isnull", True), ("referral__isnull", True), ("role", "supervisor")),
                    _connector="OR",
                ),
                name="what_is_handed_over_fits_the_role",
            ),
        ),
        protect(HAND_OVER),
        protect(PART),
        # A part is its organization's: a practice's names a client, a prescriber's a referral sent to it.
        unique_in_organization(REFERRAL, "prescriber_id"),
        *(
            composite_foreign_key(HAND_OVER, column, "accounts_user")
            for column in ("person_id", "by_id", "ended_by_id")
        ),
        composite_foreign_key(PART, "hand_over_id", HAND_OVER),
        composite_foreign_key(PART, "client_id", "screening_client"),
        composite_foreign_key(PART, "referral_id", REFERRAL, target_organization="prescriber_id"),
        composite_foreign_key(PART, "to_id", "accounts_user"),
        composite_foreign_key(REFERRAL, "therapist_cover_id", "accounts_user"),
        composite_foreign_key(REFERRAL, "provider_cover_id", "accounts_user", organization="prescriber_id"),
        refuse(HAND_OVER, "a_hand_over_only_ends", on="UPDATE", when=REWRITTEN),
        refuse(HAND_OVER, "a_hand_over_is_never_deleted", on="DELETE"),
        append_only(PART),
    ]
