"""What the app's role may do with each table, granted by the owner right after migrating."""

from typing import Any, LiteralString

from psycopg import sql

from privacy.row_security import APPEND_ONLY_TRIGGER

RIGHTS: tuple[LiteralString, ...] = (
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "REFERENCES",
    "TRIGGER",
)

TABLES = """
    SELECT c.relname, EXISTS (
        SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = %s
    )
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    ORDER BY c.relname
"""


def grant_to_app(connection: Any, role: str) -> None:
    """Let the app read and write rows, and only add to the tables that only grow. It never owns anything.

    `connection` is Django's connection as the owner; `role` is the app's role in the database.
    """
    app = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [APPEND_ONLY_TRIGGER])
        tables = cursor.fetchall()
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))
        cursor.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(app))
        for table, only_grows in tables:
            name = sql.Identifier(table)
            may = _rights(table, only_grows)
            # Never taken and given back: the app may be serving while this runs.
            mustnt = sql.SQL(", ").join(sql.SQL(right) for right in RIGHTS if right not in may)
            cursor.execute(sql.SQL("REVOKE {} ON {} FROM {}").format(mustnt, name, app))
            given = sql.SQL(", ").join(sql.SQL(right) for right in may)
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(given, name, app))


def _rights(table: str, only_grows: bool) -> tuple[LiteralString, ...]:
    """Return what the app may do: read which migrations ran, add to what only grows, use the rest."""
    if table == "django_migrations":
        return ("SELECT",)
    return ("SELECT", "INSERT") if only_grows else ("SELECT", "INSERT", "UPDATE", "DELETE")
