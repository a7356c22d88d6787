"""A table with encrypted columns that no package owns, so that the walls are tested on their own."""

from uuid import uuid4

import psycopg
from django.db import connection, models
from django.test.utils import isolate_apps

from privacy import grants, row_security
from privacy.encryption import EncryptedJSONField, EncryptedTextField

with isolate_apps("privacy"):

    class Letter(models.Model):
        """A row of an organization with a sealed text, a second one, and a sealed document."""

        id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
        organization_id = models.UUIDField()
        plain = models.CharField(max_length=50, default="")
        subject = EncryptedTextField()
        note = EncryptedTextField(null=True)
        body = EncryptedJSONField(null=True)

        class Meta:
            app_label = "privacy"
            db_table = "tests_letter"

        def __str__(self) -> str:
            return str(self.id)


TABLES = [
    """
    CREATE TABLE tests_letter (
        id uuid PRIMARY KEY, organization_id uuid NOT NULL, plain varchar(50) NOT NULL,
        subject bytea NOT NULL, note bytea, body bytea
    )
    """,
    """
    CREATE TABLE tests_reply (
        id uuid PRIMARY KEY, organization_id uuid NOT NULL, letter_id uuid, words text NOT NULL DEFAULT ''
    )
    """,
]

WALLS = [
    row_security.protect("tests_letter"),
    row_security.protect("tests_reply"),
    row_security.unique_in_organization("tests_letter"),
    row_security.composite_foreign_key("tests_reply", "letter_id", "tests_letter"),
]


def build(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Make the tables as the owner, put up their walls and grant what the app's role needs."""
    for statement in TABLES:
        owner.execute(statement)
    run(owner, *WALLS)
    grant(owner)


def run(owner: psycopg.Connection[tuple[object, ...]], *operations: row_security.RunSQL) -> None:
    """Run what a migration would run."""
    for operation in operations:
        statements = [operation.sql] if isinstance(operation.sql, str) else operation.sql
        for statement in statements:
            owner.execute(statement)


def grant(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Grant as the owner does after migrating."""
    grants.grant_to_app(_Cursors(owner), connection.settings_dict["USER"])


class _Cursors:
    """Gives a psycopg connection the one method of Django's that granting uses."""

    def __init__(self, owner: psycopg.Connection[tuple[object, ...]]) -> None:
        self.cursor = owner.cursor
