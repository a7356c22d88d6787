from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("privacy", "0003_erased_keys")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="entry", name="entries_by_owner"),
        migrations.RemoveIndex(model_name="entry", name="entries_by_client"),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["chain", "-at", "-id"], name="entries_by_chain"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["owner", "-at", "-id"],
                condition=models.Q(("chain", models.F("owner")), _negated=True),
                name="entries_by_others",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["client", "-at", "-id"], name="entries_by_client"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["chain", "-at", "-id"],
                condition=models.Q(("action", "access.refused")),
                name="entries_of_refusals",
            ),
        ),
    ]
