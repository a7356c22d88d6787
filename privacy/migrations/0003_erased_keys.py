from typing import ClassVar

from django.db import migrations, models

from privacy import row_security


class Migration(migrations.Migration):
    dependencies: ClassVar = [("privacy", "0002_walls")]

    operations: ClassVar = [
        migrations.AddField(model_name="datakey", name="erased_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="datakey", name="master_key", field=models.CharField(blank=True, max_length=64)
        ),
        migrations.AlterField(model_name="datakey", name="wrapped", field=models.BinaryField(blank=True)),
        migrations.AddConstraint(
            model_name="datakey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("erased_at__isnull", True),
                        models.Q(("master_key", ""), _negated=True),
                        models.Q(("wrapped", b""), _negated=True),
                    ),
                    models.Q(("erased_at__isnull", False), ("master_key", ""), ("wrapped", b"")),
                    _connector="OR",
                ),
                name="an_erased_key_is_empty_and_no_other",
            ),
        ),
        row_security.refuse(
            "privacy_datakey", "an_erased_key_never_returns", on="UPDATE", when="OLD.erased_at IS NOT NULL"
        ),
        row_security.refuse("privacy_datakey", "a_key_is_erased_and_never_deleted", on="DELETE"),
    ]
