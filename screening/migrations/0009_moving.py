"""A screening that is moved to a newer version is replaced without ever having been completed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Let an open screening be replaced; that a completed one never changes stays as it is."""

    dependencies = [("screening", "0008_drafts")]

    operations = [
        migrations.RemoveConstraint(model_name="screening", name="only_an_open_screening_is_not_completed"),
        migrations.AddConstraint(
            model_name="screening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("completed_at__isnull", True), ("state", "in_progress")),
                    models.Q(("completed_at__isnull", False), ("state", "completed")),
                    ("state__in", ["replaced", "entered_in_error"]),
                    _connector="OR",
                ),
                name="an_open_screening_is_not_completed_and_a_completed_one_is",
            ),
        ),
    ]
