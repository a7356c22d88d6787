"""Keep what reviewers say, who approved a version, when it is to be published, what it was made from."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacy.row_security import refuse

TABLE = "screening_questionnaireversion"
NAME = "a_published_version_never_changes"
COMMENTS = "screening_reviewcomment"

# Whoever published a version so far approved it by that.
APPROVED_WHEN_PUBLISHED = """
    UPDATE screening_questionnaireversion
    SET approved_by_id = published_by_id, approved_at = published_at, approved_hash = hash
    WHERE published_at IS NOT NULL;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
"""

# A published or retired version is as it was published; only its retirement may still be written.
KEPT = (
    "id",
    "questionnaire_id",
    "number",
    "title",
    "document",
    "hash",
    "note",
    "created_by_id",
    "created_at",
    "edited_by_id",
    "edited_at",
    "editors",
    "submitted_by_id",
    "submitted_at",
    "approved_by_id",
    "approved_at",
    "approved_hash",
    "approved_rules",
    "unproved_seen",
    "publish_at",
    "dated_by_id",
    "dated_at",
    "not_published_at",
    "not_published_because",
    "published_by_id",
    "published_at",
    "made_from_id",
    "restores",
)
PUBLISHED_CHANGED = f"""
    OLD.state IN ('published', 'retired') AND (
        NEW.state NOT IN ('published', 'retired')
        OR (OLD.state = 'retired' AND NEW IS DISTINCT FROM OLD)
        OR ROW({", ".join(f"NEW.{column}" for column in KEPT)})
           IS DISTINCT FROM ROW({", ".join(f"OLD.{column}" for column in KEPT)})
    )
"""

# Of a comment only whether it is settled changes.
SAID = ("id", "version_id", "place", "key", "answers_to_id", "text", "must_be_settled", "by_id", "at")
REWRITTEN = f"""
    ROW({", ".join(f"NEW.{column}" for column in SAID)})
    IS DISTINCT FROM ROW({", ".join(f"OLD.{column}" for column in SAID)})
"""


class Migration(migrations.Migration):
    """Add comments, approval apart from publishing, and the rules that hold of them."""

    dependencies = [
        ("screening", "0006_signing_cover"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            "DROP TRIGGER a_published_version_never_changes ON screening_questionnaireversion",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="ReviewComment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("version", "The whole version"),
                            ("section", "Section"),
                            ("question", "Question"),
                            ("score", "Score"),
                            ("indication", "Indication"),
                            ("criterion", "Criterion"),
                            ("consideration", "Consideration"),
                            ("source", "Source"),
                            ("vignette", "Vignette"),
                        ],
                        default="version",
                        max_length=20,
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=201)),
                ("text", models.TextField()),
                ("must_be_settled", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="questionnaireversion",
            name="a_version_has_what_its_state_says",
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="approved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="approved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="approved_hash",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="approved_rules",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="dated_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="dated_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="made_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="screening.questionnaireversion",
            ),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="not_published_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="not_published_because",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="publish_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="restores",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="unproved_seen",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=300), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="reviewcomment",
            name="answers_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies",
                to="screening.reviewcomment",
            ),
        ),
        migrations.AddField(
            model_name="reviewcomment",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reviewcomment",
            name="settled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reviewcomment",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="screening.questionnaireversion",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewcomment",
            index=models.Index(fields=["version", "place", "key"], name="comments_by_their_place"),
        ),
        migrations.AddConstraint(
            model_name="reviewcomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "place__in",
                        [
                            "version",
                            "section",
                            "question",
                            "score",
                            "indication",
                            "criterion",
                            "consideration",
                            "source",
                            "vignette",
                        ],
                    )
                ),
                name="a_comment_has_a_known_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcomment",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_comment_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("place", "version"), ("key", "")),
                    models.Q(
                        models.Q(("place", "version"), _negated=True), models.Q(("key", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="a_comment_names_its_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_settled_comment_says_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answers_to__isnull", True),
                    models.Q(("must_be_settled", False), ("settled_at__isnull", True)),
                    _connector="OR",
                ),
                name="a_reply_is_settled_with_its_comment",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answers_to__isnull", True),
                    models.Q(("answers_to", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="a_comment_does_not_answer_itself",
            ),
        ),
        migrations.RunSQL(APPROVED_WHEN_PUBLISHED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="questionnaireversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approved_at__isnull", True),
                        ("published_at__isnull", True),
                        ("state", "draft"),
                        ("submitted_at__isnull", True),
                    ),
                    models.Q(
                        ("published_at__isnull", True),
                        ("state", "in_review"),
                        ("submitted_at__isnull", False),
                    ),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("published_at__isnull", False),
                        ("state__in", ["published", "retired"]),
                    ),
                    _connector="OR",
                ),
                name="a_version_has_what_its_state_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaireversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approved_at__isnull", True), ("approved_by__isnull", True), ("approved_hash", "")
                    ),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("approved_hash", models.F("hash")),
                    ),
                    _connector="OR",
                ),
                name="an_approval_says_who_and_when_of_this_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaireversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(
                        models.Q(("approved_by", models.F("edited_by")), _negated=True),
                        models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                        models.Q(("editors__contains", [models.F("approved_by")]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="nobody_approves_their_own_edits",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaireversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("dated_at__isnull", True), ("dated_by__isnull", True), ("publish_at__isnull", True)
                    ),
                    models.Q(
                        ("dated_at__isnull", False),
                        ("dated_by__isnull", False),
                        ("publish_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_day_to_publish_says_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaireversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("publish_at__isnull", True), ("approved_at__isnull", False), _connector="OR"
                ),
                name="only_an_approved_version_waits_for_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaireversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("not_published_at__isnull", True), ("not_published_because", "")),
                    models.Q(
                        ("not_published_at__isnull", False),
                        models.Q(("not_published_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="what_was_not_published_says_why_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnaireversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("made_from__isnull", True), ("restores", False)),
                    models.Q(
                        ("made_from__isnull", False), models.Q(("made_from", models.F("id")), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="a_version_is_made_from_another",
            ),
        ),
        refuse(TABLE, NAME, on="UPDATE", when=PUBLISHED_CHANGED),
        refuse(COMMENTS, "what_was_said_of_a_version_stays", on="UPDATE", when=REWRITTEN),
        refuse(COMMENTS, "what_was_said_of_a_version_is_never_deleted", on="DELETE"),
    ]
