from typing import ClassVar

from django.db import migrations

from privacy import row_security


class Migration(migrations.Migration):
    dependencies: ClassVar = [("privacy", "0001_initial")]

    operations: ClassVar = [
        row_security.append_only("privacy_entry"),
        # Both the acting and the owning organization may read an entry; it is written to the acting one's chain.
        row_security.protect_by_command(
            "privacy_entry",
            select=f"chain = {row_security.ORGANIZATION} OR owner = {row_security.ORGANIZATION}",
            insert=f"chain = {row_security.ORGANIZATION}",
        ),
    ]
