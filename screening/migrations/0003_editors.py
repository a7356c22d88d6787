"""Keep everybody who wrote in a version, so that none of them publishes it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import CheckConstraint, F, Q

from privacy.row_security import refuse

TABLE = "screening_questionnaireversion"
NAME = "a_published_version_never_changes"

# A published or retired version is as it was published; only its retirement may still be written.
PUBLISHED_CHANGED = """
    OLD.state IN ('published', 'retired') AND (
        NEW.state NOT IN ('published', 'retired')
        OR (OLD.state = 'retired' AND NEW IS DISTINCT FROM OLD)
        OR ROW(NEW.id, NEW.questionnaire_id, NEW.number, NEW.title, NEW.document, NEW.hash, NEW.note,
               NEW.created_by_id, NEW.created_at, NEW.edited_by_id, NEW.edited_at, NEW.editors,
               NEW.submitted_by_id, NEW.submitted_at, NEW.published_by_id, NEW.published_at)
        IS DISTINCT FROM
           ROW(OLD.id, OLD.questionnaire_id, OLD.number, OLD.title, OLD.document, OLD.hash, OLD.note,
               OLD.created_by_id, OLD.created_at, OLD.edited_by_id, OLD.edited_at, OLD.editors,
               OLD.submitted_by_id, OLD.submitted_at, OLD.published_by_id, OLD.published_at)
    )
"""


class Migration(migrations.Migration):
    """Add who wrote in a version, and let the database hold that none of them publishes it."""

    dependencies = [
        ("screening", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("questionnaireversion", "nobody_publishes_their_own_edits"),
        migrations.AddField(
            "questionnaireversion", "editors", ArrayField(base_field=models.UUIDField(), default=list)
        ),
        migrations.AddConstraint(
            "questionnaireversion",
            CheckConstraint(
                condition=Q(published_by__isnull=True)
                | (
                    ~Q(published_by=F("edited_by"))
                    & ~Q(published_by=F("submitted_by"))
                    & ~Q(editors__contains=[F("published_by")])
                ),
                name="nobody_publishes_their_own_edits",
            ),
        ),
        migrations.RunSQL(f"DROP TRIGGER {NAME} ON {TABLE}", migrations.RunSQL.noop),
        refuse(TABLE, NAME, on="UPDATE", when=PUBLISHED_CHANGED),
    ]
