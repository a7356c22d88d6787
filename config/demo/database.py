"""The demonstration's database: marked, migrated, and filled once."""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config import lost_keys
from config.demo import mark
from config.local_postgres import Problem, Server

Say = Callable[[str], None]


def prepare(owner: str, *, is_ours: Server | None, say: Say) -> None:
    """Make the database ready to be served; what an earlier start has filled is kept."""
    comment = _comment(owner)
    if not mark.is_marked(comment) and is_ours is None:
        raise Problem(_how_to_mark())
    if comment != mark.LOADED and is_ours is not None:
        # New, or an earlier start was stopped halfway through the loading.
        _make_anew(is_ours)
    say("Bringing the database up to date.")
    call_command("migrate", verbosity=0)
    if lost := lost_keys.problem():
        raise Problem(f"{lost} The demonstration's stand in secrets.json in its data folder.")
    if comment != mark.LOADED:
        say("Inventing people, clients and referrals (once, under a minute).")
        call_command("load_demo", verbosity=0)
        with psycopg.connect(owner, autocommit=True) as connection:
            mark.set_comment(connection, mark.LOADED)
    call_command("collectstatic", verbosity=0, interactive=False)
    connections.close_all()


def _comment(owner: str) -> str:
    try:
        with psycopg.connect(owner, autocommit=True) as connection, connection.cursor() as cursor:
            return mark.comment_of(cursor)
    except psycopg.OperationalError as error:
        raise Problem(f"The database can't be reached: {error}") from None


def _make_anew(server: Server) -> None:
    """Make an empty marked database on our own server, in the place of an unfinished one."""
    name = sql.Identifier(settings.DATABASES["owner"]["NAME"])
    user = settings.DATABASES["owner"]["USER"]
    with psycopg.connect(server.address(user, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    with psycopg.connect(server.address(user), autocommit=True) as connection:
        mark.set_comment(connection, mark.MARK)


def _how_to_mark() -> str:
    return (
        "This database isn't marked as a demonstration's, so nothing is written to it. To give an empty one "
        f"to the demonstration, let its owner run: COMMENT ON DATABASE ... IS '{mark.MARK}'"
    )
