from typing import ClassVar

from django.db import migrations

from privacy import row_security


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0001_initial"), ("privacy", "0002_walls")]

    operations: ClassVar = [
        row_security.unique_in_organization("accounts_user"),
        row_security.composite_foreign_key("accounts_user", "needs_signature_from_id", "accounts_user"),
    ]
