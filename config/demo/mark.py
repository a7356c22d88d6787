"""The mark that makes a database a demonstration's, and without which no demonstration touches one."""

from typing import Any

import psycopg
from psycopg import sql

MARK = "Warm Handoff demonstration"
LOADED = f"{MARK}, loaded"

COMMENT = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"

Connection = psycopg.Connection[tuple[Any, ...]]


def comment_of(cursor: Any) -> str:
    """Return the comment on the database that the cursor is connected to."""
    cursor.execute(COMMENT)
    row = cursor.fetchone()
    return (row and row[0]) or ""


def is_marked(comment: str) -> bool:
    """Return whether the comment is a demonstration's."""
    return comment in {MARK, LOADED}


def set_comment(owner: Connection, comment: str) -> None:
    """Set the comment on the database that the owner is connected to."""
    name = sql.Identifier(owner.info.dbname)
    owner.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(comment)))
